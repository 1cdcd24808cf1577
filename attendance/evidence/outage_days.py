"""Which days of an outage want a manual recap, how far each is, and when the next one is due."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attendance.days.policies import policies_of
from attendance.models import Outage, OutageDelivery
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.mandates.superiors import employed
from organization.models import Employee
from organization.permissions import local_date

Status = OutageDelivery.Status
ONE_DAY = timedelta(days=1)
LOOKED_AHEAD = 31
IN_HAND = (Status.SENT, Status.RECEIVED)
GIVEN_BACK = (Status.RETURNED, Status.REJECTED)


def current_delivery(outage: Outage) -> OutageDelivery | None:
    """Return the recap that is on its way now: one day at a time."""
    rows = outage.deliveries.filter(status__in=IN_HAND)
    return rows.select_related("softcopy").order_by("day", "id").first()


def given_back(outage: Outage, day: date) -> OutageDelivery | None:
    """Return the last recap of a day that somebody sent back."""
    return outage.deliveries.filter(day=day, status__in=GIVEN_BACK).last()


def day_to_send(outage: Outage, now: datetime) -> date | None:
    """Return the earliest day whose work is over and whose recap nobody has sent."""
    if outage.other_machine or outage.withdrawn_at is not None:
        return None
    sent = set(outage.deliveries.exclude(status__in=GIVEN_BACK).values_list("day", flat=True))
    today = local_date(outage.agency, now)
    last = min(outage.last_on or today, today)
    for day, ends in _worked(outage, outage.first_on, last):
        if day not in sent and ends <= now:
            return day
    return None


def next_end(outage: Outage, now: datetime) -> datetime:
    """Return when the work of the next day of the outage is over: then its recap can be made."""
    today = local_date(outage.agency, now)
    for _, ends in _worked(outage, today, today + LOOKED_AHEAD * ONE_DAY):
        if ends > now:
            return ends
    return now + ONE_DAY


def due_at(outage: Outage, day: date, now: datetime) -> datetime:
    """Return when the recap of a day should be there: the next working day, at an hour of policy.

    Where that is past already, on the next working day from now.
    """
    agency = outage.agency
    zone = ZoneInfo(agency.time_zone)
    hour = policies_of(agency.pk, day, day).on(day).manual_due_hour
    today = local_date(agency, now)
    begin = max(day, today - ONE_DAY)
    calendar = WorkingCalendars.load([agency.pk], begin, begin + 60 * ONE_DAY).of(agency.pk)
    due = datetime.combine(working_days_after(begin, 1, calendar=calendar), time(hour), zone)
    if due <= now:
        due = datetime.combine(working_days_after(today, 1, calendar=calendar), time(hour), zone)
    return due


def _worked(outage: Outage, first: date, last: date) -> Iterator[tuple[date, datetime]]:
    """Yield the days on which somebody of the agency works, with the end of that work."""
    if first > last:
        return
    agency = outage.agency
    zone = ZoneInfo(agency.time_zone)
    people: Sequence[Employee] = list(Employee.objects.filter(agency=agency))
    schedules = Schedules.load(agency.pk, first, last, [person.pk for person in people])
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        holiday = schedules.holiday(agency.pk, day)
        ends = [
            hours.out_limit
            for person in people
            if employed(person, day)
            and isinstance(hours := schedules.on(person, day), DayHours)
            and (holiday is None or hours.works_holidays)
        ]
        if ends:
            yield day, datetime.combine(day, time(), zone) + timedelta(minutes=max(ends))
