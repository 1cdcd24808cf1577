"""The two ways of doing the same nine tasks; each act is what a POST of its page does.

Both store the answers, both ask whether this person may, both hold the process's lock. The person
is read before the clock starts: that is the session's query, not the engine's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from viewflow.workflow.models import Process
from viewflow.workflow.models import Task as FlowTask
from viewflow.workflow.status import STATUS

from bench.viewflow_flow.flows import LANES, NineTasks
from organization.models import User
from processes.models import Instance, Task
from processes.services import claim_task, complete_task, start_process
from tests.cast import Cast

DEFINITION_KEY = "sembilan_tugas"


class Variant(Protocol):
    """Begin a process, find what is open, claim it, complete it."""

    name: str

    def start(self, number: int) -> int: ...

    def open_task(self, process_id: int) -> tuple[int, str] | None:
        """Return the id and the step's name of the task that waits; None at the end."""

    def claim(self, process_id: int, task_id: int, user: User) -> None: ...

    def complete(
        self, process_id: int, task_id: int, user: User, answers: Mapping[str, Any]
    ) -> None: ...

    def finished(self, process_id: int) -> bool: ...


class Sopan:
    """The product's services: definition as files, ledger, lanes by appointment."""

    name = "sopan"

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def start(self, number: int) -> int:
        instance = start_process(
            definition_key=DEFINITION_KEY,
            agency=self.cast.agency,
            subject=f"ukur {number}",
            actor_user=self.cast.kadis,
            now=now(),
        )
        return instance.pk

    def open_task(self, process_id: int) -> tuple[int, str] | None:
        return (
            Task.objects.filter(instance=process_id, status=Task.Status.READY)
            .values_list("pk", "step")
            .first()
        )

    def claim(self, process_id: int, task_id: int, user: User) -> None:
        claim_task(task_id=task_id, actor_user=user, now=now())

    def complete(
        self, process_id: int, task_id: int, user: User, answers: Mapping[str, Any]
    ) -> None:
        complete_task(task_id=task_id, actor_user=user, answers=answers, now=now())

    def finished(self, process_id: int) -> bool:
        return Instance.objects.get(pk=process_id).status == Instance.Status.FINISHED


class Viewflow:
    """viewflow's engine, as its own `wrap_task_view` and `wrap_view` drive it."""

    name = "viewflow"

    def __init__(self, cast: Cast) -> None:
        content_type = ContentType.objects.get_for_model(Process)
        for lane, user in zip(LANES, (cast.kadis, cast.admin, cast.operator), strict=True):
            codename = f"lane_{lane.lower()}"
            permission, _ = Permission.objects.get_or_create(
                codename=codename, content_type=content_type, defaults={"name": lane}
            )
            user.user_permissions.add(permission)

    def start(self, number: int) -> int:
        return int(NineTasks.mulai.run().pk)

    def open_task(self, process_id: int) -> tuple[int, str] | None:
        task = FlowTask.objects.filter(process=process_id, status=STATUS.NEW).first()
        return (task.pk, task.flow_task.name) if task else None

    def claim(self, process_id: int, task_id: int, user: User) -> None:
        with NineTasks.lock(process_id), transaction.atomic():
            activation = self._activation(task_id)
            if not activation.flow_task.can_assign(user, activation.task):
                raise PermissionError
            activation.assign(user)

    def complete(
        self, process_id: int, task_id: int, user: User, answers: Mapping[str, Any]
    ) -> None:
        with NineTasks.lock(process_id), transaction.atomic():
            activation = self._activation(task_id)
            if not activation.flow_task.can_execute(user, activation.task):
                raise PermissionError
            activation.start(None)
            activation.process.data = {**(activation.process.data or {}), **answers}
            activation.process.save()
            activation.execute()

    def _activation(self, task_id: int) -> Any:
        task = FlowTask.objects.get(pk=task_id)
        if task.process.flow_class is not NineTasks:
            raise Http404
        return task.flow_task.activation_class(task)

    def finished(self, process_id: int) -> bool:
        return Process.objects.get(pk=process_id).finished is not None


def now() -> datetime:
    return timezone.now()
