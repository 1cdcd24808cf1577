"""What the steps of a correction's procedure ask: which request, and what was added to it."""

from collections.abc import Sequence

from attendance.models import Correction
from attendance.services.correction_runs import run_of
from processes.exceptions import InvalidAnswers
from processes.models import Attachment
from workflows.registry import StepContext

RELATED = (
    "agency", "employee__agency", "device", "punch__device", "punch__employee__agency",
    "letter__employee__agency", "requested_by__employee", "decided_by__employee",
)  # fmt: skip


class NoCorrection(InvalidAnswers):
    """The subject of an instance names no correction of its agency."""

    def __init__(self, subject: str) -> None:
        super().__init__({"subject": f"Koreksi nomor {subject} tidak ada di sini."})


def correction_of_step(context: StepContext) -> Correction:
    """Return the correction that the instance is about; raise NoCorrection for another agency's."""
    subject = context.subject
    if subject.isascii() and subject.isdigit() and len(subject) < 19:
        rows = Correction.objects.select_related(*RELATED)
        found = rows.filter(pk=int(subject), agency=context.agency_id).first()
        if found is not None:
            return found
    raise NoCorrection(subject)


def supplements(row: Correction) -> Sequence[Attachment]:
    """Return the files that were added when BKD had returned the request, the first first."""
    run = run_of(row)
    return list(run.attachments.order_by("pk")) if run is not None else []
