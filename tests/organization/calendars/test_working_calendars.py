"""The office hours of agencies: holidays with corrections and own patterns, in one query."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import standard_hours
from organization.models import Agency, Employee, PublicHoliday
from tests.cast import Cast
from tests.organization.hours import MARCH, RAMADAN, SHIFTS, Kind, holiday, make_pattern

YEAR = date(2026, 1, 1), date(2026, 12, 31)
MONDAY, GOOD_FRIDAY = date(2026, 4, 6), date(2026, 4, 3)
WORKDAY = PublicHoliday.Kind.WORKDAY
MORNING = ((480, 720),)


def hours(agency: Agency, day: date) -> object:
    return tuple(WorkingCalendars.load([agency.pk], *YEAR).of(agency.pk)(day))


def test_without_rows_an_office_is_open_by_the_standard(cast: Cast) -> None:
    assert hours(cast.agency, MONDAY) == standard_hours(MONDAY)
    assert hours(cast.agency, date(2026, 4, 5)) == ()
    assert hours(cast.agency, date(2027, 4, 5)) == standard_hours(date(2027, 4, 5))


def test_holidays_close_it_and_corrections_open_it_again(cast: Cast) -> None:
    holiday(GOOD_FRIDAY, "Wafat Yesus Kristus")
    assert hours(cast.agency, GOOD_FRIDAY) == ()
    holiday(GOOD_FRIDAY, "Tetap bekerja", cast.agency, kind=WORKDAY)
    assert hours(cast.agency, GOOD_FRIDAY) == standard_hours(GOOD_FRIDAY)
    assert hours(cast.other_agency, GOOD_FRIDAY) == ()


def test_the_pattern_of_the_agency_holds_and_that_of_others_does_not(cast: Cast) -> None:
    make_pattern(dict.fromkeys(range(5), "08.00-12.00"), cast.agency)
    make_pattern({0: "10.00-11.00"}, cast.employee.employee, name="orang")
    assert isinstance(cast.employee.employee, Employee)
    make_pattern({0: "10.00-11.00"}, cast.employee.employee.unit, name="bidang")
    assert hours(cast.agency, MONDAY) == MORNING
    assert hours(cast.agency, date(2026, 4, 11)) == ()
    assert hours(cast.other_agency, MONDAY) == standard_hours(MONDAY)


def test_a_season_for_everybody_shortens_the_day(cast: Cast) -> None:
    make_pattern(RAMADAN, None, kind=Kind.SEASON, first=MARCH[0], last=MARCH[1])
    assert hours(cast.agency, date(2026, 3, 2)) == ((480, 720), (750, 900))
    assert hours(cast.agency, MONDAY) == standard_hours(MONDAY)


def test_an_office_that_works_on_holidays_is_open(cast: Cast) -> None:
    holiday(GOOD_FRIDAY, "Wafat Yesus Kristus")
    make_pattern({4: "08.00-12.00"}, cast.agency, works_holidays=True)
    assert hours(cast.agency, GOOD_FRIDAY) == MORNING


def test_shifts_and_patterns_at_odds_leave_the_standard(cast: Cast) -> None:
    make_pattern(SHIFTS, cast.agency, kind=Kind.SHIFT)
    assert hours(cast.agency, MONDAY) == standard_hours(MONDAY)
    make_pattern({0: "08.00-12.00"}, cast.agency)
    assert hours(cast.agency, MONDAY) == standard_hours(MONDAY)
    holiday(MONDAY, "Libur")
    assert hours(cast.agency, MONDAY) == ()


@pytest.mark.parametrize("agencies", [0, 1, 2])
def test_one_query_whatever_stands_in_them(cast: Cast, agencies: int) -> None:
    holiday(GOOD_FRIDAY, "Wafat Yesus Kristus")
    make_pattern({0: "08.00-12.00", 1: "08.00-12.00"}, cast.agency, None)
    asked = [cast.agency.pk, cast.other_agency.pk][:agencies]
    with CaptureQueriesContext(connection) as captured:
        calendars = WorkingCalendars.load(asked, *YEAR)
        for agency in asked:
            calendars.of(agency)(MONDAY)
    assert len(captured) == min(agencies, 1)
