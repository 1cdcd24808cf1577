"""Send notices to where their readers read: never by night, several as one, each of them once.

A delivery leaves no event, as the notice leaves none: its row says what became of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import F, QuerySet

from foundation import outbox
from foundation.models import OutboxJob
from organization.models import Agency
from processes.models import Notice, NoticeDelivery
from processes.notices.channels import open_ways
from processes.notices.channels.failing import Unreachable
from processes.notices.wishes import wishes_of

JOB = "processes.deliver_notice"
AT_ONCE = 50  # notices in one digest
TOGETHER = timedelta(seconds=30)  # until a row looks whether the first of them took it along
OPEN = (NoticeDelivery.State.WAITING, NoticeDelivery.State.FAILED)


@transaction.atomic
def plan(
    *,
    user_ids: Collection[int],
    agency: Agency,
    kind: str,
    key: str,
    now: datetime,
    is_mailed: bool = False,
) -> None:
    """Let the notice of this key go to each of these people by the ways that he wants.

    After his quiet hours; `is_mailed`: by mail too where he chose nothing.
    """
    ways = open_ways() if user_ids else {}
    if not ways:
        return
    wishes = wishes_of(user_ids)
    notices = {row.user_id: row for row in Notice.objects.filter(key=key, user__in=user_ids)}
    known = NoticeDelivery.objects.filter(notice__in=notices.values())
    planned = set(known.values_list("notice", "channel"))
    moment = cache(lambda wish, channel: wish.goes_at(agency, kind, channel, now))
    rows = []
    for channel, way in ways.items():
        asked = [pk for pk in notices if wishes[pk].wants(kind, channel, is_mailed=is_mailed)]
        for user_id in sorted(way.reached(asked)) if asked else ():
            if (notices[user_id].pk, channel) not in planned:
                at = moment(wishes[user_id], channel)
                rows.append(_row(notices[user_id], channel, at))
    _store(rows, now)


def _row(notice: Notice, channel: str, goes_at: datetime) -> NoticeDelivery:
    return NoticeDelivery(
        notice=notice, user_id=notice.user_id, channel=channel, silenced_until=goes_at
    )


def _store(rows: list[NoticeDelivery], now: datetime) -> None:
    NoticeDelivery.objects.bulk_create(rows)
    outbox.enqueue_new([
        OutboxJob(
            kind=JOB, key=f"{JOB}/{row.pk}", payload={"delivery": row.pk},
            run_after=row.silenced_until, created_at=now,
        )
        for row in rows
    ])  # fmt: skip


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
    rows.update(state=NoticeDelivery.State.WAITING, tries=F("tries") + 1, tried_at=now)
    if not _carry(row, [one.notice for one in together]):
        rows.update(state=NoticeDelivery.State.DROPPED)
        return
    with transaction.atomic():
        if row.channel == NoticeDelivery.Channel.MAIL:
            Notice.objects.filter(deliveries__in=rows).update(mailed_at=now)
        rows.update(state=NoticeDelivery.State.SENT)


def _carry(row: NoticeDelivery, notices: Sequence[Notice]) -> bool:
    """Send by the way of the row; False where its reader is no longer reached by it."""
    way = open_ways().get(row.channel)
    if way is None or not way.reached([row.user_id]):
        return False
    try:
        way.send(row.user, notices)
    except Unreachable:
        return False
    return True


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
