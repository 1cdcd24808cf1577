"""Where the time of a SOP goes: its numbered steps beside their standard, for one scope.

Two queries count and order the visits of a scope in the database; nothing is added up here but
what they answer. Durations are by the clock of the scope, verdicts always by working time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from foundation.quantiles import Quantiles
from processes.audit.scope import ClockKind, Scope
from processes.audit.statistics import Share, is_few, span, spans
from processes.audit.versions import Standard, Version, newest_tasks, standards_of, versions
from processes.models import VisitTiming
from processes.models.timings import PEOPLES, RETURNED, Verdict
from workflows.definitions import TaskKind

BOX_SHARES = (0, 0.25, 0.5, 0.75, 0.9)
WAITING_SHARES = (0.5, 0.9)


@dataclass(frozen=True)
class Spread:
    """How durations lie: None where there are none."""

    least: timedelta | None = None
    quarter: timedelta | None = None
    median: timedelta | None = None
    three_quarters: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """One numbered step. `n` counts finished visits of people; the reused stand apart.

    `standards` are those of one unit, newest first; `judged_by` the smallest and the largest
    standard that visits were judged by, times the count where it is "per pegawai".
    """

    step: str
    number: int | None
    name: str
    lane: str
    is_current: bool  # the newest version still has it
    standards: tuple[Standard, ...]
    judged_by: tuple[timedelta, timedelta] | None
    n: int
    handling: Spread
    within: Share
    waiting_median: timedelta | None
    waiting_p90: timedelta | None
    returns: int
    repeats: int  # visits after the first of their instance
    reused: int

    @property
    def is_thin(self) -> bool:
        return is_few(self.n)

    @property
    def over(self) -> int:
        return self.within.whole - self.within.part

    @property
    def standard(self) -> Standard | None:
        """Return the newest standard that has a duration."""
        return next((one for one in self.standards[:1] if one.duration is not None), None)

    @property
    def older(self) -> tuple[Standard, ...]:
        return self.standards[1:]


@dataclass(frozen=True, kw_only=True)
class SystemFigures:
    """A step of the system or a wait for a moment: by the clock on the wall, judged by nothing."""

    step: str
    name: str
    kind: TaskKind
    serves: int | None  # the number of the step that it serves
    n: int
    median: timedelta | None
    p90: timedelta | None

    @property
    def is_thin(self) -> bool:
        return is_few(self.n)


@dataclass(frozen=True, kw_only=True)
class StepTable:
    """The table of the steps with its sums.

    `stated` is the total written on the SOP sheet, `computed` the sum of the newest standards of
    one unit each; both None where the SOP has no standards.
    """

    steps: tuple[StepFigures, ...]
    system: tuple[SystemFigures, ...]
    stated: timedelta | None
    computed: timedelta | None

    @property
    def n(self) -> int:
        return sum(step.n for step in self.steps)

    @property
    def within(self) -> Share:
        return Share(
            sum(step.within.part for step in self.steps),
            sum(step.within.whole for step in self.steps),
        )

    @property
    def over(self) -> int:
        return sum(step.over for step in self.steps)

    @property
    def returns(self) -> int:
        return sum(step.returns for step in self.steps)

    @property
    def repeats(self) -> int:
        return sum(step.repeats for step in self.steps)

    @property
    def reused(self) -> int:
        return sum(step.reused for step in self.steps)

    @property
    def visits(self) -> int:
        """Return how many visits the scope has, of whatever kind."""
        return self.n + self.reused + sum(row.n for row in self.system)

    @property
    def has_standards(self) -> bool:
        return any(step.standard for step in self.steps)

    @property
    def has_older_standards(self) -> bool:
        return any(step.older for step in self.steps)

    @property
    def per_labels(self) -> tuple[tuple[int | None, str], ...]:
        """Return (number, what is counted) of the steps whose standard is for one of several."""
        found = [(step.number, step.standard) for step in self.steps]
        return tuple((n, one.per_label) for n, one in found if one and one.per_label)


def step_table(scope: Scope) -> StepTable:
    """Return the figures of every numbered step, and of the system's steps."""
    found = versions(scope)
    people = people_by_step(scope)
    others = _others_by_step(scope)
    steps = tuple(_steps(found, people, others))
    durations = [one.duration for step in steps if step.is_current and (one := step.standard)]
    return StepTable(
        steps=steps,
        system=tuple(_system(found, others)),
        stated=found[0].definition.head.stated_total if found else None,
        computed=sum((d for d in durations if d), timedelta()) if durations else None,
    )


def column(clock: ClockKind, name: str) -> str:
    """Return the column of a duration ("handling") by a clock."""
    return f"{name}_{'work' if clock is ClockKind.WORK else 'wall'}"


def people_visits(scope: Scope) -> QuerySet[VisitTiming]:
    """Return the visits that people worked on: what every figure about people counts."""
    return scope.visits().filter(PEOPLES)


def visit_count(condition: Q | None = None) -> Count:
    """Count visits (that fulfil a condition) by a column that each has and that indexes hold."""
    return Count("period", filter=condition)


def people_by_step(scope: Scope) -> dict[str, dict[str, Any]]:
    """Return n, quantiles, verdicts and returns of people's visits by step; one query."""
    rows = (
        people_visits(scope)
        .values("step")
        .order_by()
        .annotate(
            n=visit_count(),
            judged=visit_count(~Q(verdict=Verdict.NONE)),
            within=visit_count(Q(verdict=Verdict.WITHIN)),
            returns=visit_count(RETURNED),
            repeats=visit_count(Q(visit__gt=1)),
            least_standard=Min("standard"),
            largest_standard=Max("standard"),
            number=Min("number"),
            handling=Quantiles(column(scope.clock, "handling"), shares=BOX_SHARES),
            waiting=Quantiles(column(scope.clock, "waiting"), shares=WAITING_SHARES),
        )
    )
    return {row["step"]: dict(row) for row in rows}


def _others_by_step(scope: Scope) -> list[dict[str, Any]]:
    """Return the visits of the system and the reused, by step; one query."""
    is_reused = Q(verdict=Verdict.REUSED)
    rows = (
        scope.visits()
        .exclude(PEOPLES)
        .values("step")
        .order_by()
        .annotate(
            n=visit_count(~is_reused),
            reused=visit_count(is_reused),
            kind=Min("kind", filter=~is_reused),
            lead=Quantiles("lead_wall", shares=WAITING_SHARES, filter=~is_reused),
        )
    )
    return [dict(row) for row in rows]


def _steps(
    found: tuple[Version, ...],
    people: Mapping[str, dict[str, Any]],
    others: Iterable[dict[str, Any]],
) -> Iterable[StepFigures]:
    reused = {row["step"]: row["reused"] for row in others if row["reused"]}
    current = [step.id for step in found[0].definition.steps] if found else []
    gone = sorted(({*people, *reused}) - set(current))
    tasks = newest_tasks(found)
    for step in [*current, *gone]:
        row, task = people.get(step, {}), tasks.get(step)
        judged_by = None
        if row.get("least_standard") is not None:
            least, largest = row["least_standard"], row["largest_standard"]
            judged_by = (timedelta(seconds=least), timedelta(seconds=largest))
        median, p90 = spans(row.get("waiting"), len(WAITING_SHARES))
        yield StepFigures(
            step=step,
            number=task.number if task else row.get("number"),
            name=task.name if task else step,
            lane=task.lane if task else "",
            is_current=step in current,
            standards=standards_of(step, found),
            judged_by=judged_by,
            n=row.get("n", 0),
            handling=Spread(*spans(row.get("handling"), len(BOX_SHARES))),
            within=Share(row.get("within", 0), row.get("judged", 0)),
            waiting_median=median,
            waiting_p90=p90,
            returns=row.get("returns", 0),
            repeats=row.get("repeats", 0),
            reused=reused.get(step, 0),
        )


def _system(found: tuple[Version, ...], others: Iterable[dict[str, Any]]) -> list[SystemFigures]:
    tasks = newest_tasks(found)
    place = {step: place for place, step in enumerate(tasks)}
    rows = []
    for row in others:
        if not row["n"]:
            continue
        task = tasks.get(row["step"])
        served = tasks.get(task.serves) if task and task.serves else None
        median, p90 = (span(value) for value in row["lead"] or (None, None))
        rows.append(
            SystemFigures(
                step=row["step"],
                name=task.name if task else row["step"],
                kind=TaskKind(row["kind"]),
                serves=served.number if served else None,
                n=row["n"],
                median=median,
                p90=p90,
            )
        )
    return sorted(rows, key=lambda row: (row.serves or 999, place.get(row.step, 999), row.step))
