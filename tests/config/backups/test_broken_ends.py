"""Killed midway, a full disk, a changed archive: no half backup is good, no half place is used."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.backups.evidence import read_evidence
from tests.config.backups.commands import empty_place, manage, refused, told
from tests.office import ROOT, Office

pytestmark = pytest.mark.long
DEADLINE = 120  # seconds
LARGE = 64 * 1024 * 1024  # bytes that nothing can make smaller: enough to be met in the middle


@pytest.fixture(scope="module")
def office(
    model_office: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """An office on SQLite; what ends here ends in files."""
    model = model_office("sqlite")
    folder = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(model.folder, folder)
    photo = folder / "files" / "photos" / "2026" / "uji.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(os.urandom(LARGE))
    return Office(folder)


def backups(office: Office) -> list[str]:
    folder = office.folder / "backups"
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def killed_when(office: Office, begun: Callable[[], bool], *arguments: str) -> None:
    """Start a command and kill it as soon as `begun` says that it is in the middle."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=office.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + DEADLINE
    try:
        while not begun():
            assert process.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < end
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()


def test_a_backup_that_is_killed_is_none_and_the_next_one_is_whole(office: Office) -> None:
    folder = office.folder / "backups"

    def is_half_written() -> bool:
        found = list(folder.glob(".cadangan-*/*.tar.gz"))
        return any(path.stat().st_size > 1024 * 1024 for path in found if path.exists())

    killed_when(office, is_half_written, "backup")
    assert [name for name in backups(office) if not name.startswith(".")] == []
    assert "Belum ada cadangan" in refused(office, "verify_backup")
    made = told(office, "backup")
    swept = office.call("tests.config.backups.acts:tidy")
    assert len(swept) == 1
    assert backups(office) == [made["name"], f"{made['name']}.json"]


def test_a_restore_that_is_killed_is_told_and_never_taken_for_an_office(
    office: Office, tmp_path: Path
) -> None:
    archive, keys = tmp_path / "a.tar.gz", tmp_path / "apart" / "keys"
    told(office, "backup", str(archive), "--keys", str(keys))
    with empty_place(office, tmp_path / "elsewhere") as place:
        photo = place.folder / "files" / "photos" / "2026" / "uji.jpg"
        killed_when(
            place,
            lambda: photo.exists() and photo.stat().st_size > 0,
            "restore", str(archive), "--keys", str(keys),
        )  # fmt: skip
        assert "terputus" in refused(place, "restore", str(archive), "--keys", str(keys))
        checked = manage(place, "check")
        assert "config.E006" in checked.stderr


def test_a_changed_archive_is_refused_and_leaves_the_place_empty(
    office: Office, tmp_path: Path
) -> None:
    archive, keys = tmp_path / "a.tar.gz", tmp_path / "apart" / "keys"
    told(office, "backup", str(archive), "--keys", str(keys))
    with archive.open("r+b") as stream:
        stream.seek(archive.stat().st_size // 2)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 1]))
    with empty_place(office, tmp_path / "elsewhere") as place:
        sentence = refused(place, "restore", str(archive), "--keys", str(keys))
        assert "berubah" in sentence or "rusak" in sentence
        assert not (place.folder / "files").exists()
    tried = manage(office, "verify_backup", str(archive))
    assert tried.returncode
    assert "GAGAL isi" in tried.stdout


def test_a_full_disk_is_told_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "backup" / "a.tar.gz"
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -f 8192; exec {sys.executable} manage.py backup {target}"],
        cwd=ROOT,
        env=office.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE * 2,
    )
    assert done.returncode
    assert "Cadangan tidak dapat ditulis" in done.stderr
    assert [path.name for path in target.parent.iterdir()] == [".lock"]


def test_a_trial_finds_a_good_backup_good_and_leaves_nothing(
    office: Office, tmp_path: Path
) -> None:
    archive = tmp_path / "backup" / "a.tar.gz"
    told(office, "backup", str(archive))
    tried = told(office, "verify_backup", str(archive))
    assert tried["ok"]
    assert {row["name"] for row in tried["findings"]} >= {"isi", "tabel", "catatan", "dokumen"}
    evidence = read_evidence(archive)
    assert evidence is not None
    assert evidence.trial is not None
    assert evidence.trial.ok
    left = sorted(path.name for path in archive.parent.iterdir())
    assert left == [".lock", archive.name, f"{archive.name}.json"]
