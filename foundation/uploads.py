"""The one door for files from people: what a file is, its content says, never its name.

The original name is kept only as a cleaned label; files are stored under names of our own making.
"""

import hashlib
import io
import re
import unicodedata
import uuid
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from PIL import Image, UnidentifiedImageError

from foundation.archives import (
    MIB,
    ArchiveRefused,
    SafeArchive,
    check_office_parts,
    open_archive,
)
from foundation.indonesian import list_text, size_text

MAX_PIXELS = 100_000_000  # a page of A3 at 600 dpi has 70 million
LABEL_LENGTH = 120
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
TEXT_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


class Kind(StrEnum):
    """A kind of file that some form accepts; the value is the extension it is stored with."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    ZIP = "zip"
    TEXT = "txt"  # the log that a machine writes to a USB stick


SCANS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})
IMAGES = frozenset({Kind.JPEG, Kind.PNG})
TABLES = frozenset({Kind.CSV, Kind.XLSX})
ATTENDANCE_LOGS = frozenset({Kind.TEXT})

CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.CSV: "text/csv",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.ZIP: "application/zip",
    Kind.TEXT: "text/plain",
}
LABELS = {
    Kind.PDF: "PDF",
    Kind.JPEG: "JPEG",
    Kind.PNG: "PNG",
    Kind.CSV: "CSV",
    Kind.XLSX: "Excel (.xlsx)",
    Kind.DOCX: "Word (.docx)",
    Kind.ZIP: "ZIP",
    Kind.TEXT: "teks",
}


class UploadRefused(ValueError):
    """The file is not accepted; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class CheckedUpload:
    """A file that passed the door, whole and in memory."""

    kind: Kind
    label: str  # the name it came with, cleaned: to be shown, never to be used as a path
    content: bytes = field(repr=False)
    sha256: str
    stored_name: str  # of our own making

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]

    def as_file(self) -> "ContentFile[bytes]":
        """Return the content for a FileField, under the name it is to be stored with."""
        return ContentFile(self.content, name=self.stored_name)


def check_upload(
    file: IO[Any], *, name: str, allowed: Collection[Kind], limit: int | None = None
) -> CheckedUpload:
    """Return the file if its content is of an allowed kind and not larger than `limit` bytes.

    The limit is `settings.UPLOAD_MAX_BYTES` unless told. Raises UploadRefused.
    """
    limit = settings.UPLOAD_MAX_BYTES if limit is None else limit
    label = clean_label(name)
    content = _read(file, label=label, limit=limit, is_scan=set(allowed) >= SCANS)
    kind = _recognise(content, label=label, allowed=allowed)
    return CheckedUpload(
        kind=kind,
        label=label,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        stored_name=f"{uuid.uuid4().hex}.{kind}",
    )


def check_bytes(
    content: bytes, *, name: str, allowed: Collection[Kind], limit: int | None = None
) -> CheckedUpload:
    """Do as `check_upload` for content that is in memory already."""
    return check_upload(io.BytesIO(content), name=name, allowed=allowed, limit=limit)


def clean_label(name: str) -> str:
    """Return the last part of the name without control, direction and invisible characters."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in last)
    label = " ".join(visible.split()).strip(". ")
    if len(label) > LABEL_LENGTH:
        stem, dot, extension = label.rpartition(".")
        ending = dot + extension if stem and len(extension) <= 8 else ""
        label = label[: LABEL_LENGTH - len(ending) - 1] + "…" + ending
    return label or "berkas"


def _read(file: IO[Any], *, label: str, limit: int, is_scan: bool) -> bytes:
    declared = getattr(file, "size", None)
    if hasattr(file, "seek"):
        file.seek(0)
    content: bytes = file.read(limit + 1)
    size = max(declared or 0, len(content))
    if size > limit:
        # The rest of a larger file was never read: the size is known only where the door told it.
        how_large = f"berukuran {size_text(size)}" if declared else "terlalu besar"
        how = "Kecilkan (misalnya pindai dengan 200 dpi)" if is_scan else "Bagi menjadi beberapa"
        raise UploadRefused(
            f"Berkas “{label}” {how_large}; batasnya {size_text(limit)}. {how} lalu unggah ulang."
        )
    if not content:
        raise UploadRefused(
            f"Berkas “{label}” kosong (0 byte); periksa berkasnya lalu unggah ulang."
        )
    return content


def _recognise(content: bytes, *, label: str, allowed: Collection[Kind]) -> Kind:
    found: Kind | None
    if content.startswith(b"%PDF-"):
        found = Kind.PDF
    elif content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        found = _recognise_image(content, label=label)
    elif content.startswith(ZIP_HEADS):
        found = _recognise_archive(content, label=label, allowed=allowed)
    elif content.startswith(OLE):
        raise UploadRefused(
            f"Berkas “{label}” berformat Office lama atau bersandi; buka lalu simpan ulang sebagai "
            f"{_wanted(allowed)} tanpa kata sandi."
        )
    else:
        found = _recognise_text(content, allowed=allowed)
    if found is None or found not in allowed:
        raise UploadRefused(_wrong_kind(content, found, label=label, allowed=allowed))
    if found is Kind.PDF and b"%%EOF" not in content[-2048:]:
        # A whole PDF says at its end that it has one; a torn download or a mere label does not.
        how = "pindai ulang" if set(allowed) >= SCANS else "simpan atau unduh lagi dari asalnya"
        raise UploadRefused(f"Berkas “{label}” terpotong atau rusak; {how}, lalu unggah lagi.")
    return found


def _wrong_kind(
    content: bytes, found: Kind | None, *, label: str, allowed: Collection[Kind]
) -> str:
    what = LABELS[found] if found else _guess(content)
    seems = f" (isinya {what})" if what else ""
    return (
        f"Berkas “{label}”{seems} tidak dapat diterima di sini; unggah berkas {_wanted(allowed)}."
    )


def _wanted(allowed: Collection[Kind]) -> str:
    return list_text([LABELS[kind] for kind in Kind if kind in allowed], "atau")


def _guess(content: bytes) -> str:
    """Name the kind of a file that no form accepts, so that the sentence can say it."""
    try:
        return str(puremagic.from_string(content[:8192])).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return ""


def _recognise_image(content: bytes, *, label: str) -> Kind:
    with open_image(content, label=label) as image:
        return Kind.JPEG if image.format == "JPEG" else Kind.PNG


def open_image(content: bytes, *, label: str) -> Image.Image:
    """Return a JPEG or PNG whose size is bearable; its pixels are not yet decoded.

    Raises UploadRefused for anything else, and for a picture that would unfold into gigabytes.
    """
    try:
        with warnings.catch_warnings():
            # The limit below is ours; Pillow's own warns first and raises at twice as many.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError:
        raise UploadRefused(_too_many_pixels(label)) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UploadRefused(f"Gambar “{label}” rusak; pindai ulang lalu unggah lagi.") from error
    if image.width * image.height > MAX_PIXELS:
        raise UploadRefused(_too_many_pixels(label))
    return image


def _too_many_pixels(label: str) -> str:
    return (
        f"Gambar “{label}” berukuran lebih dari {MAX_PIXELS // 1_000_000} juta piksel; pindai "
        "ulang dengan resolusi yang lebih rendah."
    )


def _recognise_archive(content: bytes, *, label: str, allowed: Collection[Kind]) -> Kind:
    try:
        archive = open_archive(content)
        kind = _office_kind(archive)
        if kind is not None and kind in allowed:
            check_office_parts(archive)
    except ArchiveRefused as error:
        raise UploadRefused(f"Berkas “{label}”: {error}") from error
    return kind or Kind.ZIP


def _office_kind(archive: SafeArchive) -> Kind | None:
    if "[Content_Types].xml" not in archive.names:
        return None
    if "word/document.xml" in archive.names:
        return Kind.DOCX
    return Kind.XLSX if "xl/workbook.xml" in archive.names else None


def _recognise_text(content: bytes, *, allowed: Collection[Kind]) -> Kind | None:
    """Text is what has no bytes that text never has; which text it is, the form knows."""
    is_wide = content.startswith(TEXT_BOMS) or looks_like_utf16(content)
    if not is_wide and re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", content):
        return None
    if re.match(rb"\s*(?i:<!doctype|<html|<\?xml|<script|<svg|\{\\rtf)", content):
        return None
    return Kind.CSV if Kind.CSV in allowed else Kind.TEXT


def looks_like_utf16(content: bytes) -> bool:
    """Say whether every other byte of the beginning is zero: UTF-16 without its mark."""
    head = content[:512]
    half = len(head) // 2
    return half >= 4 and max(head[0::2].count(0), head[1::2].count(0)) > 0.8 * half


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Write a file to disk up to the largest limit and only count what comes after it.

    Django itself puts no bound on the size of a file: a body of a gigabyte would fill the disk
    before any form could refuse it. The true size stays known, so that the sentence can name it.
    """

    largest = 64 * MIB

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < self.largest:
            self.file.write(raw_data)
