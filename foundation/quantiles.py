"""Exact quantiles in the database: PostgreSQL's own, and the same rule given to SQLite.

The rule is that of `percentile_cont` and of a spreadsheet's PERCENTILE.INC: between the two nearest
values, in proportion.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Aggregate, Count, FloatField, QuerySet
from django.dispatch import receiver


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
    """

    template = "SOPAN_QUANTILES(%(expressions)s, '%(shares)s')"
    output_field = FloatField()
    allow_distinct = False

    def __init__(self, expression: str, *, shares: Sequence[float], **extra: Any) -> None:
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("shares lie between 0 and 1")
        super().__init__(expression, shares=",".join(f"{share:g}" for share in shares), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        its_own = self.copy()
        its_own.template = (
            "PERCENTILE_CONT(ARRAY[%(shares)s]::float8[]) WITHIN GROUP (ORDER BY %(expressions)s)"
        )
        return its_own.as_sql(compiler, connection, **context)

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


def quantiles_by(
    rows: "QuerySet[Any]", group: str, column: str, *, shares: Sequence[float]
) -> dict[Any, list[float]]:
    """Return the quantiles of a column for each value of another, by the same rule; one query.

    For a great many rows: the database counts equal values first, which it does in parallel and
    without sorting, and ranks only the distinct ones. A group without a value is left out.
    """
    counted = rows.order_by().values(group, column).annotate(times=Count("*"))
    inner, parameters = counted.query.get_compiler(rows.db).as_sql()
    # The value at a place is the least up to which more values lie than the place says.
    above = "MIN(CASE WHEN upto > %s * (n - 1) + %s THEN value END)"
    picked = ", ".join([above] * 2 * len(shares))
    sql = (
        f"WITH counted(kind, value, times) AS ({inner}), ranked AS ("  # noqa: S608
        "SELECT kind, value, SUM(times) OVER (PARTITION BY kind ORDER BY value) AS upto, "
        "CAST(SUM(times) OVER (PARTITION BY kind) AS DOUBLE PRECISION) AS n "
        f"FROM counted WHERE value IS NOT NULL) SELECT kind, MAX(n), {picked} "
        "FROM ranked GROUP BY kind"
    )
    asked = [part for share in shares for part in (share, 0, share, 1)]
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, [*parameters, *asked])
        return {kind: _between(n, found, shares) for kind, n, *found in cursor.fetchall()}


def _between(n: float, found: Sequence[float | None], shares: Sequence[float]) -> list[float]:
    """Return the values between the pairs of neighbours in `found`; the last has no upper one."""
    values = []
    for share, low, high in zip(shares, found[::2], found[1::2], strict=True):
        place = share * (n - 1)
        least = float(low or 0)
        most = least if high is None else float(high)
        values.append(least + (most - least) * (place - int(place)))
    return values
