"""Counts what claiming and completing send to the database; runs in a process of an office."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.statements import count_statements
from organization.models import User
from processes.models import Instance, Task
from processes.services import claim_task, complete_task, start_process
from processes.webhooks import hearing

NINE_TASKS, DECISION = "sembilan_tugas", "persetujuan"
NOTE: Mapping[str, Any] = {"catatan": "sudah dikerjakan"}
APPROVAL: Mapping[str, Any] = {"putusan": "disetujui"}
RETURN: Mapping[str, Any] = {"keputusan": "dikembalikan", "alasan": "Tanggal 3 kurang"}


# Who listens outside is asked every few seconds: here once, while warming up, however slow it is.
@patch.object(hearing, "REMEMBERED", 600.0)
def count() -> dict[str, dict[str, dict[str, int]]]:
    """Return the statements of both acts: a plain step, a gateway, and work for the system."""
    hearing.forget_that_nobody_listens()
    # Once per process: a definition is read, Django asks what the database can do.
    count_next(start(NINE_TASKS, "pemanasan"), NOTE)
    count_next(start(DECISION, "pemanasan"), APPROVAL)
    long = start(NINE_TASKS, "hitung")
    counts = {"plain": count_next(long, NOTE)}
    work_through(long, 5)
    counts["gateway"] = count_next(long, RETURN)
    short = start(DECISION, "hitung")
    counts["automatic"] = count_next(short, APPROVAL)
    return counts


def start(key: str, subject: str) -> Instance:
    head = User.objects.get(username="ratna")
    assert head.employee is not None
    return start_process(
        definition_key=key,
        agency=head.employee.agency,
        subject=subject,
        actor_user=head,
        now=timezone.now(),
    )


def work_through(instance: Instance, steps: int) -> None:
    for _ in range(steps):
        count_next(instance, NOTE)


def count_next(instance: Instance, answers: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Do the task that waits, as a holder of its role; return the statements of both acts."""
    task = Task.objects.get(instance=instance, status=Task.Status.READY)
    user = User.objects.filter(
        appointments__role=task.lane, appointments__agency=task.agency_id
    ).order_by("pk")[0]
    with CaptureQueriesContext(connection) as claiming:
        claim_task(task_id=task.pk, actor_user=user, now=timezone.now())
    user = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as completing:
        complete_task(task_id=task.pk, actor_user=user, answers=answers, now=timezone.now())
    return {
        "claim": count_statements(claiming.captured_queries).as_json(),
        "complete": count_statements(completing.captured_queries).as_json(),
    }
