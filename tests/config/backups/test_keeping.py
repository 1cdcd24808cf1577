"""Which backups are kept, which are swept away, and when somebody is told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from config.backups.evidence import kept, read_evidence
from config.backups.keeping import LATE, alarm, is_due, rotate, scheduled, sweep
from tests.cast import NOW
from tests.config.backups.archives import evidence_of

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "cadangan"
    place.mkdir()
    with override_settings(BACKUP_FOLDER=place):
        yield place


def days_kept(folder: Path) -> list[int]:
    """Return how many days before NOW those were made that are there."""
    return [(NOW - row.made_at).days for row in kept(folder)]


def test_seven_days_four_weeks_and_twelve_months_are_kept(folder: Path) -> None:
    for age in range(500):
        evidence_of(folder, NOW - age * DAY)
    gone = rotate(now=NOW)
    there = days_kept(folder)
    assert there[:7] == list(range(7))
    assert len(there) <= 7 + 4 + 12
    months = {(NOW - age * DAY).strftime("%Y-%m") for age in there}
    assert len(months) == 12
    assert len(gone) == 500 - len(there)


def test_what_was_rotated_away_leaves_its_evidence(folder: Path) -> None:
    with override_settings(BACKUPS_KEPT="1,0,0"):
        for age in range(2):
            evidence_of(folder, NOW - age * DAY)
        (name,) = rotate(now=NOW)
    assert not (folder / name).exists()
    assert (folder / f"{name}.json").exists()
    assert read_evidence(folder / name) is None
    sweep()
    assert (folder / f"{name}.json").exists()


def test_the_newest_good_one_is_never_taken_away(folder: Path) -> None:
    for age in range(9):
        evidence_of(folder, NOW - age * DAY, faults=age < 8)
    with override_settings(BACKUPS_KEPT="2,0,0"):
        rotate(now=NOW)
    assert days_kept(folder) == [0, 1, 8]


def test_of_one_day_a_good_one_stands_before_a_later_bad_one(folder: Path) -> None:
    evidence_of(folder, NOW - timedelta(minutes=30))
    evidence_of(folder, NOW, trial=False)
    with override_settings(BACKUPS_KEPT="1,1,1"):
        rotate(now=NOW)
    assert [row.is_good for row in kept(folder)] == [True]


def test_what_somebody_named_himself_stays(folder: Path) -> None:
    (folder / "sebelum-pindah.tar.gz").write_bytes(b"1")
    sweep()
    assert (folder / "sebelum-pindah.tar.gz").exists()


def test_what_a_killed_process_left_is_no_backup_and_is_swept(folder: Path) -> None:
    good = evidence_of(folder, NOW)
    staging = folder / ".cadangan-x1"
    staging.mkdir()
    (staging / "sopan-20260101T000000Z.tar.gz").write_bytes(b"separuh")
    (folder / "sopan-20260102T000000Z.tar.gz").write_bytes(b"tanpa bukti")
    lonely = evidence_of(folder, NOW - DAY)
    (folder / lonely.name).unlink()
    assert [row.name for row in kept(folder)] == [good.name]
    assert len(sweep()) == 3
    names = sorted(path.name for path in folder.iterdir())
    assert names == [good.name, f"{good.name}.json"]


def test_an_archive_of_another_size_than_its_evidence_is_none(folder: Path) -> None:
    row = evidence_of(folder, NOW)
    (folder / row.name).write_bytes(b"1234")
    assert kept(folder) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime.fromisoformat("2026-04-20T09:00+08:00"), "2026-04-20T01:00:00+08:00"),
        (datetime.fromisoformat("2026-04-20T00:59+08:00"), "2026-04-19T01:00:00+08:00"),
    ],
)
def test_one_is_due_once_a_day_at_its_hour(folder: Path, now: datetime, due: str) -> None:
    assert scheduled(now).isoformat() == due
    assert is_due(now)
    evidence_of(folder, scheduled(now) - timedelta(seconds=1))
    assert is_due(now)
    evidence_of(folder, scheduled(now) + timedelta(minutes=5))
    assert not is_due(now)
    assert is_due(now + DAY)


def test_a_late_a_broken_and_a_failed_backup_are_told(folder: Path) -> None:
    assert alarm(NOW + timedelta(days=9000)) == "Belum ada cadangan yang utuh."
    evidence_of(folder, NOW, trial=True)
    assert alarm(NOW + LATE) == ""
    assert alarm(NOW + LATE + timedelta(seconds=1)) == (
        "Cadangan utuh terakhir sudah berumur 26 jam."
    )
    evidence_of(folder, NOW + timedelta(hours=1), faults=1)
    assert "tidak utuh" in alarm(NOW + LATE)
    evidence_of(folder, NOW + timedelta(hours=2), trial=False)
    assert "gagal saat dicoba" in alarm(NOW + LATE)


def test_an_installation_of_today_is_given_time(folder: Path) -> None:
    assert alarm(timezone.now()) == ""
