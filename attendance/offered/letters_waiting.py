"""What a superior is reminded of: the letters of his staff that wait too long."""

from collections.abc import Sequence
from datetime import datetime

from attendance import links
from attendance.letters.questions import overdue, waiting_for
from organization.permissions import account
from workflows.registry import Waiting, waiting


@waiting("attendance.letters")
def letters_to_decide(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say how many letters this person was reminded of; the others stand among his tasks."""
    count = len(overdue(waiting_for(account(user_id), now)))
    if not count:
        return []
    text = f"{count} surat ketidakhadiran staf Anda sudah lewat waktu dan menunggu keputusan"
    return [Waiting(text, links.APPROVALS)]
