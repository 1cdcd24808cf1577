"""Working hours by weekday; the standard ones are Pergub NTT 67/2019 art. 10(2); no Django."""

from dataclasses import dataclass
from datetime import date, time

from organization.working_time import STANDARD_HOURS


@dataclass(frozen=True)
class WorkDay:
    """The hours of one weekday: limits for the punches and the intervals of work between breaks."""

    in_limit: time
    out_limit: time
    intervals: tuple[tuple[time, time], ...]

    @property
    def target(self) -> int:
        """Minutes of work."""
        return sum(_clock(end) - _clock(start) for start, end in self.intervals)

    @property
    def midpoint(self) -> time:
        middle = (_clock(self.in_limit) + _clock(self.out_limit)) // 2
        return time(middle // 60, middle % 60)


@dataclass(frozen=True)
class Pattern:
    """Working hours by weekday, Monday first; None is a day without work."""

    name: str
    week: tuple[WorkDay | None, ...]

    def on(self, day: date) -> WorkDay | None:
        return self.week[day.weekday()]


def _standard_day(weekday: int) -> WorkDay | None:
    stretches = STANDARD_HOURS.get(weekday, ())
    if not stretches:
        return None
    intervals = tuple((stretch.start, stretch.end) for stretch in stretches)
    return WorkDay(intervals[0][0], intervals[-1][1], intervals)


# The limits for the punches are the beginning and the end of work.
STANDARD = Pattern(
    "Standar, Pasal 10 Pergub NTT 67/2019", tuple(_standard_day(weekday) for weekday in range(7))
)


def _clock(value: time) -> int:
    """Return minutes since midnight."""
    return value.hour * 60 + value.minute
