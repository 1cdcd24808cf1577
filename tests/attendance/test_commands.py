"""The commands of the room: rebuild a month, export it with cells that are safe to open."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from attendance import services
from attendance.models import Recap
from attendance.recaps.exporting import DAY_KEYS
from foundation.actors import SYSTEM
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    decide,
    employee_of,
    fill_april,
    submitted,
    tap,
)
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
    [
        ("tidak-ada", "2026-04", "tidak ada; yang ada: .*diskominfo"),
        ("diskominfo", "April", "bukan bulan"),
        ("diskominfo", "2999-01", "Januari 2999 belum mulai"),
    ],
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
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    where = ["--agency", "diskominfo", "--month", "2026-04"]

    table = list(
        csv.DictReader(io.StringIO(run("export_recap", *where, "--format", "csv")), delimiter=";")
    )
    content = json.loads(run("export_recap", *where))
    file = tmp_path / "rekap.xlsx"
    run("export_recap", *where, "--format", "xlsx", "--output", str(file))
    sheet = load_workbook(file).worksheets[0]

    names = {row["Nama"] for row in table}
    assert len(table) == len(content["employees"]) == sheet.max_row - 1 == 7
    assert '\'=HYPERLINK("http://contoh")' in names
    assert {cell.data_type for cell in sheet["B"]} == {"s"}
    assert {cell.value for cell in sheet["C"]} >= {person.number}
    assert content["sha256"] == Recap.objects.get().sha256
    assert all(row["HK"] == "21" for row in table)


def test_the_json_carries_every_day_of_everyone_under_stable_keys(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.admin, 8)])
    tap(employee_of(cast.admin), date(2026, 4, 8), "07:45", "16:04")
    decide(submitted(cast), cast.superior)

    content = json.loads(run("export_recap", "--agency", "diskominfo", "--month", "2026-04"))

    people = {person["name"]: person for person in content["employees"]}
    late, away = people["Budi Manafe"]["days"][7], people["Joko Tallo"]["days"][7]
    absent = people["Joko Tallo"]["days"][13]
    assert content["source"] == "current"
    assert content["version"] is None
    assert all(len(person["days"]) == 30 for person in people.values())
    assert list(late) == list(DAY_KEYS)
    assert late["date"] == "2026-04-08"
    assert (late["status"], late["flags"], late["in"], late["out"]) == (
        "H", ["TL"], "07:45", "16:04",
    )  # fmt: skip
    assert (late["tl"], late["psw"], late["kjk_gross"], late["kjk_excused"], late["kjk_net"]) == (
        15, 0, 15, 0, 15,
    )  # fmt: skip
    assert (away["status"], away["letter"]["number"]) == ("DL", "090/12/DL/2026")
    assert (absent["status"], absent["in"], absent["out"]) == ("TK", None, None)
    assert any("Tidak ada absen masuk dan pulang" in text for text in absent["reasons"])


def test_the_frozen_version_goes_out_unless_the_present_or_an_old_one_is_asked_for(
    cast: Cast,
) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    where = ["export_recap", "--agency", "diskominfo", "--month", "2026-04"]

    def status(*more: str) -> tuple[str, str]:
        content = json.loads(run(*where, *more))
        (joko,) = [row for row in content["employees"] if row["name"] == "Joko Tallo"]
        return content["source"], joko["days"][13]["status"]

    assert status() == ("frozen", "TK")
    assert status("--recap-version", "1") == ("frozen", "TK")
    assert status("--current") == ("current", "H")
    with pytest.raises(CommandError, match="versi 7"):
        run(*where, "--recap-version", "7")


def test_exporting_for_no_agency_or_to_no_file_is_told_in_one_line(
    cast: Cast, tmp_path: Path
) -> None:
    where = ["export_recap", "--agency", "diskominfo", "--month", "2026-04"]
    with pytest.raises(CommandError, match=r"tidak dapat ditulis.*Sebutkan folder yang ada"):
        run(*where, "--output", str(tmp_path / "tidak-ada" / "rekap.json"))
    with pytest.raises(CommandError, match=r"tidak ada; yang ada: .*diskominfo"):
        run("export_recap", "--agency", "entah", "--month", "2026-04")
    with pytest.raises(CommandError, match="--output"):
        run("export_recap", "--agency", "diskominfo", "--month", "2026-04", "--format", "xlsx")
