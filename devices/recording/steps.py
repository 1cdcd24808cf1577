"""What the procedure of recording fingers anew asks: which request, which answer, whose."""

from typing import Any

from devices.models import RecordingAnew
from foundation.actors import Actor
from organization.models import User
from processes.definitions import definition_of
from processes.exceptions import InvalidAnswers
from processes.models import Instance, Task
from workflows.definitions import OutcomeKind
from workflows.registry import StepContext


class NoRequest(InvalidAnswers):
    """The subject of an instance names no request that began it."""

    def __init__(self, subject: str) -> None:
        super().__init__({"subject": f"Permohonan nomor {subject} tidak ada di sini."})


class NotAnswered(LookupError):
    """An operation was reached before the step that it serves was completed."""


def request_of(context: StepContext) -> RecordingAnew:
    """Return the request that began the instance; raise NoRequest where there is none."""
    subject = context.subject
    if subject.isascii() and subject.isdigit() and len(subject) < 19:
        rows = RecordingAnew.objects.select_related(
            "employee__agency", "permit", "supervisor", "recorded_by__employee", "violation"
        )
        found = rows.filter(pk=int(subject), instance=context.instance_id).first()
        if found is not None:
            return found
    raise NoRequest(subject)


def answered(context: StepContext) -> tuple[Task, User, Actor]:
    """Return the task of a person that this automatic step serves, who did it, and as what."""
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    done = Task.objects.filter(
        instance=context.instance_id,
        step=definition.tasks[context.step].serves,
        status=Task.Status.COMPLETED,
    )
    task = done.select_related("owner__employee").order_by("-id").first()
    if task is None or task.owner is None:
        raise NotAnswered("Langkah yang dilayani belum dikerjakan.")
    name = task.owner.get_full_name()[:150]
    return task, task.owner, Actor(user_id=task.owner.pk, name=name, acting_as=task.acting_as)


def approved(task: Task) -> bool:
    return task.outcome_kind == OutcomeKind.APPROVE


def approves(context: StepContext) -> bool:
    """Say whether the answer that is about to be sent agrees."""
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    form = definition.tasks[context.step].form
    value = context.answers.get(form.outcome.name, "") if form.outcome else ""
    option = form.option(str(value)) if value else None
    return option is not None and option.kind is OutcomeKind.APPROVE


def field(context: StepContext, name: str) -> str:
    """Return what the field that a parameter names is called in this SOP."""
    return str(context.parameters.get("fields", {}).get(name, ""))


def answer(context: StepContext, name: str) -> str:
    """Return what is about to be sent in the field that a parameter names."""
    return _text(context.answers.get(field(context, name)))


def said(context: StepContext, task: Task, name: str) -> str:
    """Return what a task holds in the field that a parameter names; "" for an empty one."""
    return _text(task.answers.get(field(context, name)))


def _text(value: Any) -> str:
    return str(value or "").strip()
