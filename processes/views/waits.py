"""What waits for something else than people and the clock: a message, or another SOP."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from processes.correspondence import spoken
from processes.models import Instance, Message, Task
from processes.services.migration import current_title
from workflows.definitions import Correlation, ProcessDefinition, TaskDefinition, TaskKind


def waited_for(task: Task, step: TaskDefinition) -> str:
    """Say what a task waits for; empty where it is a person, the system or the clock."""
    if task.kind == TaskKind.MESSAGE:
        about = "tentang perihal ini" if step.correlates is Correlation.SUBJECT else "apa pun"
        return f"menunggu kabar “{spoken(task.message)}” {about}"
    if task.kind == TaskKind.CALL:
        return f"menunggu SOP “{current_title(step.calls)}” selesai"
    return ""


def called_by(tasks: Iterable[Task], visible: QuerySet[Instance]) -> dict[int, Instance]:
    """Return the SOP that each task began, by task, as far as the person may see it."""
    ids = [task.pk for task in tasks if task.kind == TaskKind.CALL]
    if not ids:
        return {}
    found = visible.filter(called_by__in=ids).defer("state", "form").order_by("pk")
    return {instance.called_by_id: instance for instance in found if instance.called_by_id}


@dataclass(frozen=True)
class Sent:
    """A message that an instance sent, and who received it, as far as the person may see it."""

    message: Message
    name: str
    receivers: list[Instance] = field(default_factory=list)


def sent_by(
    instance: Instance, definition: ProcessDefinition, visible: QuerySet[Instance]
) -> list[Sent]:
    """Return what an instance has told others; no query where its SOP tells nothing."""
    if not any(t.message and t.kind is TaskKind.AUTOMATIC for t in definition.tasks.values()):
        return []
    messages = Message.objects.filter(sent_by_task__instance=instance).select_related("agency")
    receivers = visible.filter(receipts__message__in=messages).defer("state", "form").distinct()
    by_message: dict[int, list[Instance]] = {}
    for one in receivers.prefetch_related("receipts"):
        for receipt in one.receipts.all():
            by_message.setdefault(receipt.message_id, []).append(one)
    return [Sent(one, spoken(one.name), by_message.get(one.pk, [])) for one in messages]
