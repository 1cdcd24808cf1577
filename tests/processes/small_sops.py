"""Small SOPs of one lane, made of a few words, that run through the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import LazySettings

from processes import services
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.workflows.elements import making
from tests.workflows.sop_files import write_folder

LANE = "Operator"


def sop(
    elements: Mapping[str, str],
    flows: Sequence[str],
    steps: Mapping[str, str],
    *,
    forms: Mapping[str, str] | None = None,
    head: str = "",
    **drawn: Any,
) -> dict[str, bytes]:
    """Return the folder of a SOP whose one lane is the operators'."""
    bpmn = making.drawing(elements, flows, **drawn).replace('name="Staf"', f'name="{LANE}"')
    return making.files(bpmn, steps, head=head, forms=forms)


def offer(root: Path, settings: LazySettings, **sops: Mapping[str, bytes]) -> None:
    """Deploy these SOPs, each under its key."""
    for key, files in sops.items():
        write_folder(root, files, key)
    settings.SOP_ROOTS = [root]


def start(cast: Cast, key: str, subject: str = "Cuti Joko", **changes: Any) -> Instance:
    values: dict[str, Any] = {"actor_user": cast.operator, "now": NOW, "agency": cast.agency}
    return services.start_process(definition_key=key, subject=subject, **(values | changes))


def waiting(instance: Instance) -> list[str]:
    """Return the steps that wait, in the order in which they opened."""
    states = (Task.Status.READY, Task.Status.CLAIMED)
    rows = instance.tasks.filter(status__in=states).order_by("id")
    return [task.step + (f" {task.row_key}" if task.row_key else "") for task in rows]


def task_of(instance: Instance, step: str, row: str = "") -> Task:
    """Return the newest task of a step."""
    return instance.tasks.filter(step=step, row_key=row).order_by("-id")[0]


def do(
    instance: Instance,
    cast: Cast,
    step: str,
    *,
    row: str = "",
    at: datetime = NOW,
    **answers: Any,
) -> Task:
    """Let the operator take a task and complete it."""
    task = task_of(instance, step, row)
    services.claim_task(task_id=task.pk, actor_user=cast.operator, now=at)
    services.complete_task(task_id=task.pk, actor_user=cast.operator, answers=answers, now=at)
    task.refresh_from_db()
    return task


def status(instance: Instance) -> str:
    instance.refresh_from_db()
    return str(instance.status)
