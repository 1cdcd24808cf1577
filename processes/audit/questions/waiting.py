"""Where waiting sits: with which lane, in which role, since which weekday, and what waits now.

Waiting is the time in which nobody held a task, from its offer to its submission. Shares are shares
of the whole waiting of the scope, by the clock of the scope.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum, Window

from foundation.indonesian import DAYS
from foundation.quantiles import Quantiles
from organization.models import User
from processes import quality, spells
from processes.audit.questions.steps import column, people_visits, visit_count
from processes.audit.scope import ClockKind, Scope
from processes.audit.statistics import is_few, spans
from processes.models import Instance, Task
from workflows.definitions import TaskKind

SHARES = (0.5, 0.9)
LONGEST = 20
# Every task is offered in one of these ways. Said so, PostgreSQL reads the index that each of them
# has (`task_queue`, `task_by_name`, `task_assigned`) instead of all tasks of the agencies.
OFFERED = (
    Q(assignee=None, by_name=False) | Q(assignee=None, by_name=True) | Q(assignee__isnull=False)
)


@dataclass(frozen=True, kw_only=True)
class Portion:
    """The waiting of one lane, role, person or weekday; `key` is what the rows are found by.

    `share` is its part of the whole waiting, 0 to 1.
    """

    key: str
    label: str
    n: int
    total: timedelta
    median: timedelta | None
    p90: timedelta | None
    share: float

    @property
    def is_thin(self) -> bool:
        return is_few(self.n)


@dataclass(frozen=True)
class OpenWait:
    """A task that waits to be taken now, and for how long by the clock of the scope."""

    task: Task
    waited: timedelta


def by_lane(scope: Scope) -> list[Portion]:
    """Return the lanes, the one that waits longest in sum first."""
    return _largest_first(_portions(scope, ("lane",), lambda row: (row["lane"], row["lane"])))


def by_role(scope: Scope) -> list[Portion]:
    """Return the roles in which people submitted ("Plh. Kepala Dinas"), largest sum first."""

    def named(row: Mapping[str, Any]) -> tuple[str, str]:
        role = row["acting_as"]
        return role, role or "Tanpa peran tercatat"

    return _largest_first(_portions(scope, ("acting_as",), named))


def by_person(scope: Scope) -> list[Portion]:
    """Return the people of the one chosen agency by name; nothing for several agencies.

    What waits before somebody takes it is seldom his doing: people stand in the order of their
    names and are compared with nobody of another office.
    """
    if scope.agency is None:
        return []
    portions = _portions(
        scope, ("owner",), lambda row: (str(row["owner"] or ""), "Tanpa petugas tercatat")
    )
    ids = [int(portion.key) for portion in portions if portion.key]
    names = {
        str(user.pk): user.get_full_name()
        for user in User.objects.select_related("employee").filter(pk__in=ids)
    }
    named = [replace(portion, label=names.get(portion.key, portion.label)) for portion in portions]
    return sorted(named, key=lambda portion: portion.label)


def by_weekday(scope: Scope) -> list[Portion]:
    """Return the weekdays on which tasks were offered, Monday first."""
    portions = _portions(
        scope,
        ("offered_weekday",),
        lambda row: (str(row["offered_weekday"]), DAYS[row["offered_weekday"]]),
    )
    return sorted(portions, key=lambda portion: portion.key)


def waiting_now(scope: Scope) -> tuple[list[OpenWait], int]:
    """Return the tasks of people that have waited longest to be taken, and how many wait in all.

    Whatever the months of the scope: a task that waits has no month yet.
    """
    ready = Task.objects.filter(
        OFFERED,
        status=Task.Status.READY,
        kind=TaskKind.USER,
        agency__in=[agency.pk for agency in scope.chosen],
        instance__definition_key=scope.definition_key,
        instance__status=Instance.Status.RUNNING,
    )
    # One walk over all that waits, for the number and for the oldest; only those are then read.
    found = ready.order_by("offered_at", "pk").values_list("pk", Window(Count("pk")))[:LONGEST]
    counts = dict(found)
    tasks = list(
        Task.objects.filter(pk__in=counts)
        .select_related("instance", "agency")
        .defer("instance__state", "instance__form", "draft", "answers")
        .order_by("offered_at", "pk")
    )
    calendars = quality.calendars_of(tasks, scope.now)
    waits = []
    for task in tasks:
        measure: spells.Measure = spells.wall
        if scope.clock is ClockKind.WORK:
            calendar = calendars.of(task.agency_id)
            measure = spells.work(ZoneInfo(task.agency.time_zone), calendar)
        waits.append(OpenWait(task, _waited(task, scope.now, measure)))
    waits.sort(key=lambda wait: -wait.waited)
    return waits, next(iter(counts.values()), 0)


def _waited(task: Task, now: datetime, measure: spells.Measure) -> timedelta:
    return timedelta(seconds=spells.times(task, until=now, measure=measure).waiting)


def _portions(
    scope: Scope,
    keys: tuple[str, ...],
    named: Callable[[Mapping[str, Any]], tuple[str, str]],
) -> list[Portion]:
    """Return the waiting grouped by these columns; `named` gives key and label of a row."""
    name = column(scope.clock, "waiting")
    rows = list(
        people_visits(scope)
        .values(*keys)
        .order_by()
        .annotate(n=visit_count(), total=Sum(name), spread=Quantiles(name, shares=SHARES))
    )
    whole = sum(row["total"] for row in rows)
    portions = []
    for row in rows:
        key, label = named(row)
        median, p90 = spans(row["spread"], len(SHARES))
        portions.append(
            Portion(
                key=key,
                label=label,
                n=row["n"],
                total=timedelta(seconds=row["total"]),
                median=median,
                p90=p90,
                share=row["total"] / whole if whole else 0.0,
            )
        )
    return portions


def _largest_first(portions: Iterable[Portion]) -> list[Portion]:
    return sorted(portions, key=lambda portion: (-portion.total, portion.label))
