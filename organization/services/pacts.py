"""Pakta integritas (Pergub NTT 67/2019 art. 7(2)): each appointed person signs his own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Appointment, OfficerNeed, User
from organization.permissions import local_date
from organization.services.employees import append


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the id of the scan that he handed in."""

    user_id: int
    at: datetime
    attachment: int | None = None


def standing(need: OfficerNeed, now: datetime) -> list[Appointment]:
    """Return the appointments that a need led to and that still hold, in their order."""
    rows = Appointment.objects.filter(need=need, user__is_active=True).valid_at(now)
    rows = rows.valid_on(local_date(need.agency, now))
    return list(rows.select_related("user__employee", "agency").order_by("pk"))


@transaction.atomic
def keep_signatures(
    *, need: OfficerNeed, signatures: Sequence[Signature], now: datetime
) -> list[Appointment]:
    """Note on the appointments who signed his pact; return those that a signature is wanted for.

    The event's actor is who signed. A second time changes nothing.
    """
    agency = ledger.lock(need.agency)
    by_user = {signature.user_id: signature for signature in signatures}
    entries = []
    rows = standing(need, now)
    for row in rows:
        signature = by_user.get(row.user_id)
        if signature is None or row.integrity_pact_signed_at is not None:
            continue
        row.integrity_pact_signed_at = signature.at
        row.integrity_pact_attachment = signature.attachment
        row.save(update_fields=["integrity_pact_signed_at", "integrity_pact_attachment"])
        entries.append(_entry(row, row.user))
    append(agency, entries, now=now)
    return [row for row in rows if row.integrity_pact_signed_at is None]


def _entry(row: Appointment, user: User) -> Entry:
    signer = Actor(user_id=user.pk, name=user.get_full_name()[:150], acting_as=row.title)
    return Entry(
        actor=signer,
        verb="integrity_pact_signed",
        subject=f"organization.appointment:{row.pk}",
        after={
            "signed_at": row.integrity_pact_signed_at,
            "attachment": row.integrity_pact_attachment,
        },
    )
