"""Mutu baku against what happened: one row per visit to a step.

Compared is *handling* in working time of the agency (`audit.spells`). Waiting stands beside it,
since that is where the days go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from foundation.actors import SYSTEM
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import Calendar
from processes import spells
from processes.audit.measured.verdicts import standard_of, verdict_of
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows import registry
from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind


@dataclass(frozen=True, kw_only=True)
class QualityRow:
    """One visit to a step beside its norm. `verdict`: within, over, open, reused, none, or
    withdrawn for one that ended undone.
    """

    step: str
    step_number: int | None
    name: str
    lane: str
    visit: int
    owner: str
    standard: timedelta | None
    handling: timedelta | None
    waiting: timedelta | None
    verdict: str
    reused: bool
    note: str
    link: str
    offered_at: datetime | None
    claimed_at: datetime | None
    submitted_at: datetime | None

    @property
    def difference(self) -> timedelta | None:
        """Return how much longer (positive) or shorter than the norm the work took."""
        if self.standard is None or self.handling is None:
            return None
        return self.handling - self.standard


def rows(instance: Instance, now: datetime) -> list[QualityRow]:
    """Return the audit of an instance in the order of the SOP's steps, then of the visits.

    A step that was passed as "masih berlaku" has a row without times: it is neither a breach nor
    done in no time.
    """
    definition = definition_of(instance)
    tasks = list(instance.tasks.select_related("owner__employee", "instance", "agency"))
    calendars = calendars_of(tasks, now)
    found = []
    for task in tasks:
        if task.kind == TaskKind.USER or task.reused:
            found.append(_row(task, definition, calendars.of(task.agency_id), now))
    return sorted(found, key=lambda row: (row.step_number or 999, row.visit, row.step))


def calendars_of(tasks: Sequence[Task], now: datetime) -> WorkingCalendars:
    """Return the office hours of the tasks' agencies, the oldest task until now; one query."""
    # A day more on either side: the agency's date may be another than that of UTC, and the night
    # before may still be at work.
    first = min((task.offered_at for task in tasks), default=now).date() - timedelta(days=2)
    agencies = {task.agency_id for task in tasks}
    return WorkingCalendars.load(agencies, first, now.date() + timedelta(days=1))


def _row(
    task: Task, definition: ProcessDefinition, calendar: Calendar, now: datetime
) -> QualityRow:
    step = definition.step_of(task.step)
    # Several people may share one numbered step; what the system checks for it has no other name.
    name = definition.tasks[task.step].name if task.kind == TaskKind.USER else step.name
    work = spells.work(ZoneInfo(task.agency.time_zone), calendar)
    is_withdrawn = task.status == Task.Status.CANCELLED
    until = (task.effective_at if is_withdrawn else None) or now
    times = None if task.reused else spells.times(task, until=until, measure=work)
    is_held = bool(task.claimed_at or task.earlier)
    return QualityRow(
        step=step.id,
        step_number=step.number,
        name=f"{name} · {task.row_label}" if task.row_label else name,
        lane=task.lane,
        visit=task.visit,
        owner=task.owner.get_full_name() if task.owner else "",
        standard=_standard(task, definition, step, now),
        handling=timedelta(seconds=times.handling) if times and is_held else None,
        waiting=timedelta(seconds=times.waiting) if times else None,
        verdict="withdrawn" if is_withdrawn else _verdict(task, times),
        reused=task.reused,
        note=task.note,
        link=task.link,
        offered_at=task.offered_at,
        claimed_at=task.claimed_at,
        submitted_at=task.submitted_at,
    )


def _verdict(task: Task, times: spells.Times | None) -> str:
    return str(verdict_of(task, times.handling if times else 0)) if _is_over(task) else "open"


def _is_over(task: Task) -> bool:
    return task.reused or task.submitted_at is not None


def _standard(
    task: Task, definition: ProcessDefinition, step: TaskDefinition, now: datetime
) -> timedelta | None:
    """Return the standard that was kept at the completion; before, as it is now."""
    if not _is_over(task):
        return norm(task, definition, step, now).whole
    seconds = standard_of(task)
    return None if seconds is None else timedelta(seconds=seconds)


@dataclass(frozen=True)
class Norm:
    """The standard of a step in one instance: the whole, and the n of "5 menit per pegawai"."""

    whole: timedelta | None
    count: int | None = None

    @property
    def seconds(self) -> int | None:
        return None if self.whole is None else round(self.whole.total_seconds())


def norm(task: Task, definition: ProcessDefinition, step: TaskDefinition, now: datetime) -> Norm:
    """Return the standard as it is now: the duration times n where it says "per ..."."""
    standard = step.standard
    if standard.duration is None or standard.per is None:
        return Norm(standard.duration)
    context = step_context(task, definition, actor=SYSTEM, now=now)
    count = registry.multiplier.get(standard.per.name)(with_parameters(context, standard.per))
    return Norm(standard.duration * max(count, 1), max(count, 1))
