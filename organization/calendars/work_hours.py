"""The hours of one day of work, in minutes since midnight of that day; pure, no Django.

A night shift's hours run past 1440. The standard ones are Pergub NTT 67/2019 art. 10(2).
"""

from dataclasses import dataclass
from enum import StrEnum

DAY = 24 * 60
DAY_BEGINS, DAY_ENDS = 5 * 60, DAY + 4 * 60  # the day of attendance: 05.00 to 03.59
SHIFT_MARGIN = 4 * 60  # a shift's punches are looked for so long before and after it


@dataclass(frozen=True, slots=True)
class DayHours:
    """When somebody works on a day: stretches of work between breaks, and where punches count."""

    pattern: str  # name and decree, as shown to people
    intervals: tuple[tuple[int, int], ...]
    pattern_id: int = 0  # 0: the standard of the Pergub, without a row
    shift: str = ""
    works_holidays: bool = False
    window: tuple[int, int] = (DAY_BEGINS, DAY_ENDS)  # from, until (not included)

    @property
    def in_limit(self) -> int:
        return self.intervals[0][0]

    @property
    def out_limit(self) -> int:
        return self.intervals[-1][1]

    @property
    def target(self) -> int:
        """Minutes of work, breaks left out."""
        return sum(end - start for start, end in self.intervals)

    @property
    def midpoint(self) -> int:
        """A single punch before it is in, from it on out."""
        return (self.in_limit + self.out_limit) // 2


class WhyNone(StrEnum):
    """Why a day has no hours."""

    OFF = "off"  # the pattern or the roster gives the day free
    UNSCHEDULED = "unscheduled"  # the roster says nothing of this person on this day
    CONFLICT = "conflict"  # two patterns of the same rank claim the day
    UNSET = "unset"  # a PPPK paruh waktu whose hours no decree tells


@dataclass(frozen=True, slots=True)
class NoHours:
    """A day without hours, and why; `detail` names what is lacking or at odds, with the way out."""

    why: WhyNone = WhyNone.OFF
    pattern: str = ""
    detail: str = ""


Day = DayHours | NoHours

STANDARD_NAME = "Standar, Pasal 10 Pergub NTT 67/2019"
# Breaks of 60 minutes, Friday 90, make 37.5 hours a week, as Perpres 21/2023 art. 4 asks.
_FULL_DAY = DayHours(STANDARD_NAME, ((7 * 60 + 30, 12 * 60), (13 * 60, 16 * 60)))
_FRIDAY = DayHours(STANDARD_NAME, ((7 * 60 + 30, 11 * 60 + 30), (13 * 60, 16 * 60 + 30)))
_FREE = NoHours(WhyNone.OFF, STANDARD_NAME)
STANDARD_WEEK: tuple[Day, ...] = (*(_FULL_DAY,) * 4, _FRIDAY, _FREE, _FREE)
