"""Lists page by page, ascending by id: what a program has read is not read again."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

RowT = TypeVar("RowT", bound=Model)
ItemT = TypeVar("ItemT")
MOST = 500


class Cursor(Schema):
    """Where a page begins, and how long it is."""

    after: int = Field(0, ge=0, le=2**63 - 1, description="Mulai setelah id ini")
    limit: int = Field(100, ge=1, le=MOST, description=f"Paling banyak sekian baris (1-{MOST})")


class Page(Schema, Generic[ItemT]):
    """One page. `next` is the `after` of the following one, whether there is one already or not."""

    items: list[ItemT]
    next: int = Field(description="Nilai `after` untuk halaman berikutnya")
    more: bool = Field(description="Masih ada baris setelah halaman ini")


def page(rows: QuerySet[RowT, Any], cursor: Cursor, told: Callable[[RowT], Any]) -> dict[str, Any]:
    """Return a page of these rows, each told by the function."""
    found = list(rows.filter(pk__gt=cursor.after).order_by("pk")[: cursor.limit + 1])
    shown = found[: cursor.limit]
    return {
        "items": [told(row) for row in shown],
        "next": shown[-1].pk if shown else cursor.after,
        "more": len(found) > len(shown),
    }


def whole(items: list[Any]) -> dict[str, Any]:
    """Return a short list that needs no pages in the same shape."""
    return {"items": items, "next": 0, "more": False}
