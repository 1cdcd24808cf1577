"""What Word files may say about documents."""

from collections.abc import Mapping
from typing import Any

from documents.models import Document
from workflows.registry import StepContext, document_context


@document_context("documents.archived")
def archived(context: StepContext) -> Mapping[str, Any]:
    """Return `arsip`: every document of the instance so far, with the hash of its file."""
    documents = Document.objects.filter(instance_id=context.instance_id).order_by("id")
    return {
        "arsip": [
            {"nama": document.file_name, "nomor": document.number, "sha256": document.sha256}
            for document in documents.only("file_name", "number", "sha256")
        ]
    }
