"""Files that no row names are told after a day, and taken away when nobody can miss them."""

import os
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.celery import REGULARLY, app
from config.tasks import tidy as task
from documents.archive.left_overs import left_overs
from documents.models import archive_root
from documents.services import archive_instance, remove_left_overs, verify_archive
from documents.storage import stored_path
from foundation.actors import SYSTEM
from processes.models import Instance
from tests.cast import NOW
from tests.documents.test_services import issue


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def left(path: Path, days: float, now: datetime) -> Path:
    """Put a file there that was written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sisa")
    return aged(path, days, now)


def aged(path: Path, days: float, now: datetime) -> Path:
    moment = (now - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_what_rows_name_stays_however_old_it_is(instance: Instance, now: datetime) -> None:
    document = issue(instance)
    archive = archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    file = aged(stored_path(document.file.name or ""), 900, now)
    aged(archive.location, 900, now)
    assert list(left_overs(now)) == []
    assert remove_left_overs(now=now) == 0
    assert file.exists()
    assert list(verify_archive()) == []


@pytest.mark.parametrize(("days", "told", "removed"), [(0.5, False, False), (2, True, False),
                                                      (31, True, True)])  # fmt: skip
def test_a_whole_file_waits_a_month(
    instance: Instance, now: datetime, days: float, told: bool, removed: bool
) -> None:
    path = left(stored_path("documents/2026/04/ab.docx"), days, now)
    assert (path in list(left_overs(now))) is told
    remove_left_overs(now=now)
    assert path.exists() is not removed
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(("days", "removed"), [(0.5, False), (2, True)])
def test_a_half_written_file_and_a_draft_of_an_archive_wait_a_day(
    instance: Instance, now: datetime, days: float, removed: bool
) -> None:
    part = left(stored_path("documents/2026/04/.ab.docx.1f.part"), days, now)
    draft = left(archive_root() / ".draf-1f" / "dokumen" / "1.docx", days, now).parent.parent
    aged(draft, days, now)
    remove_left_overs(now=now)
    assert (part.exists(), draft.exists()) == (not removed, not removed)
    remove_left_overs(now=now + timedelta(days=9))


def test_the_folder_of_an_archive_without_a_row_is_told(instance: Instance, now: datetime) -> None:
    folder = left(archive_root() / "diskominfo" / "2026" / "berkas-9" / "x", 3, now).parent
    aged(folder, 3, now)
    assert list(left_overs(now)) == [folder]
    aged(folder, 40, now)
    assert remove_left_overs(now=now) == 1
    assert not folder.exists()


def test_the_command_tells_left_overs_and_calls_them_no_damage(
    instance: Instance, now: datetime
) -> None:
    path = left(stored_path("documents/2026/04/cd.docx"), 2, now)
    out = StringIO()
    call_command("verify_archive", stdout=out)
    assert f"sisa tanpa pemilik: {path}" in out.getvalue()
    path.unlink()


def test_beat_sweeps_once_a_day() -> None:
    assert REGULARLY["tidy"] == 86400
    assert task.name in app.tasks
