"""May a step about a handover be completed? If not, what is missing."""

from collections.abc import Sequence

from attendance import links
from attendance.models import Handover
from attendance.models.handovers import LONGEST_RECEIPT
from attendance.offered.handover_steps import handover_of_step
from attendance.offered.letter_steps import answered_kind
from attendance.offered.outage_steps import answer
from attendance.services.handovers import newest
from documents.storage import sha256_of_file, stored_path
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard


@guard("attendance.handover_receivable")
def handover_receivable(context: StepContext) -> Sequence[Missing]:
    """What is received has a number (`fields`: receipt), and its file is what its hash says."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    handover = handover_of_step(context)
    missing = []
    number = str(answer(context, "receipt") or "").strip()
    if not number:
        missing.append(Missing("Isi nomor agenda penerimaan"))
    elif len(number) > LONGEST_RECEIPT:
        text = f"Nomor agenda penerimaan paling panjang {LONGEST_RECEIPT} huruf"
        missing.append(Missing(text))
    if not _is_whole(handover):
        text = "Berkas bahan tidak cocok dengan sidik SHA-256-nya; kembalikan agar dibuat lagi"
        missing.append(Missing(text, links.handover(handover.pk)))
    return missing


def _is_whole(handover: Handover) -> bool:
    package = newest(handover)
    try:
        found, _ = sha256_of_file(stored_path(package.path))
    except FileNotFoundError:
        return False
    return found == package.sha256
