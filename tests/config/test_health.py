"""Whether this server can serve: who is told how much, and what a dead database does."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import tasks
from config.health import answers, parts
from config.health.findings import Asker, Finding, Part, State, ask_in_turn, overall
from devices.models import Device
from foundation import outbox
from foundation.heartbeats import CLOCK, WORKER, beat, last_beats
from foundation.models import Anchor, OutboxJob
from tests.cast import NOW, Cast
from tests.devices.make import make_device
from tests.ports import free_port

FINE, POOR, DOWN = (Finding(state=state) for state in State)
PROBE = {"Host": "10.1.2.3"}  # as whoever watches calls a server: by its number


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def asking(monkeypatch: pytest.MonkeyPatch, **found: Finding) -> None:
    """Let the server find this; of the parts only the database is needed."""
    group = [Part(name=n, ask=lambda n=n: found[n], needed=n == "database") for n in found]  # type: ignore[misc]
    monkeypatch.setattr(answers, "asker", Asker([group], seconds=60))


# Who is told what


def test_a_probe_is_answered_whatever_name_it_calls_the_server_by(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    asking(monkeypatch, database=Finding(state=State.OK, figures={"milliseconds": 1.5}))
    answer = Client().get("/healthz", headers=PROBE)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": {"database": {"state": "ok", "milliseconds": 1.5}},
    }
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("found", "status", "told", "inside"),
    [
        ({"database": FINE, "broker": FINE}, 200, "ok", "ok"),
        ({"database": FINE, "broker": POOR}, 200, "ok", "degraded"),
        ({"database": FINE, "broker": DOWN}, 200, "ok", "degraded"),
        ({"database": DOWN, "broker": FINE}, 503, "down", "down"),
    ],
)
def test_strangers_are_told_whether_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, found: Any, status: int, told: str, inside: str
) -> None:
    asking(monkeypatch, **found)
    for address in ("/healthz", "/healthz/", "/healthz/ready"):
        stranger = Client(REMOTE_ADDR="203.0.113.9").get(address)
        assert (stranger.status_code, stranger.json()) == (status, {"status": told})
        near = Client().get(address)
        assert (near.status_code, near.json()["status"]) == (status, inside)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_a_proxy_on_this_machine_does_not_make_the_world_near(
    monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    asking(monkeypatch, database=FINE)
    assert Client().get("/healthz", headers={header: "127.0.0.1"}).json() == {"status": "ok"}
    assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_networks_that_are_named_and_the_token_are_told_more(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    asking(monkeypatch, database=FINE)
    settings.HEALTH_ADDRESSES = ["192.0.2.0/24", "2001:db8::/32"]
    settings.HEALTH_TOKEN = "rahasia-pemantau"
    for address in ("192.0.2.7", "2001:db8::1"):
        assert "parts" in Client(REMOTE_ADDR=address).get("/healthz").json()
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for told, more in [("Bearer rahasia-pemantau", True), ("Bearer salah", False), ("é", False)]:
        answer = stranger.get("/healthz", headers={"Authorization": told})
        assert ("parts" in answer.json()) is more


def test_without_a_token_none_opens(settings: LazySettings) -> None:
    settings.HEALTH_TOKEN = ""
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403


def test_nothing_is_posted_to_it() -> None:
    assert Client().post("/healthz").status_code == 405


def test_living_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mark for the database, and no thread of the site: the door itself says it."""
    asking(monkeypatch, database=DOWN)
    assert Client().get("/healthz/live").json() == {"status": "ok"}
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("a body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    async def site(*call: Any) -> None:
        raise AssertionError("the site was asked")

    scope = {"type": "http", "path": "/healthz/live"}
    asyncio.run(answers.LiveDoor(site)(scope, receive, send))
    assert (sent[0]["status"], json.loads(sent[1]["body"])) == (200, {"status": "ok"})


# How parts are asked


def test_what_comes_after_a_needed_part_that_is_down_is_not_asked() -> None:
    def broken() -> Finding:
        raise OSError("postgres://sopan:rahasia@db")

    chain = [Part(name="database", ask=broken, needed=True), Part(name="outbox", ask=lambda: FINE)]
    found: dict[str, Finding] = {}
    ask_in_turn(chain, found)
    assert found == {"database": DOWN}


def test_a_part_that_hangs_is_down_and_is_not_asked_a_second_time() -> None:
    over, begun = threading.Event(), []

    def hang() -> Finding:
        begun.append(1)
        over.wait(60)
        return FINE

    hanging = Part(name="database", ask=hang, needed=True)
    asker = Asker([[hanging], [Part(name="disk", ask=lambda: FINE)]], seconds=0.2, keep=0)
    try:
        for _ in range(2):
            found = asker.ask()
            assert found["database"].state is State.DOWN
            assert overall(asker.parts, found) is State.DOWN
        assert len(begun) == 1
    finally:
        over.set()


def test_whoever_asks_without_end_is_told_what_was_found_before() -> None:
    begun: list[int] = []

    def count() -> Finding:
        begun.append(1)
        return FINE

    asker = Asker([[Part(name="database", ask=count)]], seconds=60, keep=3600)
    for _ in range(20):
        asker.ask()
    assert len(begun) == 1


# The parts


@pytest.mark.django_db
def test_the_parts_of_a_sound_installation(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    settings.CELERY_BROKER_URL, settings.BROKER_FOLDER = "filesystem://localhost", tmp_path
    (tmp_path / "messages").mkdir()
    with at(NOW):
        for name in (WORKER, CLOCK):
            beat(name=name, now=NOW)
        assert parts.database().state is State.OK
        assert parts.migrations() == Finding(state=State.OK, figures={"unapplied": 0})
        assert parts.seen(WORKER)().figures == {"seconds_ago": 0}
        assert parts.machines() == Finding(
            state=State.OK, figures={"in_service": 0, "seconds_ago": None}
        )
        assert parts.anchor().state is State.OK
        assert parts.broker().state is State.OK
        assert parts.disk().figures["free_mebibytes"] is not None


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_stops_serving() -> None:
    MigrationRecorder.Migration.objects.filter(app="foundation", name="0001_initial").delete()
    assert parts.migrations() == Finding(state=State.DOWN, figures={"unapplied": 1})


@pytest.mark.django_db
def test_work_that_nobody_takes_and_work_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_kick", None)
    with at(NOW):
        outbox.enqueue(kind="uji", key="a", payload={}, run_after=NOW)
        outbox.enqueue(kind="uji", key="b", payload={}, run_after=NOW)
        OutboxJob.objects.filter(key="b").update(state=OutboxJob.State.INCIDENT)
        assert parts.work().state is State.OK
    with at(NOW + timedelta(minutes=10)):
        figures = {"oldest_due_seconds": 600, "incidents": 1}
        assert parts.work() == Finding(state=State.DEGRADED, figures=figures)


@pytest.mark.django_db
def test_a_worker_is_seen_when_it_sweeps_and_the_clock_when_it_asked_for_that() -> None:
    with at(NOW):
        assert parts.seen(WORKER)() == Finding(state=State.DEGRADED, figures={"seconds_ago": None})
        tasks.drain_outbox()
        assert last_beats() == {WORKER: NOW}
        tasks.drain_outbox(by_clock=True)
        assert last_beats() == {WORKER: NOW, CLOCK: NOW}
    with at(NOW + timedelta(minutes=6)):
        tasks.drain_outbox()
        assert parts.seen(WORKER)().state is State.OK
        assert parts.seen(CLOCK)() == Finding(state=State.DEGRADED, figures={"seconds_ago": 360})


@pytest.mark.django_db
def test_a_heartbeat_is_written_now_and_then_and_set_right_after_a_wrong_clock(
    django_assert_num_queries: Any,
) -> None:
    beat(name=WORKER, now=NOW + timedelta(days=1))
    beat(name=WORKER, now=NOW)
    assert last_beats() == {WORKER: NOW}
    with django_assert_num_queries(1):
        beat(name=WORKER, now=NOW + timedelta(seconds=4))
    beat(name=WORKER, now=NOW + timedelta(seconds=5))
    assert last_beats() == {WORKER: NOW + timedelta(seconds=5)}


@pytest.mark.django_db
def test_machines_that_all_fell_silent(cast: Cast) -> None:
    lobby = make_device(cast.agency, protocol="push")
    Device.objects.filter(pk=lobby.pk).update(last_contact_at=NOW)
    with at(NOW + timedelta(hours=1)):
        assert parts.machines().state is State.OK
    with at(NOW + timedelta(hours=3)):
        figures = {"in_service": 1, "seconds_ago": 10800}
        assert parts.machines() == Finding(state=State.DEGRADED, figures=figures)


@pytest.mark.django_db
def test_a_ledger_that_was_not_anchored_for_long() -> None:
    Anchor.objects.create(number=1, at=NOW, streams=0, events=0, digest="a" * 64)
    with at(NOW + timedelta(hours=25)):
        assert parts.anchor().state is State.OK
    with at(NOW + timedelta(hours=40)):
        assert parts.anchor().state is State.DEGRADED


@pytest.mark.parametrize(("free", "state"), [(5000, "ok"), (500, "degraded"), (10, "down")])
def test_a_disk_that_fills_up(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    class Usage:
        total = 10_000 * parts.MIB

    Usage.free = free * parts.MIB  # type: ignore[attr-defined]
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage)
    assert parts.disk().state == state


def test_a_broker_that_does_not_answer(settings: LazySettings) -> None:
    settings.CELERY_BROKER_URL = f"redis://:rahasia@127.0.0.1:{free_port()}/0"
    (found,) = Asker([[Part(name="broker", ask=parts.broker)]], seconds=60).ask().values()
    assert found == DOWN


def test_a_broker_that_answers(settings: LazySettings) -> None:
    with closing(socket.create_server(("127.0.0.1", free_port()))) as server:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        assert parts.broker().state is State.OK


def test_a_broker_in_a_folder_that_is_gone(tmp_path: Path, settings: LazySettings) -> None:
    settings.CELERY_BROKER_URL, settings.BROKER_FOLDER = "filesystem://localhost", tmp_path
    assert parts.broker().state is State.DOWN


def test_letters_go_on_in_word_without_libreoffice(settings: LazySettings) -> None:
    settings.SOFFICE = "/tidak/ada/soffice"
    assert parts.office().state is State.DEGRADED


# A database that is not there

ASK = """
import django, json
django.setup()
from django.test import Client
for address in ("/healthz/live", "/healthz", "/healthz/ready", "/metrics"):
    answer = Client().get(address)
    print(json.dumps([answer.status_code, answer.content.decode()]))
"""


def asked_without_database(port: int, data: Path) -> list[Any]:
    """Ask a process whose database is said to be at this port of this machine."""
    environment: Mapping[str, str] = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://sopan:rahasia@127.0.0.1:{port}/sopan",
        "SOPAN_DATA": str(data),
    }
    ended = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert "rahasia" not in ended.stdout + ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes calls and never says a word."""
    with closing(socket.create_server(("127.0.0.1", free_port()))) as server:
        yield server.getsockname()[1]


def assert_told_as_down(told: list[Any]) -> None:
    (live, _), (health, text), (ready, _), (metrics, measures) = told
    assert (live, health, ready, metrics) == (200, 503, 503, 200)
    found = json.loads(text)
    assert (found["status"], found["parts"]["database"]) == ("down", {"state": "down"})
    assert found["parts"]["disk"]["state"] != "down"
    assert "sopan_database_up 0.0" in measures


@pytest.mark.fault("F17")
def test_a_dead_database_is_told_as_such_and_holds_nobody_up(tmp_path: Path) -> None:
    assert_told_as_down(asked_without_database(free_port(), tmp_path))


@pytest.mark.fault("F17")
def test_a_database_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    with silent_server() as port:
        assert_told_as_down(asked_without_database(port, tmp_path))
