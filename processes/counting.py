"""Counts that stop: past a thousand nobody reads the number, and the database need not count on."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from foundation.indonesian import number_text

MOST = 1_000
MOST_WORDS = number_text(MOST)


@dataclass(frozen=True)
class Count:
    """A number that is exact up to `MOST`; `number` is at most one more than that."""

    number: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", min(self.number, MOST + 1))

    @property
    def is_whole(self) -> bool:
        """Say whether all were counted."""
        return self.number <= MOST

    @property
    def brief(self) -> str:
        """Return "12" or "1.000+", for a badge."""
        return str(self.number) if self.is_whole else f"{MOST_WORDS}+"

    def __bool__(self) -> bool:
        return self.number > 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.number + other.number)

    def __str__(self) -> str:
        return str(self.number) if self.is_whole else f"lebih dari {MOST_WORDS}"


class CappedCount(Subquery):
    """How many rows a question has, counted to one past `MOST`: a column of another question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], **extra: Any) -> None:
        super().__init__(rows.order_by().values("pk")[: MOST + 1], **extra)
