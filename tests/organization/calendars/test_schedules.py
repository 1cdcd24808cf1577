"""Who works when: the nearest pattern, seasons, rosters, conflicts, holidays; few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organization.calendars.schedules import Holiday, Schedules
from organization.calendars.work_hours import STANDARD_WEEK, Day, DayHours, NoHours, WhyNone
from organization.models import Employee, PublicHoliday, Unit
from tests.cast import Cast, make_employee
from tests.organization.hours import (
    MARCH,
    RAMADAN,
    SHIFTS,
    Kind,
    holiday,
    make_pattern,
    roster,
)

APRIL = date(2026, 4, 1), date(2026, 4, 30)
MONDAY, FRIDAY, SUNDAY = date(2026, 4, 6), date(2026, 4, 10), date(2026, 4, 12)
KINDS = PublicHoliday.Kind


def day_of(person: Employee, day: date) -> Day:
    return Schedules.load(person.agency_id, day, day).on(person, day)


def hours_of(person: Employee, day: date) -> DayHours:
    found = day_of(person, day)
    assert isinstance(found, DayHours)
    return found


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


def test_without_any_row_the_standard_of_the_pergub_holds(joko: Employee) -> None:
    monday, friday = hours_of(joko, MONDAY), hours_of(joko, FRIDAY)
    assert (monday.in_limit, monday.out_limit, monday.target) == (450, 960, 450)
    assert (friday.in_limit, friday.out_limit, friday.target) == (450, 990, 450)
    assert (monday.midpoint, friday.midpoint) == (705, 720)
    assert monday.window == (300, 1680)
    assert "Pasal 10" in monday.pattern
    assert day_of(joko, SUNDAY) == STANDARD_WEEK[6]


def test_the_nearest_pattern_holds(cast: Cast, joko: Employee) -> None:
    week = dict.fromkeys(range(5), "08.00-12.00")
    make_pattern(week, None, name="semua")
    assert hours_of(joko, MONDAY).pattern.startswith("semua")
    make_pattern(week, cast.agency, name="dinas")
    assert hours_of(joko, MONDAY).pattern.startswith("dinas")
    make_pattern(week, joko.unit, name="bidang")
    assert hours_of(joko, MONDAY).pattern.startswith("bidang")
    make_pattern(week, joko, name="orang", decree_number="800/9")
    assert hours_of(joko, MONDAY).pattern == "orang (800/9)"
    assert cast.kadis.employee is not None
    assert hours_of(cast.kadis.employee, MONDAY).pattern.startswith("dinas")


def test_a_pattern_of_another_agency_is_nobodys_here(cast: Cast, joko: Employee) -> None:
    elsewhere = Unit.objects.create(agency=cast.other_agency, name="Puskesmas")
    make_pattern({0: "09.00-10.00"}, cast.other_agency, elsewhere)
    assert day_of(joko, MONDAY) == STANDARD_WEEK[0]


def test_ramadan_is_six_and_a_half_hours_on_every_day(joko: Employee) -> None:
    make_pattern(RAMADAN, None, kind=Kind.SEASON, first=MARCH[0], last=MARCH[1])
    monday = hours_of(joko, date(2026, 3, 2))
    assert (monday.in_limit, monday.out_limit, monday.target) == (480, 900, 390)
    assert hours_of(joko, date(2026, 3, 6)).target == 390
    assert day_of(joko, MONDAY) == STANDARD_WEEK[0]


def test_at_the_same_distance_a_season_goes_before_the_year(cast: Cast, joko: Employee) -> None:
    make_pattern({0: "07.00-15.00"}, cast.agency)
    make_pattern(
        RAMADAN, cast.agency, kind=Kind.SEASON, first=MARCH[0], last=MARCH[1], name="Ramadan"
    )
    assert hours_of(joko, date(2026, 3, 2)).pattern.startswith("Ramadan")
    assert hours_of(joko, MONDAY).in_limit == 420


def test_a_season_for_everybody_does_not_replace_a_pattern_of_a_person(joko: Employee) -> None:
    make_pattern(RAMADAN, None, kind=Kind.SEASON, first=MARCH[0], last=MARCH[1])
    make_pattern(dict.fromkeys(range(5), "08.00-12.00"), joko, kind=Kind.PART_TIME)
    assert hours_of(joko, date(2026, 3, 2)).target == 240


def test_a_weekday_that_the_pattern_leaves_out_is_off(joko: Employee) -> None:
    make_pattern({5: "08.00-12.00"}, joko, name="Sabtu saja")
    assert day_of(joko, MONDAY) == NoHours(WhyNone.OFF, "Sabtu saja (100.3/7/2026)")
    assert hours_of(joko, date(2026, 4, 11)).target == 240


def test_two_patterns_of_the_same_rank_are_not_chosen_between(joko: Employee) -> None:
    make_pattern({0: "07.00-15.00"}, joko, name="Lama", last=date(2026, 4, 6))
    make_pattern({0: "08.00-16.00"}, joko, name="Baru", first=date(2026, 4, 6))
    found = day_of(joko, MONDAY)
    assert isinstance(found, NoHours)
    assert found.why is WhyNone.CONFLICT
    assert "“Lama (100.3/7/2026)” dan “Baru (100.3/7/2026)”" in found.detail
    assert hours_of(joko, MONDAY + timedelta(days=7)).in_limit == 480


def test_a_withdrawn_pattern_is_as_if_it_never_was(joko: Employee) -> None:
    make_pattern({0: "07.00-15.00"}, joko, withdrawn_at=timezone.now())
    assert day_of(joko, MONDAY) == STANDARD_WEEK[0]


def test_a_shift_follows_the_roster(joko: Employee) -> None:
    shifts = make_pattern(SHIFTS, joko.unit, kind=Kind.SHIFT, works_holidays=True)
    roster(shifts, joko, {6: "M", 7: ""})
    night = hours_of(joko, MONDAY)
    assert (night.shift, night.intervals, night.target) == ("M", ((1260, 1860),), 600)
    assert (night.window, night.works_holidays) == ((1020, 2100), True)
    assert day_of(joko, date(2026, 4, 7)) == NoHours(WhyNone.OFF, str(shifts))
    gap = day_of(joko, date(2026, 4, 8))
    assert isinstance(gap, NoHours)
    assert (gap.why, gap.pattern) == (WhyNone.UNSCHEDULED, str(shifts))
    assert "Jadwal giliran" in gap.detail


def test_a_roster_of_another_pattern_is_not_taken_for_this_one(joko: Employee) -> None:
    old = make_pattern(SHIFTS, kind=Kind.SHIFT, name="Lama")
    make_pattern(SHIFTS, joko, kind=Kind.SHIFT, name="Baru")
    roster(old, joko, {6: "P"})
    found = day_of(joko, MONDAY)
    assert isinstance(found, NoHours)
    assert found.why is WhyNone.UNSCHEDULED
    assert "pola lain" in found.detail


def test_a_roster_says_nothing_where_no_shifts_hold(joko: Employee) -> None:
    roster(make_pattern(SHIFTS, kind=Kind.SHIFT), joko, {6: "M"})
    assert day_of(joko, MONDAY) == STANDARD_WEEK[0]


@pytest.mark.parametrize(
    ("text", "intervals", "window"),
    [
        ("08.00-12.00", ((480, 720),), (300, 1680)),
        ("21.00-07.00", ((1260, 1860),), (1020, 2100)),
        ("21.00-07.00/01.00-02.00", ((1260, 1500), (1560, 1860)), (1020, 2100)),
        ("21.00-07.00/23.30-00.30", ((1260, 1410), (1470, 1860)), (1020, 2100)),
        ("04.00-10.00", ((240, 600),), (0, 840)),
        ("07.00-07.00", ((420, 1860),), (180, 2100)),
    ],
)
def test_hours_become_minutes_of_the_day_they_begin_on(
    joko: Employee, text: str, intervals: object, window: object
) -> None:
    make_pattern({0: text}, joko)
    hours = hours_of(joko, MONDAY)
    assert (hours.intervals, hours.window) == (intervals, window)


def test_holidays_and_collective_leave_stay_apart(cast: Cast) -> None:
    holiday(date(2026, 4, 3), "Wafat Yesus Kristus")
    holiday(date(2026, 4, 6), "Cuti bersama", kind=KINDS.COLLECTIVE_LEAVE)
    holiday(date(2026, 4, 7), "Bukan libur", kind=KINDS.WORKDAY)
    schedules = Schedules.load(cast.agency.pk, *APRIL)
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 3)) == Holiday(
        "Wafat Yesus Kristus", collective_leave=False
    )
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 6)) == Holiday(
        "Cuti bersama", collective_leave=True
    )
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 7)) is None
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 8)) is None


def test_an_agencys_own_day_goes_before_the_one_for_everybody(cast: Cast) -> None:
    holiday(date(2026, 4, 3), "Libur")
    holiday(date(2026, 4, 3), "Tetap bekerja", cast.agency, kind=KINDS.WORKDAY)
    holiday(date(2026, 4, 8), "Hari jadi", cast.other_agency)
    schedules = Schedules.load(None, *APRIL)
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 3)) is None
    assert schedules.holiday(cast.other_agency.pk, date(2026, 4, 3)) is not None
    assert schedules.holiday(cast.agency.pk, date(2026, 4, 8)) is None
    assert schedules.holiday(cast.other_agency.pk, date(2026, 4, 8)) is not None


def test_it_asks_five_times_however_many_people_and_patterns(cast: Cast, joko: Employee) -> None:
    people = [make_employee(cast.agency, unit=joko.unit) for _ in range(20)]
    for person in people[:8]:
        make_pattern({0: "08.00-12.00"}, person)
    roster(make_pattern(SHIFTS, joko.unit, kind=Kind.SHIFT), joko, {6: "M"})
    holiday(date(2026, 4, 3), "Libur")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        schedules = Schedules.load(cast.agency.pk, *APRIL, {joko.pk})
        for person in people:
            schedules.days(person)
    assert len(asked) == 5


def test_people_without_words_of_their_own_share_their_days(cast: Cast, joko: Employee) -> None:
    one, two = (make_employee(cast.agency, unit=joko.unit) for _ in range(2))
    make_pattern({0: "08.00-12.00"}, joko)
    schedules = Schedules.load(cast.agency.pk, *APRIL)
    assert schedules.days(one) is schedules.days(two)
    assert schedules.on(one, MONDAY) is schedules.on(two, MONDAY)
    assert schedules.days(joko) is not schedules.days(one)
    assert schedules.days(joko)[5] == schedules.on(joko, MONDAY)
    with pytest.raises(LookupError):
        schedules.on(one, date(2026, 5, 1))
    with pytest.raises(LookupError):
        schedules.on(one, date(2026, 3, 31))
