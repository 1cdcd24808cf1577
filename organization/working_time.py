"""Working minutes between two moments: the clock of every norm (mutu baku).

The hours come from a calendar: those of an agency (`organization.working_calendars`), or the
standard of Pergub NTT 67/2019 art. 10(2), Monday to Thursday 07.30-16.00 and Friday 07.30-16.30
without the breaks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from organization.work_hours import STANDARD_WEEK, DayHours

Calendar = Callable[[date], Sequence[tuple[int, int]]]
"""Return the stretches of work of a day, in minutes since its midnight; none on a day off."""

_MIDNIGHT = 24 * 60
LONGEST_PAUSE = 400  # days without work in a row, after which a calendar is taken for broken


def standard_hours(day: date) -> Sequence[tuple[int, int]]:
    """Return the standard of the Pergub; it knows no holidays."""
    hours = STANDARD_WEEK[day.weekday()]
    return hours.intervals if isinstance(hours, DayHours) else ()


def working_time(
    start: datetime, end: datetime, *, zone: ZoneInfo, calendar: Calendar = standard_hours
) -> timedelta:
    """Return how much of the time between two aware moments lies inside working hours.

    An end before the start counts as nothing: a clock that stepped back makes no negative work.
    """
    total = timedelta()
    starts_on, ends_on = start.astimezone(zone).date(), end.astimezone(zone).date()
    # The night shift of the day before may still be at work.
    for on in _days(starts_on - timedelta(days=1), ends_on):
        stretches = calendar(on)
        if starts_on < on < ends_on and (not stretches or stretches[-1][1] <= _MIDNIGHT):
            # The whole day lies between them: no need to find its moments.
            total += timedelta(minutes=sum(closes - opens for opens, closes in stretches))
            continue
        for opens_at, closes_at in stretches:
            opens, closes = _moment(on, opens_at, zone), _moment(on, closes_at, zone)
            total += max(min(end, closes) - max(start, opens), timedelta())
    return total


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


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


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
