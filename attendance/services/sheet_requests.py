"""Somebody who looks at a month asks for the sheets that are missing; a worker makes them."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from attendance.days.month_rows import staff_of
from attendance.days.months import Month
from attendance.exceptions import AttendanceError
from attendance.services.sheets import CHUNK, REBUILD
from foundation import ledger
from foundation.models import OutboxJob
from foundation.outbox import enqueue_new
from organization.models import Agency, User
from organization.permissions import actor_for, local_date, require


def jobs_waiting(agency: Agency, month: Month) -> int:
    """Return how many jobs that judge this month are still to be done."""
    return OutboxJob.objects.filter(
        kind=REBUILD,
        state=OutboxJob.State.WAITING,
        payload__agency=agency.pk,
        payload__month=str(month),
    ).count()


@transaction.atomic
def ask_for_sheets(
    *,
    agency: Agency,
    month: Month,
    user: User,
    now: datetime,
    employees: Collection[int] | None = None,
) -> int:
    """Order that a month be judged, of these people or of all; return how many people.

    Raises AttendanceError, with a sentence, for a month to come or one that is being judged.
    """
    require(user, "recap.view", agency, now)
    if month.first > local_date(agency, now):
        raise AttendanceError("Bulan ini belum mulai; belum ada yang dapat dinilai.")
    agency = ledger.lock(agency)
    if jobs_waiting(agency, month):
        raise AttendanceError("Penilaian bulan ini sudah berjalan; hasilnya muncul sendiri.")
    people = sorted(staff_of(agency, month) if employees is None else employees)
    payload = {"agency": agency.pk, "month": str(month), "cause": "Diminta dari halaman bulan"}
    chunks = [people[start : start + CHUNK] for start in range(0, len(people), CHUNK)]
    enqueue_new(
        [
            OutboxJob(
                kind=REBUILD,
                key=f"{REBUILD}:{uuid4().hex}",
                payload=payload | {"employees": chunk},
                run_after=now,
                created_at=now,
            )
            for chunk in chunks
        ]
    )
    ledger.record(
        stream=agency,
        actor=actor_for(user, None, agency, now),
        verb="sheets_asked",
        subject=f"sheets:{month}",
        now=now,
        after={"month": str(month), "people": len(people)},
    )
    return len(people)
