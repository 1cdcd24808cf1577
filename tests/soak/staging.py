"""What is prepared before a soak and read after it; runs inside a process of the office."""

import time
from collections import Counter, defaultdict
from typing import Any

from django.utils import timezone

from devices import services as devices
from devices.models import Device, Punch
from devices.simulator.options import numbered
from documents.archive.checking import verify_archive
from documents.models import Document, LetterNumber
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.models import Employee, User
from organization.services import create_api_token
from processes.audit.measured.refreshing import refresh
from processes.models import Instance, Task
from tests.faults.checker import check as compare
from tests.faults.room.operations import VERB
from tests.faults.staging import HEADS
from tests.soak.fleet import SERIAL

FIRST_PIN = 1001
LONGEST_FINISH = 120  # seconds


def prepare(*, terminals: int, people: list[str]) -> dict[str, Any]:
    """Hang up machines, give everybody a number and these people a token; return all of that."""
    head = User.objects.select_related("employee__agency").get(username=HEADS[0])
    assert head.employee is not None
    agency, now = head.employee.agency, timezone.now()
    for number in range(terminals):
        device = devices.register_device(
            agency=agency, serial=numbered(SERIAL, number), name=f"Mesin {number}",
            protocol=Device.Protocol.PUSH, actor=SYSTEM, now=now,
        )  # fmt: skip
        devices.approve_device(device=device, actor=SYSTEM, now=now)
    pins = []
    staff = Employee.objects.filter(agency=agency).order_by("pk")
    for pin, employee in enumerate(staff, start=FIRST_PIN):
        devices.assign_pin(
            employee=employee, number=pin, valid_from=timezone.localdate(now), actor=SYSTEM, now=now
        )
        pins.append(str(pin))
    tokens = {}
    for name in people:
        issued = create_api_token(
            user=User.objects.get(username=name), name="Uji",
            scopes=("proses:baca", "proses:tulis", "tugas:baca", "tugas:tulis"), days=1,
            actor=SYSTEM, now=now,
        )  # fmt: skip
        tokens[name] = issued.text
    return {"agency": agency.pk, "code": agency.code, "pins": pins, "tokens": tokens}


def left() -> dict[str, int]:
    """Return what has not come to its end."""
    return {
        "instances": Instance.objects.filter(status=Instance.Status.RUNNING).count(),
        "jobs": OutboxJob.objects.filter(state=OutboxJob.State.WAITING).count(),
    }


def finish() -> dict[str, int]:
    """Do what the clock began at the very last, when nobody else works any more; tell what is left.

    What killed workers hold is free after their lease.
    """
    end = time.monotonic() + LONGEST_FINISH
    while any(left().values()) and time.monotonic() < end:
        outbox.drain(seconds=5)
        time.sleep(0.1)
    return left()


def facts() -> dict[str, Any]:
    """Return what the database says, as tests/soak/checker.py wants it."""
    now = timezone.now()
    while refresh(now=now):
        pass
    compared = compare(history=[])
    differing = [f"{f.stream}#{f.sequence}: {f.reason}" for f in ledger.disagreements()]
    documents = Document.objects.exclude(number="")
    instances = Counter(str(number) for number in documents.values_list("instance", flat=True))
    punches = Punch.objects.values_list("device__serial", "pin", "local_time")
    return {
        "tasks": _tasks(),
        "starts": Counter(Instance.objects.values_list("subject", flat=True)),
        "punches": Counter(f"{serial} {pin} {at}" for serial, pin, at in punches),
        "letters": instances,
        "numbers": [f"{agency} {number}" for agency, number in
                    documents.values_list("agency", "number")],
        "given": sum(LetterNumber.objects.values_list("last", flat=True)),
        "state": compared["stories that differ"] + differing,
        "unfinished": compared["not at its end"],
        "ledger": compared["ledger"],
        "archive": [f"{f.subject} {f.path}: {f.reason}" for f in verify_archive()],
    }  # fmt: skip


def worked() -> list[float]:
    """Return when the system did steps of its own, in seconds of the calendar."""
    done = Event.objects.filter(verb__in=(VERB, "document_issued")).order_by("at")
    return [at.timestamp() for at in done.values_list("at", flat=True)]


def sizes() -> dict[str, int]:
    """Return how much there is, and how much of it had to be taken up again."""
    return {
        "events": Event.objects.count(),
        "jobs": OutboxJob.objects.count(),
        "jobs taken up again": OutboxJob.objects.filter(attempts__gt=1).count(),
        "instances": Instance.objects.count(),
        "letters": Document.objects.count(),
        "punches": Punch.objects.count(),
    }


def _tasks() -> dict[str, Any]:
    people = dict(User.objects.values_list("pk", "username"))
    told: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    events = Event.objects.filter(verb__in=("task_claimed", "task_completed"))
    for verb, subject, actor in events.values_list("verb", "subject", "actor_id"):
        told[verb][int(subject.partition(":")[2])].append(people.get(actor or 0, ""))
    return {
        str(task.pk): {
            "instance": task.instance_id,
            "owner": people.get(task.owner_id or 0, ""),
            "key": task.idempotency_key,
            "outcome": task.outcome,
            "claims": told["task_claimed"][task.pk],
            "completions": told["task_completed"][task.pk],
        }
        for task in Task.objects.filter(kind="user")
    }
