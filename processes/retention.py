"""What this room takes away when its time is over: notices that were read."""

from datetime import datetime

from django.db.models import QuerySet

from foundation.retention import AT_ONCE, Sweep, sweep
from processes.models import Notice


def _notices(before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(read_at__lt=before)


def _remove(before: datetime) -> int:
    done = 0
    while ids := list(_notices(before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        done += Notice.objects.filter(pk__in=ids).delete()[0]
    return done


sweep(
    Sweep(
        key="processes.notices",
        count=lambda before: _notices(before).count(),
        remove=_remove,
    )
)
