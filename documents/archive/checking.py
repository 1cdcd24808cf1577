"""Does every document and every archive still hold what its row and its event say?

The ledger proves its events (`verify_ledger`); here rows are held against events, files against
rows. Documents issued before their events told so much are checked as far as those go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any

from django.db.models.fields.files import FieldFile

from documents.archive.archiving import MANIFEST, manifest_bytes
from documents.archive.series import series_faults
from documents.archive.told import EventsOf, events_of, last_told
from documents.issue.proof import (
    archive_hash,
    changed_columns,
    column_label,
    data_hash,
    row_hash,
    text_hash,
)
from documents.models import (
    Archive,
    Document,
    Letterhead,
    OfficeTemplate,
    PdfCopy,
    SignedCopy,
)
from documents.storage import files_below, sha256_of, sha256_of_file, stored_path
from foundation.models import Event

AT_ONCE = 20  # the data of a document may be a megabyte
ISSUED, WITHDRAWN, SEALED = "document_issued", "document_withdrawn", "archive_sealed"
DISAGREES = "baris dokumen tidak sesuai dengan peristiwanya"


@dataclass(frozen=True)
class Fault:
    """One file that is not what it was, or a row that disagrees with its event."""

    subject: str  # "arsip 3" or "dokumen 12"
    path: str
    reason: str


def verify_archive() -> Iterator[Fault]:
    """Walk all documents and archives; yield each fault. Reads every file once."""
    for faults in walk():
        yield from faults


def walk() -> Iterator[list[Fault]]:
    """Yield the faults of one thing after the other, an empty list where it is whole."""
    rows = Document.objects.order_by("id").iterator(chunk_size=AT_ONCE)
    while documents := list(islice(rows, AT_ONCE)):
        events = events_of(_subject(document) for document in documents)
        for document in documents:
            yield list(check_document(document, events))
    archives = Archive.objects.select_related("agency", "instance").defer("instance__state")
    for archive in archives.order_by("id").iterator(chunk_size=50):
        yield list(check_archive(archive))
    for check in (_copies, _templates, _logos, _missing_rows, _series):
        yield list(check())


def check_document(document: Document, events: EventsOf | None = None) -> Iterator[Fault]:
    """Yield what is not as it was issued: columns, data, file, or how it was withdrawn."""
    subject, name = f"dokumen {document.pk}", document.file_name
    told = (events or events_of([_subject(document)]))[_subject(document)]
    for reason in _row_faults(document, told):
        yield Fault(subject, name, reason)
    if document.data_sha256 and data_hash(document.context) != document.data_sha256:
        yield Fault(subject, name, "data dokumen berubah")
    yield from _file_faults(subject, name, document.file, document.sha256, document.size)


def _row_faults(document: Document, told: Sequence[Event]) -> Iterator[str]:
    issued = last_told(told, ISSUED)
    if not issued:
        yield f"{DISAGREES}: tidak ada peristiwa penerbitannya"
    elif "row_sha256" not in issued:
        columns = ("kind", "title", "number", "round", "sha256", "template_sha256")
        changed = [c for c in columns if c in issued and issued[c] != getattr(document, c)]
        if changed:
            yield _named(changed)
    elif issued["row_sha256"] != row_hash(document):
        yield _named(changed_columns(document, issued.get("columns", {})))
    withdrawn = last_told(told, WITHDRAWN)
    if withdrawn != withdrawal_of(document):
        yield f"{DISAGREES}: pencabutan"


def _named(columns: Sequence[str]) -> str:
    return f"{DISAGREES}: {', '.join(column_label(name) for name in columns)}"


def withdrawal_of(document: Document) -> dict[str, Any]:
    """Return what the event of a withdrawal says of the row; its reason only as a hash."""
    if document.withdrawn_at is None and not document.withdrawn_by + document.withdrawn_reason:
        return {}
    at = document.withdrawn_at
    return {
        "at": at.astimezone(UTC).isoformat() if at else "",
        "by": document.withdrawn_by,
        "reason": text_hash(document.withdrawn_reason),
    }


def _file_faults(
    subject: str, name: str, file: FieldFile, sha256: str, size: int | None
) -> Iterator[Fault]:
    try:
        found = sha256_of_file(stored_path(file.name or ""))
    except (FileNotFoundError, IsADirectoryError):
        yield Fault(subject, name, "berkas hilang")
        return
    if found != (sha256, found[1] if size is None else size):
        yield Fault(subject, name, "isi berkas berubah")


def check_archive(archive: Archive) -> Iterator[Fault]:
    """Yield what is gone, changed, writable or added in one archive."""
    subject, folder = f"arsip {archive.pk}", archive.location
    named = f"documents.archive:{archive.pk}"
    event = last_told(events_of([named])[named], SEALED)
    row = event.get("row_sha256")
    if event.get("manifest_sha256") != archive.manifest_sha256 or (
        row and row != archive_hash(archive)
    ):
        yield Fault(subject, MANIFEST, "baris arsip tidak sesuai dengan peristiwanya")
    manifest = manifest_bytes(archive.manifest)
    if sha256_of(manifest) != archive.manifest_sha256:
        yield Fault(subject, MANIFEST, "daftar isi di basis data berubah")
    listed = {row["path"]: (row["sha256"], row["size"]) for row in archive.files}
    listed[MANIFEST] = (archive.manifest_sha256, len(manifest))
    for path, expected in listed.items():
        file = folder / path
        if not file.is_file():
            yield Fault(subject, path, "berkas hilang")
        elif sha256_of_file(file) != expected:
            yield Fault(subject, path, "isi berkas berubah")
        elif file.stat().st_mode & 0o222:
            yield Fault(subject, path, "berkas tidak lagi terkunci (dapat ditulis)")
    for file in files_below(folder):
        path = file.relative_to(folder).as_posix()
        if path not in listed:
            yield Fault(subject, path, "berkas ditambahkan sesudah disegel")


def check_signed(copy: SignedCopy) -> Iterator[Fault]:
    """Yield what is not as the signed PDF was taken in."""
    subject, name = f"PDF bertanda tangan {copy.pk}", copy.original_name
    named = f"documents.signedcopy:{copy.pk}"
    if last_hash(events_of([named])[named]) != copy.sha256:
        yield Fault(subject, name, "baris tidak sesuai dengan peristiwanya")
    yield from _file_faults(subject, name, copy.file, copy.sha256, copy.size)


def last_hash(events: Sequence[Event]) -> str:
    """Return the hash of a file as the last event about it tells."""
    return next((e.after["sha256"] for e in reversed(events) if "sha256" in e.after), "")


def _copies() -> Iterator[Fault]:
    for pdf in PdfCopy.objects.filter(state=PdfCopy.State.DONE).order_by("id"):
        name, named = pdf.file.name or "", f"documents.pdfcopy:{pdf.pk}"
        if last_hash(events_of([named])[named]) not in ("", pdf.sha256):
            yield Fault(f"PDF {pdf.pk}", name, "baris tidak sesuai dengan peristiwanya")
        yield from _file_faults(f"PDF {pdf.pk}", name, pdf.file, pdf.sha256, pdf.size)
    for copy in SignedCopy.objects.order_by("id"):
        yield from check_signed(copy)


def _templates() -> Iterator[Fault]:
    rows = list(OfficeTemplate.objects.order_by("id"))
    events = events_of(f"documents.officetemplate:{row.pk}" for row in rows)
    for row in rows:
        subject, name = f"templat {row.pk}", str(row)
        if last_hash(events[f"documents.officetemplate:{row.pk}"]) not in ("", row.sha256):
            yield Fault(subject, name, "baris tidak sesuai dengan peristiwanya")
        yield from _file_faults(subject, name, row.file, row.sha256, row.size)


def _logos() -> Iterator[Fault]:
    for row in Letterhead.objects.exclude(logo="").order_by("id"):
        yield from _file_faults(f"kop {row.pk}", "logo", row.logo, row.logo_sha256, None)


def _missing_rows() -> Iterator[Fault]:
    """Yield documents and archives that the ledger knows and the tables do not."""
    for verb, word, rows in (
        (ISSUED, "dokumen", Document.objects),
        (SEALED, "arsip", Archive.objects),
    ):
        there = set(rows.values_list("pk", flat=True))
        for subject in Event.objects.filter(verb=verb).values_list("subject", flat=True):
            number = int(subject.rpartition(":")[2])
            if number not in there:
                yield Fault(f"{word} {number}", "", f"baris {word} hilang")


def _series() -> Iterator[Fault]:
    for series, reason in series_faults():
        yield Fault(series, "", reason)


def _subject(document: Document) -> str:
    return f"documents.document:{document.pk}"
