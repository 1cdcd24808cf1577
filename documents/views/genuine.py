"""Handing out what was issued: only the bytes of which the row has the hash, else a sentence."""

import hashlib

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from documents.models import Document, PdfCopy, SignedCopy
from documents.storage import sha256_of_file, stored_path


def hand_out(
    request: HttpRequest, *, document: Document, stored: str, sha256: str, name: str, kind: str
) -> HttpResponseBase:
    """Return a file as an attachment; a page with status 409 where its bytes have changed.

    `kind` is the content type. What is hashed and what is sent is one open file, so that nobody
    puts another one in its place meanwhile. Raises Http404 where there is none.
    """
    try:
        stream = stored_path(stored).open("rb")
    except OSError:
        raise Http404("Berkas ini tidak ada di penyimpanan.") from None
    if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
        stream.close()
        return render(request, "documents/spoiled.html", {"document": document}, status=409)
    stream.seek(0)
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def spoiled_files(
    document: Document, signed: SignedCopy | None, pdf: PdfCopy | None
) -> tuple[str, ...]:
    """Return which files of a document are gone or not what was kept: "Word", "PDF", ..."""
    files = [("Word", document.file.name, document.sha256)]
    if signed is not None:
        files.append(("PDF bertanda tangan", signed.file.name, signed.sha256))
    if pdf is not None and pdf.state == PdfCopy.State.DONE:
        files.append(("PDF", pdf.file.name, pdf.sha256))
    return tuple(word for word, stored, sha256 in files if not _holds(stored or "", sha256))


def _holds(stored: str, sha256: str) -> bool:
    try:
        return sha256_of_file(stored_path(stored))[0] == sha256
    except OSError:
        return False
