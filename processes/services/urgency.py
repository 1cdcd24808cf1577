"""What is done first: a file that whoever leads the work marks as urgent, and why."""

from datetime import datetime

from django.db import transaction

from foundation import ledger
from foundation.ledger import Entry
from organization.models import User
from organization.permissions import actor_allowed, may, refusal
from processes.exceptions import AlreadyDone, InvalidAnswers, NotAllowed
from processes.models import Instance
from processes.services.locking import save_instance

CAPABILITY = "processes.reassign"  # whoever says who does a task says what is done first
LONGEST = 500  # letters of a reason


@transaction.atomic
def set_urgency(
    *, instance_id: int, is_urgent: bool, reason: str, actor_user: User, now: datetime
) -> Instance:
    """Mark a running instance as urgent (*segera*) or no longer; its tasks say so in every list.

    Raises `NotAllowed`, `InvalidAnswers` without a reason, and `AlreadyDone` where it is over or
    as asked already.
    """
    instance = ledger.lock(Instance(pk=instance_id))
    if not may(actor_user, CAPABILITY, instance.agency_id, now):
        text = "Penugasan Anda tidak memberi wewenang menentukan sifat berkas ini."
        raise NotAllowed(refusal(actor_user, CAPABILITY, instance.agency_id, now, text))
    if instance.status != Instance.Status.RUNNING:
        raise AlreadyDone(f"Berkas ini sudah {instance.get_status_display().lower()}.")
    if instance.is_urgent == is_urgent:
        raise AlreadyDone(f"Berkas ini sudah bersifat {'segera' if is_urgent else 'biasa'}.")
    if not reason.strip():
        raise InvalidAnswers({"reason": "Tuliskan alasannya."})
    entry = Entry(
        actor=actor_allowed(actor_user, CAPABILITY, instance.agency, now),
        verb="instance_urgent" if is_urgent else "instance_ordinary",
        subject=f"processes.instance:{instance.pk}",
        before={"is_urgent": instance.is_urgent},
        after={"is_urgent": is_urgent, "reason": reason.strip()[:LONGEST]},
    )
    save_instance(instance, [entry], now=now, is_urgent=is_urgent)
    return instance
