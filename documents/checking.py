"""Does every document and every archive still hold what its row and its event say?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documents.archiving import MANIFEST, manifest_bytes
from documents.models import Archive, Document
from documents.storage import files_below, sha256_of, sha256_of_file, stored_path
from foundation.models import Event


@dataclass(frozen=True)
class Fault:
    """One file that is not what it was, or a row that disagrees with its event."""

    subject: str  # "arsip 3" or "dokumen 12"
    path: str
    reason: str


def verify_archive() -> Iterator[Fault]:
    """Walk all documents and archives; yield each fault. Reads every file once."""
    documents = Document.objects.defer("context").order_by("id")
    for document in documents.iterator(chunk_size=500):
        yield from check_document(document)
    archives = Archive.objects.select_related("agency", "instance").defer("instance__state")
    for archive in archives.order_by("id").iterator(chunk_size=50):
        yield from check_archive(archive)


def check_document(document: Document) -> Iterator[Fault]:
    subject, name = f"dokumen {document.pk}", document.file_name
    event = _event(f"documents.document:{document.pk}", "document_issued")
    if event.get("sha256") != document.sha256 or event.get("number") != document.number:
        yield Fault(subject, name, "baris dokumen tidak sesuai dengan peristiwanya")
    try:
        found = sha256_of_file(stored_path(document.file.name or ""))
    except FileNotFoundError:
        yield Fault(subject, name, "berkas hilang")
        return
    if found != (document.sha256, document.size):
        yield Fault(subject, name, "isi berkas berubah")


def check_archive(archive: Archive) -> Iterator[Fault]:
    """Yield what is gone, changed, writable or added in one archive."""
    subject, folder = f"arsip {archive.pk}", archive.location
    event = _event(f"documents.archive:{archive.pk}", "archive_sealed")
    if event.get("manifest_sha256") != archive.manifest_sha256:
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


def _event(subject: str, verb: str) -> dict[str, Any]:
    event = Event.objects.filter(subject=subject, verb=verb).first()
    after: dict[str, Any] = event.after if event else {}
    return after
