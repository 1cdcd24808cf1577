"""May a step of a correction's procedure be completed? If not, what is missing."""

from collections.abc import Sequence

from attendance import links
from attendance.evidence.correction_rules import CorrectionData, check
from attendance.exceptions import AttendanceError, DataRefused
from attendance.offered.correction_steps import correction_of_step
from attendance.offered.letter_steps import answered_kind, user_of
from attendance.offered.outage_steps import answer
from attendance.services.corrections import require_another
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard


@guard("attendance.correction_decider")
def correction_decider(context: StepContext) -> Sequence[Missing]:
    """Who asked does not decide, nor whom it is about; what no longer fits is not granted."""
    row = correction_of_step(context)
    link = links.correction(row.pk)
    user = user_of(context)
    try:
        if user is not None:
            require_another(row, user)
    except AttendanceError as refusal:
        return [Missing(refusal.message, link)]
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    try:
        check(row.agency, CorrectionData.of(row), context.now, besides=row.pk)
    except DataRefused as refusal:
        return [Missing(f"Keadaannya sudah berubah: {refusal.message}", link)]
    return []


@guard("attendance.correction_supplemented")
def correction_supplemented(context: StepContext) -> Sequence[Missing]:
    """What goes back to BKD says or shows something more (`fields`: words, evidence = file)."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    if str(answer(context, "words") or "").strip() or answer(context, "evidence"):
        return []
    return [Missing("Tuliskan keterangan tambahan, atau unggah bukti tambahan")]
