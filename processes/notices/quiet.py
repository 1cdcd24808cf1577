"""When nobody is sent anything: hours of his own, and days without work of his agency."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import LONGEST_PAUSE
from organization.models import Agency

MIDNIGHT = time()


@dataclass(frozen=True)
class Hours:
    """From when to when it is quiet, over midnight where it ends before it begins.

    The same time twice: no hour is quiet. `rests`: neither is anything sent on days off.
    """

    starts: time = time(18)
    ends: time = time(7)
    rests: bool = True

    def __contains__(self, at: time) -> bool:
        if self.starts < self.ends:
            return self.starts <= at < self.ends
        return self.starts != self.ends and (at >= self.starts or at < self.ends)


OFFICE = Hours()  # of whoever chose nothing


def silenced_until(agency: Agency, now: datetime, hours: Hours = OFFICE) -> datetime:
    """Return when a message may go: now, or the end of the quiet that it is in."""
    zone = ZoneInfo(agency.time_zone)
    local = now.astimezone(zone)
    last = local.date() + timedelta(days=LONGEST_PAUSE)
    calendar = WorkingCalendars.load([agency.pk], local.date(), last).of(agency.pk)
    while local.date() < last:
        if hours.rests and not calendar(local.date()):
            local = _next(local, MIDNIGHT)
        elif local.time() in hours:
            local = _next(local, hours.ends)
        else:
            return max(now, local)
    return now  # a calendar without work silences nobody for ever


def next_time(agency: Agency, now: datetime, at: time) -> datetime:
    """Return the next moment after now at which the clocks of the agency show this time."""
    return _next(now.astimezone(ZoneInfo(agency.time_zone)), at)


def _next(local: datetime, at: time) -> datetime:
    on = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(on, at, local.tzinfo)
