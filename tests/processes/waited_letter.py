"""A letter that waits for a superior whom data name: reminded of, taken higher, decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from processes import services
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.workflows import timer_sops
from tests.workflows.sop_files import write_folder
from workflows import registry
from workflows.registry import Result, StepContext

KEY = "surat_ditunggu"
LANE = "Atasan langsung"
SOP = (
    timer_sops.SOP.replace(
        "[steps.sehari]",
        '[steps.sehari]\ndeadline = { use = "organization.working_days", days = 1 }',
    )
    .replace(
        "[steps.tiga_hari]",
        '[steps.tiga_hari]\ndeadline = { use = "organization.working_days", days = 3 }',
    )
    .replace("tests.print", "tests.wait_note")
) + f'\n[lanes."{LANE}"]\nperformer = {{ use = "tests.superior" }}\n'


class Named:
    """Whom the data name now, and what the system did meanwhile."""

    def __init__(self) -> None:
        self.people: list[int] = []
        self.done: list[str] = []


def sop_files(bpmn: str | None = None) -> dict[str, bytes]:
    untimed = {"sehari": "<timerEventDefinition/>", "tiga_hari": "<timerEventDefinition/>"}
    content = bpmn or timer_sops.drawing(inside=untimed)
    content = content.replace('name="Staf"', 'name="Operator"')
    return timer_sops.files(content.replace('name="Kepala"', f'name="{LANE}"'), SOP)


@contextmanager
def offered(folder: Path, settings: Any, bpmn: str | None = None) -> Iterator[Named]:
    """Offer the SOP and the functions it names for as long as the block runs."""
    write_folder(folder, sop_files(bpmn), KEY)
    settings.SOP_ROOTS = [folder]
    named = Named()

    def note(context: StepContext) -> Result:
        named.done.append(context.step)
        return Result(note=context.step)

    registry.performer("tests.superior")(lambda context: named.people)
    registry.operation("tests.wait_note")(note)
    try:
        yield named
    finally:
        del registry.performer._functions["tests.superior"]
        del registry.operation._functions["tests.wait_note"]


def hand_in(cast: Cast, *, at: datetime = NOW, subject: str = "7") -> Instance:
    """Begin and bring the letter to its decision."""
    instance = services.start_process(
        definition_key=KEY,
        agency=cast.agency,
        subject=subject,
        actor_user=None,
        now=at,
        title="Surat sakit Joko Tallo",
    )
    prepare(instance, cast, at)
    return instance


def prepare(instance: Instance, cast: Cast, at: datetime = NOW) -> None:
    task = task_of(instance, "ajukan")
    services.claim_task(task_id=task.pk, actor_user=cast.operator, now=at)
    services.complete_task(task_id=task.pk, actor_user=cast.operator, answers={}, now=at)


def task_of(instance: Instance, step: str) -> Task:
    """Return the newest visit of a step."""
    return Task.objects.filter(instance=instance, step=step).latest("id")


def statuses(instance: Instance) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task in instance.tasks.order_by("id"):
        found.setdefault(task.step, []).append(task.status)
    return found
