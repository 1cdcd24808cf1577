"""PPPK paruh waktu work by the hours of their contracts; nobody guesses what is not told."""

from datetime import date

import pytest

from organization.calendars.rosters import roster_gaps
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import STANDARD_WEEK, Day, DayHours, NoHours, WhyNone
from organization.calendars.working_calendars import WorkingCalendars
from organization.models import Employee, EmploymentStatus
from tests.cast import Cast, make_employee
from tests.organization.hours import RAMADAN, SHIFTS, Kind, make_pattern, roster

MONDAY, SUNDAY = date(2026, 4, 6), date(2026, 4, 12)
MORNINGS = dict.fromkeys(range(5), "08.00-12.00")


def day_of(person: Employee, day: date) -> Day:
    return Schedules.load(person.agency_id, day, day).on(person, day)


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


@pytest.fixture
def marta(cast: Cast, joko: Employee) -> Employee:
    status = EmploymentStatus.PPPK_PART_TIME
    return make_employee(cast.agency, "Marta Lede", unit=joko.unit, status=status)


def test_the_standard_week_is_never_taken_for_a_contract(marta: Employee) -> None:
    for day in (MONDAY, SUNDAY):
        found = day_of(marta, day)
        assert isinstance(found, NoHours)
        assert found.why is WhyNone.UNSET
        assert "paruh waktu" in found.detail


def test_the_hours_of_the_house_are_not_theirs(cast: Cast, marta: Employee) -> None:
    make_pattern({0: "07.00-15.00"}, marta.unit, cast.agency)
    make_pattern(RAMADAN, None, kind=Kind.SEASON, last=date(2026, 12, 31))
    found = day_of(marta, MONDAY)
    assert isinstance(found, NoHours)
    assert found.why is WhyNone.UNSET


@pytest.mark.parametrize("kind", [Kind.PART_TIME, Kind.WEEKLY])
def test_what_is_written_for_the_person_holds(marta: Employee, kind: str) -> None:
    make_pattern(MORNINGS, marta, kind=kind)
    found = day_of(marta, MONDAY)
    assert isinstance(found, DayHours)
    assert found.target == 240


def test_part_time_hours_of_a_house_bind_its_part_timers_alone(
    cast: Cast, joko: Employee, marta: Employee
) -> None:
    make_pattern(MORNINGS, cast.agency, kind=Kind.PART_TIME)
    make_pattern({0: "07.00-15.00"}, cast.agency)
    theirs, others = day_of(marta, MONDAY), day_of(joko, MONDAY)
    assert isinstance(theirs, DayHours)
    assert isinstance(others, DayHours)
    assert (theirs.in_limit, others.in_limit) == (480, 420)
    calendar = WorkingCalendars.load([cast.agency.pk], MONDAY, MONDAY).of(cast.agency.pk)
    assert calendar(MONDAY) == ((420, 900),)


def test_a_roster_that_names_a_part_timer_holds(marta: Employee) -> None:
    shifts = make_pattern(SHIFTS, marta.unit, kind=Kind.SHIFT)
    roster(shifts, marta, {6: "P"})
    found = day_of(marta, MONDAY)
    assert isinstance(found, DayHours)
    assert found.shift == "P"


def test_missing_contract_hours_are_no_gap_of_a_roster(cast: Cast, marta: Employee) -> None:
    assert day_of(marta, MONDAY) not in STANDARD_WEEK
    assert roster_gaps(cast.agency, MONDAY) == []
