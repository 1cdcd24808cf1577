"""`manage.py new_sop` writes a small sound folder that teaches, where the office keeps its own."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from documents.filling import inspect_template
from tests.workflows.sop_files import KEY, run_check, sop_files, write_folder
from workflows import repository, scenarios
from workflows.definitions import TaskKind

TITLE = 'Surat "Masuk" & Jawabannya'


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.SOPS_FOLDER = tmp_path / "data" / "sops"
    return tmp_path / "data" / "sops"


def new(key: str = "surat_masuk", **options: Any) -> str:
    said = StringIO()
    call_command("new_sop", key, stdout=said, **options)
    return said.getvalue()


def refused(key: str = "surat_masuk", **options: Any) -> str:
    with pytest.raises(CommandError) as refusal:
        new(key, **options)
    return str(refusal.value)


@pytest.mark.parametrize(
    "lanes", ["Sekretaris", "Agendaris,Kadis", "Agendaris, Kepala <Bidang> , Kadis,Arsiparis"]
)
def test_what_is_written_has_no_mistake_and_plays_its_scenarios(
    lanes: str, own_folder: Path, settings: Settings
) -> None:
    new(title=TITLE, lanes=lanes)
    settings.SOP_ROOTS = [own_folder]
    assert "no issues" in run_check()
    definition = repository.get("surat_masuk")
    assert definition.head.title == TITLE
    assert [lane.name for lane in definition.lanes] == [name.strip() for name in lanes.split(",")]
    told = scenarios.read(definition)
    assert [scenario.visits["siapkan"] for scenario in told] == [1, 2]
    people = [t for t in definition.tasks.values() if t.kind is TaskKind.USER]
    assert len(people) == max(2, len(definition.lanes))


def test_it_lies_among_the_offices_own_beside_those_that_came_along(own_folder: Path) -> None:
    said = new()
    assert str(own_folder / "surat_masuk") in said
    keys = [definition.key for definition in repository.all()]
    assert "surat_masuk" in keys
    assert "pengelolaan_e_absensi" in keys


def test_its_word_template_asks_only_for_what_the_forms_and_the_house_give() -> None:
    new()
    definition = repository.get("surat_masuk")
    found = inspect_template(definition.files["docx/surat.docx"], name="surat.docx")
    fields = {f.name for task in definition.tasks.values() for f in task.form.fields}
    base = {"kop", "nomor", "tempat", "tanggal", "ttd"}
    assert set(found.names) <= fields | base
    assert set(found.names) & fields


def test_its_files_teach_in_comments(own_folder: Path) -> None:
    new()
    for name in ("sop.toml", "scenarios.toml", "forms/siapkan.toml", "forms/putuskan.toml"):
        lines = (own_folder / "surat_masuk" / name).read_text().splitlines()
        assert [line for line in lines if line.startswith("#")], name


def test_the_same_call_writes_the_same_version(tmp_path: Path) -> None:
    versions = []
    for place in ("satu", "dua"):
        new(into=tmp_path / place)
        files = repository.read_folder(tmp_path / place / "surat_masuk")
        versions.append(repository.version_of(files))
    assert versions[0] == versions[1]


def test_a_key_that_is_taken_is_refused_wherever_it_lies(tmp_path: Path) -> None:
    new()
    assert "sudah ada" in refused()
    assert "sudah ada" in refused(into=tmp_path / "lain")
    assert "sudah ada" in refused("pengelolaan_e_absensi")
    (tmp_path / "lain" / "catatan").mkdir(parents=True)
    assert "sudah ada" in refused("catatan", into=tmp_path / "lain")


@pytest.mark.parametrize("key", ["Surat", "surat masuk", "../surat", "1surat", "", "a" * 81])
def test_a_bad_name_of_a_folder_is_refused(key: str, own_folder: Path) -> None:
    assert "tidak dapat dipakai" in refused(key)
    assert not own_folder.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"lanes": "Kadis,Kadis"}, "dua kali"),
        ({"lanes": "Kadis,"}, "tidak dapat dipakai"),
        ({"lanes": "x" * 81}, "tidak dapat dipakai"),
        ({"lanes": ",".join("abcdefghi")}, "paling banyak 8"),
        ({"title": "x" * 201}, "paling panjang 200"),
        ({"title": "bunyi\x07lonceng"}, "satu baris"),
    ],
)
def test_bad_words_are_refused_and_nothing_is_written(
    options: dict[str, str], reason: str, own_folder: Path
) -> None:
    assert reason in refused(**options)
    assert not own_folder.exists()


def test_the_mistakes_of_another_sop_keep_nobody_from_beginning(
    own_folder: Path, settings: Settings
) -> None:
    write_folder(own_folder, sop_files(sop="title"), KEY)
    new()
    settings.SOP_ROOTS = [own_folder]
    assert [definition.key for definition in repository.all()] == ["surat_masuk"]
