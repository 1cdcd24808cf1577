"""What the steps of an outage's procedure ask: which outage, which answer, whose."""

from typing import Any

from attendance.models import Outage
from attendance.offered.letter_steps import actor_of_task, answered_task
from attendance.services.outage_rows import Deed
from processes.exceptions import InvalidAnswers
from processes.models import Attachment, Task
from workflows.registry import StepContext


class NoOutage(InvalidAnswers):
    """The subject of an instance names no outage of its agency."""

    def __init__(self, subject: str) -> None:
        super().__init__({"subject": f"Gangguan nomor {subject} tidak ada di sini."})


class NotAnswered(LookupError):
    """An operation was reached before the step that it serves was completed."""


def outage_of_step(context: StepContext) -> Outage:
    """Return the outage that the instance is about; raise NoOutage for another agency's."""
    subject = context.subject
    if subject.isascii() and subject.isdigit() and len(subject) < 19:
        rows = Outage.objects.select_related("agency", "device", "instance")
        found = rows.filter(pk=int(subject), agency=context.agency_id).first()
        if found is not None:
            return found
    raise NoOutage(subject)


def answered(context: StepContext) -> tuple[Task, Deed]:
    """Return the task of a person that this automatic step serves, and whose deed it was."""
    task = answered_task(context)
    if task is None or task.owner is None or task.submitted_at is None:
        raise NotAnswered("Langkah yang dilayani belum dikerjakan.")
    return task, Deed(user=task.owner, actor=actor_of_task(task), at=task.submitted_at)


def field(context: StepContext, name: str) -> str:
    """Return what the field that a parameter names is called in this SOP."""
    return str(context.parameters.get("fields", {}).get(name, ""))


def said(context: StepContext, task: Task, name: str) -> str:
    """Return the text that a task holds in the field that a parameter names."""
    return str(task.answers.get(field(context, name)) or "").strip()


def file_of(context: StepContext, task: Task, name: str) -> Attachment | None:
    """Return the file that a task carried in the field that a parameter names."""
    value = said(context, task, name)
    rows = Attachment.objects.filter(instance=context.instance_id)
    return rows.filter(pk=int(value)).first() if value.isdigit() else None


def answer(context: StepContext, name: str) -> Any:
    """Return what is about to be sent in the field that a parameter names."""
    return context.answers.get(field(context, name))
