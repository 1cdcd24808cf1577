"""Issued documents and what stands beside them, numbers, templates of offices, orders, archives."""

from documents.models.archives import Archive, RetentionRule, archive_root
from documents.models.documents import Document, new_code
from documents.models.numbers import Letterhead, LetterNumber, LetterPattern
from documents.models.orders import DocumentOrder, OrderItem
from documents.models.personal import PersonalCopy
from documents.models.renditions import Package, PdfCopy, SignedCopy
from documents.models.seeing import visible_to
from documents.models.templates import OfficeTemplate, TemplateChoice

__all__ = [
    "Archive",
    "Document",
    "DocumentOrder",
    "LetterNumber",
    "LetterPattern",
    "Letterhead",
    "OfficeTemplate",
    "OrderItem",
    "Package",
    "PdfCopy",
    "PersonalCopy",
    "RetentionRule",
    "SignedCopy",
    "TemplateChoice",
    "archive_root",
    "new_code",
    "visible_to",
]
