"""What was sent back: how often, from where to where, why, and what it cost.

A return is a visit whose decision was to send back. Lost is the working time from it until the same
step was submitted again; repeated is what people worked in between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from processes.audit.questions.steps import people_visits, visit_count
from processes.audit.scope import Scope
from processes.audit.statistics import Share
from processes.models import VisitTiming
from processes.models.timings import RETURNED


@dataclass(frozen=True)
class Cost:
    """What a number of returns cost in working time; `pending` are not answered yet."""

    n: int = 0
    pending: int = 0
    lost: timedelta = timedelta()
    repeated: timedelta = timedelta()

    @property
    def answered(self) -> int:
        return self.n - self.pending

    @property
    def lost_each(self) -> timedelta | None:
        """Return the mean of what an answered return lost."""
        return self.lost / self.answered if self.answered else None

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.n + other.n,
            self.pending + other.pending,
            self.lost + other.lost,
            self.repeated + other.repeated,
        )


@dataclass(frozen=True)
class Matrix:
    """Returns by the step that decided (rows) and the step returned to (columns)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cost]

    def row(self, step: str) -> list[Cost]:
        return [self.cells.get((step, column), Cost()) for column in self.columns]


@dataclass(frozen=True, kw_only=True)
class ReturnFigures:
    """`first_pass` is over finished instances, `spread` their number by their returns.

    `rounds` are the returns by the visit that decided: 1 is the first time the step was reached.
    """

    first_pass: Share
    spread: tuple[tuple[int, int], ...]
    total: Cost
    by_step: Mapping[str, Cost]
    rounds: tuple[tuple[int, Cost], ...]
    matrix: Matrix

    @property
    def finished(self) -> int:
        return self.first_pass.whole

    @property
    def sent_back(self) -> Share:
        """Return the share of finished instances that were sent back at least once."""
        return Share(self.finished - self.first_pass.part, self.finished)


def return_figures(scope: Scope, place: Callable[[str], Any] = str) -> ReturnFigures:
    """Return every figure about returns; two queries. `place` orders the steps."""
    spread = _spread(scope)
    found = _costs(scope)
    return ReturnFigures(
        first_pass=Share(spread.get(0, 0), sum(spread.values())),
        spread=tuple(sorted(spread.items())),
        total=_sum(cost for _, cost in found),
        by_step=_by(found, "step", place),
        rounds=tuple(_by(found, "visit", int).items()),
        matrix=_matrix(found, place),
    )


def returned_visits(scope: Scope) -> QuerySet[VisitTiming]:
    """Return the visits that sent back, newest first, each with its task and instance."""
    return (
        people_visits(scope)
        .filter(RETURNED)
        .select_related("task", "instance", "agency")
        .defer("instance__state", "instance__form", "task__answers", "task__draft")
        .order_by("-submitted_at", "-pk")
    )


def _spread(scope: Scope) -> dict[int, int]:
    rows = scope.instances().filter(finished_at__isnull=False).values_list("returns").order_by()
    return dict(rows.annotate(Count("pk")))


def _costs(scope: Scope) -> list[tuple[dict[str, Any], Cost]]:
    rows = (
        people_visits(scope)
        .filter(RETURNED)
        .values("step", "returned_to", "visit")
        .order_by()
        .annotate(
            n=visit_count(),
            pending=visit_count(Q(lost_work=None)),
            lost=Sum("lost_work"),
            repeated=Sum("repeated_work"),
        )
    )
    return [(dict(row), _cost(row)) for row in rows]


def _cost(row: Mapping[str, Any]) -> Cost:
    lost, repeated = (timedelta(seconds=row[name] or 0) for name in ("lost", "repeated"))
    return Cost(row["n"], row["pending"], lost, repeated)


def _by(
    found: Sequence[tuple[dict[str, Any], Cost]], name: str, place: Callable[[Any], Any]
) -> dict[Any, Cost]:
    keys = sorted({row[name] for row, _ in found}, key=place)
    return {key: _sum(cost for row, cost in found if row[name] == key) for key in keys}


def _matrix(found: Sequence[tuple[dict[str, Any], Cost]], place: Callable[[str], Any]) -> Matrix:
    cells: dict[tuple[str, str], Cost] = {}
    for row, cost in found:
        key = (row["step"], row["returned_to"])
        cells[key] = cells.get(key, Cost()) + cost
    return Matrix(
        rows=tuple(sorted({step for step, _ in cells}, key=place)),
        columns=tuple(sorted({target for _, target in cells}, key=place)),
        cells=cells,
    )


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())
