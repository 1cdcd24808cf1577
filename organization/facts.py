"""What gateways read about people, the lists that forms choose from, and the end of a subject."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.indonesian import date_text
from organization import links
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.models import Agency, Appointment, Employee
from organization.nip import display
from organization.permissions import local_date
from organization.questions import incomplete_employees, officers_of, officers_problem
from workflows.registry import Fact, StepContext, choices, deadline, fact


@choices("organization.eligible_officers")
def eligible_officers(context: StepContext) -> Sequence[tuple[str, str]]:
    """List the active PNS of the agency: only they may be appointed."""
    agency = Agency.objects.get(pk=context.agency_id)
    people = Employee.objects.filter(agency=agency)
    eligible = people.eligible_as_officer(local_date(agency, context.now))
    return [(str(person.pk), f"{person.name} - {display(person.number)}") for person in eligible]


@fact("organization.officers_valid")
def officers_valid(context: StepContext) -> Fact:
    """Say whether every named role is held and enough distinct PNS serve.

    Parameters: `roles` (list of names), `minimum` (persons, 2 unless told).
    """
    agency = Agency.objects.get(pk=context.agency_id)
    roles = list(context.parameters["roles"])
    officers = officers_of(agency, context.now, roles=roles)
    on = local_date(agency, context.now)
    problem = officers_problem(officers, roles, context.parameters.get("minimum", 2), on)
    if problem:
        return Fact(value=False, evidence=problem, link=links.OFFICERS)
    return Fact(value=True, evidence=_evidence(officers), link=links.OFFICERS)


def _evidence(officers: Sequence[Appointment]) -> str:
    people = ", ".join(f"{a.user.get_full_name()} ({a.title})" for a in officers)
    since = date_text(max(a.valid_from for a in officers))
    letters = dict.fromkeys(a.letter_number for a in officers if a.letter_number)
    letter = f"surat {', '.join(letters)}, " if letters else ""
    return f"Penugasan berlaku ({letter}sejak {since}): {people}."


@fact("organization.employees_complete")
def employees_complete(context: StepContext) -> Fact:
    """Say whether the agency has employees and none of the active ones lacks a datum."""
    agency = Agency.objects.get(pk=context.agency_id)
    on = local_date(agency, context.now)
    count = Employee.objects.filter(agency=agency).active(on).count()
    lacking = len(incomplete_employees(agency, on))
    if not count:
        return Fact(value=False, evidence="Belum ada data pegawai.", link=links.EMPLOYEES)
    if lacking:
        text = f"Data {lacking} dari {count} pegawai belum lengkap."
        return Fact(value=False, evidence=text, link=links.INCOMPLETE)
    return Fact(value=True, evidence=f"Data {count} pegawai lengkap.", link=links.EMPLOYEES)


@deadline("organization.subject_end")
def subject_end(context: StepContext) -> datetime:
    """Return the first moment after the subject, a month or a day, in the agency's zone."""
    agency = Agency.objects.get(pk=context.agency_id)
    zone = ZoneInfo(agency.time_zone)
    return datetime.combine(day_after(context.subject), time(), tzinfo=zone)


@deadline("organization.working_days")
def working_days(context: StepContext) -> datetime:
    """Return the same clock time after so many working days of the agency (parameter `days`).

    The day itself does not count: one working day from Friday 10.00 is Monday 10.00, and so it is
    from Saturday 10.00.
    """
    agency = Agency.objects.get(pk=context.agency_id)
    begin = context.now.astimezone(ZoneInfo(agency.time_zone))
    wanted = int(context.parameters["days"])
    first = begin.date() + timedelta(days=1)
    works = WorkingCalendars.load([agency.pk], first, first + timedelta(days=2 * wanted + 30))
    day = working_days_after(begin.date(), wanted, calendar=works.of(agency.pk))
    return datetime.combine(day, begin.timetz())


def day_after(subject: str) -> date:
    """Return the first day after a month "2026-04" or a day "2026-04-30"; ValueError if neither."""
    if re.fullmatch(r"\d{4}-\d{2}", subject):
        first = date.fromisoformat(f"{subject}-01")
        return (first + timedelta(days=31)).replace(day=1)
    return date.fromisoformat(subject) + timedelta(days=1)
