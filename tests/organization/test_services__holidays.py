"""Holidays: seeded from the package, corrected by people, never overwritten by seeding again."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.calendars.holiday_seeds import NoHolidaysKnown, seeds_of
from organization.calendars.rosters import month_days
from organization.exceptions import CalendarRefused
from organization.models import PublicHoliday, User
from organization.services import correct_holiday, seed_holidays
from tests.cast import NOW, Cast, appoint, make_employee, make_user

Kind = PublicHoliday.Kind
GOOD_FRIDAY = date(2026, 4, 3)
# SKB 1497/2/5-2025, as the facts list it.
HOLIDAYS = [
    (1, 1), (1, 16), (2, 17), (3, 19), (3, 21), (3, 22), (4, 3), (4, 5), (5, 1), (5, 14), (5, 27),
    (5, 31), (6, 1), (6, 16), (8, 17), (8, 25), (12, 25),
]  # fmt: skip
LEAVE = [(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)]
WORKING_DAYS = [20, 18, 17, 21, 16, 20, 23, 19, 22, 22, 21, 21]  # of 2026, Monday to Friday


@pytest.fixture
def province(cast: Cast) -> User:
    user = make_user(make_employee(cast.other_agency, "Veronika Lelo"), "veronika")
    appoint(user, "BKD", cast.other_agency)
    return user


def correct(user: User, **values: object) -> PublicHoliday:
    defaults = {
        "on": GOOD_FRIDAY, "kind": Kind.WORKDAY, "name": "Tetap bekerja", "source": "SE 1/2026",
        "agency": None, "user": user, "now": NOW,
    }  # fmt: skip
    return correct_holiday(**(defaults | values))  # type: ignore[arg-type]


def test_the_package_says_of_2026_what_the_decree_says() -> None:
    seeds = seeds_of(2026)
    holidays = [(s.on.month, s.on.day) for s in seeds if s.kind == Kind.HOLIDAY]
    leave = [(s.on.month, s.on.day) for s in seeds if s.kind == Kind.COLLECTIVE_LEAVE]
    assert (holidays, leave) == (HOLIDAYS, LEAVE)
    free = {seed.on for seed in seeds}
    months = [
        sum(day.weekday() < 5 and day not in free for day in month_days(date(2026, month, 1)))
        for month in range(1, 13)
    ]
    assert months == WORKING_DAYS


def test_a_year_without_a_decree_is_not_guessed() -> None:
    with pytest.raises(NoHolidaysKnown, match="belum memuat cuti bersama 2031"):
        seeds_of(2031)


def test_seeding_keeps_the_source_and_says_what_it_did(cast: Cast) -> None:
    report = seed_holidays(year=2026, actor=SYSTEM, now=NOW)
    assert len(report.created) == 25
    row = PublicHoliday.objects.get(on=date(2026, 3, 18))
    assert (row.kind, row.name) == (Kind.COLLECTIVE_LEAVE, "Cuti Bersama Hari Suci Nyepi")
    assert "Paket holidays" in row.source
    assert "cuti bersama" in row.source
    again = seed_holidays(year=2026, actor=SYSTEM, now=NOW)
    assert (again.created, again.updated, again.unchanged) == ((), (), 25)
    assert Event.objects.filter(verb="holidays_seeded").count() == 1
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert (job.payload["first"], job.payload["last"]) == ("2026-01-01", "2026-04-20")
    assert job.payload["agency"] is None


def test_what_people_changed_is_never_seeded_again(cast: Cast, province: User) -> None:
    seed_holidays(year=2026, user=province, now=NOW)
    correct(province)
    correct(province, on=date(2026, 12, 20), kind=Kind.HOLIDAY, name="Hari Jadi Provinsi")
    PublicHoliday.objects.filter(on=date(2026, 5, 1)).update(name="Nama lama")
    PublicHoliday.objects.filter(on=date(2026, 6, 1)).update(name="Pancasila", source="")
    report = seed_holidays(year=2026, user=province, now=NOW)
    assert PublicHoliday.objects.get(on=GOOD_FRIDAY).kind == Kind.WORKDAY
    assert PublicHoliday.objects.get(on=date(2026, 5, 1)).name == "Hari Buruh Internasional"
    assert PublicHoliday.objects.get(on=date(2026, 6, 1)).name == "Pancasila"
    assert len(report.kept) == 2
    assert "Wafat Yesus Kristus" in report.kept[0]
    assert len(report.updated) == 1
    assert report.only_here == ("20 Desember 2026 Hari Jadi Provinsi (hari libur)",)


def test_a_correction_keeps_who_when_and_by_which_decree(cast: Cast, province: User) -> None:
    row = correct(province, on=date(2026, 4, 6), kind=Kind.HOLIDAY, name="Cuti tambahan")
    assert (row.changed_by, row.changed_at, row.source) == (province, NOW, "SE 1/2026")
    correct(province, on=date(2026, 4, 6), kind=Kind.COLLECTIVE_LEAVE, name="Cuti tambahan")
    event = Event.objects.filter(verb="holiday_corrected").latest("sequence")
    assert (event.before["kind"], event.after["kind"]) == ("holiday", "collective_leave")
    assert PublicHoliday.objects.count() == 1
    job = OutboxJob.objects.filter(kind="attendance.rejudge").latest("pk")
    assert (job.payload["agency"], job.payload["employees"]) == (None, None)


def test_an_agency_corrects_its_own_days_only(cast: Cast) -> None:
    row = correct(cast.admin, agency=cast.agency)
    assert row.agency == cast.agency
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert job.payload["agency"] == cast.agency.pk
    for agency in (None, cast.other_agency):
        with pytest.raises(PermissionDenied):
            correct(cast.admin, agency=agency)
    for user in (cast.kadis, cast.operator, cast.employee):
        with pytest.raises(PermissionDenied):
            correct(user, agency=cast.agency)


@pytest.mark.parametrize("field", ["source", "name"])
def test_a_correction_without_its_decree_or_name_is_refused(
    cast: Cast, province: User, field: str
) -> None:
    with pytest.raises(CalendarRefused) as caught:
        correct(province, **{field: " "})
    assert list(caught.value.problems) == [field]
    with pytest.raises(CalendarRefused):
        correct(province, kind="lain")


def test_the_command_reports_in_words_and_as_json(cast: Cast) -> None:
    out = StringIO()
    call_command("seed_holidays", year=2026, json=True, stdout=out)
    assert len(json.loads(out.getvalue())["created"]) == 25
    out = StringIO()
    call_command("seed_holidays", year=2026, stdout=out)
    assert "0 hari ditambahkan, 0 diperbarui, 25 tidak berubah" in out.getvalue()
    with pytest.raises(CommandError, match="belum memuat"):
        call_command("seed_holidays", year=2031)


def test_without_an_agency_there_is_nowhere_to_note_it(db: None) -> None:
    with pytest.raises(CommandError, match="Belum ada perangkat daerah"):
        call_command("seed_holidays", year=2026)
