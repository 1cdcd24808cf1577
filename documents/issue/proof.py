"""What proves a document: hashes over its data and over the lasting columns of its row."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from documents.models import Archive, Document

# Whatever of a row is settled when the document is issued. Withdrawal and replacement come later.
LASTING = (
    "agency_id", "instance_id", "task_id", "order_id", "kind", "subject", "period_first",
    "period_last", "item_key", "round", "title", "number", "file", "file_name", "sha256", "size",
    "code", "signed_as", "template_name", "template_version", "template_sha256", "data_sha256",
    "replaces_id", "amendment", "written_at", "written_by",
)  # fmt: skip
MARK = 8  # signs of a column's hash: enough to tell which one changed, the row's hash proves it


def data_hash(context: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the data; equal data give equal hashes whatever their order."""
    return _hash(context)


def row_hash(document: Document) -> str:
    """Return the SHA-256 of what must never change in the row."""
    return _hash({name: lasting_value(document, name) for name in LASTING})


def archive_hash(archive: Archive) -> str:
    """Return the SHA-256 of an archive's row; the manifest stands in it by its own hash."""
    return _hash(
        [
            archive.agency_id,
            archive.instance_id,
            archive.number,
            archive.folder,
            archive.manifest_sha256,
            archive.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            archive.sealed_by,
        ]
    )


def column_marks(document: Document) -> dict[str, str]:
    """Return of each lasting column a short hash, by which a changed one can be named.

    They are mixed with the code that nobody can guess: an event tells nothing of what it marks.
    """
    return {
        name: _hash([name, lasting_value(document, name), "" if name == "code" else document.code])[
            :MARK
        ]
        for name in LASTING
    }


def changed_columns(document: Document, marks: Mapping[str, str]) -> list[str]:
    """Return the columns that are not as `marks` was taken; the code alone where it is changed.

    Without the code of then nothing can be said of the others.
    """
    now = column_marks(document)
    changed = [name for name in LASTING if marks.get(name) != now[name]]
    return ["code"] if "code" in changed else changed


def column_label(name: str) -> str:
    """Return what people call a column: "nomor", "jenis"."""
    return str(getattr(Document._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text that an event must not tell by itself."""
    return hashlib.sha256(text.encode()).hexdigest()


def lasting_value(document: Document, name: str) -> Any:
    """Return a column as it is hashed: the same before it is stored and after it is read."""
    if name == "file":
        return document.file.name
    value = getattr(document, name)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _hash(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
