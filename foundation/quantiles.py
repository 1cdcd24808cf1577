"""Exact quantiles in the database: PostgreSQL's own, and the same rule given to SQLite.

The rule is that of `percentile_cont` and of a spreadsheet's PERCENTILE.INC: between the two nearest
values, in proportion.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Aggregate, FloatField
from django.dispatch import receiver

_OF_COLLECTED = (
    "(SELECT PERCENTILE_CONT(ARRAY[{shares}]::float8[]) WITHIN GROUP (ORDER BY sopan_value)"
    " FROM (SELECT UNNEST({collected}) AS sopan_value) sopan_values)"
)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the quantile of sorted values; ValueError for none."""
    if not values:
        raise ValueError("no values")
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


class Quantiles(Aggregate):
    """The quantiles of a column as a list of floats in the order asked; None without any row.

    `Quantiles("handling_work", shares=(0.5, 0.9))`

    On PostgreSQL the values of each group are collected, and then sorted: all rows need not be put
    in the order of their groups first, which costs more than the quantiles where a group is known
    by a text. A group may have 100 million rows; its values take 9 bytes of memory each.
    """

    template = "SOPAN_QUANTILES(%(expressions)s, '%(shares)s')"
    output_field = FloatField()
    allow_distinct = False

    def __init__(self, expression: str, *, shares: Sequence[float], **extra: Any) -> None:
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("shares lie between 0 and 1")
        super().__init__(expression, shares=",".join(f"{share:g}" for share in shares), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        collecting = self.copy()
        collecting.template = "ARRAY_AGG(%(expressions)s)"
        collected, parameters = collecting.as_sql(compiler, connection, **context)
        return _OF_COLLECTED.format(shares=self.extra["shares"], collected=collected), parameters

    @property
    def convert_value(self) -> Callable[..., list[float] | None]:
        return _as_list


def _as_list(value: Any, expression: object, connection: object) -> list[float] | None:
    found: list[float] | None = json.loads(value) if isinstance(value, str) else value
    return found


class _SqliteQuantiles:
    """What SQLite calls row by row, then once for the answer."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.shares = ""

    def step(self, value: float | None, shares: str) -> None:
        self.shares = shares
        if value is not None:
            self.values.append(value)

    def finalize(self) -> str | None:
        if not self.values:
            return None
        self.values.sort()
        shares = (float(share) for share in self.shares.split(","))
        return json.dumps([quantile(self.values, share) for share in shares])


@receiver(connection_created)
def _give_to_sqlite(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("SOPAN_QUANTILES", 2, _SqliteQuantiles)
