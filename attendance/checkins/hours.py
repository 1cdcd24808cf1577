"""When an office works: begin and end of a day by its calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_day
from organization.models import Agency


def hours_of_office(agency: Agency, day: date) -> tuple[datetime, datetime] | None:
    """Return when work begins and ends on a day, breaks included; None on a day without work."""
    calendar = WorkingCalendars.load([agency.pk], day, day).of(agency.pk)
    return working_day(day, zone=ZoneInfo(agency.time_zone), calendar=calendar)


def work_is_over(agency: Agency, day: date, now: datetime) -> bool:
    """Say whether the day's work has ended, or there was none."""
    hours = hours_of_office(agency, day)
    return hours is None or hours[1] <= now
