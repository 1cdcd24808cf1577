"""Automatic work of what follows a recap: packages made, handed over, received. All may repeat."""

from attendance import links
from attendance.exceptions import AttendanceError
from attendance.offered.handover_steps import (
    frozen_recap_of_step,
    handover_of_period,
    handover_of_step,
)
from attendance.offered.outage_steps import answered, said
from attendance.recaps.handover_texts import figures_text, title_of
from attendance.services import handovers
from attendance.services.handover_runs import NOTE, require_letter, withdraw_replaced
from foundation.outbox import Refused
from workflows.definitions import OutcomeKind
from workflows.registry import Fact, Result, StepContext, fact, operation


@operation("attendance.prepare_handover")
def prepare_handover(context: StepContext) -> Result:
    """Make the package of a kind (parameter `kind`) from the frozen recap of this instance."""
    recap = frozen_recap_of_step(context)
    kind = str(context.parameters["kind"])
    try:
        package = handovers.prepare(recap=recap, kind=kind, actor=context.actor, now=context.now)
    except AttendanceError as refusal:
        raise Refused(refusal.message) from refusal
    withdraw_replaced(package, now=context.now)
    return Result(figures_text(package), links.handover(package.handover_id))


@fact("attendance.handover")
def handover_number(context: StepContext) -> Fact:
    """The number of what this instance's recap hands over (parameter `kind`)."""
    handover = handover_of_period(context, str(context.parameters["kind"]))
    return Fact(str(handover.pk), title_of(handover), links.handover(handover.pk))


@operation(NOTE)
def note_handover(context: StepContext) -> Result:
    """Note that the newest package lies before whoever receives it (parameter `kind`: which)."""
    handover = handover_of_step(context)
    try:
        package = handovers.hand_over(handover_id=handover.pk, actor=context.actor, now=context.now)
    except AttendanceError as refusal:
        raise Refused(refusal.message) from refusal
    text = f"{title_of(handover)}, putaran ke-{package.round}: {figures_text(package)}"
    return Result(text, links.handover(handover.pk))


@operation("attendance.settle_handover")
def settle_handover(context: StepContext) -> Result:
    """Keep that the package was received (`fields`: receipt), or why it went back."""
    task, deed = answered(context)
    handover = handover_of_step(context)
    link = links.handover(handover.pk)
    if task.outcome_kind != OutcomeKind.APPROVE:
        handovers.give_back(
            handover_id=handover.pk, reason=task.comment, deed=deed, now=context.now
        )
        return Result("Dikembalikan.", link)
    received = handovers.receive(
        handover_id=handover.pk,
        receipt_number=said(context, task, "receipt"),
        note=task.comment,
        deed=deed,
        now=context.now,
    )
    return Result(f"Diterima, nomor agenda {received.receipt_number}.", link)


@operation("attendance.make_handover_again")
def make_handover_again(context: StepContext) -> Result:
    """Make the next package with what was answered (`fields`: answer), and its letter anew."""
    task, deed = answered(context)
    handover = handover_of_step(context)
    package = handovers.make_again(
        handover=handover, answer=said(context, task, "answer"), deed=deed, now=context.now
    )
    require_letter(package, actor=deed.actor, now=context.now, reason=package.answer)
    return Result(f"Putaran ke-{package.round} disiapkan.", links.handover(handover.pk))
