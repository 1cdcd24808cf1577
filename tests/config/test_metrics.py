"""What programs that watch may measure: requests, the door, work that is left; nobody by name."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from config import serving
from config.metrics import exposition
from config.metrics.exposition import Rows
from config.metrics.rows import rows
from devices.services.commands import order
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.heartbeats import WORKER, beat
from foundation.models import OutboxJob
from processes.models import Task
from tests.cast import NOW, Cast
from tests.devices.make import make_device
from tests.processes.conftest import SOPS, begin

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples_of(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def measured(monkeypatch: pytest.MonkeyPatch) -> Samples:
    """Read the page; the rows are told by a thread elsewhere, here there are none."""
    monkeypatch.setattr(exposition, "ROWS", Rows(lambda: iter([])))
    answer = Client().get("/metrics")
    assert answer["Content-Type"].startswith("text/plain")
    return samples_of(answer.content.decode())


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.mark.django_db
def test_requests_are_counted_and_timed_by_page_method_and_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    login = {"view": "login", "method": "GET"}
    before = measured(monkeypatch)
    Client().get("/accounts/login/")
    Client().get("/accounts/login/")
    after = measured(monkeypatch)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("sopan_requests_total", **login, status="200") == 2
    assert more("sopan_request_seconds_count", **login) == 2
    assert value(after, "sopan_web_processes") == 1


def test_an_address_that_leads_nowhere_makes_no_label_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Client().generic("COBA", "/accounts/198503122010011001")
    text = str(measured(monkeypatch))
    assert "198503122010011001" not in text
    assert "COBA" not in text


def test_whoever_measures_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured(monkeypatch) == measured(monkeypatch)


@pytest.mark.django_db
def test_the_rows_say_what_is_left_to_do(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    monkeypatch.setattr(outbox, "_kick", None)
    settings.SOP_ROOTS = [SOPS]
    instance = begin(cast)
    task = Task.objects.filter(instance=instance, status="ready").get()
    OutboxJob.objects.all().delete()
    for key, kind in [("a", "uji"), ("b", "uji"), ("c", "lain")]:
        outbox.enqueue(kind=kind, key=key, payload={}, run_after=NOW)
    OutboxJob.objects.filter(key="c").update(state=OutboxJob.State.INCIDENT)
    lobby = make_device(cast.agency, protocol="push")
    order(device=lobby, kind="info", actor=SYSTEM, now=NOW)
    beat(name=WORKER, now=NOW)

    def found() -> Samples:
        with time_machine.travel(NOW + timedelta(hours=1), tick=False):
            samples = [sample for family in rows() for sample in family.samples]
        return {(told.name, tuple(sorted(told.labels.items()))): told.value for told in samples}

    told = found()
    assert value(told, "sopan_outbox_jobs", kind="uji", state="waiting") == 2
    assert value(told, "sopan_outbox_jobs", kind="lain", state="incident") == 1
    assert value(told, "sopan_incidents") == 1
    assert value(told, "sopan_outbox_oldest_due_seconds") == 3600
    sop = {"sop": instance.definition_key}
    assert value(told, "sopan_tasks_open", **sop) == 1
    assert value(told, "sopan_tasks_overdue", **sop) == 0
    assert value(told, "sopan_machine_commands", state="waiting") == 1
    assert value(told, "sopan_machines", state="active") == 1
    assert value(told, "sopan_seen_seconds", who="worker") == 3600
    Task.objects.filter(pk=task.pk).update(wait_told_at=NOW)
    assert value(found(), "sopan_tasks_overdue", **sop) == 1
    names = [cast.operator.username, lobby.serial, lobby.name, "127.0.0.1"]
    assert not any(name in str(told) for name in names)


def test_a_database_that_fails_leaves_what_the_process_counted() -> None:
    def broken() -> Any:
        raise OSError("postgres://sopan:rahasia@db")

    told = [sample for family in Rows(broken).collect() for sample in family.samples]
    assert [(sample.name, sample.value) for sample in told] == [("sopan_database_up", 0)]


# Several processes of the web server

COUNT = """
import os, sys
from prometheus_client import values
import django
django.setup()
from devices.door import measures
from config.metrics import requests
requests.PROCESSES.set(1)
measures.CALLS.labels(200).inc(int(sys.argv[1]))
measures.SECONDS.observe(0.02)
print(os.getpid())
"""
READ = """
import django
django.setup()
from config.metrics import exposition
from config.metrics.exposition import Rows
exposition.ROWS = Rows(lambda: iter([]))
print(exposition.written().decode())
"""


def run(code: str, folder: Path, *arguments: str) -> str:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SOPAN_DATA": str(folder / "data"),
        serving.MEASURES: str(folder / "measures"),
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=300,
        check=True,
    ).stdout  # fmt: skip


def test_what_several_processes_counted_is_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "measures").mkdir()
    pids = [int(run(COUNT, tmp_path, number)) for number in ("3", "4")]
    told = samples_of(run(READ, tmp_path))
    assert value(told, "sopan_door_calls_total", status="200") == 7
    assert value(told, "sopan_door_seconds_count") == 2
    assert value(told, "sopan_web_processes") == 2
    # One of them ends: what it counted stays, it itself is gone.
    monkeypatch.setenv(serving.MEASURES, str(tmp_path / "measures"))
    serving.child_exit(None, SimpleNamespace(pid=pids[0]))
    told = samples_of(run(READ, tmp_path))
    assert value(told, "sopan_door_calls_total", status="200") == 7
    assert value(told, "sopan_web_processes") == 1


def test_one_process_needs_no_folder_and_several_have_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(serving.MEASURES, "/left/over")

    def starting(workers: int) -> str:
        serving.on_starting(SimpleNamespace(cfg=SimpleNamespace(workers=workers)))
        return os.environ.get(serving.MEASURES, "")

    assert starting(1) == ""
    first, second = starting(2), starting(2)
    assert first != second
    for folder in (first, second):
        monkeypatch.setenv(serving.MEASURES, folder)
        serving.on_exit(None)
        assert not Path(folder).exists()


def test_no_measure_is_labelled_by_who_or_where() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("config/metrics", "devices/door")
        for path in (Path(settings.BASE_DIR) / folder).glob("*.py")
    )
    listed = re.findall(r'(?:labels=)?\[((?:"[a-z]+"(?:, )?)+)\]', code)
    labels = {label for told in listed for label in re.findall(r'"([a-z]+)"', told)}
    assert {"view", "method", "status", "outcome", "kind", "state", "sop", "who"} <= labels
    assert not labels & {"user", "nip", "serial", "address", "name", "person", "pin"}
