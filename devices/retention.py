"""What this room takes away when its time is over: the bodies that machines sent.

Their rows stay with size, hash and counts, and so does every punch that came of them. What still
waits for somebody who approves the machine stays whole.
"""

from datetime import datetime

from django.db.models import QuerySet

from devices.models import RawUpload
from foundation.retention import AT_ONCE, Sweep, sweep

MOST = 200_000


def _bodies(before: datetime) -> QuerySet[RawUpload]:
    kept = RawUpload.objects.exclude(outcome=RawUpload.Outcome.WAITING)
    return kept.filter(received_at__lt=before).exclude(content=b"")


def _empty(before: datetime) -> int:
    """Empty them piece by piece, no more a day than fits into a worker's time."""
    done = 0
    while ids := list(_bodies(before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        rows = RawUpload.objects.filter(pk__in=ids)
        done += rows.update(content=b"", coding=RawUpload.Coding.PLAIN)
        if done >= MOST:
            break
    return done


sweep(Sweep(key="devices.raw_bodies", count=lambda before: _bodies(before).count(), remove=_empty))
