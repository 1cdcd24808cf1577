"""What waits beside tasks: requests and conflicts for BKD, signed lists for who types them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from attendance import links
from attendance.law.codes import Flag
from attendance.models import Correction, MonthSheet, Outage
from attendance.services.correction_runs import runs
from attendance.services.corrections import DECIDE
from attendance.services.outages import ENTER_LIST
from organization.permissions import account, agencies_where, may_somewhere
from processes.models import Instance
from workflows.registry import Waiting, waiting

CONFLICTS_SINCE = timedelta(days=62)


@waiting("attendance.corrections")
def corrections_to_decide(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say how many requests wait for this person; one's own requests and days wait for others.

    Those under way in their procedure stand among the tasks.
    """
    user = account(user_id)
    if not may_somewhere(user, DECIDE, now):
        return []
    agencies = [agency.pk for agency in agencies_where(user, DECIDE, now)]
    rows = Correction.objects.requested().filter(agency__in=agencies).exclude(requested_by=user)
    if user.employee_id is not None:
        rows = rows.exclude(employee__isnull=False, employee=user.employee_id)
    in_tasks = runs().filter(status=Instance.Status.RUNNING, agency__in=agencies)
    rows = rows.exclude(pk__in=[int(run) for run in in_tasks.values_list("subject", flat=True)])
    found = []
    if count := rows.count():
        found.append(
            Waiting(f"{count} permintaan koreksi menunggu keputusan BKD", links.CORRECTIONS)
        )
    for row in _with_conflicts(agencies, now):
        text = f"Daftar manual dan mesin berbeda pada {row}: periksa"
        found.append(Waiting(text, links.outage(row.pk)))
    return found


@waiting("attendance.outage_lists")
def lists_to_type(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say how many outages wait for their signed list to be typed, or checked.

    Those under way in their procedure stand among the tasks.
    """
    user = account(user_id)
    if not may_somewhere(user, ENTER_LIST, now):
        return []
    agencies = agencies_where(user, ENTER_LIST, now)
    rows = (
        Outage.objects.standing()
        .filter(agency__in=agencies, listed_at=None, last_on__isnull=False)
        .exclude(instance__status=Instance.Status.RUNNING)
    )
    if count := rows.count():
        return [Waiting(f"{count} gangguan menunggu daftar hadir manual", links.OUTAGES)]
    return []


def _with_conflicts(agencies: Collection[int], now: datetime) -> Sequence[Outage]:
    """Return the outages of late in whose months somebody's list and machine disagree."""
    since = (now - CONFLICTS_SINCE).date()
    sheets = MonthSheet.objects.filter(
        agency=OuterRef("agency"),
        month__gte=since.replace(day=1),
        days__contains=str(Flag.MANUAL_CONFLICT),
    )
    rows = Outage.objects.filter(agency__in=agencies, listed_at__isnull=False, last_on__gte=since)
    return list(rows.filter(Exists(sheets)).select_related("agency", "device").defer("rows"))
