"""Messages: told under a name, delivered to every SOP that they begin and every task that waits.

A message goes to all that waited when it was sent; where nobody did, to the first that comes. Each
receiver has a transaction of its own, and may be tried again: a task receives once, a SOP begins
once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.outbox import Refused
from organization.models import Agency
from processes.definitions import definition_of
from processes.exceptions import DuplicateInstance, InvalidAnswers
from processes.models import Instance, Message, MessageReceipt, Task
from processes.services.completion import Outcome, complete_task
from processes.services.instances import start_process
from processes.services.locking import open_task
from workflows import repository
from workflows.definitions import (
    ROOM_SUBJECTS,
    Correlation,
    ProcessDefinition,
    SubjectKind,
    TaskKind,
)


@transaction.atomic
def send_message(
    *,
    name: str,
    agency_id: int,
    subject: str,
    payload: Mapping[str, Any],
    key: str,
    actor: Actor,
    now: datetime,
    sender: Task | None = None,
    about: str = "",
) -> Message:
    """Tell an agency something under a name; whoever waits for it is told by a worker.

    `payload` are plain values of JSON under names of form fields; `about` tells people one message
    from another, also in the title of what it begins. The same `key` is one message, however often
    it is sent. The event stands in the chain of the sender's instance, or of the
    agency where no process sent it.
    """
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "agency_id": agency_id,
            "name": name,
            "subject": subject[:120],
            "about": about[:200],
            "payload": dict(payload),
            "sent_at": now,
            "sent_by_task": sender,
        },
    )
    if not created:
        return message
    ledger.record(
        stream=sender.instance if sender else Agency.objects.get(pk=agency_id),
        actor=actor,
        verb="message_sent",
        subject=f"processes.message:{message.pk}",
        after={
            "name": name,
            "agency": agency_id,
            "subject": message.subject,
            "fields": sorted(payload),
        },
        now=now,
    )
    outbox.enqueue(
        kind="processes.deliver",
        key=f"message:{message.pk}",
        payload={"message": message.pk},
        run_after=now,
    )
    return message


def deliver_message(*, message_id: int, now: datetime) -> int:
    """Hand a message to every SOP that it begins and every task that waits; return to how many.

    Raises `Refused` where a SOP cannot be begun by it, after all others have received it.
    """
    message = Message.objects.get(pk=message_id)
    receivers: list[Callable[[], bool]] = [
        partial(_begin_by, message.pk, definition, now)
        for definition in repository.all()
        if definition.start_message == message.name
    ]
    receivers += [
        partial(receive_message, task_id=task_id, message_id=message.pk, now=now)
        for task_id in _catching(message).values_list("pk", flat=True)
    ]
    received, failures = 0, list[Exception]()
    for receive in receivers:
        try:
            received += receive()
        except Exception as error:  # one who cannot receive it keeps it from nobody else
            failures.append(error)
    vain = [error for error in failures if isinstance(error, InvalidAnswers)]
    if len(vain) < len(failures):
        raise next(error for error in failures if error not in vain)
    if vain:
        raise Refused(" ".join(map(str, vain)))
    return received


def look_for_message(*, task_id: int, now: datetime) -> bool:
    """Let a task that has just begun to wait receive the oldest message that nobody received."""
    task = Task.objects.select_related("instance").get(pk=task_id)
    pending = Message.objects.filter(
        agency=task.agency_id,
        name=task.message,
        received_at=None,
        sent_at__gte=task.instance.started_at,
    )
    return any(
        receive_message(task_id=task_id, message_id=message_id, now=now)
        for message_id in list(pending.values_list("pk", flat=True))
    )


@transaction.atomic
def receive_message(*, task_id: int, message_id: int, now: datetime) -> bool:
    """Complete a waiting task with a message if it is meant for it; return whether it was."""
    opened = open_task(task_id=task_id, user=None, now=now)
    task = opened.task
    if task.status != Task.Status.READY or task.kind != TaskKind.MESSAGE:
        return False
    message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
    if not is_meant_for(message, task, opened.step.correlates):
        return False
    note, link = _origin(message)
    complete_task(
        task_id=task.pk,
        actor_user=None,
        answers=_known(message.payload, opened.definition),
        outcome=Outcome(note=note, link=link),
        now=now,
    )
    _note_receipt(message, task.instance, task, now)
    return True


def is_meant_for(message: Message, task: Task, correlates: Correlation) -> bool:
    """Say whether a task that waits receives a message: name, agency, subject, and its turn. Pure.

    What was sent before the instance began is not for it; what another received only reaches those
    that waited already when it was sent.
    """
    instance = task.instance
    fits = correlates is Correlation.AGENCY or message.subject == instance.subject
    in_turn = message.received_at is None or task.offered_at <= message.sent_at
    return (
        fits
        and in_turn
        and message.name == task.message
        and message.agency_id == task.agency_id
        and message.sent_at >= instance.started_at
    )


def _catching(message: Message) -> QuerySet[Task]:
    return Task.objects.filter(
        agency=message.agency_id,
        message=message.name,
        kind=TaskKind.MESSAGE,
        status=Task.Status.READY,
    ).order_by("id")


@transaction.atomic
def _begin_by(message_id: int, definition: ProcessDefinition, now: datetime) -> bool:
    """Begin a SOP by a message, once; one that its subject has already counts as begun by it."""
    message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
    begun = MessageReceipt.objects.filter(message=message, task=None)
    if begun.filter(instance__definition_key=definition.key).exists():
        return False
    subject = "" if definition.subject is SubjectKind.NONE else message.subject
    about, sender = message.about, message.sent_by_task
    if not about and sender is not None and definition.subject in ROOM_SUBJECTS:
        about = _subject_of(sender.instance)
    try:
        instance = start_process(
            definition_key=definition.key,
            agency=message.agency,
            subject=subject,
            actor_user=None,
            title=f"{definition.head.title} - {about}" if about else "",
            form=_known(message.payload, definition),
            now=now,
        )
    except DuplicateInstance:
        instance = Instance.objects.exclude(status=Instance.Status.CANCELLED).get(
            definition_key=definition.key, agency=message.agency, subject=subject, called_by=None
        )
    _note_receipt(message, instance, None, now)
    return True


def _subject_of(instance: Instance) -> str:
    """Return the title of an instance without that of its SOP: "September 2026"."""
    return instance.title.removeprefix(f"{definition_of(instance).head.title} - ")


def _note_receipt(message: Message, instance: Instance, task: Task | None, now: datetime) -> None:
    MessageReceipt.objects.create(message=message, instance=instance, task=task, received_at=now)
    if message.received_at is None:
        Message.objects.filter(pk=message.pk).update(received_at=now)


def _known(payload: Mapping[str, Any], definition: ProcessDefinition) -> dict[str, Any]:
    """Return what the forms of a SOP have fields for; the rest of a message is not its matter."""
    fields = {field.name for task in definition.tasks.values() for field in task.form.fields}
    return {name: value for name, value in payload.items() if name in fields}


def _origin(message: Message) -> tuple[str, str]:
    """Return from whom a message came, in words, and the page of it."""
    if message.sent_by_task is None:
        return "Kabar diterima.", ""
    instance = message.sent_by_task.instance
    if instance.agency_id != message.agency_id:
        return f"Kabar diterima dari {instance.agency.name}.", ""  # what it is about is not told
    link = reverse("processes:detail", args=[instance.pk])
    return f"Kabar diterima dari {instance.title}.", link
