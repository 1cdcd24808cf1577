"""What is to be told is written in the transaction of the event: no event without its message."""

import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from foundation import ledger, outbox
from foundation.models import Event, LedgerStream, OutboxJob
from organization.models import Agency
from processes.models import WebhookDelivery, WebhookSubscription
from processes.webhooks import kinds

JOB = "processes.webhook"
# How long a process remembers that nobody listens: the acts of an office without webhooks cost next
# to no query for them. The first subscription, where another process wrote it, is heard after so
# many seconds; where there is one already, another is heard at once.
REMEMBERED = 5.0
_nobody_until = 0.0


def forget_that_nobody_listens() -> None:
    """Ask again at the next event: somebody subscribed, here."""
    global _nobody_until
    _nobody_until = 0.0


def nobody_listens() -> bool:
    """Say whether there is no active subscription at all, as of a few seconds ago at most."""
    global _nobody_until
    if time.monotonic() < _nobody_until:
        return True
    if WebhookSubscription.objects.filter(state=WebhookSubscription.State.ACTIVE).exists():
        return False
    _nobody_until = time.monotonic() + REMEMBERED
    return True


def listening(agency_id: int | None) -> list[WebhookSubscription]:
    """Return who is told of an agency's events: its own subscriptions and the installation's."""
    rows = WebhookSubscription.objects.filter(
        Q(agency=agency_id) | Q(agency=None), state=WebhookSubscription.State.ACTIVE
    )
    return list(rows.select_related("agency"))


@ledger.hears
def hear(stream: LedgerStream, events: Sequence[Event]) -> None:
    """Write the messages that these events ask for."""
    known = [(event, kind) for event in events for kind in kinds.of_verb(event.verb)]
    if not known or nobody_listens():
        return
    agency_id = stream.pk if isinstance(stream, Agency) else getattr(stream, "agency_id", None)
    subscriptions = listening(agency_id)
    for event, kind in known:
        wanted = [one for one in subscriptions if kind.name in one.kinds]
        told = kind.tell(event) if wanted and kind.tell else None
        if told is not None:
            # The event's own place in its chain: a program can look it up.
            place = {"stream": event.stream, "sequence": event.sequence}
            write(wanted, kind.name, agency_id, {**told, "event": place}, event.at)


def announce(name: str, *, agency_id: int, data: Mapping[str, Any], now: datetime) -> None:
    """Tell what leaves no event of its own; the caller is in a transaction."""
    if nobody_listens():
        return
    wanted = [one for one in listening(agency_id) if name in one.kinds]
    write(wanted, name, agency_id, data, now)


def write(
    subscriptions: Iterable[WebhookSubscription],
    name: str,
    agency_id: int | None,
    data: Mapping[str, Any],
    now: datetime,
) -> list[WebhookDelivery]:
    """Write one message to each subscription, and the work of delivering it."""
    chosen = list(subscriptions)
    if not chosen:
        return []
    code = Agency.objects.filter(pk=agency_id or 0).values_list("code", flat=True).first() or ""
    body = {
        "type": name,
        "timestamp": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"agency": code, **data},
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    rows = [
        WebhookDelivery(
            subscription=one, message_id=f"msg_{uuid.uuid4().hex}", kind=name, body=text,
            created_at=now,
        )
        for one in chosen
    ]  # fmt: skip
    WebhookDelivery.objects.bulk_create(rows)
    outbox.enqueue_new([
        OutboxJob(
            kind=JOB, key=job_key(row.message_id), payload={"delivery": row.pk}, run_after=now,
            created_at=now,
        )
        for row in rows
    ])  # fmt: skip
    return rows


def job_key(message_id: str) -> str:
    return f"{JOB}/{message_id}"
