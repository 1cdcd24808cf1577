"""What anybody may learn of a document by its code: is it genuine, does it hold, is this file it.

Nothing personal about employees: neither the name of the file nor what the document tells.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from documents.archive.checking import check_document, check_signed
from documents.archive.succession import is_provisional, last_after
from documents.models import Document, PdfCopy, SignedCopy
from documents.models.documents import ALPHABET, CODE_LENGTH

# As Crockford reads his alphabet: what looks alike is alike. Spaces and strokes are for the eye.
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None, ".": None})


class Verdict(StrEnum):
    GENUINE = "asli"
    PROVISIONAL = "sementara"
    REPLACED = "digantikan"
    LAPSED = "tanpa pengganti"  # replaced, and what replaced it at last was withdrawn
    WITHDRAWN = "dicabut"
    CHANGED = "berubah"


@dataclass(frozen=True)
class Verified:
    """A document as its public page shows it; `last` is the end of those that replaced it."""

    document: Document
    verdict: Verdict
    last: Document | None
    is_provisional: bool


def read_code(text: str) -> str:
    """Return the code as it is stored, however it was written off the paper; "" for no code."""
    code = text.upper().translate(_ALIKE)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def verified(code: str) -> Verified | None:
    """Return the document of a code and whether it is what was issued; None where there is none.

    Row and files are held against the ledger each time: what is shown is what is true now.
    """
    rows = Document.objects.select_related("agency", "signed", "pdf")
    document = rows.filter(code=code).first()
    if document is None:
        return None
    last, provisional = last_after(document), is_provisional(document)
    return Verified(document, _verdict(document, last, provisional), last, provisional)


def _verdict(document: Document, last: Document | None, provisional: bool) -> Verdict:
    signed: SignedCopy | None = getattr(document, "signed", None)
    if any(check_document(document)) or (signed and any(check_signed(signed))):
        return Verdict.CHANGED
    if document.withdrawn_at is not None:
        return Verdict.WITHDRAWN
    if last is not None:
        return Verdict.LAPSED if last.withdrawn_at else Verdict.REPLACED
    return Verdict.PROVISIONAL if provisional else Verdict.GENUINE


def compared(document: Document, pieces: Iterable[bytes]) -> str:
    """Return which of the document's files these bytes are: "Word", "PDF", ...; "" for none."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    found = digest.hexdigest()
    for name, sha256 in _hashes(document):
        if hmac.compare_digest(found, sha256):
            return name
    return ""


def _hashes(document: Document) -> Iterable[tuple[str, str]]:
    yield "berkas Word", document.sha256
    signed: SignedCopy | None = getattr(document, "signed", None)
    if signed is not None:
        yield "PDF bertanda tangan", signed.sha256
    pdf: PdfCopy | None = getattr(document, "pdf", None)
    if pdf is not None and pdf.sha256:
        yield "PDF", pdf.sha256
