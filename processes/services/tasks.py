"""Take a task, put it back, hand it over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from organization.models import User
from organization.permissions import actor_for, mandate_for, may
from processes import quality
from processes.exceptions import NotAllowed, NotReady
from processes.models import Task
from processes.services.locking import OpenTask, move_task, open_task, overtaken
from workflows.definitions import TaskKind

# The columns of a task that nobody works on.
_NOBODYS: Mapping[str, Any] = {
    "owner_id": None,
    "acting_as": "",
    "claimed_at": None,
    "due_at": None,
}


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
    if task.status != Task.Status.READY:
        raise overtaken(task.pk)
    norm = quality.norm(task, opened.definition, opened.step, now)
    return move_task(
        opened,
        "claim",
        verb="task_claimed",
        now=now,
        told={"step": task.step, "visit": task.visit},
        owner_id=actor_user.pk,
        acting_as=opened.actor.acting_as,
        claimed_at=now,
        due_at=now + norm if norm else None,
    )


@transaction.atomic
def unclaim_task(*, task_id: int, actor_user: User, now: datetime, reason: str = "") -> Task:
    """Put the task back into its queue; what was typed stays with it as a draft."""
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    task = opened.task
    if task.owner_id != actor_user.pk:
        raise overtaken(task.pk)
    return move_task(
        opened,
        "release",
        verb="task_unclaimed",
        now=now,
        told={"reason": reason},
        **_NOBODYS,
    )


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
    return move_task(
        opened,
        "hand_over",
        verb="task_reassigned",
        now=now,
        told={"assignee": to_user.pk, "reason": reason.strip()},
        assignee_id=to_user.pk,
        **_NOBODYS,
    )


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
