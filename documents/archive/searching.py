"""What a person looks for in the list of documents, as the address of the page says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest

from documents.models import Document
from documents.models.documents import DocumentQuerySet
from documents.periods import MONTH, period_of
from organization.models import Agency


@dataclass(frozen=True)
class Search:
    """Words, month, agency, kind and state; what is empty or makes no sense narrows nothing."""

    words: str
    month: date | None
    agency: Agency | None
    agencies: Sequence[Agency]  # among which one may choose
    kind: str
    state: str

    @classmethod
    def of(cls, request: HttpRequest, agencies: QuerySet[Agency]) -> "Search":
        asked = request.GET
        rows = list(agencies.order_by("name"))
        period = period_of(asked.get("bulan", ""))
        state = asked.get("keadaan", "")
        return cls(
            words=asked.get("cari", "").strip()[:100],
            month=period.first if period.kind == MONTH else None,
            agency=next((row for row in rows if row.code == asked.get("pd")), None),
            agencies=rows,
            kind=asked.get("jenis", "")[:60],
            state=state if state in Document.State.values else "",
        )

    def __bool__(self) -> bool:
        """Say whether anything is looked for."""
        return bool(self.words or self.month or self.agency or self.kind or self.state)

    @property
    def is_narrowed(self) -> bool:
        """Say whether more than words are looked for: the fields for it are then open."""
        return bool(self.month or self.agency or self.kind or self.state)

    def narrow(self, rows: DocumentQuerySet) -> DocumentQuerySet:
        for word in self.words.split():
            rows = rows.mentioning(word)
        if self.month:
            rows = rows.of_month(self.month)
        if self.agency:
            rows = rows.filter(agency=self.agency)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.standing(self.state)
