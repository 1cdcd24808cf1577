"""What other rooms may ask this one to write."""

from datetime import datetime

from django.db import transaction

from documents.archiving import archive_instance
from documents.checking import Fault, verify_archive
from documents.issuing import Wanted, issue_document
from documents.models import LetterPattern
from documents.numbering import LETTERS, check_pattern
from foundation import ledger
from foundation.actors import Actor
from organization.models import Agency

__all__ = [
    "Fault",
    "Wanted",
    "archive_instance",
    "issue_document",
    "set_letter_pattern",
    "verify_archive",
]


@transaction.atomic
def set_letter_pattern(
    *, agency: Agency, pattern: str, actor: Actor, now: datetime, series: str = LETTERS
) -> LetterPattern:
    """Set how the agency writes its numbers from now on. Raises numbering.PatternRefused."""
    check_pattern(pattern)
    row = LetterPattern.objects.filter(agency=agency, series=series).first()
    before = {"pattern": row.pattern} if row else {}
    row = row or LetterPattern(agency=agency, series=series)
    row.pattern = pattern
    row.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="letter_pattern_set",
        subject=f"documents.letterpattern:{row.pk}",
        before=before,
        after={"series": series, "pattern": pattern},
        now=now,
    )
    return row
