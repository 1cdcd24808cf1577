"""Who a recap was handed to, and when that office said that it has it.

An office is a role with the capability `recap.receive` in the agency, whoever holds it that day.
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendance.days.policies import policies_of
from attendance.models import Delivery, PeriodicRecap, Recap
from foundation import ledger
from foundation.actors import SYSTEM
from organization.models import Agency, User
from organization.permissions import (
    ROLES,
    actor_for,
    local_date,
    mandates_of,
    users_with_role,
)
from workflows.registry import Request
from workflows.requests import request_operation

RECEIVE = "recap.receive"
# The report of the catalogue that tells a recap of this kind.
REPORTS = {PeriodicRecap.Kind.DAILY: "rekap_harian", PeriodicRecap.Kind.WEEKLY: "rekap_mingguan"}
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


def ask_for_report(recap: PeriodicRecap, now: datetime) -> None:
    """Ask for the Word report of a recap that is handed out, where the office decided so.

    In the caller's transaction; a worker writes it. Off unless `periodic_report` says yes.
    """
    today = local_date(recap.agency, now)
    if not policies_of(recap.agency_id, today, today).on(today).reports_periods:
        return
    kind, key = PeriodicRecap.Kind(recap.kind), f"periodic:{recap.pk}"
    asked = Request(
        agency_id=recap.agency_id,
        subject=period_subject(recap),
        actor=SYSTEM,
        now=now,
        parameters={"report": REPORTS[kind], "key": key},
    )
    request_operation(name="documents.report", key=key, request=asked)


def period_subject(recap: PeriodicRecap) -> str:
    """Return how reports name the recap's period: "2026-04-17" or "2026-W16"."""
    if recap.kind == PeriodicRecap.Kind.DAILY:
        return recap.first.isoformat()
    year, week, _ = recap.first.isocalendar()
    return f"{year}-W{week:02d}"


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
    rows = Delivery.objects.select_related("recap__agency", "periodic__agency").order_by("pk")
    rows = rows.filter(pk__in=deliveries)
    for agency in sorted({agency_of(row) for row in rows}, key=lambda each: each.pk):
        ledger.lock(agency)
    found = list(rows.select_for_update(of=("self",)))
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
