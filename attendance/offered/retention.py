"""What this room takes away when its time is over: files of a month, places of presses."""

from datetime import datetime

from django.db.models import QuerySet

from attendance.models import CheckIn, MonthFile
from attendance.services.month_files import KEPT, sweep_month_files
from foundation.retention import AT_ONCE, Sweep, sweep


def _month_files(before: datetime) -> int:
    return MonthFile.objects.filter(asked_at__lt=before).count()


def _places(before: datetime) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(received_at__lt=before).exclude(sealed_place=b"")


def _empty_places(before: datetime) -> int:
    """Take away coordinates and the kind of phone; distance and verdict stay."""
    done = 0
    while ids := list(_places(before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        done += CheckIn.objects.filter(pk__in=ids).update(sealed_place=b"", device_hint="")
    return done


sweep(
    Sweep(
        key="attendance.month_files",
        count=_month_files,
        remove=lambda before: sweep_month_files(now=before + KEPT),
        days=KEPT.days,
    )
)
sweep(
    Sweep(
        key="attendance.places",
        count=lambda before: _places(before).count(),
        remove=_empty_places,
    )
)
