"""The days of a correction that bears on many people: judged by a worker, some at a time.

Of each person the days are judged as if it were not granted and as if it were; what is tried is
taken back at once, so that the order of the count and of the decision does not matter.
"""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from attendance.evidence.corrected_days import Concerned, Verdicts, concerned, judged, kept
from attendance.law.cases import Verdict
from attendance.models import Correction
from attendance.services.evidence_rows import record
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from foundation.outbox import enqueue_new

JOB = "attendance.correction_days"
AT_ONCE = 10  # people whose days are judged while the page is waited for
AT_A_TIME = 25  # people in one short transaction
Status = Correction.Status


def order_count(row: Correction, people: int, now: datetime) -> None:
    """Have the days judged after the caller's commit; until then the row keeps none."""
    row.before, row.after, row.people, row.people_done = [], [], people, 0
    row.save(update_fields=["before", "after", "people", "people_done"])
    key = f"{JOB}:{row.pk}:{row.status}"
    job = OutboxJob(
        kind=JOB, key=key, payload={"correction": row.pk}, run_after=now, created_at=now
    )
    enqueue_new([job])


class _OnlyTried(Exception):
    """Takes back the state that was tried."""


def count_days(*, correction_id: int, now: datetime) -> None:
    """Judge the days before and after, and keep those that differ; done twice, counted once."""
    row = Correction.objects.select_related("agency", "device").get(pk=correction_id)
    if not row.is_counting:
        return
    about = concerned(row, now)
    before: dict[tuple[int, date], Verdict] = {}
    after: dict[tuple[int, date], Verdict] = {}
    for start in range(0, len(about.people), AT_A_TIME):
        some = replace(about, people=about.people[start : start + AT_A_TIME])
        before |= _as_if(row.pk, Status.REQUESTED, some, now)
        after |= _as_if(row.pk, Status.APPROVED, some, now)
        # The last one is told together with the days.
        done = min(start + len(some.people), row.people - 1)
        Correction.objects.filter(pk=row.pk).update(people_done=done)
    _keep(row, before, after, now)


def _as_if(correction_id: int, status: str, about: Concerned, now: datetime) -> Verdicts:
    """Return the days as they are judged where the correction has this state; nothing stays."""
    try:
        with transaction.atomic():
            Correction.objects.filter(pk=correction_id).update(status=status)
            found = judged(about, now)
            raise _OnlyTried
    except _OnlyTried:
        return found


@transaction.atomic
def _keep(row: Correction, before: Verdicts, after: Verdicts, now: datetime) -> None:
    agency = ledger.lock(row.agency)
    current = Correction.objects.select_for_update().get(pk=row.pk)
    if not current.is_counting:
        return
    current.before, current.after = kept(before, after)
    current.people_done = current.people
    current.save(update_fields=["before", "after", "people_done"])
    record(
        agency, SYSTEM, "correction_counted", f"correction:{row.pk}", now=now,
        after={"people": current.people, "days": len(current.after)},
    )  # fmt: skip
