"""What people say about a task beside doing it: a comment, a call for help, taking it back.

Each is an event of the instance, so that it stands in its history for good.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.mandates.superiors import Superiors
from organization.models import User
from organization.permissions import actor_for, local_date
from processes import queries
from processes.exceptions import NotReady
from processes.models import Instance, Task
from processes.notices.recipients import heads_of
from processes.services.locking import (
    move_task,
    open_task,
    overtaken,
    save_instance,
    subject_of,
)
from processes.services.notices import ESCALATION, notify
from processes.services.tasks import claim_task
from processes.spells import Ending

LONGEST = 2_000  # letters of a comment


@transaction.atomic
def add_comment(*, task_id: int, actor_user: User, text: str, now: datetime) -> None:
    """Say something about a task, for whoever may see its instance; it can be told later who did.

    Raises `TaskNotFound` where the person may not see it, `NotReady` where nothing is said.
    """
    task = queries.get_visible_task(actor_user, task_id, now)
    text = text.strip()[:LONGEST]
    if not text:
        raise NotReady("Tuliskan komentarnya.")
    _note(task, actor_for(actor_user, None, task.agency_id, now), "comment_added", text, now)


@transaction.atomic
def escalate_task(*, task_id: int, actor_user: User, reason: str, now: datetime) -> list[str]:
    """Ask the superior for help with one's own task; return the names of who is told.

    It stays with its owner: who is told may hand it to somebody else. The nearest superior in
    office is asked where he may see it; else whoever leads the agency's work.
    """
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    task, reason = opened.task, reason.strip()
    if task.owner_id != actor_user.pk or task.status != Task.Status.CLAIMED:
        raise overtaken(task_id)
    if not reason:
        raise NotReady("Tuliskan apa yang menghambat.")
    people = [user for user in _above(task, actor_user, now) if user.pk != actor_user.pk]
    if not people:
        raise NotReady("Belum ada atasan yang dapat menerima; sampaikan langsung.")
    notify(
        user_ids=[user.pk for user in people],
        agency=task.agency,
        kind=ESCALATION,
        key=f"escalation/{task.pk}/{now:%Y%m%d%H%M%S}",
        text=f"{actor_user.get_full_name()} meminta bantuan: “{task.full_name}”, "
        f"{task.instance.title}. {reason[:500]}",
        link=reverse("tasks:detail", args=[task.pk]),
        now=now,
    )
    entry = Entry(
        actor=opened.actor,
        verb="task_escalated",
        subject=subject_of(task),
        after={"reason": reason[:500], "told": [user.pk for user in people]},
    )
    save_instance(opened.instance, [entry], now=now)
    return [user.get_full_name() for user in people]


def _above(task: Task, user: User, now: datetime) -> list[User]:
    if user.employee is not None:
        tree = Superiors.of_agency(user.employee.agency_id)
        superior = tree.direct(user.employee.pk, local_date(task.agency, now))
        account = User.objects.filter(employee=superior, is_active=True).first()
        if superior is not None and account is not None:
            seen = queries.visible_instances(account, now).filter(pk=task.instance_id)
            if seen.exists():
                return [account]
    return heads_of(task.agency, now)


@transaction.atomic
def take_back_task(*, task_id: int, actor_user: User, now: datetime) -> Task:
    """Take up again what one handed over and nobody has begun.

    Raises `NotReady` for what one did not hand over oneself, and, where the other was faster,
    `AlreadyDone`.
    """
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    if opened.task.status != Task.Status.READY:
        raise overtaken(task_id)
    if not may_take_back(actor_user, opened.task):
        raise NotReady("Tugas ini tidak Anda alihkan, atau sudah dialihkan lagi.")
    move_task(
        opened,
        "hand_over",
        verb="task_taken_back",
        now=now,
        told={"assignee": None},
        assignee_id=None,
    )
    return claim_task(task_id=task_id, actor_user=actor_user, now=now)


def may_take_back(user: User, task: Task) -> bool:
    """Say whether this person handed the task over last and nobody has begun it."""
    last = task.earlier[-1] if task.earlier else {}
    was_given = last.get("why") == Ending.HANDED_OVER and last.get("by") == user.pk
    return bool(was_given and task.assignee_id and task.status == Task.Status.READY)


def _note(task: Task, actor: Actor, verb: str, text: str, now: datetime) -> None:
    instance = ledger.lock(Instance(pk=task.instance_id))
    if instance.status != Instance.Status.RUNNING:
        raise NotReady("Berkas ini sudah berakhir; riwayatnya tidak bertambah lagi.")
    entry = Entry(actor=actor, verb=verb, subject=subject_of(task), after={"comment": text})
    save_instance(instance, [entry], now=now)
