"""Automatic work of a letter's procedure. All of it may be repeated safely."""

from collections.abc import Sequence

from attendance import links
from attendance.letters.deciders import Decider
from attendance.letters.texts import late_text, letter_title, pages_text
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import (
    actor_of_task,
    answered_task,
    attachment_of,
    letter_of,
    open_tasks,
)
from attendance.recaps.questions import frozen_months_of
from attendance.services import letter_decisions as decisions
from foundation.indonesian import list_text
from organization.models import User
from processes import services as processes
from processes.models import Task
from workflows.definitions import OutcomeKind
from workflows.registry import Result, StepContext, operation


class NotAnswered(LookupError):
    """An operation was reached before the step that it serves was completed."""


@operation("attendance.keep_scan")
def keep_scan(context: StepContext) -> Result:
    """Keep the file of the step as the letter's scan (`fields`: scan = file field)."""
    task = answered_task(context)
    letter = decisions.keep_scan(
        letter_id=letter_of(context).pk,
        instance_id=context.instance_id,
        attachment=attachment_of(context, task),
        actor=actor_of_task(task),
        now=context.now,
    )
    note = f"Pindaian {pages_text(letter)}, SHA-256 {letter.scan_sha256[:16]}."
    return Result(note, links.letter(letter.pk), reused=task is None)


@operation("attendance.record_check")
def record_check(context: StepContext) -> Result:
    """Note what the check of completeness came to."""
    task, _ = _answered(context)
    letter = decisions.record_check(
        letter_id=letter_of(context).pk,
        complete=task.outcome_kind == OutcomeKind.APPROVE,
        note=task.comment,
        actor=actor_of_task(task),
        now=context.now,
    )
    return Result(f"{letter_title(letter)}: {_state(letter)}.", links.letter(letter.pk))


@operation("attendance.apply_decision")
def apply_decision(context: StepContext) -> Result:
    """Let the superior's decision hold for the days of the letter."""
    task, user = _answered(context)
    letter = decisions.record_decision(
        letter_id=letter_of(context).pk,
        kind=OutcomeKind(task.outcome_kind),
        note=task.comment,
        user=user,
        actor=actor_of_task(task),
        now=context.now,
    )
    return _decided(letter)


@operation("attendance.apply_outside_approval")
def apply_outside_approval(context: StepContext) -> Result:
    """Let a written approval from outside hold (`fields`: official = text field)."""
    task, user = _answered(context)
    name = context.parameters.get("fields", {}).get("official", "")
    letter = decisions.record_outside(
        letter_id=letter_of(context).pk,
        kind=OutcomeKind(task.outcome_kind),
        official=str(task.answers.get(name) or ""),
        note=task.comment,
        user=user,
        actor=actor_of_task(task),
        now=context.now,
    )
    return _decided(letter)


@operation("attendance.remind_superior")
def remind_superior(context: StepContext) -> Result:
    """Remind whoever has to decide."""
    letter = letter_of(context)
    people = decisions.remind_superior(letter_id=letter.pk, actor=context.actor, now=context.now)
    return Result(f"Diingatkan: {_names(people)}.", links.letter(letter.pk))


@operation("attendance.escalate_letter")
def escalate_letter(context: StepContext) -> Result:
    """Let the next superior decide too."""
    letter = letter_of(context)
    people = decisions.escalate_letter(letter_id=letter.pk, actor=context.actor, now=context.now)
    for task in open_tasks(letter).filter(by_name=True):
        # The first one may have taken it and let it lie: it goes back, for either to take.
        processes.reoffer_task(task_id=task.pk, now=context.now, release=True)
    return Result(f"Kini dapat memutuskan: {_names(people)}.", links.letter(letter.pk))


def _answered(context: StepContext) -> tuple[Task, User]:
    task = answered_task(context)
    if task is None or task.owner is None:
        raise NotAnswered("Langkah yang dilayani belum dikerjakan.")
    return task, task.owner


def _decided(letter: AbsenceLetter) -> Result:
    as_what = f" ({letter.decided_as})" if letter.decided_as and not letter.is_undecided else ""
    note = f"{letter_title(letter)}: {_state(letter)}{as_what}."
    late = late_text(frozen_months_of(letter)) if letter.decided_at else ""
    return Result(" ".join(filter(None, (note, late))), links.letter(letter.pk))


def _state(letter: AbsenceLetter) -> str:
    return str(letter.get_status_display()).lower()


def _names(people: Sequence[Decider]) -> str:
    return list_text([str(person) for person in people]) or "sudah diputuskan"
