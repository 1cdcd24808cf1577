"""The doctor looks at what runs: database, broker, worker, clock, the machines' door."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config import serving
from config.celery import app
from config.doctor import Level
from foundation.heartbeats import WORKER, beat
from foundation.models import OutboxJob
from tests.config.doctor.asked import NOW, levels_of, rows_of
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.doctor import registry

    kept = {"Basis data", "Migrasi", "Jam", "Broker", "Pekerja", "Penjadwal", "Pintu mesin"}
    listed = [each for each in registry._checks if each.subject in kept]
    monkeypatch.setattr(registry, "_checks", listed)


def test_a_database_that_answers_with_all_its_tables_is_fine() -> None:
    for subject in ("Basis data", "Migrasi", "Jam"):
        assert levels_of(subject) == [Level.FINE], subject


def test_tables_of_an_older_version_are_grave() -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    (row,) = rows_of("Migrasi")
    assert row.level is Level.GRAVE
    assert "manage.py migrate" in row.advice


def test_a_broker_that_does_not_answer_is_grave_and_its_password_is_not_told(
    settings: LazySettings,
) -> None:
    address = f"redis://:geheim@127.0.0.1:{free_port()}/0"
    before = app.conf.broker_url, app.conf.broker_transport_options
    settings.CELERY_BROKER_URL = address
    app.conf.update(broker_url=address, broker_transport_options={"socket_connect_timeout": 2})
    try:
        (row,) = rows_of("Broker")
    finally:
        app.conf.update(broker_url=before[0], broker_transport_options=before[1])
    assert row.level is Level.GRAVE
    assert "geheim" not in row.text + row.advice


def test_the_broker_of_files_is_fine() -> None:
    assert levels_of("Broker") == [Level.FINE]


@pytest.mark.parametrize(("waited", "level"), [(1, Level.FINE), (3, Level.GRAVE)])
def test_work_that_nobody_takes_tells_that_no_worker_is_there(waited: int, level: Level) -> None:
    beat(name=WORKER, now=NOW)
    due = NOW - timedelta(minutes=waited)
    OutboxJob.objects.create(kind="uji", key="uji", run_after=due, created_at=due)
    assert levels_of("Pekerja") == [level]


def test_work_that_a_worker_holds_is_nobodys_fault() -> None:
    beat(name=WORKER, now=NOW)
    due = NOW - timedelta(hours=1)
    OutboxJob.objects.create(
        kind="uji",
        key="uji",
        run_after=due,
        created_at=due,
        leased_until=NOW + timedelta(seconds=30),
    )
    assert levels_of("Pekerja") == [Level.FINE]


def test_work_that_failed_is_counted() -> None:
    beat(name=WORKER, now=NOW)
    OutboxJob.objects.create(
        kind="uji", key="uji", run_after=NOW, created_at=NOW, state=OutboxJob.State.INCIDENT
    )
    found = rows_of("Pekerja")
    assert [row.level for row in found] == [Level.FINE, Level.NOTICE]
    assert found[1].text.startswith("1 pekerjaan gagal")


@pytest.mark.parametrize(("name", "subject"), [("worker", "Pekerja"), ("clock", "Penjadwal")])
def test_worker_and_clock_are_known_by_when_they_were_last_seen(name: str, subject: str) -> None:
    assert levels_of(subject) == [Level.GRAVE]
    beat(name=name, now=NOW)
    assert levels_of(subject, NOW + timedelta(minutes=4)) == [Level.FINE]
    assert levels_of(subject, NOW + timedelta(minutes=6)) == [Level.GRAVE]


@contextmanager
def answering(status: int) -> Iterator[str]:
    """Run a server that says this to whoever calls."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "level"), [(400, Level.FINE), (404, Level.GRAVE)])
def test_the_door_of_the_machines_is_called(
    monkeypatch: pytest.MonkeyPatch, status: int, level: Level
) -> None:
    with answering(status) as address:
        monkeypatch.setattr(serving, "bind", address)
        assert levels_of("Pintu mesin") == [level]


def test_a_door_that_nobody_opens_is_grave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "bind", f"0.0.0.0:{free_port()}")
    assert levels_of("Pintu mesin") == [Level.GRAVE]


def test_the_moment_is_given_to_the_doctor_not_read_by_it() -> None:
    later = NOW + timedelta(minutes=3)
    beat(name=WORKER, now=NOW)
    OutboxJob.objects.create(kind="uji", key="uji", run_after=NOW, created_at=NOW)
    assert levels_of("Pekerja", now=NOW) == [Level.FINE]
    assert levels_of("Pekerja", now=later) == [Level.GRAVE]
