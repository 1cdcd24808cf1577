"""Automatic work of a correction's procedure. All of it may be repeated safely."""

from datetime import timedelta

from attendance import links
from attendance.exceptions import AttendanceError
from attendance.offered.correction_steps import correction_of_step
from attendance.offered.outage_steps import answered, said
from attendance.services import corrections
from attendance.services.correction_runs import APPLY
from foundation.outbox import Postponed, Refused
from workflows.definitions import OutcomeKind
from workflows.registry import Result, StepContext, operation

LOOK_AGAIN = timedelta(seconds=5)


@operation(APPLY)
def apply_correction(context: StepContext) -> Result:
    """Let what BKD decided hold; waits until the days of many people are judged."""
    task, deed = answered(context)
    row = correction_of_step(context)
    link = links.correction(row.pk)
    if task.outcome_kind == OutcomeKind.RETURN:
        return Result("Dikembalikan untuk dilengkapi.", link)
    try:
        row = corrections.decide_by_step(
            correction_id=row.pk,
            approve=task.outcome_kind == OutcomeKind.APPROVE,
            note=task.comment,
            deed=deed,
            now=context.now,
        )
    except AttendanceError as refusal:
        # Tomorrow it would fit no better; whoever decides is told at once.
        raise Refused(refusal.message) from refusal
    if row.is_counting:
        told = f"Hari {row.people_done} dari {row.people} pegawai dihitung."
        raise Postponed(told, LOOK_AGAIN)
    return Result(f"Koreksi nomor {row.pk}: {row.get_status_display().lower()}.", link)


@operation("attendance.keep_correction_supplement")
def keep_correction_supplement(context: StepContext) -> Result:
    """Keep what was added (`fields`: words), or that the request was taken back."""
    task, deed = answered(context)
    row = correction_of_step(context)
    link = links.correction(row.pk)
    if task.outcome_kind != OutcomeKind.APPROVE:
        corrections.withdraw_by_step(correction_id=row.pk, deed=deed, now=context.now)
        return Result("Permintaan dicabut.", link)
    corrections.supplement_by_step(
        correction_id=row.pk, words=said(context, task, "words"), deed=deed, now=context.now
    )
    return Result("Dilengkapi.", link)
