"""What tests of every way say, do and look at."""

from datetime import datetime, timedelta

from foundation import outbox
from foundation.models import OutboxJob
from processes.models import NoticeDelivery
from processes.notices.kinds import DECISION
from processes.services.notice_deliveries import JOB
from processes.services.notices import notify
from tests.cast import NOW, Cast

YEAR = timedelta(days=365)


def say(cast: Cast, number: int = 1, *, kind: str = DECISION, now: datetime = NOW) -> None:
    """Tell the head something that names a person, with a link."""
    notify(
        user_ids=[cast.kadis.pk], agency=cast.agency, kind=kind, key=f"uji/{number}",
        text=f"Cuti Joko nomor {number} menunggu keputusan Anda.", link=f"/tugas/kartu/{number}/",
        now=now,
    )  # fmt: skip


def work() -> None:
    """Try all that waits to be sent, whatever moment it waits for."""
    jobs = OutboxJob.objects.filter(kind=JOB, state=OutboxJob.State.WAITING)
    jobs.update(run_after=NOW - YEAR)
    outbox.drain()


def states() -> list[str]:
    return list(NoticeDelivery.objects.order_by("pk").values_list("state", flat=True))


def goes_at() -> list[datetime]:
    rows = NoticeDelivery.objects.order_by("pk")
    return list(rows.values_list("silenced_until", flat=True))
