"""What waits for a superior beside his tasks: the letters of his staff."""

from collections.abc import Sequence
from datetime import datetime

from attendance import links
from attendance.questions import waiting_for
from organization.models import User
from workflows.registry import Waiting, waiting


@waiting("attendance.letters")
def letters_to_decide(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say how many letters wait for this person's decision as direct superior."""
    count = len(waiting_for(User.objects.get(pk=user_id), now))
    if not count:
        return []
    text = f"{count} surat ketidakhadiran staf Anda menunggu keputusan"
    return [Waiting(text, links.APPROVALS)]
