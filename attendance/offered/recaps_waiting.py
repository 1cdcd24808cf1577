"""What waits for an office beside its tasks: recaps to acknowledge, late data, overdue months."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from attendance import links
from attendance.models import Delivery, LateFinding
from attendance.recaps.overdue import Overdue, overdue_months
from attendance.services.deliveries import offices_held
from foundation.indonesian import date_text, period_label
from organization.models import User
from organization.permissions import account, agencies_where, may_somewhere
from workflows.registry import Waiting, waiting


@waiting("attendance.recaps")
def recaps_waiting(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Name the months that are overdue, late data to decide on, recaps to acknowledge."""
    user = account(user_id)
    return [*_overdue(user, now), *_late(user, now), *_deliveries(user, now)]


def unacknowledged(user: User, now: datetime) -> QuerySet[Delivery]:
    """Return what was handed to the offices that this person holds and waits for a word."""
    condition = Q(pk__in=[])
    for agency_id, office in offices_held(user, now):
        of_agency = Q(recap__agency=agency_id) | Q(periodic__agency=agency_id)
        condition |= Q(recipient=office) & of_agency
    rows = Delivery.objects.filter(condition, acknowledged_at=None)
    return rows.select_related("recap__agency", "periodic__agency").defer(
        "periodic__rows", "periodic__figures", "recap__figures", "recap__changes"
    )


def _overdue(user: User, now: datetime) -> list[Waiting]:
    if not may_somewhere(user, "recap.escalated", now):
        return []
    agencies = list(agencies_where(user, "recap.escalated", now))
    return [
        Waiting(
            f"Rekap {period_label(str(late.month))} {late.agency} belum divalidasi; batasnya"
            f" {date_text(late.deadline)}",
            _remedy(late),
            late.warning,
        )
        for late in overdue_months(agencies, now)
    ]


def _remedy(late: Overdue) -> str:
    """Return where the month is brought on: its file, or what it holds where none was begun."""
    if late.instance_id is not None:
        return f"/proses/{late.instance_id}/"
    return links.month(late.agency.code, late.month)


def _late(user: User, now: datetime) -> list[Waiting]:
    if not may_somewhere(user, "recap.amend", now):
        return []
    found = (
        LateFinding.objects.filter(
            recap__agency__in=agencies_where(user, "recap.amend", now),
            status=LateFinding.Status.OPEN,
        )
        .order_by("recap__month", "recap")
        .values_list("recap", "recap__month", "recap__agency__name")
        .annotate(days=Count("pk"))
    )
    return [
        Waiting(
            f"{days} data susulan rekap {period_label(f'{month:%Y-%m}')} {agency}"
            " menunggu keputusan ralat",
            links.late_data(recap_id),
        )
        for recap_id, month, agency, days in found
    ]


def _deliveries(user: User, now: datetime) -> list[Waiting]:
    count = unacknowledged(user, now).count()
    if not count:
        return []
    return [Waiting(f"{count} rekap menunggu tanda terima Anda", links.PERIODIC)]
