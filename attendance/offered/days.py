"""The moments of a day of work: when it begins and ends by the office's calendar."""

from datetime import date, datetime, timedelta

from attendance.checkins.hours import hours_of_office
from foundation.indonesian import date_with_day
from organization.models import Agency
from workflows.registry import Request, StepContext, deadline


class NoWork(LookupError):
    """The office is closed on that day; the sentence is for people."""


@deadline("attendance.work_begins")
def work_begins(context: StepContext) -> datetime:
    """Return when work begins on the subject, a day, and so many `minutes` later (or earlier)."""
    return _moment(context, 0)


@deadline("attendance.work_middle")
def work_middle(context: StepContext) -> datetime:
    """Return the middle between begin and end of work on the subject: who came, came before it."""
    agency, day = agency_and_day(context)
    begins, ends = _hours(agency, day)
    return begins + (ends - begins) / 2


@deadline("attendance.work_ends")
def work_ends(context: StepContext) -> datetime:
    """Return when work ends on the subject, a day, and so many `minutes` later (or earlier)."""
    return _moment(context, 1)


def agency_and_day(context: Request) -> tuple[Agency, date]:
    """Return the agency and the day that a step or a report is about."""
    return Agency.objects.get(pk=context.agency_id), date.fromisoformat(context.subject)


def _moment(context: StepContext, which: int) -> datetime:
    hours = _hours(*agency_and_day(context))
    return hours[which] + timedelta(minutes=int(context.parameters.get("minutes", 0)))


def _hours(agency: Agency, day: date) -> tuple[datetime, datetime]:
    hours = hours_of_office(agency, day)
    if hours is None:
        raise NoWork(f"{agency.name} tidak bekerja pada {date_with_day(day)}.")
    return hours
