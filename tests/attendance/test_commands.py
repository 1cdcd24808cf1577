"""The commands of the room: rebuild a month, export it with cells that are safe to open."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from attendance import services
from attendance.models import Recap
from foundation.actors import SYSTEM
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april
from tests.cast import Cast


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_month_is_rebuilt_and_told(cast: Cast) -> None:
    fill_april(cast.everyone)

    said = run("rebuild_attendance", "--agency", "diskominfo", "--month", "2026-04")

    assert said == (
        "Disusun: rekap April 2026: 7 pegawai, hadir 100,0 %, 0 orang tanpa keterangan.\n"
    )
    assert (
        json.loads(
            run("rebuild_attendance", "--agency", "diskominfo", "--month", "2026-04", "--json")
        )["recap"]
        == Recap.objects.get().pk
    )


@pytest.mark.parametrize(
    ("agency", "month", "words"),
    [("tidak-ada", "2026-04", "tidak ada"), ("diskominfo", "April", "bukan bulan")],
)
def test_mistakes_are_told_in_one_line(cast: Cast, agency: str, month: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("rebuild_attendance", "--agency", agency, "--month", month)


def test_a_frozen_month_is_not_rebuilt(cast: Cast) -> None:
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)

    with pytest.raises(CommandError, match="ralat"):
        run("rebuild_attendance", "--agency", "diskominfo", "--month", "2026-04")


def test_a_recap_is_exported_in_three_formats(cast: Cast, tmp_path: Path) -> None:
    fill_april(cast.everyone)
    person = employee_of(cast.employee)
    person.name = '=HYPERLINK("http://contoh")'
    person.save()
    run("rebuild_attendance", "--agency", "diskominfo", "--month", "2026-04")
    where = ["--agency", "diskominfo", "--month", "2026-04"]

    table = list(
        csv.DictReader(io.StringIO(run("export_recap", *where, "--format", "csv")), delimiter=";")
    )
    content = json.loads(run("export_recap", *where))
    file = tmp_path / "rekap.xlsx"
    run("export_recap", *where, "--format", "xlsx", "--output", str(file))
    sheet = load_workbook(file).worksheets[0]

    names = {row["Nama"] for row in table}
    assert len(table) == len(content["pegawai"]) == sheet.max_row - 1 == 7
    assert '\'=HYPERLINK("http://contoh")' in names
    assert {cell.data_type for cell in sheet["B"]} == {"s"}
    assert {cell.value for cell in sheet["C"]} >= {person.number}
    assert content["sha256"] == Recap.objects.get().sha256
    assert all(row["HK"] == "21" for row in table)


def test_exporting_before_there_is_a_recap_says_what_to_run(cast: Cast) -> None:
    with pytest.raises(CommandError, match="rebuild_attendance"):
        run("export_recap", "--agency", "diskominfo", "--month", "2026-04")
