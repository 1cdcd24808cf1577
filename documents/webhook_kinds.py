"""What programs may hear of this room: a document that was issued."""

from typing import Any

from documents.models import Document
from foundation.models import Event
from processes.webhooks.kinds import offer
from processes.webhooks.own_kinds import id_of


def _issued(event: Event) -> dict[str, Any]:
    # No title, subject or number: they may name somebody.
    rows = Document.objects.values("pk", "kind", "instance", "sha256")
    row = rows.get(pk=id_of(event.subject))
    return {
        "document": row["pk"],
        "kind": row["kind"],
        "instance": row["instance"],
        "sha256": row["sha256"],
    }


offer("document.issued", "Dokumen diterbitkan", verb="document_issued", tell=_issued)
