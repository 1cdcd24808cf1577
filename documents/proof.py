"""What proves a document: hashes over its data and over the lasting columns of its row."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from documents.models import Document

# Whatever of a row is settled when the document is issued. Withdrawal and replacement come later.
LASTING = (
    "agency_id", "instance_id", "task_id", "order_id", "kind", "subject", "period_first",
    "period_last", "item_key", "round", "title", "number", "file", "file_name", "sha256", "size",
    "code", "signed_as", "template_name", "template_version", "template_sha256", "data_sha256",
    "replaces_id", "amendment", "written_at", "written_by",
)  # fmt: skip


def data_hash(context: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the data; equal data give equal hashes whatever their order."""
    text = json.dumps(context, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def row_hash(document: Document) -> str:
    """Return the SHA-256 of what must never change in the row."""
    row = {name: getattr(document, name) for name in LASTING}
    row["file"] = document.file.name
    text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
