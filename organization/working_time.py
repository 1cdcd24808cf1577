"""Working minutes between two moments: the clock of every norm (mutu baku).

The hours are those of Pergub NTT 67/2019 art. 10(2), Monday to Thursday 07.30-16.00 and Friday
07.30-16.30; the breaks (12.00-13.00, Friday 11.30-13.00) make 37.5 hours a week, as Perpres 21/2023
asks. Saturdays, Sundays and public holidays have none.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Interval:
    """A stretch of work inside one day, in the agency's local time."""

    start: time
    end: time


_MORNING = Interval(time(7, 30), time(12, 0))
_AFTERNOON = Interval(time(13, 0), time(16, 0))
_FRIDAY = (Interval(time(7, 30), time(11, 30)), Interval(time(13, 0), time(16, 30)))

STANDARD_HOURS: Mapping[int, tuple[Interval, ...]] = {
    **dict.fromkeys(range(4), (_MORNING, _AFTERNOON)),
    4: _FRIDAY,
}


def working_time(
    start: datetime,
    end: datetime,
    *,
    zone: ZoneInfo,
    holidays: Container[date] = (),
    hours: Mapping[int, tuple[Interval, ...]] = STANDARD_HOURS,
) -> timedelta:
    """Return how much of the time between two aware moments lies inside working hours.

    An end before the start counts as nothing: a clock that stepped back makes no negative work.
    """
    total = timedelta()
    for on in _days(start.astimezone(zone).date(), end.astimezone(zone).date()):
        if on in holidays:
            continue
        for interval in hours.get(on.weekday(), ()):
            opens = datetime.combine(on, interval.start, zone)
            closes = datetime.combine(on, interval.end, zone)
            total += max(min(end, closes) - max(start, opens), timedelta())
    return total


def working_day(
    on: date,
    *,
    zone: ZoneInfo,
    holidays: Container[date] = (),
    hours: Mapping[int, tuple[Interval, ...]] = STANDARD_HOURS,
) -> tuple[datetime, datetime] | None:
    """Return when work begins and ends on a day, breaks included; None on a day without work."""
    intervals = hours.get(on.weekday(), ())
    if not intervals or on in holidays:
        return None
    opens = datetime.combine(on, intervals[0].start, zone)
    return opens, datetime.combine(on, intervals[-1].end, zone)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
