"""What happens at once to instances that wait for each other: runs in a process of the office."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import User
from processes import services
from processes.audit.agreement import instances_slice
from processes.exceptions import AlreadyDone
from processes.models import Instance, Message, MessageReceipt, Task
from tests.faults.staging import HEADS

HEAD = HEADS[0]


def offer(root: str) -> None:
    """Deploy what a test wrote into a folder."""
    settings.SOP_ROOTS = [Path(root)]


def two_messages(*, root: str, times: int) -> list[dict[str, Any]]:
    """Let two messages reach one task that waits, at once; return what came of it each time."""
    offer(root)
    head = User.objects.get(username=HEAD)
    assert head.employee is not None
    found = []
    for number in range(times):
        instance = _started("penunggu", f"perihal {number}")
        (task,) = instance.tasks.filter(status=Task.Status.READY)
        sent = [
            services.send_message(
                name="surat_masuk",
                agency_id=head.employee.agency_id,
                subject=instance.subject,
                payload={},
                key=f"{instance.pk}-{which}",
                actor=SYSTEM,
                now=timezone.now(),
            )
            for which in ("kiri", "kanan")
        ]
        errors = at_once([_delivery(message.pk) for message in sent])
        events = Event.objects.filter(subject=f"processes.task:{task.pk}", verb="task_completed")
        instance.refresh_from_db()
        found.append(
            {
                "errors": errors,
                "status": instance.status,
                "completed": events.count(),
                "receipts": MessageReceipt.objects.filter(task=task).count(),
                "pending": Message.objects.filter(
                    pk__in=[message.pk for message in sent], received_at=None
                ).count(),
            }
        )
    return found


def end_and_cancel(*, root: str, times: int) -> list[dict[str, Any]]:
    """Let a called SOP end while the one that waits for it is cancelled, at once."""
    offer(root)
    head = User.objects.get(username=HEAD)
    found = []
    for number in range(times):
        parent = _started("induk", f"perihal {number}")
        (task,) = parent.tasks.filter(status=Task.Status.READY)
        child = services.begin_called(task_id=task.pk, now=timezone.now())
        assert child is not None
        _do(child, head)
        errors = at_once([_ending(child.pk), _cancelling(parent.pk, head)])
        services.stop_called(task_id=task.pk, now=timezone.now())
        for row in (parent, child, task):
            row.refresh_from_db()
        found.append(
            {
                "errors": errors,
                "parent": parent.status,
                "task": task.status,
                "child": child.status,
                "faults": len(list(ledger.verify())),
            }
        )
    return found


def complete_and_rewind(*, root: str, times: int) -> list[dict[str, Any]]:
    """Let the last task be completed while its file goes back to the first, at once."""
    offer(root)
    head = User.objects.get(username=HEAD)
    found = []
    for number in range(times):
        instance = _started("dua", f"perihal {number}")
        first, second = instance.tasks.order_by("pk")
        services.claim_task(task_id=second.pk, actor_user=head, now=timezone.now())
        errors = at_once([_completing(second.pk, head), _rewinding(first.pk, instance.pk, head)])
        for row in (instance, first, second):
            row.refresh_from_db()
        again = instance.tasks.filter(status=Task.Status.READY).values_list("step", "visit")
        found.append(
            {
                "errors": errors,
                "file": instance.status,
                "second": second.status,
                "undone": first.undone_at is not None,
                "again": [list(one) for one in again],
                "faults": len(list(ledger.verify())) + len(instances_slice("").faults),
            }
        )
    return found


def _started(key: str, subject: str) -> Instance:
    """Begin a SOP and do its first step."""
    head = User.objects.get(username=HEAD)
    assert head.employee is not None
    instance = services.start_process(
        definition_key=key,
        agency=head.employee.agency,
        subject=subject,
        actor_user=head,
        now=timezone.now(),
    )
    _do(instance, head)
    return instance


def _do(instance: Instance, user: User) -> None:
    (task,) = instance.tasks.filter(status=Task.Status.READY)
    services.claim_task(task_id=task.pk, actor_user=user, now=timezone.now())
    services.complete_task(task_id=task.pk, actor_user=user, answers={}, now=timezone.now())


def _delivery(message_id: int) -> Callable[[], Any]:
    return lambda: services.deliver_message(message_id=message_id, now=timezone.now())


def _completing(task_id: int, user: User) -> Callable[[], Any]:
    def complete() -> None:
        with suppress(AlreadyDone):  # the file went back a moment before
            services.complete_task(task_id=task_id, actor_user=user, answers={}, now=timezone.now())

    return complete


def _rewinding(task_id: int, instance_id: int, user: User) -> Callable[[], Any]:
    def rewind() -> None:
        with suppress(AlreadyDone):  # it had come to its end a moment before
            services.rewind(
                instance_id=instance_id, task_id=task_id, actor_user=user, reason="uji",
                now=timezone.now(),
            )  # fmt: skip

    return rewind


def _ending(instance_id: int) -> Callable[[], Any]:
    return lambda: services.finish_call(instance_id=instance_id, now=timezone.now())


def _cancelling(instance_id: int, user: User) -> Callable[[], Any]:
    def cancel() -> None:
        with suppress(AlreadyDone):  # it had come to its end a moment before
            services.cancel_process(
                instance_id=instance_id, actor_user=user, reason="uji", now=timezone.now()
            )

    return cancel


def at_once(acts: list[Callable[[], Any]]) -> list[str]:
    """Do all these at the same moment, each by a connection of its own; return what went wrong."""
    errors: list[str] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        close_old_connections()
        connection.ensure_connection()
        barrier.wait()
        try:
            act()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
