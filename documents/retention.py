"""What this room takes away when its time is over: packages, copies of data, left-overs."""

from datetime import datetime

from documents.archive import left_overs
from documents.models import Package, PersonalCopy
from documents.personal import copies
from documents.renditions import packages
from foundation.retention import Sweep, sweep


def _packages(before: datetime) -> int:
    done = Package.objects.filter(state=Package.State.DONE)
    return done.filter(expires_at__lte=before + packages.KEPT).count()


def _copies(before: datetime) -> int:
    done = PersonalCopy.objects.filter(state=PersonalCopy.State.DONE)
    return done.filter(expires_at__lte=before + copies.KEPT).count()


def _left_overs(before: datetime) -> int:
    now = before + left_overs.KEPT
    return sum(1 for _ in left_overs.left_overs(now, left_overs.KEPT))


sweep(
    Sweep(
        key="documents.packages",
        count=_packages,
        remove=lambda before: packages.sweep_packages(now=before + packages.KEPT),
        days=packages.KEPT.days,
    )
)
sweep(
    Sweep(
        key="documents.personal_copies",
        count=_copies,
        remove=lambda before: copies.sweep_copies(now=before + copies.KEPT),
        days=copies.KEPT.days,
    )
)
sweep(
    Sweep(
        key="documents.left_overs",
        count=_left_overs,
        remove=lambda before: left_overs.remove_left_overs(now=before + left_overs.KEPT),
        days=left_overs.KEPT.days,
    )
)
