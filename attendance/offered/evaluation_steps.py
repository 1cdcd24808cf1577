"""What the steps of an evaluation and of a follow-up ask: which row their subject names."""

from typing import Any

from attendance.models import Evaluation, FollowUp
from processes.exceptions import InvalidAnswers
from workflows.registry import StepContext


class NoEvaluation(InvalidAnswers):
    """The subject of an instance names no evaluation, or no follow-up, of its agency."""

    def __init__(self, subject: str) -> None:
        super().__init__({"subject": f"Evaluasi atau tindak lanjut nomor {subject} tidak ada."})


def evaluation_of_step(context: StepContext) -> Evaluation:
    """Return the evaluation that the instance is about; raise NoEvaluation for another's."""
    found: Evaluation = _named(context, Evaluation.objects.select_related("agency", "instance"))
    return found


def follow_up_of_step(context: StepContext) -> FollowUp:
    """Return the follow-up that the instance is about; raise NoEvaluation for another agency's."""
    rows = FollowUp.objects.select_related("agency", "evaluation__agency", "evidence")
    found: FollowUp = _named(context, rows)
    return found


def _named(context: StepContext, rows: Any) -> Any:
    subject = context.subject
    if subject.isascii() and subject.isdigit() and len(subject) < 19:
        found = rows.filter(pk=int(subject), agency=context.agency_id).first()
        if found is not None:
            return found
    raise NoEvaluation(subject)
