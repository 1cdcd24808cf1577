"""Rest by declaration, and the beat of a form that stands open.

A pause takes time off the clock of handling, so it has a reason and an event. The beat is comfort
of the audit alone: it says how long the form was looked at, and nothing rests on it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from foundation.ledger import Entry
from organization.models import User
from processes import spells
from processes.exceptions import AlreadyDone, NotReady
from processes.models import Task
from processes.services.locking import (
    OpenTask,
    open_task,
    overtaken,
    save_instance,
    save_task,
    subject_of,
)

LONGEST_BEAT = timedelta(minutes=5)  # what is longer was no looking at the form


@transaction.atomic
def pause_task(*, task_id: int, actor_user: User, reason: str, now: datetime) -> Task:
    """Let one's own task rest, with a reason; its clock stands still until `resume_task`.

    Whoever puts it back, hands it over or submits it ends the pause as well. Raises `NotReady`
    without a reason, `AlreadyDone` where it rests already or is not one's own any more.
    """
    opened = _own_task(task_id, actor_user, now)
    task, reason = opened.task, reason.strip()
    if not reason:
        raise NotReady("Tuliskan alasan jeda.")
    if spells.is_paused(task):
        raise AlreadyDone("Tugas ini sudah dijeda.")
    _keep(opened, "task_paused", spells.begun_pause(task, reason, now=now), now, reason=reason)
    return task


@transaction.atomic
def resume_task(*, task_id: int, actor_user: User, now: datetime) -> Task:
    """Go on with a task that rested. Raises `AlreadyDone` where it does not rest."""
    opened = _own_task(task_id, actor_user, now)
    if not spells.is_paused(opened.task):
        raise AlreadyDone("Tugas ini tidak sedang dijeda.")
    _keep(opened, "task_resumed", spells.ended_pauses(opened.task, now=now), now)
    return opened.task


def note_beat(*, task_id: int, actor_user: User, now: datetime) -> bool:
    """Add the time since the last beat of the form that stands open; False if not one's own.

    A form that was opened without JavaScript never beats, and nothing lacks but this number.
    """
    own = Task.objects.filter(pk=task_id, owner=actor_user, status=Task.Status.CLAIMED)
    row = own.values_list("form_seconds", "form_beat_at").first()
    if row is None:
        return False
    seconds, last = row
    # Two windows that beat at once count once: the second finds another moment there.
    own.filter(form_beat_at=last).update(
        form_seconds=seconds + open_seconds(last, now), form_beat_at=now
    )
    return True


def open_seconds(last: datetime | None, now: datetime) -> int:
    """Return how long the form was looked at since its last beat, in seconds."""
    if last is None or last > now:
        return 0
    return int(min(now - last, LONGEST_BEAT).total_seconds())


def _own_task(task_id: int, user: User, now: datetime) -> OpenTask:
    opened = open_task(task_id=task_id, user=user, now=now)
    if opened.task.owner_id != user.pk or opened.task.status != Task.Status.CLAIMED:
        raise overtaken(task_id)
    return opened


def _keep(
    opened: OpenTask, verb: str, pauses: list[dict[str, object]], now: datetime, **told: str
) -> None:
    task = opened.task
    save_task(task, was=task.status, was_owner=task.owner_id, pauses=pauses)
    entry = Entry(actor=opened.actor, verb=verb, subject=subject_of(task), after=told)
    save_instance(opened.instance, [entry], now=now)
