"""Shifts of people: set in a grid, brought in from a file; every mistake named with its person."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.actors import SYSTEM
from foundation.cells import Table, read_csv
from foundation.models import Event, OutboxJob
from organization.calendars.rosters import Gap, roster_gaps, roster_grid
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours
from organization.exceptions import CalendarRefused
from organization.models import Employee, RosterDay, WorkPattern
from organization.services import (
    Assignment,
    RosterReport,
    import_roster,
    set_roster,
    set_roster_day,
)
from tests.cast import NOW, Cast, make_employee
from tests.organization.hours import SHIFTS, Kind, make_pattern

APRIL = date(2026, 4, 1)
SIXTH, SEVENTH = date(2026, 4, 6), date(2026, 4, 7)


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


@pytest.fixture
def pattern(cast: Cast, joko: Employee) -> WorkPattern:
    return make_pattern(SHIFTS, joko, kind=Kind.SHIFT)


def put(cast: Cast, *assignments: Assignment) -> RosterReport:
    return set_roster(agency=cast.agency, assignments=assignments, user=cast.admin, now=NOW)


def bring(cast: Cast, text: str) -> RosterReport:
    table: Table = read_csv(text.encode())
    return import_roster(agency=cast.agency, table=table, actor=SYSTEM, user=None, now=NOW)


def codes() -> list[tuple[str, str]]:
    rows = RosterDay.objects.select_related("hours")
    return [(row.on.isoformat(), row.hours.shift if row.hours else "L") for row in rows]


@pytest.mark.usefixtures("pattern")
def test_a_day_is_set_changed_and_cleared(cast: Cast, joko: Employee) -> None:
    for code, expected in (("m", "M"), ("M", "M"), ("lepas", "L"), ("P", "P")):
        set_roster_day(employee=joko, on=SIXTH, code=code, user=cast.admin, now=NOW)
        assert codes() == [("2026-04-06", expected)]
    set_roster_day(employee=joko, on=SIXTH, code=" ", user=cast.admin, now=NOW)
    assert codes() == []
    events = Event.objects.filter(verb="roster_set").order_by("sequence")
    assert [event.after for event in events] == [
        {"2026-04-06": code} for code in ("M", "L", "P", "")
    ]
    assert events[1].before == {"2026-04-06": "M"}


@pytest.mark.usefixtures("pattern")
def test_only_changed_days_up_to_today_are_judged_anew(cast: Cast, joko: Employee) -> None:
    put(cast, Assignment(joko.pk, SIXTH, "M"))
    put(cast, Assignment(joko.pk, SIXTH, "M"), Assignment(joko.pk, date(2026, 4, 29), "P"))
    put(
        cast,
        *(Assignment(joko.pk, day, "P") for day in (date(2026, 4, 18), date(2026, 4, 28))),
    )
    first, second = (job.payload for job in OutboxJob.objects.filter(kind="attendance.rejudge"))
    assert first["employees"] == [joko.pk]
    assert (first["first"], first["last"]) == ("2026-04-06", "2026-04-06")
    assert (second["first"], second["last"]) == ("2026-04-18", "2026-04-20")


@pytest.mark.usefixtures("pattern")
def test_an_unknown_shift_names_the_person_and_what_there_is(cast: Cast, joko: Employee) -> None:
    with pytest.raises(CalendarRefused, match="Joko Tallo, 6 April 2026: giliran “X”") as caught:
        set_roster_day(employee=joko, on=SIXTH, code="X", user=cast.admin, now=NOW)
    assert "M, P, S, L (lepas)" in str(caught.value)


def test_who_works_by_no_shifts_has_no_roster(cast: Cast, joko: Employee) -> None:
    with pytest.raises(CalendarRefused, match="tidak ada satu pola bergiliran"):
        set_roster_day(employee=joko, on=SIXTH, code="P", user=cast.admin, now=NOW)


@pytest.mark.usefixtures("pattern")
def test_one_wrong_cell_and_nothing_is_written(cast: Cast, joko: Employee) -> None:
    umbu = cast.outsider.employee
    assert umbu is not None
    for wrong in (Assignment(joko.pk, SEVENTH, "X"), Assignment(umbu.pk, SEVENTH, "P")):
        report = put(cast, Assignment(joko.pk, SIXTH, "P"), wrong)
        assert not report.is_written
        assert codes() == []
    far = put(cast, Assignment(joko.pk, SIXTH, "P"), Assignment(joko.pk, date(2062, 4, 6), "P"))
    assert "periksa tahunnya" in far.errors[0].text


def test_days_before_coming_and_after_leaving_have_no_shift(cast: Cast, joko: Employee) -> None:
    make_pattern(SHIFTS, joko.unit, kind=Kind.SHIFT)
    new = make_employee(cast.agency, "Baru Sekali", unit=joko.unit, joined_on=SEVENTH)
    with pytest.raises(CalendarRefused, match="Baru Sekali, 6 April 2026: belum atau tidak lagi"):
        set_roster_day(employee=new, on=SIXTH, code="P", user=cast.admin, now=NOW)
    set_roster_day(employee=new, on=SEVENTH, code="P", user=cast.admin, now=NOW)


@pytest.mark.usefixtures("pattern")
def test_only_the_own_agencys_admin_writes_rosters(cast: Cast, joko: Employee) -> None:
    for user in (cast.operator, cast.kadis, cast.employee, cast.outsider):
        with pytest.raises(PermissionDenied):
            set_roster_day(employee=joko, on=SIXTH, code="P", user=user, now=NOW)


@pytest.mark.usefixtures("pattern")
@pytest.mark.parametrize(
    "layout",
    [
        "NIP;Nama;2026-04-06;2026-04-07\n{nip};Joko Tallo;M;L\n",
        "nip,tanggal,giliran\n{nip},2026-04-06,M\n{nip},7 April 2026,lepas\n",
    ],
)
def test_a_file_of_either_layout_is_brought_in(cast: Cast, joko: Employee, layout: str) -> None:
    report = bring(cast, layout.format(nip=joko.number))
    assert report.errors == ()
    assert (report.changed, report.people) == (2, 1)
    assert codes() == [("2026-04-06", "M"), ("2026-04-07", "L")]
    again = bring(cast, layout.format(nip=joko.number))
    assert (again.changed, again.unchanged) == (0, 2)


@pytest.mark.usefixtures("pattern")
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("nip;nama;2026-04-06\n{nip};Joko;X\n", 2, "Joko Tallo, 6 April 2026: giliran “X” tidak"),
        ("nip;nama;2026-04-06\n123;Salah;P\n", 2, "Salah: NIP 123 bukan pegawai"),
        ("nip;nama;2026-04-06\n;Joko;P\n", 2, "Joko: NIP kosong"),
        (
            "nip;nama;2026-04-06\n{nip};Joko;P\n{nip};Joko;M\n",
            3,
            "Joko, 6 April 2026: sudah diisi di baris 2; hapus salah satu",
        ),
        ("nip;tanggal;giliran\n{nip};kemarin;P\n", 2, "“kemarin” bukan tanggal"),
        ("nip;tanggal;giliran\n{nip};2026-04-06;\n", 2, "giliran kosong"),
        ("nip;2026-04-06;06/04/2026\n{nip};P;M\n", 1, "ada dua kali"),
        ("nip;nama\n{nip};Joko\n", 1, "Kolomnya belum lengkap"),
        ("nip;2026-04-06;shif\n{nip};P;x\n", 1, "“shif” tidak dikenal"),
        ("nip;2026-04-06\n", 0, "hanya memuat judul"),
    ],
)
def test_every_mistake_of_a_file_names_its_row_and_person(
    cast: Cast, joko: Employee, text: str, line: int, words: str
) -> None:
    report = bring(cast, text.format(nip=joko.number))
    assert codes() == []
    assert [error.line for error in report.errors] == [line]
    assert words in str(report.errors[0])


def test_a_month_of_forty_people_costs_few_queries(cast: Cast, joko: Employee) -> None:
    make_pattern(SHIFTS, joko.unit, kind=Kind.SHIFT)
    people = [make_employee(cast.agency, unit=joko.unit) for _ in range(40)]
    header = "nip;" + ";".join(f"2026-04-{day:02d}" for day in range(1, 31))
    lines = [
        f"{person.number};" + ";".join("PSM"[day % 3] for day in range(30)) for person in people
    ]
    with CaptureQueriesContext(connection) as captured:
        report = bring(cast, "\n".join([header, *lines]))
    assert (report.errors, report.changed, report.people) == ((), 1200, 40)
    assert len(captured) <= 30


def test_gaps_are_told_per_person(cast: Cast, joko: Employee, pattern: WorkPattern) -> None:
    for day in range(1, 29):
        set_roster_day(employee=joko, on=date(2026, 4, day), code="P", user=cast.admin, now=NOW)
    assert roster_gaps(cast.agency, APRIL) == [Gap(joko, (date(2026, 4, 29), date(2026, 4, 30)))]
    joko.left_on = date(2026, 4, 29)
    joko.save()
    assert roster_gaps(cast.agency, APRIL) == []


@pytest.mark.usefixtures("pattern")
def test_the_grid_shows_who_works_by_shifts(cast: Cast, joko: Employee) -> None:
    put(cast, Assignment(joko.pk, SIXTH, "M"), Assignment(joko.pk, SEVENTH, "L"))
    grid = roster_grid(cast.agency, APRIL, joko.unit)
    (row,) = grid.rows
    assert row.employee == joko
    assert [cell.code for cell in row.cells[4:8]] == ["", "M", "L", ""]
    assert all(cell.open for cell in row.cells)
    assert grid.shifts == {"M": "21.00-07.00", "P": "07.00-14.00", "S": "14.00-21.00"}
    assert len(grid.days) == 30


@pytest.mark.usefixtures("pattern")
def test_the_command_brings_a_roster_in(cast: Cast, joko: Employee, tmp_path: Path) -> None:
    file = tmp_path / "jadwal.csv"
    file.write_text(f"nip;2026-04-06\n{joko.number};M\n")
    out = StringIO()
    call_command("import_roster", str(file), agency="diskominfo", json=True, stdout=out)
    assert json.loads(out.getvalue())["changed"] == 1
    hours = Schedules.load(cast.agency.pk, SIXTH, SIXTH).on(joko, SIXTH)
    assert isinstance(hours, DayHours)
    assert hours.shift == "M"
    file.write_text("nip;2026-04-06\n1;M\n")
    err = StringIO()
    with pytest.raises(CommandError, match="Tidak ada yang disimpan: 1"):
        call_command("import_roster", str(file), agency="diskominfo", stderr=err)
    assert "Baris 2" in err.getvalue()
    wrong: list[dict[str, Any]] = [{"agency": "tidak-ada"}, {"agency": "diskominfo"}]
    for options in wrong:
        with pytest.raises(CommandError):
            call_command("import_roster", str(tmp_path / "lain.csv"), **options)


def test_a_shift_never_begins_before_the_one_of_the_day_before_is_over(
    cast: Cast, joko: Employee
) -> None:
    make_pattern({**SHIFTS, "D": "06.30-13.30"}, joko, kind=Kind.SHIFT)
    eighth = date(2026, 4, 8)
    assert put(cast, Assignment(joko.pk, SIXTH, "M"), Assignment(joko.pk, SEVENTH, "P")).is_written
    report = put(cast, Assignment(joko.pk, SEVENTH, "D"))
    (error,) = report.errors
    assert "Joko" in error.text
    assert "giliran D (06.30-13.30) mulai sebelum giliran M" in error.text
    assert codes() == [("2026-04-06", "M"), ("2026-04-07", "P")]
    both = [Assignment(joko.pk, SEVENTH, "M", 4), Assignment(joko.pk, eighth, "D", 5)]
    assert [found.line for found in put(cast, *both).errors] == [5]
    # The day before may be what is written wrong: the neighbour stands already.
    assert put(cast, Assignment(joko.pk, eighth, "D")).is_written
    assert "8 April 2026" in put(cast, Assignment(joko.pk, SEVENTH, "M")).errors[0].text


def test_a_mended_neighbour_is_what_counts(cast: Cast, joko: Employee) -> None:
    make_pattern({**SHIFTS, "D": "06.30-13.30"}, joko, kind=Kind.SHIFT)
    put(cast, Assignment(joko.pk, SIXTH, "M"))
    swapped = [Assignment(joko.pk, SIXTH, ""), Assignment(joko.pk, SEVENTH, "D")]
    assert put(cast, *swapped).is_written
    assert codes() == [("2026-04-07", "D")]
