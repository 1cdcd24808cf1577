"""Everybody at his desk: what waits is taken and done, machines call; runs inside an office."""

from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from devices.models import DeviceCommand
from foundation.models import OutboxJob
from organization.models import User
from processes.definitions import definition_of
from processes.exceptions import ProcessError
from processes.models import Instance, Task
from processes.services import claim_task, complete_task
from tests.devices.terminals import Terminal
from tests.forty.offices import SOP, terminals

RETURNED_EVERY = 3  # of so many agencies one head returns the month once
DECIDES = 7  # the stage of the decision
_machines = cache(terminals)


def answers(stage: int, now: datetime) -> dict[str, Any]:
    """Return what a form from stage 4 on is answered with when nothing is missing."""
    reasons = ["dinas_luar", "tugas_belajar", "cuti", "sakit", "ijin", "alasan_lain"]
    given: dict[int, dict[str, Any]] = {
        4: {"kesiapan": ["mesin", "kabel", "internet"]},
        5: {"alasan_diperiksa": reasons},
        6: {"keperluan": "Laporan berkala", "draft_diperiksa": "true"},
        7: {"keputusan": "setuju"},
        8: {"tanggal_dilaporkan": f"{now:%Y-%m-%d}", "cara_dilaporkan": "surat"},
        9: {"pencatatan": ["resume", "ketidakhadiran"]},
    }
    return given[stage]


def work() -> dict[str, Any]:
    """Do once whatever waits for people and machines; tell how all of it stands."""
    now = timezone.now()
    waiting = set(
        DeviceCommand.objects.filter(state=DeviceCommand.State.WAITING).values_list(
            "device", flat=True
        )
    )
    for machine in _machines():
        if machine.device.pk in waiting:
            _call(machine)
    done, refused = 0, []
    for task in Task.objects.filter(kind="user", status=Task.Status.READY).select_related(
        "instance__agency"
    ):
        try:
            _do(task)
            done += 1
        except ProcessError as error:
            refused.append(f"{task.instance} {task.step}: {error}")
    return {
        "done": done,
        "refused": refused,
        "running": Instance.objects.filter(status=Instance.Status.RUNNING).count(),
        "finished": Instance.objects.filter(status=Instance.Status.FINISHED).count(),
        "completed": Task.objects.filter(status=Task.Status.COMPLETED).count(),
        "jobs": OutboxJob.objects.filter(state=OutboxJob.State.WAITING).count(),
        "incidents": list(
            OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).values_list(
                "key", "last_error"
            )
        ),
        "seconds": (timezone.now() - now).total_seconds(),
    }


def _call(machine: Terminal) -> None:
    machine.work(timezone.now())


def _do(task: Task) -> None:
    agency = task.instance.agency
    user = User.objects.get(appointments__agency=agency, appointments__role=task.lane)
    stage = definition_of(task.instance).step_of(task.step).number
    assert stage is not None
    if task.instance.definition_key == SOP:
        given = answers(stage, timezone.now())
    else:  # what the month handed over lies before BKD
        given = {"nomor_agenda_bahan": f"800/{task.pk}", "keputusan_bahan": "bahan_terima"}
    if stage == DECIDES and task.visit == 1 and agency.pk % RETURNED_EVERY == 0:
        given = {"keputusan": "dikembalikan", "catatan": "Tanggal 3 kurang lengkap"}
    claim_task(task_id=task.pk, actor_user=user, now=timezone.now())
    complete_task(
        task_id=task.pk, actor_user=user, answers=given, now=timezone.now(),
        idempotency_key=f"orang-{task.pk}",
    )  # fmt: skip
