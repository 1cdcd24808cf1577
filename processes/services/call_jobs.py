"""What a SOP and the one that called it owe each other, given to the outbox.

Two instances are never locked by one transaction: each is told by a job of its own.
"""

from collections.abc import Iterable
from datetime import datetime

from foundation import outbox
from processes.models import Instance, Task
from workflows.definitions import TaskKind


def tell_caller(instance: Instance, *, now: datetime) -> None:
    """Let the task that began this instance know that it is over; nothing where nobody called."""
    if instance.called_by_id is not None:
        outbox.enqueue(
            kind="processes.call_ended",
            key=f"called:{instance.pk}",
            payload={"instance": instance.pk},
            run_after=now,
        )


def stop_called(tasks: Iterable[Task], *, now: datetime) -> None:
    """Let what these tasks began be stopped: nobody waits for it any more."""
    for task in tasks:
        if task.kind == TaskKind.CALL:
            outbox.enqueue(
                kind="processes.stop_called",
                key=f"stop:{task.pk}",
                payload={"task": task.pk},
                run_after=now,
            )


def call_anew(task: Task, *, now: datetime) -> None:
    """Let the SOP of a task that failed be begun once more."""
    tried = Instance.objects.filter(called_by=task).count()
    job = outbox.enqueue(
        kind="processes.call",
        key=f"task:{task.pk}:{tried}" if tried else f"task:{task.pk}",
        payload={"task": task.pk},
        run_after=now,
    )
    outbox.retry(job=job, now=now)
