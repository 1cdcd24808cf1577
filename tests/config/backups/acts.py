"""What processes of an office do beside a backup, and what lies in it afterwards."""

import hashlib
import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from attendance.services import late_punches
from config.backups.keeping import sweep
from config.backups.snapshots import counts, write_heads
from devices.models import Device, DeviceCommand, Punch
from devices.services.commands import order
from documents.archive.checking import verify_archive
from documents.models import Document
from documents.storage import stored_path, write_file
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.models import Agency, User
from processes.models import Task
from processes.services import claim_task, complete_task
from tests import files
from tests.devices import office_acts, storing_acts
from tests.faults.race import ANSWERS
from tests.faults.staging import start_decisions
from tests.inside import wait_for_signal

SERIAL = "CADANGAN00001"
LONGEST = 300  # seconds


def fill() -> None:
    """Let there be sealed fingers, a photo, a letter with its file, and a machine that calls."""
    # The people of the cast name a photo that nobody took.
    write_file(stored_path("photos/2026/uji.jpg"), files.image())
    office_acts.fill(code="diskominfo", fingers=3, bodies=2)
    storing_acts.found(serial=SERIAL)
    storing_acts.give(number=1, since="2026-01-01")
    decide(label="awal", count=1)
    outbox.drain(limit=20, seconds=60)
    assert Document.objects.exists()


def decide(*, label: str, count: int) -> None:
    """Send tasks back and mend them, each of which makes a letter when the outbox is drained."""
    for task_id in start_decisions(count=count, label=label):
        _complete("ratna", task_id, ANSWERS["return"])
        instance = Task.objects.get(pk=task_id).instance
        _complete("sari", instance.tasks.get(step="memperbaiki").pk, {"catatan": "Lengkap"})


def _complete(username: str, task_id: int, answers: dict[str, str]) -> None:
    user = User.objects.get(username=username)
    claim_task(task_id=task_id, actor_user=user, now=timezone.now())
    complete_task(
        task_id=task_id,
        actor_user=user,
        answers=answers,
        idempotency_key=f"klik-{task_id}",
        now=timezone.now(),
    )


def work_until(*, stop: str, name: str) -> int:
    """Decide, write letters and take punches in until the file `stop` appears; return how often.

    Ends by itself as well: a test that fails must not leave it at work.
    """
    wait_for_signal()
    rounds, end = 0, time.monotonic() + LONGEST
    while not Path(stop).exists() and time.monotonic() < end:
        decide(label=f"{name} {rounds}", count=1)
        punch(count=20, since=rounds * 20)
        outbox.drain(limit=2, seconds=1)
        rounds += 1
    return rounds


def punch(*, count: int, since: int = 0) -> list[dict[str, int]]:
    """Let the machine tell so many punches, each a second after the other."""
    first = storing_acts.FIRST
    lines = [
        f"1\t{first + timedelta(seconds=since + n):%Y-%m-%d %H:%M:%S}\t0\t1\t\t0\t0\t"
        for n in range(count)
    ]
    return storing_acts.tell(serial=SERIAL, bodies=["\r\n".join(lines)])


def picture() -> dict[str, Any]:
    """Return what an office is: rows by table, heads of chains, and whatever is wrong with it."""
    heads = io.BytesIO()
    write_heads("default", heads)
    return {
        "counts": counts("default"),
        "heads": hashlib.sha256(heads.getvalue()).hexdigest(),
        "ledger": [str(fault) for fault in [*ledger.verify(), *ledger.disagreements()]],
        "archive": [str(fault) for fault in verify_archive()],
        "events": Event.objects.count(),
        "punches": Punch.objects.count(),
        "decided": Task.objects.filter(status=Task.Status.COMPLETED).count(),
    }


def order_restart() -> int:
    """Tell the machine to restart at its next call; return the number of the command."""
    device = Device.objects.get(serial=SERIAL)
    row = order(device=device, kind=DeviceCommand.Kind.REBOOT, actor=SYSTEM, now=timezone.now())
    return row.pk


def machine_state() -> dict[str, Any]:
    """Return what the machine would be sent now, and what it is asked for."""
    asked = OutboxJob.objects.filter(kind="devices.pull_punches", state=OutboxJob.State.WAITING)
    return {
        "open": DeviceCommand.objects.open().count(),
        "cancelled": DeviceCommand.objects.filter(state=DeviceCommand.State.CANCELLED).count(),
        "asked": asked.count(),
        "restored": Event.objects.filter(verb="backup_restored").count(),
        "agencies": Agency.objects.count(),
    }


def look_for_late_punches() -> int:
    """Order the days anew on which punches arrived, as the clock does; return of how many."""
    return late_punches.catch_up(now=timezone.now())


def tidy() -> list[str]:
    """Sweep what was left in the folder of backups."""
    return sweep()
