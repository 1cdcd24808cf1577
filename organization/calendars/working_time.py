"""Working minutes between two moments: the clock of every norm (mutu baku).

The hours come from a calendar: those of an agency (`working_calendars`), or the standard of Pergub
NTT 67/2019 art. 10(2), Monday to Thursday 07.30-16.00 and Friday 07.30-16.30 without the breaks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from organization.calendars.work_hours import STANDARD_WEEK, DayHours

Calendar = Callable[[date], Sequence[tuple[int, int]]]
"""Return the stretches of work of a day, in minutes since its midnight; none on a day off."""

LONGEST_PAUSE = 400  # days without work in a row, after which a calendar is taken for broken


def standard_hours(day: date) -> Sequence[tuple[int, int]]:
    """Return the standard of the Pergub; it knows no holidays."""
    hours = STANDARD_WEEK[day.weekday()]
    return hours.intervals if isinstance(hours, DayHours) else ()


class WorkingHours:
    """Working time by one calendar; days that lie between two moments are summed once.

    The work before a moment is counted from the first day that was asked about: many moments far
    apart, as in a list of tasks, cost no more than many close together. For one thread.
    """

    def __init__(self, zone: ZoneInfo, calendar: Calendar = standard_hours) -> None:
        self._zone, self._calendar = zone, calendar
        self._minutes_before: dict[int, int] = {}  # by the ordinal of a day, without a gap
        self._first = self._last = 0
        self._until: dict[datetime, timedelta] = {}

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between two aware moments lies inside working hours.

        An end before the start counts as nothing: a clock that stepped back makes no negative work.
        """
        return self._worked_until(end) - self._worked_until(start) if start < end else timedelta()

    def _worked_until(self, moment: datetime) -> timedelta:
        found = self._until.get(moment)
        if found is None:
            found = self._until[moment] = self._count_until(moment)
        return found

    def _count_until(self, moment: datetime) -> timedelta:
        on = moment.astimezone(self._zone).date()
        # The night shift of the day before may still be at work.
        yesterday = on - timedelta(days=1)
        total = timedelta(minutes=self._worked_before(yesterday.toordinal()))
        for day in (yesterday, on):
            for opens, closes in self._calendar(day):
                worked = moment - _moment(day, opens, self._zone)
                total += min(max(worked, timedelta()), timedelta(minutes=closes - opens))
        return total

    def _worked_before(self, day: int) -> int:
        """Return the minutes of all days from the first one that was asked about to this one."""
        before = self._minutes_before
        if not before:
            before[day], self._first, self._last = 0, day, day
        while self._last < day:
            before[self._last + 1] = before[self._last] + self._minutes_on(self._last)
            self._last += 1
        while day < self._first:
            self._first -= 1
            before[self._first] = before[self._first + 1] - self._minutes_on(self._first)
        return before[day]

    def _minutes_on(self, day: int) -> int:
        return sum(closes - opens for opens, closes in self._calendar(date.fromordinal(day)))


def working_time(
    start: datetime, end: datetime, *, zone: ZoneInfo, calendar: Calendar = standard_hours
) -> timedelta:
    """Return how much of the time between two aware moments lies inside working hours.

    For many moments by the same calendar keep a `WorkingHours`.
    """
    return WorkingHours(zone, calendar).between(start, end)


def working_day(
    on: date, *, zone: ZoneInfo, calendar: Calendar = standard_hours
) -> tuple[datetime, datetime] | None:
    """Return when work begins and ends on a day, breaks included; None on a day without work."""
    intervals = calendar(on)
    if not intervals:
        return None
    return _moment(on, intervals[0][0], zone), _moment(on, intervals[-1][1], zone)


def working_days_after(on: date, count: int, *, calendar: Calendar = standard_hours) -> date:
    """Return the `count`th working day after a day, which itself never counts."""
    idle = 0
    while count > 0:
        on += timedelta(days=1)
        works = bool(calendar(on))
        count -= works
        idle = 0 if works else idle + 1
        if idle > LONGEST_PAUSE:
            raise ValueError("Kalender ini tidak memuat hari kerja; periksa pola jam kerjanya.")
    return on


def _moment(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return what the clock on the wall shows so many minutes after midnight."""
    return datetime.combine(on, time(), zone) + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Interval:
    """A stretch of work inside one day, in the agency's local time."""

    start: time
    end: time


def _interval(minutes: tuple[int, int]) -> Interval:
    return Interval(*(time(clock // 60, clock % 60) for clock in minutes))


STANDARD_HOURS: Mapping[int, tuple[Interval, ...]] = {
    weekday: tuple(_interval(stretch) for stretch in hours.intervals)
    for weekday, hours in enumerate(STANDARD_WEEK)
    if isinstance(hours, DayHours)
}
