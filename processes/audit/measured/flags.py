"""What an auditor is to be told about a visit beside its times. Pure.

A flag accuses nobody: a substitute acts by letter, work in the evening may have been needed. It
says which rows to look at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from organization.calendars.working_time import Calendar, working_time
from organization.models import Appointment
from processes import spells
from processes.models import Task
from processes.services.locking import subject_of
from workflows.definitions import TaskKind

_MOMENT = timedelta(seconds=1)
_SUBSTITUTES = tuple(
    f"{capacity.label} "
    for capacity in Appointment.Capacity
    if capacity is not Appointment.Capacity.DEFINITIVE
)


@dataclass(frozen=True)
class EventMoment:
    """When an event was recorded; `sequence` counts the events of its instance."""

    sequence: int
    at: datetime
    verb: str
    subject: str


def by_substitute(task: Task) -> bool:
    """Say whether it was done as Plt. or Plh. (`Appointment.title`)."""
    return task.acting_as.startswith(_SUBSTITUTES)


def outside_hours(task: Task, *, zone: ZoneInfo, calendar: Calendar) -> bool:
    """Say whether a person sent it while the office was closed; its first and last moment count."""
    at = task.submitted_at
    if at is None or task.kind != TaskKind.USER:
        return False
    return not working_time(at - _MOMENT, at + _MOMENT, zone=zone, calendar=calendar)


def forced(task: Task) -> bool:
    """Say whether a claim was taken from its owner, or a person ended a timer before its time."""
    if task.kind == TaskKind.TIMER:
        early = task.submitted_at and task.due_at and task.submitted_at < task.due_at
        return bool(early and task.owner_id is not None)
    return any(
        spell.why in set(spells.Ending) and spells.Ending(spell.why).is_forced
        for spell in spells.claims(task)
    )


def backdated(task: Task) -> bool:
    """Say whether it is said to have been done before it was sent."""
    return bool(task.effective_at and task.submitted_at and task.effective_at < task.submitted_at)


def clock_back(task: Task) -> bool:
    """Say whether a moment of the task lies before the one that it follows."""
    moments = [task.offered_at]
    for spell in spells.claims(task):
        moments += [spell.start] if spell.end is None else [spell.start, spell.end]
    if task.claimed_at is None and task.submitted_at is not None:
        moments.append(task.submitted_at)
    return any(later < earlier for earlier, later in pairwise(moments))


def stepped_back(events: Sequence[EventMoment]) -> frozenset[str]:
    """Return the subjects whose event has a moment before that of the event it follows."""
    return frozenset(later.subject for earlier, later in pairwise(events) if later.at < earlier.at)


def completions(events: Iterable[EventMoment], tasks: Iterable[Task]) -> dict[int, int]:
    """Return the number of the event by which a task was left: it was completed, or it failed."""
    left = ("task_completed", "task_failed")
    numbers = {e.subject: e.sequence for e in events if e.verb in left}
    found = {task.pk: numbers.get(subject_of(task)) for task in tasks}
    return {pk: number for pk, number in found.items() if number is not None}
