"""The SOP sheet is what runs: of the SOP of e-Absensi it says what the printed one says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from foundation.actors import SYSTEM
from processes.definitions import keep
from processes.models import Definition, Instance
from processes.sop_sheet import (
    UnknownSheet,
    definition_named,
    find_sheet,
    list_sheets,
    sop_sheet,
    subject_of,
)
from tests.cast import NOW, Cast
from tests.processes.test_contexts import context_of
from workflows import repository
from workflows.registry import Request

PRINTED = Path(__file__).with_name("fixtures") / "lembar_sop_07_2020.json"
KEY = "pengelolaan_e_absensi"


def asked(subject: str = KEY) -> Request:
    return Request(agency_id=1, subject=subject, actor=SYSTEM, now=datetime(2026, 5, 4, tzinfo=UTC))


def rows(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for page in sheet["halaman"] for row in page["langkah"]]


@pytest.fixture
def printed() -> dict[str, Any]:
    """What the printed SOP Nomor 07 Tahun 2020 says, copied by hand."""
    content: dict[str, Any] = json.loads(PRINTED.read_text("utf-8"))
    return content


@pytest.mark.django_db
def test_the_head_is_that_of_the_printed_sheet(printed: dict[str, Any]) -> None:
    sheet = sop_sheet(asked())["lembar"]

    assert {name: sheet[name] for name in printed["kepala"]} == printed["kepala"]
    assert len(sheet["dasar"]) == 7


@pytest.mark.django_db
def test_the_nine_rows_are_those_of_the_printed_sheet(printed: dict[str, Any]) -> None:
    sheet = sop_sheet(asked())["lembar"]

    fields = ("no", "kegiatan", "pelaksana", "kelengkapan", "waktu", "output", "keterangan")
    told = [{name: row[name] for name in fields} for row in rows(sheet)]
    assert told == printed["langkah"]
    assert sheet["jumlah"] == "62 menit"
    assert sheet["pelaksana"] == ["Kadis", "Admin", "Operator"]


@pytest.mark.django_db
def test_the_drawing_begins_decides_and_ends_where_the_printed_one_does() -> None:
    drawn = [row["gambar"] for row in rows(sop_sheet(asked())["lembar"])]

    signs = ["capsule" if "capsule" in d else "lozenge" if "lozenge" in d else "box" for d in drawn]
    assert signs == ["capsule", *["box"] * 5, "lozenge", "box", "capsule"]
    assert drawn[0].endswith("Mulai")
    assert "Selesai" in drawn[8]
    assert "Tidak" in drawn[6]
    assert "Ya" in drawn[6]


@pytest.mark.django_db
def test_an_instance_prints_the_version_that_it_runs(instance: Instance, cast: Cast) -> None:
    sheet = sop_sheet(context_of(instance))["lembar"]

    assert sheet["versi"] == instance.definition_version[:12]
    assert [row["no"] for row in rows(sheet)] == [1, 2]


@pytest.mark.django_db
def test_a_sop_that_never_ran_has_a_sheet_too() -> None:
    assert not Definition.objects.filter(key=KEY).exists()

    assert definition_named(KEY).key == KEY
    assert KEY in [choice.subject for choice in list_sheets(0, 0, NOW)]


@pytest.mark.django_db
def test_an_older_version_keeps_its_sheet() -> None:
    deployed = repository.get(KEY)
    changed = deployed.files["sop.toml"].replace(
        b'stated_total = "PT62M"', b'stated_total = "PT70M"'
    )
    older = repository.load({**deployed.files, "sop.toml": changed}, KEY)
    keep(older, now=NOW)

    sheet = sop_sheet(asked(subject_of(older)))["lembar"]

    assert (sheet["jumlah"], sheet["versi"]) == ("70 menit", older.version[:12])
    assert sop_sheet(asked())["lembar"]["jumlah"] == "62 menit"
    found = find_sheet(0, 0, subject_of(older), NOW)
    assert found is not None
    assert older.version[:12] in found.label


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["", "tidak_ada", "../etc", f"{KEY}/zz", f"{KEY}/{'0' * 12}"])
def test_what_is_no_sop_has_no_sheet(subject: str) -> None:
    with pytest.raises(UnknownSheet):
        definition_named(subject)

    assert find_sheet(0, 0, subject, NOW) is None


@pytest.mark.django_db
def test_a_sop_without_a_stated_total_adds_its_steps_up() -> None:
    deployed = repository.get(KEY)
    sop = deployed.files["sop.toml"].replace(b'stated_total = "PT62M"\n', b"")
    definition = repository.load({**deployed.files, "sop.toml": sop}, KEY)
    keep(definition, now=NOW)

    assert sop_sheet(asked(subject_of(definition)))["lembar"]["jumlah"] == "62 menit"
