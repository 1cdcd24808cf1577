"""Played inside a process of its own: a task is completed while it is handed over."""

from typing import Any

from django.utils import timezone

from foundation import ledger
from foundation.models import Event
from organization.models import User
from processes import services
from processes.exceptions import ProcessError
from processes.models import Task
from tests.faults.staging import HEADS
from tests.processes.races import at_once, offer


def complete_and_hand_over(*, root: str, times: int) -> list[dict[str, Any]]:
    """Let the holder complete while another head hands over what he holds; tell both ends."""
    offer(root)
    holder, manager = (User.objects.get(username=name) for name in HEADS[:2])
    assert holder.employee is not None
    agency = holder.employee.agency
    found = []
    for number in range(times):
        instance = services.start_process(
            definition_key="penunggu", agency=agency, subject=f"serah {number}",
            actor_user=holder, now=timezone.now(),
        )  # fmt: skip
        (task,) = instance.tasks.filter(status=Task.Status.READY)
        services.claim_task(task_id=task.pk, actor_user=holder, now=timezone.now())
        told: dict[str, Any] = {"completed": False, "handed": None}

        def complete(task_id: int = task.pk, told: dict[str, Any] = told) -> None:
            try:
                services.complete_task(
                    task_id=task_id, actor_user=holder, answers={}, now=timezone.now()
                )
                told["completed"] = True
            except ProcessError:
                told["completed"] = False

        def hand_over(told: dict[str, Any] = told) -> None:
            done = services.hand_over_tasks(
                from_user=holder, agency=agency, actor_user=manager, reason="mutasi",
                now=timezone.now(),
            )  # fmt: skip
            told["handed"] = done.returned

        errors = at_once([complete, hand_over])
        task.refresh_from_db()
        events = Event.objects.filter(subject=f"processes.task:{task.pk}")
        found.append(
            {
                "errors": errors,
                "told": (told["completed"], told["handed"]),
                "status": task.status,
                "events": sorted(
                    events.filter(verb__in=["task_completed", "task_reassigned"]).values_list(
                        "verb", flat=True
                    )
                ),
                "faults": len(list(ledger.verify())),
            }
        )
        if task.status == Task.Status.READY:  # out of the way of the next round
            services.cancel_process(
                instance_id=instance.pk, actor_user=holder, reason="uji", now=timezone.now()
            )
    return found
