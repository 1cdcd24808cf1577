"""The clocks of one task: handled, paused, waited for, and the whole, by any measure of time.

Pure, and the only place where they are told: the inbox, the page of an instance and the audit all
ask here. A *spell* is a stretch in which somebody held the task: the claim that stands, and every
earlier one that ended without a submission (`Task.earlier`). A pause lies inside a spell.

handling = spells - pauses, lead = offered to submitted, waiting = what is left of the lead. A clock
that stepped back makes no negative time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from organization.calendars.working_time import Calendar, WorkingHours
from processes.models import Task

Measure = Callable[[datetime, datetime], int]
"""Return how many whole seconds between two aware moments count; none if the end comes first."""


class Ending(StrEnum):
    """Why a claim ended without a submission (`why` in `Task.earlier`)."""

    RELEASED = "released"  # put back by its owner
    HANDED_OVER = "handed_over"  # given to another by its owner
    TAKEN = "taken"  # given to another by somebody else
    REOFFERED = "reoffered"  # data name others now, or the time to decide was over

    @property
    def is_forced(self) -> bool:
        """Say whether the claim was taken from its owner."""
        return self in (Ending.TAKEN, Ending.REOFFERED)


@dataclass(frozen=True)
class Spell:
    """A stretch of time; `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    why: str = ""


@dataclass(frozen=True)
class Pause:
    """A declared rest that lasts."""

    since: datetime
    reason: str


@dataclass(frozen=True)
class Times:
    """What the clocks of a task say, in whole seconds."""

    handling: int
    paused: int
    lead: int

    @property
    def waiting(self) -> int:
        """Return the time in which nobody held the task."""
        return max(self.lead - self.handling - self.paused, 0)


def claims(task: Task) -> list[Spell]:
    """Return the claims of a task, oldest first; the last may still last."""
    found = [*_stored(task.earlier)]
    if task.claimed_at is not None:
        found.append(Spell(task.claimed_at, task.submitted_at))
    return found


def pauses(task: Task) -> list[Spell]:
    """Return the declared pauses of a task, oldest first; the last may still last."""
    return [
        Spell(spell.start, spell.end or task.submitted_at, spell.why)
        for spell in _stored(task.pauses)
    ]


def open_pause(task: Task) -> Pause | None:
    """Return the pause that lasts."""
    for entry in task.pauses:
        if "until" not in entry:
            return Pause(datetime.fromisoformat(entry["from"]), str(entry.get("reason", "")))
    return None


def is_paused(task: Task) -> bool:
    """Say whether the work on a task rests by declaration."""
    return task.status == Task.Status.CLAIMED and open_pause(task) is not None


def ended_claim(task: Task, why: Ending, *, now: datetime) -> dict[str, Any]:
    """Return the columns that remember the claim that ends now; none where nobody held the task."""
    if task.claimed_at is None:
        return {}
    spell = _entry(task.claimed_at, by=task.owner_id, why=str(why)) | {"until": _text(now)}
    return {"earlier": [*task.earlier, spell], "pauses": ended_pauses(task, now=now)}


def begun_pause(task: Task, reason: str, *, now: datetime) -> list[dict[str, Any]]:
    """Return the pauses of a task with one that begins now."""
    return [*task.pauses, _entry(now, by=task.owner_id, reason=reason)]


def ended_pauses(task: Task, *, now: datetime) -> list[dict[str, Any]]:
    """Return the pauses of a task, the last one over."""
    return [{"until": _text(now)} | dict(entry) for entry in task.pauses]


def _entry(start: datetime, **told: Any) -> dict[str, Any]:
    return {"from": _text(start), **told}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def times(task: Task, *, until: datetime, measure: Measure) -> Times:
    """Return the clocks of a task as they stood at `until`, or when it was submitted before."""
    end = task.submitted_at or until
    held = sum(measure(spell.start, spell.end or end) for spell in claims(task))
    paused = sum(measure(spell.start, spell.end or end) for spell in pauses(task))
    return Times(handling=max(held - paused, 0), paused=paused, lead=measure(task.offered_at, end))


def wall(start: datetime, end: datetime) -> int:
    """Measure what a clock on the wall shows."""
    return max(int((end - start).total_seconds()), 0)


def work(zone: ZoneInfo, calendar: Calendar) -> Measure:
    """Return the measure of working time in an agency's hours; one does for many of its tasks."""
    hours = WorkingHours(zone, calendar)

    def measure(start: datetime, end: datetime) -> int:
        return int(hours.between(start, end).total_seconds())

    return measure


def _stored(entries: Iterable[Mapping[str, Any]]) -> Iterator[Spell]:
    for entry in entries:
        until = entry.get("until")
        yield Spell(
            datetime.fromisoformat(entry["from"]),
            datetime.fromisoformat(until) if until else None,
            str(entry.get("why", "")),
        )
