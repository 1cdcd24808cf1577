"""Take a task, put it back, hand it over."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.ledger import Entry
from organization.models import User
from organization.permissions import actor_for, mandate_for, may, refusal
from processes import quality
from processes.exceptions import NotAllowed, NotReady
from processes.models import Task, TaskCandidate
from processes.performers import named_people
from processes.preparers import preparers_of, refuse_preparer
from processes.services.advance import offer_to
from processes.services.locking import (
    OpenTask,
    move_task,
    open_task,
    overtaken,
    save_instance,
    subject_of,
)
from processes.spells import Ending, ended_claim
from workflows.definitions import TaskKind

logger = logging.getLogger(__name__)

# The columns of a task that nobody works on.
NOBODYS: Mapping[str, Any] = {
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
    refuse_preparer(actor_user, task, opened.definition)
    norm = quality.norm(task, opened.definition, opened.step, now).whole
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
        **ended_claim(task, Ending.RELEASED, now=now),
        **NOBODYS,
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
    if to_user.pk in preparers_of(task, opened.definition):
        name = to_user.get_full_name()
        raise NotAllowed(f"{name} menyiapkannya sendiri; orang lain harus memutuskannya.")
    if not may_be_handed(opened, to_user, now):
        raise NotAllowed(f"{to_user.get_full_name()} tidak sedang bertugas sebagai {task.lane}.")
    why = Ending.HANDED_OVER if task.owner_id == actor_user.pk else Ending.TAKEN
    return move_task(
        opened,
        "hand_over",
        verb="task_reassigned",
        now=now,
        told={"assignee": to_user.pk, "reason": reason.strip()},
        assignee_id=to_user.pk,
        **ended_claim(task, why, now=now),
        **NOBODYS,
    )


def may_be_handed(opened: OpenTask, to_user: User, now: datetime) -> bool:
    """Say whether somebody may be given this task: data name him, or he holds its role.

    Whoever prepared what it decides may not.
    """
    task = opened.task
    if to_user.pk in preparers_of(task, opened.definition):
        return False
    if task.by_name:
        return to_user.pk in (named_people(task, opened.definition, now) or ())
    return mandate_for(to_user, task.lane, task.agency, now) is not None


@transaction.atomic
def reoffer_task(
    *, task_id: int, now: datetime, actor_user: User | None = None, release: bool = False
) -> tuple[int, ...]:
    """Ask anew whom data name for a task, offer it to them, and return their ids.

    Whoever works on it keeps it while he is still named, unless `release` puts it back: so that the
    next superior can take what the first one let lie. Nothing happens to a task that is over.
    `actor_user` is None for the system; a person may do it as he may reassign. Raises `NotAllowed`,
    and `NotReady` for a task that is offered to a role.
    """
    if actor_user is None:
        opened = open_task(task_id=task_id, user=None, now=now)
    else:
        opened = open_task_as_manager(task_id=task_id, actor_user=actor_user, now=now)
    task = opened.task
    if not task.by_name:
        raise NotReady(f"Tugas ini ditawarkan kepada semua pemegang peran {task.lane}.")
    if task.status not in (Task.Status.READY, Task.Status.CLAIMED):
        return ()
    people = named_people(task, opened.definition, now) or ()
    offered = list(TaskCandidate.objects.filter(task=task).values_list("user", flat=True))
    holders = {task.owner_id, task.assignee_id} - {None}
    stays = holders <= set(people) and not (release and holders)
    if stays and set(people) == set(offered):
        return people
    TaskCandidate.objects.filter(task=task).exclude(user__in=people).delete()
    offer_to(task, [person for person in people if person not in offered], now=now)
    told = {"offered_to": list(people)}
    if stays:
        entry = Entry(
            actor=opened.actor,
            verb="task_reoffered",
            subject=subject_of(task),
            before={"offered_to": offered},
            after=told,
        )
        save_instance(opened.instance, [entry], now=now)
    else:
        move_task(
            opened,
            "hand_over",
            verb="task_reoffered",
            now=now,
            told=told,
            assignee_id=None,
            **ended_claim(task, Ending.REOFFERED, now=now),
            **NOBODYS,
        )
    return people


def reoffer_open_tasks(*, now: datetime, agency_id: int | None = None) -> int:
    """Ask anew for every open task that data give to people; return how many were asked for.

    To be called when superiors, accounts or substitutes changed, and now and then: a substitute's
    days begin and end by the calendar. One that fails stops no other.
    """
    states = (Task.Status.READY, Task.Status.CLAIMED)
    tasks = Task.objects.filter(by_name=True, kind=TaskKind.USER, status__in=states)
    if agency_id is not None:
        tasks = tasks.filter(agency=agency_id)
    asked = 0
    for task_id in list(tasks.order_by("id").values_list("pk", flat=True)):
        try:
            reoffer_task(task_id=task_id, now=now)
        except Exception as error:
            logger.error("task %s could not be offered anew: %s", task_id, type(error).__name__)
        else:
            asked += 1
    return asked


def open_task_as_manager(*, task_id: int, actor_user: User, now: datetime) -> OpenTask:
    """Open a task for its owner, or for somebody who may manage the agency's tasks."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.kind != TaskKind.USER:
        raise NotReady("Tahap ini dikerjakan oleh sistem.")
    if task.status not in (Task.Status.READY, Task.Status.CLAIMED):
        raise overtaken(task.pk)
    check_hands_on(task, actor_user, now)
    actor = actor_for(actor_user, None, task.agency, now)
    return OpenTask(task, actor, actor_user)


def check_hands_on(task: Task, user: User, now: datetime) -> None:
    """Raise `NotAllowed` for who neither owns the task nor may manage the agency's tasks."""
    if task.owner_id != user.pk and not may(user, "processes.reassign", task.agency, now):
        text = "Hanya pemegang tugas atau pimpinan yang dapat mengalihkannya."
        raise NotAllowed(refusal(user, "processes.reassign", task.agency, now, text))
