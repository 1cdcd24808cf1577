"""Decrees on hours: written down, overlapping refused by name, changed, ended, withdrawn."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from foundation.models import Event, OutboxJob
from organization.calendars.pattern_data import PatternData, Whom
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours
from organization.exceptions import CalendarRefused
from organization.models import Employee, Unit, User, WorkHours, WorkPattern
from organization.services import (
    change_pattern,
    create_pattern,
    end_pattern,
    set_roster_day,
    withdraw_pattern,
)
from tests.cast import NOW, TODAY, Cast, appoint, make_employee, make_user
from tests.organization.calendars.test_pattern_data import data, shifts, week

Kind = WorkPattern.Kind
TOMORROW, LAST_WEEK = TODAY + timedelta(days=1), TODAY - timedelta(days=7)


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


@pytest.fixture
def province(cast: Cast) -> User:
    user = make_user(make_employee(cast.other_agency, "Veronika Lelo"), "veronika")
    appoint(user, "BKD", cast.other_agency)
    return user


def of_agency(cast: Cast, **values: Any) -> PatternData:
    return data(**({"scopes": (Whom(agency=cast.agency.pk),)} | values))


def create(cast: Cast, **values: Any) -> WorkPattern:
    decree = of_agency(cast, **values)
    return create_pattern(data=decree, agency=cast.agency, user=cast.admin, now=NOW)


def jobs() -> list[dict[str, Any]]:
    return [job.payload for job in OutboxJob.objects.filter(kind="attendance.rejudge")]


def refusal(cast: Cast, **values: Any) -> dict[str, str]:
    before = WorkPattern.objects.count(), Event.objects.count(), OutboxJob.objects.count()
    with pytest.raises(CalendarRefused) as caught:
        create(cast, **values)
    after = WorkPattern.objects.count(), Event.objects.count(), OutboxJob.objects.count()
    assert after == before
    return caught.value.problems


def test_a_decree_becomes_hours_with_an_event(cast: Cast, joko: Employee) -> None:
    pattern = create(cast, hours=week("08.00-15.00"), valid_from=LAST_WEEK)
    found = Schedules.load(cast.agency.pk, TODAY, TODAY).on(joko, TODAY)
    assert isinstance(found, DayHours)
    assert (found.in_limit, found.pattern_id) == (480, pattern.pk)
    event = Event.objects.get(verb="pattern_created")
    assert event.actor_name == "Budi Manafe"
    assert event.after["decree_number"] == "100.3/7/2026"
    assert event.after["scopes"] == [{"agency": cast.agency.pk, "unit": None, "employee": None}]


def test_days_that_are_over_are_judged_anew_up_to_today(cast: Cast, joko: Employee) -> None:
    create(cast, valid_from=LAST_WEEK)
    create(cast, name="Bidang", valid_from=TODAY, scopes=(Whom(unit=joko.unit_id),))
    create(cast, name="Nanti", valid_from=TOMORROW, scopes=(Whom(employee=joko.pk),))
    whole, unit = jobs()
    assert (whole["agency"], whole["employees"]) == (cast.agency.pk, None)
    assert (whole["first"], whole["last"]) == (LAST_WEEK.isoformat(), TODAY.isoformat())
    assert "100.3/7/2026" in whole["cause"]
    assert unit["agency"] == cast.agency.pk
    assert joko.pk in unit["employees"]
    assert len(unit["employees"]) == 5


def test_a_decree_without_a_number_is_refused(cast: Cast) -> None:
    assert "Nomor keputusan kosong" in refusal(cast, decree_number=" ")["decree_number"]


def test_an_end_before_the_beginning_is_refused(cast: Cast) -> None:
    assert list(refusal(cast, valid_until=date(2026, 4, 30))) == ["valid_until"]


def test_overlapping_patterns_are_refused_naming_both(cast: Cast) -> None:
    create(cast, name="Lama", decree_number="1/2026", valid_until=date(2026, 6, 30))
    problem = refusal(cast, name="Baru", decree_number="2/2026", valid_from=date(2026, 6, 30))
    text = problem["valid_from"]
    assert "“Baru (2/2026)”" in text
    assert "“Lama (1/2026)”" in text
    assert "1 Mei 2026 s.d. 30 Juni 2026" in text
    assert "Akhiri atau cabut" in text
    create(cast, name="Baru", valid_from=date(2026, 7, 1))


def test_a_season_may_lie_over_the_year(cast: Cast) -> None:
    create(cast)
    create(cast, kind=Kind.SEASON, valid_until=date(2026, 5, 31), name="Ramadan")
    with pytest.raises(CalendarRefused, match="Ramadan"):
        create(cast, kind=Kind.SEASON, valid_until=date(2026, 5, 2), name="Lagi")


def test_other_people_and_withdrawn_patterns_do_not_overlap(cast: Cast, joko: Employee) -> None:
    first = create(cast)
    create(cast, scopes=(Whom(employee=joko.pk),))
    withdraw_pattern(pattern_id=first.pk, user=cast.admin, now=NOW)
    create(cast)


def test_units_and_people_of_another_agency_are_refused_by_name(cast: Cast) -> None:
    unit = Unit.objects.create(agency=cast.other_agency, name="Puskesmas")
    assert "Puskesmas bukan bagian" in refusal(cast, scopes=(Whom(unit=unit.pk),))["scopes"]
    umbu = cast.outsider.employee
    assert umbu is not None
    assert "Umbu Tamo bukan pegawai" in refusal(cast, scopes=(Whom(employee=umbu.pk),))["scopes"]
    elsewhere = (Whom(agency=cast.other_agency.pk),)
    assert "menulis polanya sendiri" in refusal(cast, scopes=elsewhere)["scopes"]
    assert "ditetapkan oleh provinsi" in refusal(cast, scopes=(Whom(),))["scopes"]


def test_part_time_hours_of_a_house_stand_beside_its_weekly_ones(cast: Cast) -> None:
    create(cast)
    create(cast, kind=Kind.PART_TIME, hours=week("08.00-12.00"), name="Paruh waktu")
    assert "“Jam kerja UPT" in refusal(cast)["valid_from"]
    again = refusal(cast, kind=Kind.PART_TIME, hours=week("08.00-11.00"), name="Lain")
    assert "“Paruh waktu" in again["valid_from"]


def test_only_who_may_writes_patterns(cast: Cast, province: User) -> None:
    decree = of_agency(cast)
    for user in (cast.operator, cast.kadis, cast.employee, cast.outsider, province):
        with pytest.raises(PermissionDenied):
            create_pattern(data=decree, agency=cast.agency, user=user, now=NOW)
    for user in (cast.admin, cast.kadis, cast.employee):
        with pytest.raises(PermissionDenied):
            create_pattern(data=data(scopes=(Whom(),)), agency=None, user=user, now=NOW)


def test_the_province_orders_for_everybody(cast: Cast, province: User, joko: Employee) -> None:
    ramadan = data(
        name="Ramadan", kind=Kind.SEASON, hours=week("08.00-15.00/12.00-12.30"),
        valid_from=LAST_WEEK, valid_until=date(2026, 5, 1), scopes=(Whom(),),
    )  # fmt: skip
    pattern = create_pattern(data=ramadan, agency=None, user=province, now=NOW)
    found = Schedules.load(cast.agency.pk, TODAY, TODAY).on(joko, TODAY)
    assert isinstance(found, DayHours)
    assert found.pattern.startswith("Ramadan")
    (job,) = jobs()
    assert (job["agency"], job["employees"]) == (None, None)
    event = Event.objects.get(verb="pattern_created")
    assert event.stream == cast.other_agency.stream
    with pytest.raises(PermissionDenied):
        withdraw_pattern(pattern_id=pattern.pk, user=cast.admin, now=NOW)


def test_before_it_holds_a_pattern_is_changed_afterwards_it_is_ended(cast: Cast) -> None:
    pattern = create(cast, valid_from=TOMORROW)
    changed = of_agency(cast, name="Ganti", valid_from=TOMORROW, hours=week("08.00-16.30"))
    change_pattern(pattern_id=pattern.pk, data=changed, user=cast.admin, now=NOW)
    pattern.refresh_from_db()
    assert pattern.name == "Ganti"
    assert WorkHours.objects.filter(pattern=pattern).count() == 5
    event = Event.objects.get(verb="pattern_changed")
    assert event.before["name"] == "Jam kerja UPT"
    later = NOW + timedelta(days=1)
    with pytest.raises(CalendarRefused, match="sudah berlaku sejak 21 April 2026"):
        change_pattern(pattern_id=pattern.pk, data=changed, user=cast.admin, now=later)
    end_pattern(pattern_id=pattern.pk, last_on=date(2026, 5, 31), user=cast.admin, now=later)
    pattern.refresh_from_db()
    assert pattern.valid_until == date(2026, 5, 31)


def test_a_pattern_may_still_overlap_itself_when_it_is_changed(cast: Cast) -> None:
    pattern = create(cast, valid_from=TOMORROW)
    changed = of_agency(cast, valid_from=TODAY + timedelta(days=3))
    change_pattern(pattern_id=pattern.pk, data=changed, user=cast.admin, now=NOW)


def test_a_shift_that_a_roster_names_does_not_vanish(cast: Cast, joko: Employee) -> None:
    mine = {"kind": Kind.SHIFT, "valid_from": TOMORROW, "scopes": (Whom(employee=joko.pk),)}
    pattern = create(cast, hours=shifts(P="07.00-14.00", M="21.00-07.00"), **mine)
    set_roster_day(employee=joko, on=TOMORROW, code="P", user=cast.admin, now=NOW)
    without = data(hours=shifts(M="21.00-07.00"), **mine)
    with pytest.raises(CalendarRefused, match="Giliran P sudah dipakai pada jadwal 21 April 2026"):
        change_pattern(pattern_id=pattern.pk, data=without, user=cast.admin, now=NOW)
    earlier = data(hours=shifts(P="06.00-14.00"), **mine)
    change_pattern(pattern_id=pattern.pk, data=earlier, user=cast.admin, now=NOW)
    found = Schedules.load(cast.agency.pk, TOMORROW, TOMORROW).on(joko, TOMORROW)
    assert isinstance(found, DayHours)
    assert found.in_limit == 360


def test_ending_judges_the_days_after_the_end_anew(cast: Cast) -> None:
    pattern = create(cast, valid_from=LAST_WEEK)
    OutboxJob.objects.all().delete()
    end = TODAY - timedelta(days=3)
    end_pattern(pattern_id=pattern.pk, last_on=end, user=cast.admin, now=NOW)
    (job,) = jobs()
    assert (job["first"], job["last"]) == ("2026-04-18", "2026-04-20")
    with pytest.raises(CalendarRefused, match="sudah berakhir 17 April 2026"):
        end_pattern(pattern_id=pattern.pk, last_on=TODAY, user=cast.admin, now=NOW)
    with pytest.raises(CalendarRefused, match="cabut pola"):
        end_pattern(pattern_id=pattern.pk, last_on=date(2026, 1, 1), user=cast.admin, now=NOW)


def test_a_withdrawn_pattern_is_withdrawn_once(cast: Cast, joko: Employee) -> None:
    pattern = create(cast, hours=week("08.00-15.00"), valid_from=LAST_WEEK)
    OutboxJob.objects.all().delete()
    withdraw_pattern(pattern_id=pattern.pk, user=cast.admin, now=NOW)
    found = Schedules.load(cast.agency.pk, TODAY, TODAY).on(joko, TODAY)
    assert isinstance(found, DayHours)
    assert found.pattern_id == 0
    assert len(jobs()) == 1
    with pytest.raises(CalendarRefused, match="sudah dicabut"):
        withdraw_pattern(pattern_id=pattern.pk, user=cast.admin, now=NOW)
