"""What the steps of a letter's procedure ask: which letter, which answer, whose."""

from django.db.models import QuerySet

from attendance.models import AbsenceLetter
from foundation.actors import SYSTEM, Actor
from organization.models import User
from processes.definitions import definition_of
from processes.exceptions import InvalidAnswers
from processes.models import Attachment, Instance, Task
from workflows.definitions import OutcomeKind
from workflows.registry import StepContext


class NoLetter(InvalidAnswers):
    """The subject of an instance names no letter that could be decided on."""

    def __init__(self, sentence: str) -> None:
        super().__init__({"subject": sentence})


def letter_of(context: StepContext) -> AbsenceLetter:
    """Return the letter that the instance is about, of its agency; raise NoLetter for another."""
    letters = AbsenceLetter.objects.select_related("employee__agency", "employee__unit")
    found = None
    if context.subject.isascii() and context.subject.isdigit() and len(context.subject) < 19:
        found = letters.filter(
            pk=int(context.subject), employee__agency_id=context.agency_id
        ).first()
    if found is None:
        raise NoLetter(f"Surat nomor {context.subject} tidak ada pada perangkat daerah ini.")
    return found


def answered_kind(context: StepContext) -> OutcomeKind | None:
    """Return what the answer that is about to be sent means; None where none is chosen yet."""
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    form = definition.tasks[context.step].form
    value = context.answers.get(form.outcome.name, "") if form.outcome else ""
    option = form.option(str(value)) if value else None
    return option.kind if option else None


def answered_task(context: StepContext) -> Task | None:
    """Return the last task of a person that this automatic step serves."""
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    served = definition.tasks[context.step].serves
    done = Task.objects.filter(
        instance=context.instance_id, step=served, status=Task.Status.COMPLETED
    )
    return done.select_related("owner__employee").order_by("-id").first()


def actor_of_task(task: Task | None) -> Actor:
    """Return who did a task, as what he did it."""
    if task is None or task.owner is None:
        return SYSTEM
    name = task.owner.get_full_name()[:150]
    return Actor(user_id=task.owner.pk, name=name, acting_as=task.acting_as)


def attachment_of(context: StepContext, task: Task | None) -> Attachment | None:
    """Return the file that a task carried in the field called `scan` in the parameters."""
    name = context.parameters.get("fields", {}).get("scan", "")
    value = str(task.answers.get(name) or "") if task is not None else ""
    if not value.isdigit():
        return None
    return Attachment.objects.filter(instance=context.instance_id, pk=int(value)).first()


def open_tasks(letter: AbsenceLetter) -> QuerySet[Task]:
    """Return what people have to do about a letter now."""
    states = (Task.Status.READY, Task.Status.CLAIMED)
    tasks = Task.objects.filter(instance=letter.instance_id, kind="user", status__in=states)
    return tasks.select_related("owner__employee", "assignee__employee").order_by("id")


def user_of(context: StepContext) -> User | None:
    """Return the account that acts."""
    return User.objects.filter(pk=context.actor.user_id or 0).select_related("employee").first()
