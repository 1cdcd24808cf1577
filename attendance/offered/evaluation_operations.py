"""Automatic work of an evaluation and of its follow-ups. All of it may be repeated safely."""

from datetime import date

from attendance import links
from attendance.offered.evaluation_steps import evaluation_of_step, follow_up_of_step
from attendance.offered.outage_steps import answered, field, file_of, said
from attendance.recaps.evaluation_texts import period_text
from attendance.services import evaluation_follow_ups as follow_ups
from attendance.services.evaluation_runs import COMPILE, KEEP
from attendance.services.evaluations import compile_indicators
from foundation.indonesian import date_text, list_text
from organization.permissions import users_with_role
from processes.models import Task
from processes.services.notices import REMINDER, notify
from workflows.definitions import OutcomeKind
from workflows.registry import Result, StepContext, operation


@operation(COMPILE)
def compile_evaluation(context: StepContext) -> Result:
    """Freeze the indicators of every agency that the office looks after."""
    row = evaluation_of_step(context)
    indicators, _ = compile_indicators(evaluation_id=row.pk, actor=context.actor, now=context.now)
    count = len(indicators.rows)
    told = f"Indikator {count} perangkat daerah dibekukan, SHA-256 {indicators.sha256[:16]}."
    return Result(told, links.evaluation(row.pk))


@operation("attendance.ask_follow_ups")
def ask_follow_ups(context: StepContext) -> Result:
    """Send the `message` of the parameters to every agency that has to act, about its own row."""
    row = evaluation_of_step(context)
    task = Task.objects.select_related("instance").get(pk=context.task_id or 0)
    asked = follow_ups.ask_follow_ups(
        evaluation_id=row.pk,
        message=str(context.parameters["message"]),
        sender=task,
        actor=context.actor,
        now=context.now,
    )
    names = list_text([one.agency.name for one in asked])
    told = f"Tindak lanjut diminta kepada {names}." if asked else "Sudah diminta."
    return Result(told, links.evaluation(row.pk))


@operation("attendance.keep_follow_up_check")
def keep_follow_up_check(context: StepContext) -> Result:
    """Close the evaluation, or put down who is asked again (`fields`: agencies, due_on)."""
    task, deed = answered(context)
    row = evaluation_of_step(context)
    link = links.evaluation(row.pk)
    if task.outcome_kind != OutcomeKind.RETURN:
        row = follow_ups.close_evaluation(
            evaluation_id=row.pk,
            escalated=task.outcome_kind == OutcomeKind.REJECT,
            note=task.comment,
            deed=deed,
            now=context.now,
        )
        return Result(f"{row.get_outcome_display()}.", link)
    due_on = said(context, task, "due_on")
    asked = follow_ups.ask_again(
        evaluation_id=row.pk,
        agencies={int(value) for value in task.answers.get(field(context, "agencies")) or []},
        due_on=date.fromisoformat(due_on) if due_on else None,
        reason=task.comment,
        deed=deed,
        now=context.now,
    )
    return Result(f"Diminta lagi: {list_text([one.agency.name for one in asked])}.", link)


@operation(KEEP)
def keep_follow_up(context: StepContext) -> Result:
    """Keep what the agency did (`fields`: words, evidence = file)."""
    task, deed = answered(context)
    row = follow_ups.keep_answer(
        follow_up_id=follow_up_of_step(context).pk,
        words=said(context, task, "words"),
        evidence=file_of(context, task, "evidence"),
        deed=deed,
        now=context.now,
    )
    late = row.answered_on is not None and row.answered_on > row.due_on
    proof = f", bukti SHA-256 {row.evidence_sha256[:16]}" if row.evidence_sha256 else ""
    return Result(f"Dijawab{' sesudah batas waktunya' if late else ''}{proof}.")


@operation("attendance.remind_follow_up")
def remind_follow_up(context: StepContext) -> Result:
    """Tell whoever should have answered, and those above (`also` = roles), that the day passed."""
    row = follow_ups.note_reminder(
        follow_up_id=follow_up_of_step(context).pk, actor=context.actor, now=context.now
    )
    waiting = Task.objects.filter(pk=context.task_id or 0).first()
    if row.reminded_at is None or waiting is None:
        return Result("Tindak lanjutnya sudah dijawab.")
    roles = [waiting.lane, *context.parameters.get("also", ())]
    people = {user.pk for role in roles for user in users_with_role(role, row.agency, context.now)}
    notify(
        user_ids=people,
        agency=row.agency,
        kind=REMINDER,
        key=f"attendance.follow_up:{row.pk}:due",
        text=f"Tindak lanjut evaluasi {period_text(row.evaluation.period)} melewati batas waktunya,"
        f" {date_text(row.due_on)}; belum dijawab pimpinan perangkat daerah.",
        now=context.now,
        link=f"/proses/{context.instance_id}/",
    )
    return Result(f"{len(people)} orang diingatkan; batas waktunya {date_text(row.due_on)}.")
