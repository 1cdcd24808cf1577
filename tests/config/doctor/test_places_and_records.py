"""The doctor looks at folders, programs and fonts of this machine, SOP files and anchors."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core import checks

from config.doctor import Level
from foundation.ledger.anchors import anchor_path, write_anchor
from tests.cast import make_agency
from tests.config.doctor.asked import NOW, levels_of, rows_of
from tests.foundation.ledger_acts import write

pytestmark = pytest.mark.django_db
GIBIBYTE = 1024**3


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.doctor import registry

    kept = {
        "Folder data",
        "Ruang disk",
        "LibreOffice",
        "Huruf",
        "Pengaturan dan berkas SOP",
        "Jangkar catatan",
        "Cadangan",
    }
    listed = [each for each in registry._checks if each.subject in kept]
    monkeypatch.setattr(registry, "_checks", listed)


@pytest.fixture
def data(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.ANCHOR_FOLDER = tmp_path / "anchors"
    tmp_path.chmod(0o700)
    return tmp_path


def test_a_data_folder_that_others_can_open_is_grave(data: Path) -> None:
    assert levels_of("Folder data") == [Level.FINE]
    data.chmod(0o755)
    assert Level.GRAVE in levels_of("Folder data")


@pytest.mark.parametrize(
    ("free", "level"),
    [(GIBIBYTE // 2, Level.GRAVE), (2 * GIBIBYTE, Level.NOTICE), (50 * GIBIBYTE, Level.FINE)],
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(
    monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert levels_of("Ruang disk") == [level]


def test_without_libreoffice_there_are_no_pdfs(settings: LazySettings) -> None:
    settings.SOFFICE = "soffice-yang-tidak-ada"
    assert levels_of("LibreOffice") == [Level.NOTICE]


def test_without_fonts_the_lines_of_a_pdf_may_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert levels_of("Huruf") == [Level.NOTICE]


def test_a_mistake_in_a_sop_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    mistake = checks.Error("process.bpmn: tugas tanpa nama", hint="Beri nama.")
    monkeypatch.setattr(checks, "run_checks", lambda **_: [mistake])
    (row,) = rows_of("Pengaturan dan berkas SOP")
    assert row.level is Level.GRAVE
    assert "tugas tanpa nama" in row.text
    monkeypatch.setattr(checks, "run_checks", lambda **_: [])
    assert levels_of("Pengaturan dan berkas SOP") == [Level.FINE]


def test_an_anchor_is_missed_when_it_is_old_or_its_file_is_gone(data: Path) -> None:
    write(make_agency(), 3)
    assert levels_of("Jangkar catatan") == [Level.NOTICE]
    anchor = write_anchor(now=NOW)
    assert anchor is not None
    assert levels_of("Jangkar catatan", NOW + timedelta(hours=30)) == [Level.FINE]
    assert levels_of("Jangkar catatan", NOW + timedelta(hours=51)) == [Level.GRAVE]
    anchor_path(anchor.number).unlink()
    assert levels_of("Jangkar catatan", NOW + timedelta(hours=1)) == [Level.GRAVE]


def test_backups_that_are_late_are_grave_and_a_new_installation_is_not(
    data: Path, settings: LazySettings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.BACKUP_FOLDER = tmp_path_factory.mktemp("backups")
    settings.DATA_DIR = data
    key = data / "secret-key"
    key.touch()
    os.utime(key, (NOW.timestamp(), NOW.timestamp()))
    assert levels_of("Cadangan", NOW + timedelta(hours=1)) == [Level.NOTICE]
    assert levels_of("Cadangan", NOW + timedelta(days=3)) == [Level.GRAVE]
    settings.BACKUP_FOLDER = data / "backups"
    assert levels_of("Cadangan", NOW + timedelta(days=3)) == [Level.GRAVE, Level.NOTICE]
