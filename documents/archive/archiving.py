"""Seals what an instance brought forth: read-only copies and a manifest with their hashes."""

import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models.fields.files import FieldFile

from documents.exceptions import DocumentError
from documents.issue.numbering import ARCHIVES, take_number
from documents.issue.proof import archive_hash
from documents.models import Archive, Document, archive_root
from documents.storage import sha256_of, stored_path, sync_folder, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.models import Event
from processes.definitions import definition_of
from processes.models import Attachment, Instance, Task

MANIFEST = "manifest.json"
SEALED = 0o444


@dataclass(frozen=True)
class Entry:
    """A file to archive: where it goes in the archive, what people call it, what is in it."""

    path: str
    title: str
    content: bytes

    def listed(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "title": self.title,
            "sha256": sha256_of(self.content),
            "size": len(self.content),
        }


Source = Callable[[Instance], Iterable[Entry]]
_sources: dict[str, Source] = {}


def archive_source(name: str) -> Callable[[Source], Source]:
    """Register what a room above adds to the archive of an instance."""

    def register(source: Source) -> Source:
        _sources[name] = source
        return source

    return register


def archive_instance(*, instance: Instance, actor: Actor, now: datetime) -> Archive:
    """Copy documents, attachments, the SOP and the history; return the row.

    A second call returns the first archive. Raises DocumentError when a file on disk is gone or
    differs from its row: a seal on a wrong file would be worse than none.
    """
    if done := Archive.objects.filter(instance=instance).first():
        return done
    draft = archive_root() / f".draf-{uuid.uuid4().hex}"
    files = []
    try:
        for entry in _entries(instance):
            write_file(draft / entry.path, entry.content, mode=SEALED)
            files.append(entry.listed())
        return _seal(instance, draft, files, actor, now)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _entries(instance: Instance) -> Iterable[Entry]:
    """Yield one file after the other: together they may be larger than the memory."""
    yield from _documents(instance)
    yield from _attachments(instance)
    for source in _sources.values():
        yield from source(instance)
    yield from _definition(instance)
    yield from _history(instance)


@transaction.atomic
def _seal(
    instance: Instance, draft: Path, files: list[dict[str, Any]], actor: Actor, now: datetime
) -> Archive:
    """Take the number, write the manifest, give the folder its name and store the row."""
    ledger.lock(instance)
    if done := Archive.objects.filter(instance=instance).first():
        return done
    taken = take_number(instance.agency, ARCHIVES, now)
    content = {
        "nomor": taken.text,
        "perangkat_daerah": instance.agency.name,
        "berkas": instance.title,
        "disegel": now.astimezone(UTC).isoformat(),
        "disegel_oleh": actor.name,
        "isi": files,
    }
    manifest = manifest_bytes(content)
    archive = Archive(
        agency=instance.agency,
        instance=instance,
        number=taken.text,
        folder=f"{instance.agency.code}/{taken.year}/berkas-{instance.pk}",
        manifest=content,
        manifest_sha256=sha256_of(manifest),
        sealed_at=now,
        sealed_by=actor.name,
    )
    write_file(draft / MANIFEST, manifest, mode=SEALED)
    _place(draft, archive.location)
    archive.save(force_insert=True)
    ledger.record(
        stream=instance,
        actor=actor,
        verb="archive_sealed",
        subject=f"documents.archive:{archive.pk}",
        after={
            "number": archive.number,
            "files": len(files),
            "manifest_sha256": archive.manifest_sha256,
            "row_sha256": archive_hash(archive),
            "series": taken.as_event(),
        },
        now=now,
    )
    return archive


def _place(draft: Path, location: Path) -> None:
    if location.exists():
        # Left by a worker that died before its commit: no row names it.
        shutil.rmtree(location)
    location.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(location)
    sync_folder(location.parent)


def manifest_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the manifest as it lies in the folder; the same content makes the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode()


def stored_entry(path: str, title: str, file: FieldFile, sha256: str) -> Entry:
    """Return a stored file as an entry; DocumentError if it is not what its row says."""
    try:
        content = stored_path(file.name or "").read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"Berkas “{title}” tidak ada di penyimpanan; pulihkan dulu.") from None
    if sha256_of(content) != sha256:
        raise DocumentError(f"Berkas “{title}” berubah sejak disimpan; pulihkan dari cadangan.")
    return Entry(path, title, content)


def _documents(instance: Instance) -> Iterable[Entry]:
    for number, document in enumerate(instance.documents.order_by("written_at", "id"), start=1):
        path = f"dokumen/{number:03d} {document.file_name}"
        title = f"{document.title} {document.number}".strip()
        yield stored_entry(path, title, document.file, document.sha256)


def _attachments(instance: Instance) -> Iterable[Entry]:
    for attachment in Attachment.objects.filter(instance=instance).order_by("id"):
        ending = Path(attachment.file.name or "").suffix
        path = f"lampiran/{attachment.pk}{ending}"
        yield stored_entry(path, attachment.original_name, attachment.file, attachment.sha256)


def _definition(instance: Instance) -> Iterable[Entry]:
    definition = definition_of(instance)
    for path, content in sorted(definition.files.items()):
        yield Entry(f"sop/{path}", f"SOP {definition.head.number}: {path}", content)


def _history(instance: Instance) -> list[Entry]:
    """Tasks, events and the data of the documents, readable without this program."""
    tasks = Task.objects.filter(instance=instance).order_by("id").select_related("owner__employee")
    rows = [
        {
            "tahap": task.name,
            "putaran": task.visit,
            "pelaksana": task.lane,
            "oleh": task.owner.get_full_name() if task.owner else "",
            "sebagai": task.acting_as,
            "ditawarkan": task.offered_at,
            "diambil": task.claimed_at,
            "dibuka": task.opened_at,
            "disimpan": task.saved_at,
            "diserahkan": task.submitted_at,
            "berlaku": task.effective_at,
            "isian": task.answers,
            "hasil": task.outcome,
            "catatan": task.comment or task.note,
        }
        for task in tasks
    ]
    events = list(Event.objects.filter(stream=instance.stream).order_by("sequence").values())
    contexts = {
        f"{document.pk} {document.file_name}": document.context
        for document in Document.objects.filter(instance=instance).order_by("id")
    }
    return [
        Entry("data/tahap.json", "Riwayat tahap", _json(rows)),
        Entry("data/peristiwa.json", "Peristiwa", _json(events)),
        Entry("data/isi-dokumen.json", "Data dokumen", _json(contexts)),
    ]


def _json(content: Any) -> bytes:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
