"""Take a task, put it back, hand it over."""

from datetime import datetime, timedelta

from django.db import transaction

from foundation.ledger import Entry
from organization.models import User
from organization.permissions import actor_for, mandate_for, may
from processes.context import step_context, with_parameters
from processes.exceptions import NotAllowed, NotReady
from processes.lifecycle import TaskLifecycle, TransitionNotAllowed
from processes.models import Task
from processes.services.locking import (
    OpenTask,
    open_task,
    overtaken,
    save_instance,
    save_task,
    subject_of,
)
from workflows import registry
from workflows.definitions import TaskKind


@transaction.atomic
def claim_task(*, task_id: int, actor_user: User, now: datetime) -> Task:
    """Begin the work: the task is this person's, and the clock of handling runs.

    Claiming one's own task again changes nothing. Raises `AlreadyDone` when another was faster.
    """
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    task = opened.task
    if task.kind != TaskKind.USER:
        raise NotReady("Tahap ini dikerjakan oleh sistem.")
    if task.status == Task.Status.CLAIMED and task.owner_id == actor_user.pk:
        return task
    if task.assignee_id not in (None, actor_user.pk):
        raise NotAllowed("Tugas ini diserahkan kepada orang lain.")
    was = task.status
    try:
        TaskLifecycle(task).claim()
    except TransitionNotAllowed as error:
        raise overtaken(task.pk) from error
    save_task(
        task,
        was=was,
        was_owner=None,
        owner_id=actor_user.pk,
        acting_as=opened.actor.acting_as,
        claimed_at=now,
        due_at=_due(opened, now),
    )
    entry = Entry(
        actor=opened.actor,
        verb="task_claimed",
        subject=subject_of(task),
        before={"status": was},
        after={"status": task.status, "step": task.step, "visit": task.visit},
    )
    save_instance(opened.instance, [entry], now=now)
    return task


def _due(opened: OpenTask, now: datetime) -> datetime | None:
    """Return when the standard time of this step is over, counted from now."""
    duration = standard_duration(opened, now)
    return now + duration if duration else None


def standard_duration(opened: OpenTask, now: datetime) -> timedelta | None:
    """Return the norm of this step, times n where the SOP says "per ..."."""
    standard = opened.step.standard
    if standard.duration is None or standard.per is None:
        return standard.duration
    context = step_context(opened.task, opened.definition, actor=opened.actor, now=now)
    count = registry.multiplier.get(standard.per.name)(with_parameters(context, standard.per))
    return standard.duration * max(count, 1)


@transaction.atomic
def unclaim_task(*, task_id: int, actor_user: User, now: datetime, reason: str = "") -> Task:
    """Put the task back into its queue; what was typed stays with it as a draft."""
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    task = opened.task
    if task.owner_id != actor_user.pk:
        raise overtaken(task.pk)
    was = task.status
    try:
        TaskLifecycle(task).release()
    except TransitionNotAllowed as error:
        raise overtaken(task.pk) from error
    save_task(
        task,
        was=was,
        was_owner=actor_user.pk,
        owner_id=None,
        acting_as="",
        claimed_at=None,
        due_at=None,
    )
    entry = Entry(
        actor=opened.actor,
        verb="task_unclaimed",
        subject=subject_of(task),
        before={"status": was},
        after={"status": task.status, "reason": reason},
    )
    save_instance(opened.instance, [entry], now=now)
    return task


@transaction.atomic
def reassign_task(
    *, task_id: int, actor_user: User, to_user: User, reason: str, now: datetime
) -> Task:
    """Offer the task to one named holder of its role, with a reason.

    The owner may hand over his own task; others need `processes.reassign` in the agency.
    """
    opened = open_task_as_manager(task_id=task_id, actor_user=actor_user, now=now)
    task = opened.task
    if not reason.strip():
        raise NotReady("Tuliskan alasan pengalihan.")
    if mandate_for(to_user, task.lane, task.agency, now) is None:
        raise NotAllowed(f"{to_user.get_full_name()} tidak sedang bertugas sebagai {task.lane}.")
    was, was_owner = task.status, task.owner_id
    try:
        TaskLifecycle(task).hand_over()
    except TransitionNotAllowed as error:
        raise overtaken(task.pk) from error
    save_task(
        task,
        was=was,
        was_owner=was_owner,
        assignee_id=to_user.pk,
        owner_id=None,
        acting_as="",
        claimed_at=None,
        due_at=None,
    )
    entry = Entry(
        actor=opened.actor,
        verb="task_reassigned",
        subject=subject_of(task),
        before={"status": was, "owner": was_owner},
        after={"status": task.status, "assignee": to_user.pk, "reason": reason.strip()},
    )
    save_instance(opened.instance, [entry], now=now)
    return task


def open_task_as_manager(*, task_id: int, actor_user: User, now: datetime) -> OpenTask:
    """Open a task for its owner, or for somebody who may manage the agency's tasks."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.kind != TaskKind.USER:
        raise NotReady("Tahap ini dikerjakan oleh sistem.")
    if task.status not in (Task.Status.READY, Task.Status.CLAIMED):
        raise overtaken(task.pk)
    if task.owner_id != actor_user.pk and not may(
        actor_user, "processes.reassign", task.agency, now
    ):
        raise NotAllowed("Hanya pemegang tugas atau pimpinan yang dapat mengalihkannya.")
    actor = actor_for(actor_user, None, task.agency, now)
    return OpenTask(task, actor, actor_user)
