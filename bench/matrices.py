"""The matrix of a month that `python -m bench.documents` fills and turns into PDF."""

from typing import Any

from documents.filling import fill_template
from documents.issue.stamping import NUMBER_MARK
from tests.documents.samples import BASE, recap

DAYS = 31


def context_of(people: int) -> dict[str, Any]:
    """Return the data of one agency's month, as the rooms give them."""
    return BASE | recap(employees=people, days=DAYS) | {"nomor": NUMBER_MARK}


def ours(template: bytes, context: dict[str, Any]) -> bytes:
    return fill_template(template, context, name="matriks.docx", cpu_seconds=30)
