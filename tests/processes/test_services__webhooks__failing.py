"""An address that is dead is one incident, and what it missed is sent again when it lives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.incidents import open_incidents, retry_incident
from foundation.models import Event, OutboxJob
from processes.exceptions import AlreadyDone
from processes.models import WebhookDelivery, WebhookSubscription
from processes.services import webhooks
from processes.webhooks.hearing import JOB
from tests.cast import NOW, Cast
from tests.processes.test_services__webhooks import start, subscribe, work
from tests.processes.webhook_receivers import Receiver, receiver

pytestmark = pytest.mark.django_db
MONTHS = ("2026-04", "2026-05", "2026-06")


@pytest.fixture
def outside(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    with receiver() as found:
        yield found


def dead(cast: Cast, outside: Receiver) -> WebhookSubscription:
    """Subscribe an address that refuses whatever comes; three files begin meanwhile."""
    row, _ = subscribe(cast, outside.address, "instance.started")
    outside.statuses = [410] * outbox.MAX_ATTEMPTS * len(MONTHS)
    for month in MONTHS:
        start(cast, month)
    for _ in range(outbox.MAX_ATTEMPTS):
        work()
    assert outside.statuses == []
    return row


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_dead_address_is_one_incident_however_many_messages_it_missed(
    cast: Cast, outside: Receiver
) -> None:
    dead(cast, outside)
    (incident,) = open_incidents()
    assert incident.about.text == f"3 kiriman tidak sampai ke {outside.address}"
    assert states() == ["failed"] * 3


def test_two_dead_addresses_are_two_incidents(cast: Cast, outside: Receiver) -> None:
    dead(cast, outside)
    with receiver() as other:
        address = other.address
    subscribe(cast, address, "instance.started")
    start(cast, "2026-07")
    for _ in range(outbox.MAX_ATTEMPTS):
        work()
    assert len(open_incidents()) == 2


def test_trying_again_sends_all_that_was_missed_with_the_same_ids(
    cast: Cast, outside: Receiver
) -> None:
    row = dead(cast, outside)
    before = {headers["webhook-id"] for headers, _ in outside.received}
    outside.received.clear()
    assert webhooks.try_again(subscription=row, actor=SYSTEM, now=NOW) == 3
    assert open_incidents() == []
    work()
    assert states() == ["delivered"] * 3
    assert {headers["webhook-id"] for headers, _ in outside.received} == before
    assert Event.objects.get(verb="webhook_tried_again").after == {"count": 3}
    with pytest.raises(AlreadyDone):
        webhooks.try_again(subscription=row, actor=SYSTEM, now=NOW)


def test_the_incident_tried_again_sends_all_and_fails_as_one_again(
    cast: Cast, outside: Receiver
) -> None:
    dead(cast, outside)
    (incident,) = open_incidents()
    outside.statuses = [500] * outbox.MAX_ATTEMPTS * len(MONTHS)
    retry_incident(job_id=incident.job.pk, stream=cast.agency, actor=SYSTEM, now=timezone.now())
    for _ in range(outbox.MAX_ATTEMPTS):
        assert open_incidents() == []
        work()
    assert len(open_incidents()) == 1
    assert outside.statuses == []


def test_nothing_is_tried_again_while_the_subscription_rests(cast: Cast, outside: Receiver) -> None:
    row = dead(cast, outside)
    webhooks.pause_webhook(subscription=row, actor=SYSTEM, now=NOW)
    with pytest.raises(AlreadyDone, match="dijeda"):
        webhooks.try_again(subscription=row, actor=SYSTEM, now=NOW)
    assert states() == ["failed"] * 3
    soon = timezone.now() + timedelta(minutes=1)
    assert not OutboxJob.objects.filter(kind=JOB, state="waiting", run_after__lte=soon).exists()


def test_what_failed_waits_for_nobody_once_the_subscription_is_gone(
    cast: Cast, outside: Receiver
) -> None:
    row = dead(cast, outside)
    webhooks.remove_webhook(subscription=row, actor=SYSTEM, now=NOW)
    assert not OutboxJob.objects.filter(kind=JOB, state=OutboxJob.State.INCIDENT).exists()
