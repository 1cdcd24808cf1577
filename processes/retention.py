"""What this room takes away when its time is over: what was read, told, or never linked."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from foundation.incidents import open_jobs
from foundation.retention import AT_ONCE, Sweep, sweep
from processes.models import Notice, NoticeAddress, NoticeDelivery, WebhookDelivery
from processes.webhooks.hearing import JOB


def _notices(before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(read_at__lt=before)


def _addresses(before: datetime) -> QuerySet[NoticeAddress]:
    """Return those whose code nobody has sent, and those of accounts that are closed."""
    unknown = Q(sealed_address=b"") | Q(channel=NoticeDelivery.Channel.MAIL)
    idle = NoticeAddress.objects.filter(unknown | Q(owner__is_active=False))
    return idle.filter(created_at__lt=before)


def _deliveries(before: datetime) -> QuerySet[WebhookDelivery]:
    """Return the messages that came to an end and that no incident speaks of."""
    told = [job.payload["delivery"] for job in open_jobs().filter(kind=JOB)]
    ended = WebhookDelivery.objects.exclude(state=WebhookDelivery.State.WAITING)
    return ended.filter(created_at__lt=before).exclude(pk__in=told)


def _remove(rows: QuerySet[Any]) -> int:
    done = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        removed = rows.model.objects.filter(pk__in=ids).delete()[1]
        done += removed.get(rows.model._meta.label, 0)  # what hangs on them goes uncounted
    return done


sweep(
    Sweep(
        key="processes.notices",
        count=lambda before: _notices(before).count(),
        remove=lambda before: _remove(_notices(before)),
    )
)
sweep(
    Sweep(
        key="processes.notice_addresses",
        count=lambda before: _addresses(before).count(),
        remove=lambda before: _remove(_addresses(before)),
    )
)
sweep(
    Sweep(
        key="processes.webhook_deliveries",
        count=lambda before: _deliveries(before).count(),
        remove=lambda before: _remove(_deliveries(before)),
    )
)
