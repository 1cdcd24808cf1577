"""Who a recap was handed to, and when that office said that it has it.

An office is a role with the capability `recap.receive` in the agency, whoever holds it that day.
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendance.models import Delivery, PeriodicRecap, Recap
from foundation import ledger
from organization.models import Agency, User
from organization.permissions import ROLES, actor_for, mandates_of, users_with_role

RECEIVE = "recap.receive"
IN_THE_SYSTEM = "kotak masuk SOPan"


def deliver(
    *, now: datetime, recap: Recap | None = None, periodic: PeriodicRecap | None = None
) -> list[Delivery]:
    """Hand a recap to each office that gets it and is held by somebody; once each."""
    subject = recap or periodic
    if subject is None:
        raise ValueError("Sebutkan rekap yang dikirim.")
    had = set(subject.deliveries.values_list("recipient", flat=True))
    return Delivery.objects.bulk_create(
        Delivery(
            recap=recap,
            periodic=periodic,
            recipient=office,
            user=holder,
            channel=IN_THE_SYSTEM,
            sent_at=now,
        )
        for office, holder in offices_of(subject.agency, now)
        if office not in had
    )


def offices_of(agency: Agency, now: datetime) -> list[tuple[str, User]]:
    """Return the offices that get this agency's recaps, each with who holds it now."""
    offices = [role for role, allowed in ROLES.items() if RECEIVE in allowed]
    held = [
        (office, users_with_role(office, agency, now).order_by("pk").first()) for office in offices
    ]
    return [(office, holder) for office, holder in held if holder is not None]


@transaction.atomic
def acknowledge(*, deliveries: Collection[int], user: User, now: datetime) -> int:
    """Note that this person has these recaps, for the office he holds; return how many were new.

    What somebody acknowledged before stays as it was. Raises PermissionDenied where one of them
    went to an office that he does not hold.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=deliveries)
    found = list(rows.select_related("recap__agency", "periodic__agency").order_by("pk"))
    if len(found) != len(set(deliveries)):
        raise PermissionDenied("Kiriman ini tidak ada atau bukan untuk Anda.")
    offices = offices_held(user, now)
    if any((agency_of(row).pk, row.recipient) not in offices for row in found):
        raise PermissionDenied("Tanda terima hanya dapat diberikan oleh penerimanya.")
    fresh = [row for row in found if row.acknowledged_at is None]
    for row in fresh:
        row.acknowledged_by, row.acknowledged_at = user, now
        row.save(update_fields=["acknowledged_by", "acknowledged_at"])
        ledger.record(
            stream=agency_of(row),
            actor=actor_for(user, row.recipient, agency_of(row), now),
            verb="recap_acknowledged",
            subject=subject_of(row),
            after={"delivery": row.pk, "recipient": row.recipient},
            now=now,
        )
    return len(fresh)


def offices_held(user: User, now: datetime) -> set[tuple[int, str]]:
    """Return (agency id, office) of each office with recaps that this person holds now."""
    return {(m.agency_id, m.role) for m in mandates_of(user, now) if m.allows(RECEIVE)}


def agency_of(delivery: Delivery) -> Agency:
    subject = delivery.recap or delivery.periodic
    assert subject is not None  # noqa: S101  the database has a constraint that says so
    return subject.agency


def subject_of(delivery: Delivery) -> str:
    if delivery.recap_id:
        return f"attendance.recap:{delivery.recap_id}"
    return f"attendance.periodicrecap:{delivery.periodic_id}"
