"""What somebody held who moves, retires, leaves or whose appointment ends: back, or to another.

A task never stays with who may no longer do it. Each is given on in its own transaction under its
instance's lock: who completes it in the same moment was either faster, and it is left alone, or is
told that it is no longer his.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.actors import SYSTEM, Actor
from organization.models import Agency, Appointment, User
from organization.permissions import actor_for, local_date, may, refusal
from processes.exceptions import NotAllowed, NotReady, ProcessError
from processes.models import Task
from processes.services.locking import OpenTask, move_task, open_task
from processes.services.tasks import NOBODYS, may_be_handed
from processes.spells import Ending, ended_claim
from workflows.definitions import TaskKind

CAPABILITY = "processes.hand_over"


@dataclass(frozen=True)
class HandedOver:
    """What became of the tasks: how many went to the successor, back into a queue, were left."""

    given: int = 0
    returned: int = 0
    left: int = 0  # done meanwhile, or not to be moved


def held_tasks(agency: Agency | None = None) -> QuerySet[Task]:
    """Return what somebody works on or was handed by name, of an agency or of all."""
    holds = Q(status=Task.Status.CLAIMED) | Q(status=Task.Status.READY, assignee__isnull=False)
    tasks = Task.objects.filter(holds, kind=TaskKind.USER)
    return tasks if agency is None else tasks.filter(agency=agency)


def held_by(user: User, agency: Agency) -> QuerySet[Task]:
    """Return what this person holds in an agency, oldest first."""
    own = Q(owner=user) | Q(owner=None, assignee=user)
    return held_tasks(agency).filter(own).order_by("id")


def hand_over_tasks(
    *,
    from_user: User,
    agency: Agency,
    reason: str,
    actor_user: User,
    now: datetime,
    to_user: User | None = None,
) -> HandedOver:
    """Give everything that a person holds in an agency to a successor, or back into the queues.

    What the successor may not do, since he does not hold its role, goes back into its queue. Raises
    `NotAllowed` without the right to hand over, `NotReady` without a reason or for a successor who
    is the person himself.
    """
    if not may(actor_user, CAPABILITY, agency, now):
        text = "Penugasan Anda tidak memberi wewenang menyerahterimakan tugas."
        raise NotAllowed(refusal(actor_user, CAPABILITY, agency, now, text))
    if not reason.strip():
        raise NotReady("Tuliskan alasan serah terima.")
    if to_user is not None and to_user.pk == from_user.pk:
        raise NotReady("Pilih penerima yang lain, atau kembalikan ke antrean.")
    actor = actor_for(actor_user, None, agency, now)
    tasks = list(held_by(from_user, agency).values_list("pk", flat=True))
    return _each(tasks, from_user.pk, to_user, reason.strip(), actor, now)


def release_ended_mandates(*, now: datetime, agency_id: int | None = None) -> int:
    """Put back what is held by people whose appointment ended; return how many tasks it were.

    Due now and then: appointments begin and end by the calendar of the agency. What data offer by
    name is `reoffer_open_tasks`' matter. Safe to repeat.
    """
    rows = held_tasks().filter(by_name=False).select_related("agency", "owner", "assignee")
    if agency_id is not None:
        rows = rows.filter(agency=agency_id)
    returned = 0
    held = list(rows.order_by("id"))
    serving = _serving(held, now)
    for task in held:
        holder = task.owner or task.assignee
        if holder is None or (holder.pk, task.agency_id, task.lane) in serving:
            continue
        reason = f"Penugasan {holder.get_full_name()} sebagai {task.lane} sudah berakhir."
        returned += _each([task.pk], holder.pk, None, reason, SYSTEM, now).returned
    return returned


def _serving(tasks: Sequence[Task], now: datetime) -> set[tuple[int, int, str]]:
    """Return which of the holders hold the role of their task now: user, agency, role."""
    holders = {task.owner_id or task.assignee_id for task in tasks}
    rows = Appointment.objects.valid_at(now).filter(user__in=holders, user__is_active=True)
    return {
        (row.user_id, row.agency_id, row.role)
        for row in rows.select_related("agency")
        if row.covers(local_date(row.agency, now))
    }


def _each(
    task_ids: Sequence[int],
    holder_id: int,
    to_user: User | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> HandedOver:
    """Hand over one after the other; one that was done or refused meanwhile stops no other."""
    given = returned = left = 0
    for task_id in task_ids:
        try:
            task = _hand_over(task_id, holder_id, to_user, reason, actor, now)
        except ProcessError:
            task = None
        if task is None:
            left += 1
        elif task.assignee_id is None:
            returned += 1
        else:
            given += 1
    return HandedOver(given, returned, left)


@transaction.atomic
def _hand_over(
    task_id: int, holder_id: int, to_user: User | None, reason: str, actor: Actor, now: datetime
) -> Task | None:
    """Give one task on, under the lock; None where it is no longer this person's."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.status not in (Task.Status.READY, Task.Status.CLAIMED):
        return None
    if holder_id != (task.owner_id or task.assignee_id):
        return None
    receives = to_user is not None and may_be_handed(opened, to_user, now)
    assignee_id = to_user.pk if to_user is not None and receives else None
    return move_task(
        OpenTask(task, actor, None),
        "hand_over",
        verb="task_reassigned",
        now=now,
        told={"assignee": assignee_id, "reason": reason, "handed_over": True, "from": holder_id},
        assignee_id=assignee_id,
        **ended_claim(task, Ending.TAKEN, now=now),
        **NOBODYS,
    )
