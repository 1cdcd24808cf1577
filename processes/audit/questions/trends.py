"""Month after month, and agency beside agency: how long work takes beside its standard.

The ratio of a visit is its handling divided by its standard, in working time as the verdict is: 1
is exactly the standard. Its median can be compared over steps whose standards differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, FloatField, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, NullIf

from foundation.quantiles import Quantiles
from organization.models import Agency
from processes.audit.questions.steps import column, people_visits, visit_count
from processes.audit.scope import Scope
from processes.audit.statistics import Share, is_few, spans
from processes.models import InstanceAudit, VisitTiming
from processes.models.timings import RETURNED, Verdict

MEDIAN = (0.5,)
NOTHING = Share(0, 0)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one month or one agency. `ratio` is the median of handling / standard.

    `standards` are the smallest and the largest that were judged by; `lead` the median of finished
    instances from start to end, `first_pass` their share without a return.
    """

    n: int = 0
    within: Share = NOTHING
    handling: timedelta | None = None
    waiting: timedelta | None = None
    ratio: float | None = None
    standards: tuple[timedelta, timedelta] | None = None
    returns: int = 0
    finished: int = 0
    lead: timedelta | None = None
    first_pass: Share = NOTHING

    @property
    def is_thin(self) -> bool:
        return is_few(self.n)

    @property
    def standard(self) -> timedelta | None:
        """Return the standard where all visits were judged by one and the same."""
        return self.standards[0] if self.standards and len(set(self.standards)) == 1 else None


@dataclass(frozen=True)
class Month:
    """One month of the scope; without any visit its figures are empty."""

    first: date
    figures: Figures

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Beside:
    """One agency of a comparison."""

    agency: Agency
    figures: Figures


def months(scope: Scope, step: str = "") -> list[Month]:
    """Return every month from the first to the last with a figure, of one step or of all.

    Two queries. Lead time, and what is said of finished instances, is never of one step.
    """
    visits = _by(_visits(scope, step), "period", _visit_figures(scope))
    instances = _by(_finished(scope), "period", _instance_figures(scope))
    found = sorted({*visits, *instances})
    if not found:
        return []
    return [
        Month(first, _figures(visits.get(first, {}), instances.get(first, {})))
        for first in _between(found[0], found[-1])
    ]


def agencies(scope: Scope, step: str = "") -> list[Beside]:
    """Return the agencies of the scope, the largest share within standard first; two queries.

    Those with few judged visits stand last: what they show may be chance. Nothing for one agency.
    """
    if len(scope.chosen) < 2:
        return []
    visits = _by(_visits(scope, step), "agency", _visit_figures(scope))
    instances = _by(_finished(scope), "agency", _instance_figures(scope))
    rows = [
        Beside(agency, _figures(visits.get(agency.pk, {}), instances.get(agency.pk, {})))
        for agency in scope.chosen
    ]
    return sorted(rows, key=_best_first)


def _best_first(row: Beside) -> tuple[bool, float, str]:
    within = row.figures.within
    return within.is_thin, -(within.value or 0.0), row.agency.name


def _visits(scope: Scope, step: str) -> QuerySet[VisitTiming]:
    visits = people_visits(scope)
    return visits.filter(step=step) if step else visits


def _finished(scope: Scope) -> QuerySet[InstanceAudit]:
    return scope.instances().filter(finished_at__isnull=False)


def _visit_figures(scope: Scope) -> dict[str, Any]:
    return {
        "n": visit_count(),
        "judged": visit_count(~Q(verdict=Verdict.NONE)),
        "in_time": visit_count(Q(verdict=Verdict.WITHIN)),
        "returned": visit_count(RETURNED),
        "least": Min("standard"),
        "largest": Max("standard"),
        "handled": Quantiles(column(scope.clock, "handling"), shares=MEDIAN),
        "waited": Quantiles(column(scope.clock, "waiting"), shares=MEDIAN),
        "ratios": Quantiles("ratio", shares=MEDIAN),
    }


def _instance_figures(scope: Scope) -> dict[str, Any]:
    return {
        "finished": Count("pk"),
        "clean": Count("pk", filter=Q(returns=0)),
        "leads": Quantiles(column(scope.clock, "lead"), shares=MEDIAN),
    }


def _by(rows: QuerySet[Any], key: str, figures: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    """Return the figures by the values of one column; one query."""
    if rows.model is VisitTiming:
        standard = NullIf(Cast("standard", FloatField()), 0.0)
        rows = rows.annotate(ratio=Cast(F("handling_work"), FloatField()) / standard)
    return {row[key]: row for row in rows.values(key).order_by().annotate(**figures)}


def _figures(visits: Mapping[str, Any], instances: Mapping[str, Any]) -> Figures:
    (handling,) = spans(visits.get("handled"), 1)
    (waiting,) = spans(visits.get("waited"), 1)
    (lead,) = spans(instances.get("leads"), 1)
    standards = None
    if visits.get("least") is not None:
        standards = (timedelta(seconds=visits["least"]), timedelta(seconds=visits["largest"]))
    return Figures(
        n=visits.get("n", 0),
        within=Share(visits.get("in_time", 0), visits.get("judged", 0)),
        handling=handling,
        waiting=waiting,
        ratio=next(iter(visits.get("ratios") or ()), None),
        standards=standards,
        returns=visits.get("returned", 0),
        finished=instances.get("finished", 0),
        lead=lead,
        first_pass=Share(instances.get("clean", 0), instances.get("finished", 0)),
    )


def _between(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
