"""What must not go on as if nothing had happened between the snapshot and now.

Sessions end: who was dismissed since then would still be signed in. Leases of workers that live no
longer are let go. What was on its way to machines is not sent a second time, and the machines are
asked for their logs: what they told since the snapshot they tell again, each punch once, and days
and recaps follow as with any punch that comes late.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from config.backups.making import first_agency
from config.backups.manifest import Manifest
from devices.command_line import OPERATOR
from devices.services.standstill import Standstill, stand_still
from foundation import ledger
from foundation.models import OutboxJob


@dataclass(frozen=True)
class Aftermath:
    """How much was ended or let go."""

    sessions: int
    leases: int
    machines: Standstill


@transaction.atomic
def settle(*, manifest: Manifest, archive: str, now: datetime) -> Aftermath:
    """Do all of it, once, with an event that says from which backup this place came."""
    sessions, _ = Session.objects.all().delete()
    held = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, leased_until__isnull=False)
    done = Aftermath(
        sessions=sessions,
        leases=held.update(leased_until=None),
        machines=stand_still(actor=OPERATOR, now=now),
    )
    if owner := first_agency():
        ledger.record(
            stream=owner,
            actor=OPERATOR,
            verb="backup_restored",
            subject=owner.stream,
            after={
                "name": archive,
                "made_at": manifest.made_at.isoformat(),
                "commands_cancelled": done.machines.commands,
                "work_stopped": done.machines.jobs,
                "machines_asked": done.machines.asked,
            },
            now=now,
        )
    return done
