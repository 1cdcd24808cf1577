"""Send notices to where their readers read: never by night, several as one, each of them once.

A delivery leaves no event, as the notice leaves none: its row says what became of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from foundation import outbox
from organization.models import Agency
from processes.models import Notice, NoticeDelivery
from processes.notices.channels import mail
from processes.notices.quiet import silenced_until

JOB = "processes.deliver_notice"
AT_ONCE = 50  # notices in one digest
TOGETHER = timedelta(seconds=30)  # until a row looks whether the first of them took it along
OPEN = (NoticeDelivery.State.WAITING, NoticeDelivery.State.FAILED)


@transaction.atomic
def plan_mail(*, notices: Sequence[Notice], agency: Agency, is_urgent: bool, now: datetime) -> None:
    """Let these notices go by mail, after the quiet hours unless they are urgent."""
    goes_at = now if is_urgent else silenced_until(agency, now)
    channel = NoticeDelivery.Channel.MAIL
    for notice in notices:
        row, is_new = NoticeDelivery.objects.get_or_create(
            notice=notice,
            channel=channel,
            defaults={"user_id": notice.user_id, "silenced_until": goes_at},
        )
        if is_new:
            key, payload = f"{JOB}/{row.pk}", {"delivery": row.pk}
            outbox.enqueue(kind=JOB, key=key, payload=payload, run_after=goes_at)


def deliver(*, delivery_id: int, now: datetime) -> None:
    """Send what waits for one reader since the same moment: one message, by the first of its rows.

    Raises what the service raises: the outbox tries again. What went with another is sent already
    when its own turn comes.
    """
    row = NoticeDelivery.objects.select_related("user").filter(pk=delivery_id).first()
    if row is None or row.state not in OPEN:
        return
    together = list(_together(row).select_related("notice")[:AT_ONCE])
    if together[0].pk < row.pk:
        raise outbox.Postponed("Dikirim bersama pemberitahuan lain.", again_in=TOGETHER)
    rows = NoticeDelivery.objects.filter(pk__in=[one.pk for one in together])
    if not row.user.email or not row.user.is_active:
        rows.update(state=NoticeDelivery.State.DROPPED, tried_at=now)
        return
    rows.update(state=NoticeDelivery.State.WAITING, tries=F("tries") + 1, tried_at=now)
    mail.send(row.user, [one.notice for one in together])
    with transaction.atomic():
        Notice.objects.filter(deliveries__in=rows).update(mailed_at=now)
        rows.update(state=NoticeDelivery.State.SENT)


@transaction.atomic
def give_up(*, delivery_id: int) -> None:
    """Note that the tries of a message are used up; its notices stand in the site all the same.

    One incident stands for all of them: their own turns find nothing to do.
    """
    row = NoticeDelivery.objects.filter(pk=delivery_id).first()
    if row is not None:
        _together(row).update(state=NoticeDelivery.State.FAILED)


def _together(row: NoticeDelivery) -> QuerySet[NoticeDelivery]:
    """Return what goes in the same message, the first of them first."""
    return NoticeDelivery.objects.filter(
        user=row.user_id,
        channel=row.channel,
        silenced_until=row.silenced_until,
        state__in=OPEN,
    ).order_by("pk")
