"""Timers on the edge of a decision: prepared, fired, and looked at; runs inside an office."""

from collections import Counter
from typing import Any

from django.utils import timezone

from foundation import ledger
from foundation.models import Event, OutboxJob
from processes.models import Instance, Task
from processes.services import complete_task, perform_task
from tests.faults.staging import start_decisions

SOP = "persetujuan_berwaktu"
TIMERS = {"sehari": "mengingatkan", "lewat": "menutup"}  # and what each begins


def start_timed(*, count: int, claimed_by: str, label: str) -> list[int]:
    """Start processes that wait for their decision, their timers running."""
    return start_decisions(count=count, claimed_by=claimed_by, label=label, sop=SOP)


def timer_of(task: int, step: str) -> int:
    """Return the id of the timer that runs beside this decision."""
    return Task.objects.get(instance__tasks=task, step=step).pk


def fire(timer: int) -> Any:
    """Let a timer end, as the outbox's job would."""
    return complete_task(task_id=timer, actor_user=None, answers={}, now=timezone.now())


def disagreements(*, tasks: list[int]) -> list[str]:
    """Return, in words, wherever rows, events and jobs of the timers tell different stories."""
    found = [f"{fault.stream}#{fault.sequence}: {fault.reason}" for fault in ledger.verify()]
    for decision in Task.objects.filter(pk__in=tasks).select_related("instance"):
        rows = {row.step: row for row in decision.instance.tasks.all()}
        if len(rows) != decision.instance.tasks.count():
            found.append(f"{decision.instance}: a step twice")
        found += [f"{decision.instance}: {text}" for text in _wrong(decision, rows)]
    return found


def _wrong(decision: Task, rows: dict[str, Task]) -> list[str]:
    states = {step: row.status for step, row in rows.items()}
    wrong = []
    decided = states["memutuskan"] == "completed"
    interrupted = states["lewat"] == "completed"
    if decided == interrupted or states["memutuskan"] not in ("completed", "cancelled"):
        wrong.append(f"neither or both: {states}")
    if decided != ("menyimpan" in rows):
        wrong.append(f"decided without a follower, or the other way round: {states}")
    for timer, began in TIMERS.items():
        fired = states[timer] == "completed"
        if states[timer] not in ("completed", "cancelled") or fired != (began in rows):
            wrong.append(f"{timer}: {states}")
        wanted = Counter({"task_completed" if fired else "timer_cancelled": 1, "task_opened": 1})
        subject = f"processes.task:{rows[timer].pk}"
        told = Counter(Event.objects.filter(subject=subject).values_list("verb", flat=True))
        if told != wanted:
            wrong.append(f"{timer}: events {dict(told)}")
        jobs = OutboxJob.objects.filter(key=f"task:{rows[timer].pk}").count()
        if jobs != 1:
            wrong.append(f"{timer}: {jobs} jobs")
    return wrong


def summary(*, tasks: list[int]) -> dict[str, int]:
    """Return how many decisions were made and how many timers fired."""
    instances = Instance.objects.filter(tasks__in=tasks)
    rows = Task.objects.filter(instance__in=instances, status=Task.Status.COMPLETED)
    return {step: rows.filter(step=step).count() for step in ("memutuskan", *TIMERS)}


def finish(*, tasks: list[int]) -> dict[str, int]:
    """Do what the system still has to do; return how the instances stand."""
    rows = Task.objects.filter(instance__tasks__in=tasks, kind="automatic", status="ready")
    for task in rows.distinct():
        perform_task(task_id=task.pk, now=timezone.now())
    return Counter(Instance.objects.filter(tasks__in=tasks).values_list("status", flat=True))
