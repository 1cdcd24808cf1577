"""A task that stands for a whole SOP: begin it, take its results, or stop it.

The SOP that is called is an instance like any other, of the same agency; it knows the task that
waits for it (`Instance.called_by`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from foundation.actors import SYSTEM
from foundation.outbox import Refused
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, DuplicateInstance, InvalidAnswers
from processes.models import Instance, Task
from processes.services.completion import Outcome
from processes.services.instances import start_process, stop_process
from processes.services.locking import open_task
from processes.services.machinery import begin_operation, complete_quietly, fail_task
from workflows import repository
from workflows.definitions import ROOM_SUBJECTS, SubjectKind, TaskDefinition


def begin_called(*, task_id: int, now: datetime) -> Instance | None:
    """Begin the SOP that a task stands for; the one begun already where there is one.

    None where the task is over. Raises `Refused` with a sentence where that SOP cannot be begun:
    its subject is not there, or the agency has it at work for this subject.
    """
    if begin_operation(task_id=task_id, now=now) is None:
        return None
    try:
        return _begin(task_id, now)
    except (DuplicateInstance, InvalidAnswers) as error:
        raise Refused(str(error)) from error


@transaction.atomic
def _begin(task_id: int, now: datetime) -> Instance | None:
    """Begin it under the lock of the instance that waits: two workers begin it once."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.status != Task.Status.CLAIMED:
        return None
    begun = Instance.objects.filter(called_by=task).exclude(status=Instance.Status.CANCELLED)
    if found := begun.first():
        return found
    definition = repository.get(opened.step.calls)
    source = opened.step.subject
    subject = "" if definition.subject is SubjectKind.NONE else subject_from(source, task.instance)
    _refuse_second(task, definition.key, subject)
    is_number = definition.subject in ROOM_SUBJECTS
    return start_process(
        definition_key=definition.key,
        agency=task.agency,
        subject=subject,
        actor_user=None,
        title=f"{definition.head.title} - {task.instance.title}" if is_number else "",
        called_by=task,
        now=now,
    )


def subject_from(source: str, instance: Instance) -> str:
    """Return what a source names: "subject", ours, or "form.<field>", one of the latest answers."""
    field = source.removeprefix("form.")
    return instance.subject if field == source else str(instance.form.get(field, ""))


def _refuse_second(task: Task, key: str, subject: str) -> None:
    same = Instance.objects.filter(
        definition_key=key, agency=task.agency_id, subject=subject, status=Instance.Status.RUNNING
    )
    if subject and (other := same.first()):
        raise Refused(f"{other.title} sedang berjalan; tunggu selesai, lalu coba lagi.")


def finish_call(*, instance_id: int, now: datetime) -> None:
    """Take the results of a called SOP that is over; nothing where nobody waits any more.

    A SOP that was cancelled has no results: its task fails, and may be tried again.
    """
    child = Instance.objects.select_related("called_by__instance").get(pk=instance_id)
    task = child.called_by
    if task is None or child.status == Instance.Status.RUNNING:
        return
    if child.status == Instance.Status.CANCELLED:
        ended, begun = child.finished_at, task.claimed_at
        if ended is None or begun is None or ended < begun:
            return  # it was told before, and the task has begun another since
        error = f"{child.title} dibatalkan: {child.cancel_reason}"
        fail_task(task_id=task.pk, error=error, now=now)
        return
    step = definition_of(task.instance).tasks[task.step]
    complete_quietly(
        task_id=task.pk,
        now=now,
        answers=results(step, child.form),
        outcome=Outcome(
            note=f"{child.title} selesai.", link=reverse("processes:detail", args=[child.pk])
        ),
    )


def results(step: TaskDefinition, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that a called SOP hands over, under our names, as far as it has them."""
    return {ours: form[its] for ours, its in step.results.items() if its in form}


def stop_called(*, task_id: int, now: datetime) -> None:
    """Cancel what a task began that nobody waits for any more."""
    children = Instance.objects.filter(called_by=task_id, status=Instance.Status.RUNNING)
    for child in children:
        try:
            stop_process(
                instance_id=child.pk,
                actor=SYSTEM,
                reason="Berkas yang menunggunya tidak menunggu lagi.",
                now=now,
            )
        except AlreadyDone:
            continue  # it came to its end at this very moment
