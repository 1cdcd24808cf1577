"""Somebody who moves to another unit keeps the hours of the unit in which he was, day by day."""

from datetime import date
from typing import Any

import pytest

from foundation.actors import SYSTEM
from foundation.cells import read_csv
from foundation.models import Event, OutboxJob
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours
from organization.models import EarlierUnit, Employee, Unit
from organization.services import ImportReport, import_employees
from organization.services.patterns import withdraw_pattern
from tests.cast import NOW, TODAY, Cast
from tests.organization.hours import SHIFTS, Kind, make_pattern

APRIL = date(2026, 4, 1), date(2026, 4, 30)
BEFORE, AFTER = date(2026, 4, 9), date(2026, 4, 10)


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


@pytest.fixture
def early(cast: Cast, joko: Employee) -> Unit:
    """A unit that begins at six; the one in which Joko is begins at eight."""
    unit = Unit.objects.create(agency=cast.agency, name="Layanan Pagi")
    make_pattern(dict.fromkeys(range(5), "06.00-14.00"), unit)
    make_pattern(dict.fromkeys(range(5), "08.00-16.00"), joko.unit)
    return unit


def move(cast: Cast, joko: Employee, unit: Unit, since: str = "") -> ImportReport:
    text = f"nama;nip;bidang;bidang sejak\n{joko.name};{joko.number};{unit.name};{since}\n"
    report = import_employees(
        agency=cast.agency, table=read_csv(text.encode()), actor=SYSTEM, now=NOW
    )
    joko.refresh_from_db()
    return report


def starts(joko: Employee, *days: date) -> list[int]:
    schedules = Schedules.load(joko.agency_id, *APRIL)
    found: list[Any] = [schedules.on(joko, day) for day in days]
    assert all(isinstance(hours, DayHours) for hours in found)
    return [hours.in_limit // 60 for hours in found]


def test_days_before_the_move_are_judged_by_the_earlier_unit(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    assert move(cast, joko, early, "2026-04-10").is_written
    assert joko.unit == early
    assert starts(joko, APRIL[0], BEFORE, AFTER, APRIL[1]) == [8, 8, 6, 6]
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert job.payload["first"] == "2026-04-01"
    event = Event.objects.get(verb="employee_updated")
    assert event.after["unit_since"] == "2026-04-10"


def test_without_a_date_the_move_is_today(cast: Cast, joko: Employee, early: Unit) -> None:
    move(cast, joko, early)
    assert EarlierUnit.objects.get().last_on == date(2026, 4, 19)
    assert starts(joko, date(2026, 4, 17), TODAY) == [8, 6]


def test_who_moves_on_is_judged_by_each_unit_in_turn(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    first = joko.unit
    assert first is not None
    move(cast, joko, early, "2026-04-08")
    move(cast, joko, first, "2026-04-15")
    assert starts(joko, date(2026, 4, 7), date(2026, 4, 8), date(2026, 4, 14)) == [8, 6, 6]
    assert starts(joko, date(2026, 4, 15)) == [8]


def test_a_wrong_unit_is_put_right_from_its_first_day(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    move(cast, joko, early, "2010-01-01")
    assert not EarlierUnit.objects.exists()
    assert starts(joko, APRIL[0], APRIL[1]) == [6, 6]


def test_a_move_told_anew_with_an_earlier_day_replaces_the_later_one(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    third = Unit.objects.create(agency=cast.agency, name="Lain")
    move(cast, joko, third, "2026-04-14")
    move(cast, joko, early, "2026-04-08")
    assert starts(joko, date(2026, 4, 9), date(2026, 4, 13), date(2026, 4, 14)) == [6, 6, 6]


def test_shifts_of_the_earlier_unit_decide_on_its_days(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    other = Unit.objects.create(agency=cast.agency, name="Jaga")
    shifts = make_pattern(SHIFTS, other, kind=Kind.SHIFT)
    move(cast, joko, other, "2026-04-01")
    move(cast, joko, early, "2026-04-10")
    schedules = Schedules.load(joko.agency_id, *APRIL)
    assert schedules.shift_pattern(joko, BEFORE) == shifts.pk
    assert schedules.shift_pattern(joko, AFTER) is None


def test_a_pattern_of_a_unit_is_about_who_was_there_then(
    cast: Cast, joko: Employee, early: Unit
) -> None:
    pattern = make_pattern(
        {0: "07.00-15.00"}, joko.unit, kind=Kind.SEASON, last=APRIL[1], agency=cast.agency
    )
    move(cast, joko, early, "2026-04-10")
    OutboxJob.objects.all().delete()
    withdraw_pattern(pattern_id=pattern.pk, user=cast.admin, now=NOW)
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert joko.pk in job.payload["employees"]


@pytest.mark.parametrize(("since", "text"), [("2026-04-21", "belum tiba"), ("besok", "tanggal")])
def test_a_day_that_cannot_be_is_refused(
    cast: Cast, joko: Employee, early: Unit, since: str, text: str
) -> None:
    report = move(cast, joko, early, since)
    assert [error.column for error in report.errors] == ["bidang sejak"]
    assert text in report.errors[0].text
    assert joko.unit != early
