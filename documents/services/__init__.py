"""What other rooms may ask this one to write."""

from documents.archive.archiving import archive_instance
from documents.archive.checking import Fault, verify_archive
from documents.archive.left_overs import remove_left_overs
from documents.issue.issuing import Wanted, issue_document
from documents.services.letterheads import (
    set_letter_pattern,
    set_letterhead,
    skip_letter_numbers,
)
from documents.services.retention import remove_retention, set_retention
from documents.services.withdrawing import withdraw_document

__all__ = [
    "Fault",
    "Wanted",
    "archive_instance",
    "issue_document",
    "remove_left_overs",
    "remove_retention",
    "set_letter_pattern",
    "set_letterhead",
    "set_retention",
    "skip_letter_numbers",
    "verify_archive",
    "withdraw_document",
]
