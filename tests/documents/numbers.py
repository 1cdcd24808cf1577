"""What the processes do that race for numbers."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from documents.issue.issuing import Wanted, issue_document
from documents.models import Document, LetterNumber
from documents.office.choosing import Template
from documents.storage import stored_path
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.documents.words import make_template, text_of


def found() -> None:
    Agency.objects.create(code="uji", name="Uji", letter_code="UJI")


def issue(name: str, count: int) -> list[str]:
    """Issue letters one after the other; return their numbers."""
    template = Template("uji/surat.docx", make_template("{{ nomor }}"))
    agency = Agency.objects.get(code="uji")
    return [
        issue_document(
            Wanted(
                agency=agency,
                kind="surat",
                title="Surat",
                template=template,
                numbered=True,
                actor=SYSTEM,
                now=timezone.now(),
                item_key=f"{name}-{number}",
            )
        ).number
        for number in range(count)
    ]


def standing() -> dict[str, Any]:
    """Return the counter, and of each letter the number of its row and what stands in its file."""
    documents = Document.objects.order_by("id")
    files = [stored_path(document.file.name or "") for document in documents]
    return {
        "last": LetterNumber.objects.get().last,
        "numbers": [document.number for document in documents],
        "printed": [text_of(path.read_bytes())[0] for path in files],
        "files": len(list(Path(stored_path("documents")).rglob("*"))) - _folders(),
    }


def _folders() -> int:
    return sum(path.is_dir() for path in Path(stored_path("documents")).rglob("*"))
