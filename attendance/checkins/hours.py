"""When an office works: begin and end of a day by its calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from organization.models import Agency
from organization.working_calendars import WorkingCalendars
from organization.working_time import working_day


def hours_of_office(agency: Agency, day: date) -> tuple[datetime, datetime] | None:
    """Return when work begins and ends on a day, breaks included; None on a day without work."""
    calendar = WorkingCalendars.load([agency.pk], day, day).of(agency.pk)
    return working_day(day, zone=ZoneInfo(agency.time_zone), calendar=calendar)


def work_is_over(agency: Agency, day: date, now: datetime) -> bool:
    """Say whether the day's work has ended, or there was none."""
    hours = hours_of_office(agency, day)
    return hours is None or hours[1] <= now
