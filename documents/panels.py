"""Data beside a form: the documents of the instance."""

from collections.abc import Mapping
from typing import Any

from documents.models import Archive, Document
from workflows.registry import StepContext, panel


@panel("documents.of_instance", template="documents/panel.html")
def of_instance(context: StepContext) -> Mapping[str, Any]:
    documents = Document.objects.filter(instance_id=context.instance_id)
    return {
        "documents": documents.without_context(),
        "archive": Archive.objects.filter(instance_id=context.instance_id).first(),
    }
