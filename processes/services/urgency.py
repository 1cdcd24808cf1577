"""What is done first: a file that whoever leads the work marks as urgent, and why."""

from datetime import datetime

from django.db import transaction

from foundation.ledger import Entry
from organization.models import User
from organization.permissions import actor_allowed
from processes.exceptions import AlreadyDone
from processes.models import Instance
from processes.services.deeds import URGENCY
from processes.services.locking import save_instance

LONGEST = 500  # letters of a reason


@transaction.atomic
def set_urgency(
    *, instance_id: int, is_urgent: bool, reason: str, actor_user: User, now: datetime
) -> Instance:
    """Mark a running instance as urgent (*segera*) or no longer; its tasks say so in every list.

    Raises `NotAllowed`, `InvalidAnswers` without a reason, and `AlreadyDone` where it is over or
    as asked already.
    """
    instance = URGENCY.locked(instance_id, actor_user, now)
    reason = URGENCY.reason_for(instance, reason)
    if instance.is_urgent == is_urgent:
        raise AlreadyDone(f"Berkas ini sudah bersifat {'segera' if is_urgent else 'biasa'}.")
    entry = Entry(
        actor=actor_allowed(actor_user, URGENCY.capability, instance.agency, now),
        verb="instance_urgent" if is_urgent else "instance_ordinary",
        subject=f"processes.instance:{instance.pk}",
        before={"is_urgent": instance.is_urgent},
        after={"is_urgent": is_urgent, "reason": reason[:LONGEST]},
    )
    save_instance(instance, [entry], now=now, is_urgent=is_urgent)
    return instance
