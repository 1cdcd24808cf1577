"""When nobody is sent anything: evenings, nights and days without work of his agency."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from organization.models import Agency
from organization.working_calendars import WorkingCalendars
from organization.working_time import LONGEST_PAUSE

STARTS, ENDS = time(18), time(7)


def silenced_until(agency: Agency, now: datetime) -> datetime:
    """Return when a message may go: now, or the morning of the next working day."""
    zone = ZoneInfo(agency.time_zone)
    local = now.astimezone(zone)
    on = local.date() if local.time() < STARTS else local.date() + timedelta(days=1)
    last = on + timedelta(days=LONGEST_PAUSE)
    calendar = WorkingCalendars.load([agency.pk], on, last).of(agency.pk)
    for _ in range(LONGEST_PAUSE):
        if calendar(on):
            return max(now, datetime.combine(on, ENDS, zone))
        on += timedelta(days=1)
    return now  # a calendar without work silences nobody for ever
