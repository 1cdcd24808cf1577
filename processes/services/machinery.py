"""The system as a performer: automatic tasks by a worker, timers by the clock.

An automatic task is claimed, worked on outside any transaction, and completed by the same service
as a person's. A worker that dies in between leaves the task claimed; the next one does the
operation again, which must therefore be safe to repeat, and the completion happens once. An
operation that waits for something outside raises `outbox.Postponed`: the task stays claimed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger import Entry
from foundation.models import OutboxJob
from organization.models import User
from organization.permissions import actor_for
from processes.access import may_retry
from processes.context import names_of, step_context, with_parameters
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, NotAllowed, NotReady
from processes.lifecycle import TaskLifecycle
from processes.models import Task
from processes.services.advance import apply_snapshot
from processes.services.call_jobs import call_anew
from processes.services.completion import Outcome, complete_task
from processes.services.locking import (
    OpenTask,
    move_task,
    open_task,
    save_instance,
    save_task,
    subject_of,
)
from workflows import engine, registry
from workflows.definitions import TaskKind

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
    complete_quietly(task_id=task_id, now=now, outcome=outcome)


def run_timer(*, task_id: int, now: datetime) -> None:
    """End a timer that is due; nothing if somebody began early."""
    complete_quietly(task_id=task_id, now=now, outcome=Outcome())


def complete_quietly(
    *, task_id: int, now: datetime, outcome: Outcome, answers: Mapping[str, Any] | None = None
) -> None:
    """Complete a task of the system; nothing where it is over already."""
    try:
        complete_task(
            task_id=task_id, actor_user=None, answers=answers or {}, now=now, outcome=outcome
        )
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
        move_task(
            opened,
            "claim",
            verb="task_claimed",
            now=now,
            claimed_at=now,
            opened_at=now,
        )
    return task


@transaction.atomic
def fail_task(*, task_id: int, error: str, now: datetime) -> None:
    """Show a task of the system as failed once its attempts are used up.

    Where the diagram has a way for errors, the process goes on by it; else people must look.
    """
    opened = open_task(task_id=task_id, user=None, now=now)
    if opened.task.status != Task.Status.CLAIMED:
        return
    if opened.step.error_way is not None:
        try:
            with transaction.atomic():
                _leave_by_error(opened, error, now)
            return
        except engine.EngineError as refusal:
            error = f"{error} Jalan untuk kegagalan tidak dapat diambil: {refusal}"
            opened = open_task(task_id=task_id, user=None, now=now)
    move_task(opened, "fail", verb="task_failed", now=now, told={"error": error}, note=error)


def _leave_by_error(opened: OpenTask, error: str, now: datetime) -> None:
    """Let the token go on by the error event on the task's edge; the task stays as it failed."""
    task, instance, definition = opened.task, opened.instance, opened.definition
    was, was_owner = task.status, task.owner_id
    TaskLifecycle(task).fail()
    save_task(task, was=was, was_owner=was_owner, note=error, effective_at=now)
    context = step_context(task, definition, actor=SYSTEM, now=now)
    names = names_of(instance, definition, context, instance.form)
    snapshot = engine.fail(definition, bytes(instance.state), task.engine_id, names.for_engine)
    following = apply_snapshot(
        instance, definition, snapshot, rows_of=names.rows, now=now, after=task
    )
    entry = Entry(
        actor=SYSTEM,
        verb="task_failed",
        subject=subject_of(task),
        before={"status": was, "owner": was_owner},
        after={
            "status": task.status,
            "owner": task.owner_id,
            "error": error,
            "left_by": opened.step.error_way,
        },
    )
    save_instance(instance, [entry, *following.entries], now=now, **following.changes)


@transaction.atomic
def retry_task(*, task_id: int, actor_user: User, now: datetime) -> Task:
    """Let the system try a failed task again."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if not may_retry(actor_user, task, now):
        raise NotAllowed("Penugasan Anda tidak memberi wewenang menyuruh sistem mencoba lagi.")
    if task.status != Task.Status.FAILED:
        raise AlreadyDone("Tahap ini sudah tidak gagal lagi; muat ulang halaman.")
    if task.was_left:
        raise AlreadyDone("Berkas ini sudah berlanjut lewat jalan untuk kegagalan.")
    opened = replace(opened, actor=actor_for(actor_user, None, task.agency, now), user=actor_user)
    move_task(opened, "retry", verb="task_retried", now=now, note="", claimed_at=None)
    if task.kind == TaskKind.CALL:
        call_anew(task, now=now)
    else:
        outbox.retry(job=OutboxJob.objects.get(key=f"task:{task.pk}"), now=now)
    return task


def progress_of(tasks: Iterable[Task]) -> dict[int, str]:
    """Return how far the system is with its tasks, as sentences by task; one query, or none."""
    keys = {
        f"task:{task.pk}": task.pk
        for task in tasks
        if task.kind == TaskKind.AUTOMATIC and task.status not in (*_OVER, Task.Status.FAILED)
    }
    found = outbox.progress_of(keys) if keys else {}
    return {keys[key]: text for key, text in found.items()}
