"""What stands beside the Word file of a document, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from documents.models import Document, PdfCopy, SignedCopy
from documents.renditions import office
from documents.renditions.pdf import job_key
from documents.renditions.signed import SIGN
from foundation.outbox import progress_of
from organization.models import User
from organization.permissions import may


@dataclass(frozen=True, kw_only=True)
class Copies:
    """The PDF and the signed PDF, how far the PDF is, and what the person may do about them."""

    signed: SignedCopy | None
    pdf: PdfCopy | None
    progress: str
    may_sign: bool
    missing: str  # why no PDF can be made here

    @property
    def is_waiting(self) -> bool:
        return self.pdf is not None and self.pdf.state == PdfCopy.State.WAITING

    @property
    def is_made(self) -> bool:
        return self.pdf is not None and self.pdf.state == PdfCopy.State.DONE

    @property
    def may_ask(self) -> bool:
        return not self.missing and (self.pdf is None or self.pdf.state == PdfCopy.State.FAILED)


def copies_of(document: Document, user: User | AnonymousUser, now: datetime) -> Copies:
    pdf = PdfCopy.objects.filter(document=document).first()
    signed = SignedCopy.objects.filter(document=document).select_related("uploaded_by__employee")
    waits = pdf is not None and pdf.state == PdfCopy.State.WAITING
    key = job_key(pdf) if pdf is not None else ""
    copy = signed.first()
    is_open = copy is None and document.withdrawn_at is None
    return Copies(
        signed=copy,
        pdf=pdf,
        progress=progress_of([key]).get(key, "") if waits else "",
        may_sign=is_open and may(user, SIGN, document.agency_id, now),
        missing="" if office.program() else f"{office.MISSING}; Word tetap tersedia.",
    )
