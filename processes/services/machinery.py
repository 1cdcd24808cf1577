"""The system as a performer: automatic tasks by a worker, timers by the clock.

An automatic task is claimed, worked on outside any transaction, and completed by the same service
as a person's. A worker that dies in between leaves the task claimed; the next one does the
operation again, which must therefore be safe to repeat, and the completion happens once.
"""

from datetime import datetime

from django.db import transaction

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger import Entry
from foundation.models import OutboxJob
from organization.models import User
from organization.permissions import actor_for
from processes.access import may_retry
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, NotAllowed, NotReady
from processes.lifecycle import TaskLifecycle
from processes.models import Task
from processes.services.completion import Outcome, complete_task
from processes.services.locking import open_task, save_instance, save_task, subject_of
from workflows import registry

_OVER = (Task.Status.COMPLETED, Task.Status.CANCELLED)


def perform_task(*, task_id: int, now: datetime) -> None:
    """Do the operation of an automatic task and complete it; nothing if that is done already."""
    task = begin_operation(task_id=task_id, now=now)
    if task is None:
        return
    definition = definition_of(task.instance)
    call = definition.tasks[task.step].operation
    if call is None:
        raise NotReady(f"Tahap otomatis “{task.name}” tidak menyebut operasi di sop.toml.")
    context = step_context(task, definition, actor=SYSTEM, now=now)
    result = registry.operation.get(call.name)(with_parameters(context, call))
    outcome = Outcome(note=result.note, link=result.link, reused=result.reused)
    _complete_quietly(task_id=task_id, now=now, outcome=outcome)


def run_timer(*, task_id: int, now: datetime) -> None:
    """End a timer that is due; nothing if somebody began early."""
    _complete_quietly(task_id=task_id, now=now, outcome=Outcome())


def _complete_quietly(*, task_id: int, now: datetime, outcome: Outcome) -> None:
    try:
        complete_task(task_id=task_id, actor_user=None, answers={}, now=now, outcome=outcome)
    except AlreadyDone:
        # Another worker was faster, or the instance was cancelled: the work is over either way.
        if Task.objects.get(pk=task_id).status not in _OVER:
            raise


@transaction.atomic
def begin_operation(*, task_id: int, now: datetime) -> Task | None:
    """Mark an automatic task as being worked on; None when there is nothing left to do."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.status in _OVER:
        return None
    if task.status == Task.Status.READY:
        TaskLifecycle(task).claim()
        save_task(task, was=Task.Status.READY, was_owner=None, claimed_at=now, opened_at=now)
        entry = Entry(actor=SYSTEM, verb="task_claimed", subject=subject_of(task))
        save_instance(opened.instance, [entry], now=now)
    return task


@transaction.atomic
def fail_task(*, task_id: int, error: str, now: datetime) -> None:
    """Show an automatic task as failed once its attempts are used up."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.status != Task.Status.CLAIMED:
        return
    TaskLifecycle(task).fail()
    save_task(task, was=Task.Status.CLAIMED, was_owner=None, note=error)
    entry = Entry(
        actor=SYSTEM, verb="task_failed", subject=subject_of(task), after={"error": error}
    )
    save_instance(opened.instance, [entry], now=now)


@transaction.atomic
def retry_task(*, task_id: int, actor_user: User, now: datetime) -> Task:
    """Let the system try a failed task again."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if not may_retry(actor_user, task, now):
        raise NotAllowed("Penugasan Anda tidak memberi wewenang menyuruh sistem mencoba lagi.")
    if task.status != Task.Status.FAILED:
        raise AlreadyDone("Tahap ini sudah tidak gagal lagi; muat ulang halaman.")
    TaskLifecycle(task).retry()
    save_task(task, was=Task.Status.FAILED, was_owner=None, note="", claimed_at=None)
    entry = Entry(
        actor=actor_for(actor_user, None, task.agency, now),
        verb="task_retried",
        subject=subject_of(task),
    )
    save_instance(opened.instance, [entry], now=now)
    outbox.retry(job=OutboxJob.objects.get(key=f"task:{task.pk}"), now=now)
    return task
