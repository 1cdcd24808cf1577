"""The clock of a task in words: worked and left against mutu baku, in working time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from processes import spells
from processes.models import Task
from processes.spells import Measure

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
    """Handling and waiting of one task at one moment; no handling while nobody holds it.

    `running` says whether this very minute counts: somebody holds the task, no pause, working time.
    """

    standard: timedelta | None
    handled: timedelta | None
    waited: timedelta
    running: bool
    paused: bool = False

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
        if self.paused and not self.is_late:
            return State("info", "pause", "Dijeda")
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


def clock_of(task: Task, *, work: Measure, now: datetime) -> Clock:
    """Return the clock of a task by the working time of its agency.

    The standard is known from the moment it is claimed.
    """
    times = spells.times(task, until=now, measure=work)
    claimed, due, paused = task.claimed_at, task.due_at, spells.is_paused(task)
    is_held = claimed is not None and not paused
    return Clock(
        standard=due - claimed if due is not None and claimed is not None else None,
        handled=timedelta(seconds=times.handling) if claimed is not None else None,
        waited=timedelta(seconds=times.waiting),
        running=is_held and bool(work(now, now + _MINUTE)),
        paused=paused,
    )
