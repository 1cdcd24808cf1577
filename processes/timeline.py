"""The history of an instance in sentences, from its ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from foundation.models import Event
from processes.models import Instance, Task
from workflows.definitions import OutcomeKind, ProcessDefinition, TaskKind

LONGEST = 300  # newest events shown on one page


@dataclass(frozen=True)
class Sentence:
    """What an event is called on a screen. `{name}` is the task's name."""

    text: str
    icon: str = "info"


@dataclass(frozen=True)
class TimelineRow:
    at: datetime
    who: str
    acting_as: str
    text: str
    icon: str
    quote: str
    link: str


_SENTENCES: dict[str, Sentence] = {
    "instance_started": Sentence("Memulai berkas", "play"),
    "instance_finished": Sentence("Berkas selesai", "flag"),
    "instance_cancelled": Sentence("Membatalkan berkas", "cancel"),
    "instance_urgent": Sentence("Menandai berkas segera", "flag"),
    "instance_ordinary": Sentence("Menjadikan berkas biasa lagi", "flag"),
    "instance_carried_over": Sentence("Memindahkan berkas ke versi SOP yang lain", "handover"),
    "task_rewound": Sentence("Memundurkan berkas ke “{name}”", "return"),
    "task_claimed": Sentence("Mulai mengerjakan “{name}”", "work"),
    "task_unclaimed": Sentence("Melepas “{name}” ke antrean", "release"),
    "task_completed": Sentence("Menyelesaikan “{name}”", "check-circle"),
    "task_reassigned": Sentence("Mengalihkan “{name}”", "handover"),
    "task_taken_back": Sentence("Mengambil kembali “{name}”", "handover"),
    "task_escalated": Sentence("Meminta bantuan untuk “{name}”", "flag"),
    "comment_added": Sentence("Komentar pada “{name}”", "edit"),
    "task_reoffered": Sentence("Menawarkan “{name}” kepada yang kini ditetapkan", "handover"),
    "task_paused": Sentence("Menjeda “{name}”", "pause"),
    "task_resumed": Sentence("Melanjutkan “{name}”", "play"),
    "task_failed": Sentence("Gagal mengerjakan “{name}”", "error"),
    "task_retried": Sentence("Mencoba lagi “{name}”", "retry"),
    "task_cancelled": Sentence("Membatalkan “{name}”", "cancel"),
    "attachment_added": Sentence("Melampirkan berkas pada “{name}”", "upload"),
}
# How the end of what waits is called; a person's task is "Menyelesaikan".
_ENDED: dict[TaskKind, Sentence] = {
    TaskKind.MESSAGE: Sentence("Kabar diterima: “{name}”", "inbox"),
    TaskKind.CALL: Sentence("SOP lain selesai: “{name}”", "flag"),
}
# A step that opens says nothing that the step before it did not say; what was undone with another
# step, its sentence says.
_SILENT = {"task_opened", "task_undone"}


def timeline(
    instance: Instance, definition: ProcessDefinition, tasks: Sequence[Task]
) -> list[TimelineRow]:
    """Return what happened, newest first."""
    by_subject = {f"processes.task:{task.pk}": task for task in tasks}
    events = Event.objects.filter(stream=instance.stream).exclude(verb__in=_SILENT)
    return [
        _row(event, by_subject.get(event.subject), definition)
        for event in events.order_by("-sequence")[:LONGEST]
        if not _is_detail(event)
    ]


def comments(instance: Instance, tasks: Sequence[Task]) -> list[TimelineRow]:
    """Return what people said about the tasks of an instance, newest first."""
    by_subject = {f"processes.task:{task.pk}": task for task in tasks}
    said = Event.objects.filter(stream=instance.stream, verb="comment_added")
    return [
        TimelineRow(
            at=event.at,
            who=event.actor_name,
            acting_as=event.acting_as,
            text=by_subject[event.subject].full_name if event.subject in by_subject else "",
            icon="edit",
            quote=str(event.after.get("comment", "")),
            link="",
        )
        for event in said.order_by("-sequence")[:50]
    ]


def _is_detail(event: Event) -> bool:
    """Say whether the system only noted how: the completion of its step tells what came of it."""
    return event.actor_id is None and (event.verb == "task_claimed" or event.verb not in _SENTENCES)


def _row(event: Event, task: Task | None, definition: ProcessDefinition) -> TimelineRow:
    sentence = _SENTENCES.get(event.verb) or Sentence(f"Perubahan lain ({event.verb})")
    text, icon = sentence.text.format(name=task.full_name if task else ""), sentence.icon
    if event.verb == "task_completed" and task is not None:
        text, icon = _completed(event.after, task, definition, Sentence(text, icon))
    quote = event.after.get("comment") or event.after.get("reason") or event.after.get("error")
    if not quote and event.verb == "task_completed" and task is not None:
        quote = task.note
    return TimelineRow(
        at=event.at,
        who=event.actor_name,
        acting_as=event.acting_as,
        text=text,
        icon=icon,
        quote=str(quote or ""),
        link=_link(event, task),
    )


def _link(event: Event, task: Task | None) -> str:
    """Return the page of what the event made: the system's result, or the file."""
    if event.verb == "attachment_added" and event.after.get("attachment"):
        return reverse("tasks:attachment", args=[event.after["attachment"]])
    return task.link if task is not None and event.verb == "task_completed" else ""


def _completed(
    after: Mapping[str, Any], task: Task, definition: ProcessDefinition, plain: Sentence
) -> tuple[str, str]:
    """Say which decision it was, in the SOP's own words."""
    if after.get("reused"):
        return f"“{task.full_name}”", "reused"
    if ended := _ENDED.get(TaskKind(task.kind)):
        return ended.text.format(name=task.full_name), ended.icon
    step = definition.tasks.get(task.step)
    option = step.form.option(str(after.get("outcome", ""))) if step else None
    if option is None:
        return plain.text, plain.icon
    icons = {OutcomeKind.RETURN: "return", OutcomeKind.REJECT: "close"}
    icon = icons.get(option.kind, "check-circle") if option.kind else "check-circle"
    return f"{option.label}: “{task.full_name}”", icon
