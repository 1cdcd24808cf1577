"""Plays the run of a letter as people do it: by what an answer means, whatever the SOP calls it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from attendance import services
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import open_tasks
from foundation.models import Event
from organization.models import User
from processes import services as processes
from processes.definitions import definition_of
from processes.exceptions import GuardRefused
from processes.models import Task
from tests.attendance.people import enter, scan
from tests.cast import NOW, Cast
from workflows.definitions import FieldType, TaskKind


def handed_in(
    cast: Cast, whose: User | None = None, *, scanned: bool = True, **values: Any
) -> AbsenceLetter:
    """Enter a letter, scan it unless told, and begin its run."""
    letter = enter(cast, whose, **values)
    if scanned:
        scan(cast, letter)
    services.hand_in(letter_id=letter.pk, user=cast.operator, now=NOW)
    return after_system(letter)


def checked(cast: Cast, whose: User | None = None, **values: Any) -> AbsenceLetter:
    """Return a letter that waits for the superior."""
    return answer(handed_in(cast, whose, **values), cast.admin)


def after_system(letter: AbsenceLetter, now: datetime = NOW) -> AbsenceLetter:
    """Let the system do its steps, timers aside; return the letter as it is then."""
    while task := _of_the_system(letter):
        processes.perform_task(task_id=task.pk, now=now)
    return AbsenceLetter.objects.select_related("employee__agency", "instance").get(pk=letter.pk)


def _of_the_system(letter: AbsenceLetter) -> Task | None:
    letter = AbsenceLetter.objects.get(pk=letter.pk)
    tasks = Task.objects.filter(instance=letter.instance_id, kind=TaskKind.AUTOMATIC)
    return tasks.exclude(status__in=["completed", "cancelled", "failed"]).first()


def let_time_pass(letter: AbsenceLetter, until: datetime) -> AbsenceLetter:
    """Let the clock strike for every timer of the letter that is due by then, as it is due."""
    while True:
        timers = Task.objects.filter(
            instance=letter.instance_id, kind=TaskKind.TIMER, status="ready", due_at__lte=until
        )
        timer = timers.order_by("due_at").first()
        if timer is None or timer.due_at is None:
            return after_system(letter, until)
        processes.run_timer(task_id=timer.pk, now=timer.due_at)
        after_system(letter, timer.due_at)


def task_of(letter: AbsenceLetter) -> Task:
    """Return the one thing that a person has to do about the letter."""
    (task,) = open_tasks(AbsenceLetter.objects.get(pk=letter.pk))
    return task


def answers_of(task: Task, kind: str, comment: str = "", **answers: Any) -> dict[str, Any]:
    """Return the form filled in so that it means this: the first option of the kind."""
    form = definition_of(task.instance).tasks[task.step].form
    said: dict[str, Any] = {}
    for field in form.fields:
        if field.type is FieldType.OUTCOME:
            said[field.name] = next(o.value for o in field.options if o.kind == kind)
        elif field.type is FieldType.CHOICES:
            said[field.name] = [option.value for option in field.options]
        elif field.type is FieldType.COMMENT:
            said[field.name] = comment
        elif field.type is FieldType.TEXT:
            said[field.name] = "Sekretaris Daerah"
    return said | answers


def answer(
    letter: AbsenceLetter,
    user: User,
    kind: str = "approve",
    comment: str = "",
    *,
    now: datetime = NOW,
    **answers: Any,
) -> AbsenceLetter:
    """Claim the open task and complete it, then let the system work."""
    task = task_of(letter)
    processes.claim_task(task_id=task.pk, actor_user=user, now=now)
    processes.complete_task(
        task_id=task.pk,
        actor_user=user,
        answers=answers_of(task, kind, comment, **answers),
        now=now + timedelta(minutes=1),
    )
    return after_system(letter, now + timedelta(minutes=1))


def verbs(letter: AbsenceLetter) -> list[str]:
    """Return what the ledger says of the letter, in order."""
    events = Event.objects.filter(subject=f"attendance.absenceletter:{letter.pk}")
    return list(events.order_by("sequence").values_list("verb", flat=True))


def offered_to(letter: AbsenceLetter) -> list[User]:
    """Return in whose inbox the decision lies."""
    return [row.user for row in task_of(letter).candidates.all()]


def refusal(letter: AbsenceLetter, user: User, kind: str = "approve", **answers: object) -> str:
    """Claim the open task, try to complete it, and return what was missing."""
    task = task_of(letter)
    if task.owner_id != user.pk:
        processes.claim_task(task_id=task.pk, actor_user=user, now=NOW)
    with pytest.raises(GuardRefused) as refused:
        processes.complete_task(
            task_id=task.pk,
            actor_user=user,
            answers=answers_of(task, kind, "sebab", **answers),
            now=NOW,
        )
    return "; ".join(row.text for row in refused.value.missing)
