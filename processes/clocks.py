"""The clock of a task in words: worked and left against mutu baku, in working time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from organization.working_time import Calendar, standard_hours, working_time
from processes.models import Task

_MINUTE = timedelta(minutes=1)
SOON = 0.25  # the last quarter of the standard time


@dataclass(frozen=True)
class State:
    """A state as it is shown: kind of badge, icon, word."""

    kind: str
    icon: str
    words: str


@dataclass(frozen=True)
class Clock:
    """Handling (or, before the claim, waiting) of one task at one moment.

    `running` says whether this very minute counts as working time.
    """

    standard: timedelta | None
    handled: timedelta | None
    waited: timedelta
    running: bool

    @property
    def left(self) -> timedelta | None:
        if self.standard is None or self.handled is None:
            return None
        return self.standard - self.handled

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < timedelta()

    @property
    def state(self) -> State:
        left, standard = self.left, self.standard
        if left is None or standard is None:
            if self.handled is not None:
                return State("info", "clock", f"Dikerjakan {short(self.handled)}")
            if self.waited < _MINUTE:
                return State("info", "hourglass", "Baru tiba")
            return State("info", "hourglass", f"Menunggu {short(self.waited)}")
        if left < timedelta():
            return State("late", "alert", f"Terlambat {short(-left)}")
        kind = "soon" if left <= standard * SOON else "ok"
        return State(kind, "clock", f"Sisa {short(left)}")

    @property
    def handled_seconds(self) -> int:
        return round(self.handled.total_seconds()) if self.handled is not None else 0

    @property
    def standard_seconds(self) -> int:
        return round(self.standard.total_seconds()) if self.standard is not None else 0


def short(span: timedelta) -> str:
    """Return "2 jam 5 mnt"; hours are never turned into days, since these are working hours."""
    minutes = span // _MINUTE
    if minutes < 1:
        return "kurang dari 1 mnt"
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} jam"] * bool(hours) + [f"{rest} mnt"] * bool(rest))


def clock_of(task: Task, *, calendar: Calendar = standard_hours, now: datetime) -> Clock:
    """Return the clock of a task; the standard is known from the moment it is claimed."""
    zone = ZoneInfo(task.agency.time_zone)
    claimed, due = task.claimed_at, task.due_at
    handled = None
    if claimed is not None:
        end = task.submitted_at or now
        handled = working_time(claimed, end, zone=zone, calendar=calendar)
    return Clock(
        standard=due - claimed if due is not None and claimed is not None else None,
        handled=handled,
        waited=working_time(task.offered_at, claimed or now, zone=zone, calendar=calendar),
        running=bool(working_time(now, now + _MINUTE, zone=zone, calendar=calendar)),
    )
