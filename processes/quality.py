"""Mutu baku against what happened: one row per visit to a step.

Compared is *handling*: claimed to submitted, in working time of the agency. Waiting (offered to
claimed) stands beside it, since that is where the days go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from foundation.actors import SYSTEM
from organization.working_calendars import WorkingCalendars
from organization.working_time import Calendar, working_time
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows import registry
from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind


@dataclass(frozen=True, kw_only=True)
class QualityRow:
    """One visit to a step beside its norm. `verdict`: within, over, open, reused or none."""

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
    zone = ZoneInfo(task.agency.time_zone)
    standard = None if task.reused else norm(task, definition, step, now)
    handling = waiting = None
    if not task.reused:
        until = task.claimed_at or now
        waiting = working_time(task.offered_at, until, zone=zone, calendar=calendar)
        if task.claimed_at:
            end = task.submitted_at or now
            handling = working_time(task.claimed_at, end, zone=zone, calendar=calendar)
    return QualityRow(
        step=step.id,
        step_number=step.number,
        name=step.name,
        lane=task.lane,
        visit=task.visit,
        owner=task.owner.get_full_name() if task.owner else "",
        standard=standard,
        handling=handling,
        waiting=waiting,
        verdict=_verdict(task, standard, handling),
        reused=task.reused,
        note=task.note,
        link=task.link,
        offered_at=task.offered_at,
        claimed_at=task.claimed_at,
        submitted_at=task.submitted_at,
    )


def norm(
    task: Task, definition: ProcessDefinition, step: TaskDefinition, now: datetime
) -> timedelta | None:
    """Return the standard duration of a step in this instance: times n where it says "per ..."."""
    standard = step.standard
    if standard.duration is None or standard.per is None:
        return standard.duration
    context = step_context(task, definition, actor=SYSTEM, now=now)
    count = registry.multiplier.get(standard.per.name)(with_parameters(context, standard.per))
    return standard.duration * max(count, 1)


def _verdict(task: Task, standard: timedelta | None, handling: timedelta | None) -> str:
    if task.reused:
        return "reused"
    if task.submitted_at is None:
        return "open"
    if standard is None or handling is None:
        return "none"
    return "within" if handling <= standard else "over"
