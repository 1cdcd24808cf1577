"""The signed PDF that comes back: from then on the record of its document.

Signatures are not judged here: who signed, and whether the certificate holds, tells the application
of BSrE. What is told here is that the file is the one that was uploaded, by whom and when.
"""

import subprocess
import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import Document, SignedCopy
from documents.storage import stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.uploads import CheckedUpload, Kind, check_upload
from organization.models import User
from organization.permissions import actor_allowed

SIGN = "documents.sign"
KEPT_VERB = "document_signed"
CHILD = Path(__file__).with_name("pdf_text_child.py")
SECONDS = 20
WITHDRAWN = "Dokumen ini sudah dicabut; tidak dapat ditandatangani lagi."
FOUND, BROKEN = "ada", "rusak"


class SignedRefused(DocumentError):
    """The file is not taken in; the sentence says why."""


class CodeMissing(SignedRefused):
    """The text of the PDF does not hold the code: the person may say that it is the document."""


def keep_signed(
    *,
    document: Document,
    file: IO[Any],
    name: str,
    user: User,
    now: datetime,
    is_vouched_for: bool = False,
) -> SignedCopy:
    """Take in the signed PDF of a document, once.

    The code on each page must stand in its text, unless the person says that it is the document (a
    scan has no text). Raises SignedRefused, CodeMissing, UploadRefused, PermissionDenied.
    """
    actor = actor_allowed(user, SIGN, document.agency, now)
    _refuse(document)
    upload = check_upload(file, name=name, allowed={Kind.PDF})
    found = _look_for(document.code, upload.content)
    if found == BROKEN:
        raise SignedRefused("PDF ini rusak atau bersandi; unggah yang dapat dibuka siapa pun.")
    if found != FOUND and not is_vouched_for:
        raise CodeMissing(
            f"Kode verifikasi {document.spaced_code} tidak ditemukan di dalam PDF ini. Periksa "
            "apakah berkasnya benar; bila benar, centang pernyataan di bawah lalu unggah lagi."
        )
    path = stored_path(f"documents/{now:%Y/%m}/{uuid.uuid4().hex}.pdf")
    write_file(path, upload.content)
    try:
        return _keep(document, upload, path, found == FOUND, user, actor, now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _refuse(document: Document) -> None:
    if document.withdrawn_at is not None:
        raise SignedRefused(WITHDRAWN)
    if SignedCopy.objects.filter(document=document).exists():
        raise SignedRefused(
            "PDF bertanda tangan dokumen ini sudah diunggah dan tidak dapat diganti; bila salah, "
            "cabut dokumennya, lalu terbitkan lagi dari halamannya."
        )


@transaction.atomic
def _keep(
    document: Document,
    upload: CheckedUpload,
    path: Path,
    has_code: bool,
    user: User,
    actor: Actor,
    now: datetime,
) -> SignedCopy:
    ledger.lock(document.instance or document.agency)
    locked = Document.objects.select_for_update(of=("self",)).defer("context")
    _refuse(locked.get(pk=document.pk))
    copy = SignedCopy.objects.create(
        document=document,
        file=path.relative_to(stored_path("")).as_posix(),
        sha256=upload.sha256,
        size=upload.size,
        original_name=upload.label,
        has_code=has_code,
        uploaded_by=user,
        uploaded_at=now,
    )
    ledger.record(
        stream=document.instance or document.agency,
        actor=actor,
        verb=KEPT_VERB,
        subject=f"documents.signedcopy:{copy.pk}",
        now=now,
        after={
            "document": document.pk,
            "sha256": copy.sha256,
            "size": copy.size,
            "has_code": has_code,
        },
    )
    return copy


def _look_for(code: str, content: bytes) -> str:
    """Return whether the code stands in the text of a PDF: "ada", "tidak ada" or "rusak".

    A stranger's file is read by a process of its own, with little memory and time; what it cannot
    read in those is not found.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), code],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode()
