"""F59: a backup made while people and machines write, restored elsewhere, is the place it was."""

from pathlib import Path
from typing import Any

import pytest

from tests.config.backups.commands import empty_place, manage, refused, told
from tests.office import Office

pytestmark = pytest.mark.long
ACTS = "tests.config.backups.acts"


@pytest.fixture(scope="module")
def working(office: Office) -> Office:
    office.call(f"{ACTS}:fill")
    return office


def test_f59_a_backup_under_load_restored_elsewhere_is_whole(
    working: Office, tmp_path: Path
) -> None:
    archive, keys, stop = tmp_path / "a.tar.gz", tmp_path / "apart" / "keys", tmp_path / "stop"
    writers = [
        working.begin(f"{ACTS}:work_until", stop=str(stop), name=name) for name in ("a", "b")
    ]
    for writer in writers:
        writer.wait_until_ready()
        writer.go("")
    try:
        made = told(working, "backup", str(archive), "--keys", str(keys))
    finally:
        stop.touch()
    rounds = [writer.answer() for writer in writers]
    after: dict[str, Any] = working.call(f"{ACTS}:picture")
    assert min(rounds) > 0  # they did write beside it
    assert (made["faults"], keys.stat().st_mode & 0o777) == ([], 0o600)
    with empty_place(working, tmp_path / "elsewhere") as place:
        done = told(place, "restore", str(archive), "--keys", str(keys))
        assert [row for row in done["findings"] if not row["ok"]] == []
        assert (done["rows"], done["files"]) == (made["rows"], made["files"])
        found = place.call(f"{ACTS}:picture")
    assert (found["ledger"], found["archive"]) == ([], [])
    # What was there before the snapshot is there, and nothing that came after it is lost at work.
    assert 0 < found["decided"] <= after["decided"]
    assert found["punches"] <= after["punches"]
    assert made["files"] >= 2
    assert (after["ledger"], after["archive"]) == ([], [])


def test_the_restored_place_is_the_very_same(working: Office, tmp_path: Path) -> None:
    before = working.call(f"{ACTS}:picture")
    archive, keys = tmp_path / "a.tar.gz", tmp_path / "apart" / "keys"
    made = told(working, "backup", str(archive), "--keys", str(keys))
    assert made["rows"] == sum(before["counts"].values())
    assert made["heads_sha256"] == before["heads"]
    with empty_place(working, tmp_path / "elsewhere") as place:
        told(place, "restore", str(archive), "--keys", str(keys))
        found = place.call(f"{ACTS}:picture")
        files = [
            sorted(
                (path.relative_to(folder).as_posix(), path.read_bytes())
                for path in (folder / "files").rglob("*")
                if path.is_file()
            )
            for folder in (working.folder, place.folder)
        ]
        assert files[0] == files[1]
        again = refused(place, "restore", str(archive), "--keys", str(keys))
        assert "tidak kosong" in again
    # Of the counted rows only those differ that the restore itself wrote.
    differing = {
        table for table, count in before["counts"].items() if found["counts"][table] != count
    }
    assert differing <= {"foundation_event", "foundation_outboxjob", "django_session"}


def test_wrong_keys_are_refused_before_anything_is_written(working: Office, tmp_path: Path) -> None:
    archive = tmp_path / "a.tar.gz"
    told(working, "backup", str(archive))
    with empty_place(working, tmp_path / "elsewhere") as place:
        assert "berikan berkas kuncinya" in refused(place, "restore", str(archive))
        keys = tmp_path / "apart" / "keys"
        told(working, "backup", str(tmp_path / "b.tar.gz"), "--keys", str(keys))
        environment = {"SOPAN_FIELD_KEYS": "x" * 40}
        told_by_environment = refused(
            place, "restore", str(archive), "--keys", str(keys), **environment
        )
        assert "SOPAN_FIELD_KEYS" in told_by_environment
        assert not (place.folder / "files").exists()
        assert manage(place, "restore", str(archive), "--keys", str(keys)).returncode == 0
