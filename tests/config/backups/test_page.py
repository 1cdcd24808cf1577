"""The page of evidence: what admin and pengelola see of backups, and who is told of a late one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from config.backups.jobs import MAKE, make, make_if_due, tell_alarm
from config.backups.keeping import LATE
from foundation.models import OutboxJob
from processes.models import Notice
from tests.cast import NOW, Cast
from tests.config.backups.archives import evidence_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(BACKUP_FOLDER=tmp_path / "cadangan"):
        yield tmp_path / "cadangan"


def page(client: Client, cast: Cast) -> str:
    client.force_login(cast.admin)
    answer = client.get("/cadangan/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_backup_the_page_says_what_comes(
    client: Client, cast: Cast, folder: Path
) -> None:
    text = page(client, cast)
    assert "Belum ada cadangan" in text
    assert "pasal 7 ayat (3) huruf f" in text


def test_a_backup_stands_there_with_its_evidence(client: Client, cast: Cast, folder: Path) -> None:
    row = evidence_of(folder, timezone.now() - timedelta(hours=1), trial=True)
    text = page(client, cast)
    for told in (row.sha256, row.heads_sha256, "12.345 baris", "67 berkas", "Berhasil", "Aman"):
        assert told in text
    assert "Perlu tindakan" not in text


def test_a_late_backup_is_an_alarm_on_the_page(client: Client, cast: Cast, folder: Path) -> None:
    evidence_of(folder, timezone.now() - LATE - timedelta(hours=1), trial=True)
    text = page(client, cast)
    assert "sudah berumur 27 jam" in text
    assert "Perlu tindakan" in text


def test_others_are_refused(client: Client, cast: Cast, folder: Path) -> None:
    client.force_login(cast.employee)
    assert client.get("/cadangan/").status_code == 403


def test_who_looks_after_the_installation_is_told_once_a_day(cast: Cast, folder: Path) -> None:
    evidence_of(folder, NOW - LATE - timedelta(hours=1))
    assert tell_alarm(now=NOW) == 2  # the admin of each agency
    assert tell_alarm(now=NOW + timedelta(hours=1)) == 0
    notice = Notice.objects.get(user=cast.admin)
    assert (notice.link, "27 jam" in notice.text) == ("/cadangan/", True)
    evidence_of(folder, NOW)
    assert tell_alarm(now=NOW + timedelta(days=1)) == 0


def test_the_clock_orders_one_backup_a_day(cast: Cast, folder: Path) -> None:
    for minutes in (0, 10, 20):
        make_if_due(now=NOW + timedelta(minutes=minutes))
    assert OutboxJob.objects.filter(kind=MAKE).count() == 1
    evidence_of(folder, NOW + timedelta(minutes=30))
    make_if_due(now=NOW + timedelta(minutes=40))
    assert OutboxJob.objects.filter(kind=MAKE).count() == 1


def test_a_backup_that_is_there_is_tried_and_not_made_again(cast: Cast, folder: Path) -> None:
    row = evidence_of(folder, timezone.now())
    make({})
    make({})
    assert [job.payload for job in OutboxJob.objects.filter(kind="config.try_backup")] == [
        {"name": row.name}
    ]
