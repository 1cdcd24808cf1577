"""Working hours by weekday; the standard ones are Pergub NTT 67/2019 art. 10(2); no Django."""

from dataclasses import dataclass
from datetime import date, time


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


def _monday_to_thursday() -> WorkDay:
    morning, afternoon = (time(7, 30), time(12)), (time(13), time(16))
    return WorkDay(time(7, 30), time(16), (morning, afternoon))


def _friday() -> WorkDay:
    morning, afternoon = (time(7, 30), time(11, 30)), (time(13), time(16, 30))
    return WorkDay(time(7, 30), time(16, 30), (morning, afternoon))


# Limits: Pergub 67/2019 art. 10(2). Breaks: 60 minutes, Friday 90 (Perpres 21/2023 art. 4).
STANDARD = Pattern(
    "Standar, Pasal 10 Pergub NTT 67/2019",
    (*[_monday_to_thursday()] * 4, _friday(), None, None),
)


def _clock(value: time) -> int:
    """Return minutes since midnight."""
    return value.hour * 60 + value.minute
