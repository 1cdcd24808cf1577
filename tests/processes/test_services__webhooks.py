"""Messages to programs outside: told once, signed, tried again, and never into the house."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from config.backups.sealed import sealed_values
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.incidents import open_incidents
from foundation.models import Event, OutboxJob
from organization.models import Agency
from processes import services
from processes.exceptions import InvalidAnswers, ProcessError
from processes.models import Notice, WebhookDelivery, WebhookSubscription
from processes.services import webhooks
from processes.webhooks import addresses, sending
from processes.webhooks.hearing import JOB
from tests.cast import NOW, Cast
from tests.processes.webhook_receivers import Receiver, receiver

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def outside(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    with receiver() as found:
        yield found


def subscribe(
    cast: Cast, address: str, *names: str, agency: Agency | None = None
) -> tuple[WebhookSubscription, str]:
    return webhooks.subscribe(
        agency=agency or cast.agency, keeper=agency or cast.agency, address=address,
        names=names or ("instance.started", "task.created", "task.claimed"), actor=SYSTEM,
        user=cast.admin, now=NOW,
    )  # fmt: skip


def start(cast: Cast, subject: str = "2026-04") -> int:
    instance = services.start_process(
        definition_key="pengelolaan_e_absensi", agency=cast.agency, subject=subject,
        actor_user=cast.kadis, now=NOW,
    )  # fmt: skip
    return instance.pk


def work() -> None:
    """Do the messages that are due, whatever else waits, as one worker would."""
    OutboxJob.objects.exclude(kind=JOB).update(run_after=timezone.now() + timedelta(days=1))
    jobs = OutboxJob.objects.filter(kind=JOB, state=OutboxJob.State.WAITING)
    jobs.update(run_after=timezone.now())
    outbox.drain(limit=jobs.count())


def the_delivery() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def verifying_example() -> dict[str, Any]:
    """Return what the example of the guide defines."""
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102  the guide's own lines
    return names


def test_a_message_arrives_signed_as_the_guide_verifies_it(cast: Cast, outside: Receiver) -> None:
    _, secret = subscribe(cast, outside.address, "instance.started")
    instance_id = start(cast)
    assert outside.received == []  # nothing leaves with the transaction
    work()
    ((headers, body),) = outside.received
    verify = verifying_example()["verify"]
    assert verify(secret, headers, body)
    assert not verify(secret, headers, body + b" ")
    assert not verify(sending.new_secret(), headers, body)
    told = json.loads(body)
    assert told["type"] == "instance.started"
    assert told["data"]["instance"] == instance_id
    assert told["data"]["agency"] == cast.agency.code
    row = the_delivery()
    assert (row.state, row.answer, row.tries) == ("delivered", 204, 1)


def test_an_old_message_is_refused_by_the_example(cast: Cast, outside: Receiver) -> None:
    _, secret = subscribe(cast, outside.address, "instance.started")
    start(cast)
    row = the_delivery()
    sending.post(row, timestamp=int(timezone.now().timestamp()) - 3600)
    ((headers, body),) = outside.received
    assert not verifying_example()["verify"](secret, headers, body)


def test_what_was_refused_once_comes_again_with_the_same_id_and_bytes(
    cast: Cast, outside: Receiver
) -> None:
    outside.statuses = [500]
    subscribe(cast, outside.address, "instance.started")
    start(cast)
    work()
    assert (the_delivery().state, the_delivery().answer) == ("waiting", 500)
    work()
    first, second = outside.received
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert (the_delivery().state, the_delivery().tries) == ("delivered", 2)
    assert WebhookSubscription.objects.get().failing_since is None
    work()
    assert len(outside.received) == 2


def test_where_nobody_answers_there_is_an_incident_in_the_end(
    cast: Cast, settings: LazySettings
) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    with receiver() as gone:
        address = gone.address
    subscribe(cast, address, "instance.started")
    start(cast)
    for _ in range(outbox.MAX_ATTEMPTS):
        assert open_incidents() == []
        work()
    (incident,) = open_incidents()
    assert incident.about.agency_id == cast.agency.pk
    assert the_delivery().state == "failed"
    assert the_delivery().error == "Sambungan gagal atau terputus."


def test_a_slow_server_is_left_in_time(cast: Cast, outside: Receiver) -> None:
    outside.holds = True
    subscribe(cast, outside.address, "instance.started")
    start(cast)
    with pytest.raises(TimeoutError):
        sending.post(the_delivery(), timestamp=0, seconds=0.2)
    assert len(outside.received) == 1


def test_a_redirect_is_not_followed_and_not_tried_again(cast: Cast, outside: Receiver) -> None:
    outside.statuses = [302]
    subscribe(cast, outside.address, "instance.started")
    start(cast)
    work()
    assert len(outside.received) == 1
    assert (the_delivery().state, the_delivery().answer) == ("failed", 302)
    assert len(open_incidents()) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "[::1]", "[::ffff:10.0.0.8]", "0.0.0.0",  # noqa: S104
     "[64:ff9b::a00:8]", "[fe80::1]", "192.168.1.1", "224.0.0.1", "2130706433"],
)  # fmt: skip
def test_no_message_goes_into_the_house(cast: Cast, host: str) -> None:
    subscribe(cast, f"https://{host}/kabar", "instance.started")
    start(cast)
    work()
    assert (the_delivery().state, the_delivery().answer) == ("failed", None)
    assert "jaringan dalam" in the_delivery().error


def test_the_address_is_asked_at_each_delivery_and_every_answer_must_be_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [["93.184.216.34"], ["93.184.216.34", "10.0.0.8"]]
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda *given, **more: [(2, 1, 6, "", (one, 443)) for one in answers.pop(0)],
    )
    place = addresses.read("https://sistem.contoh.go.id/kabar")
    assert addresses.resolved(place) == "93.184.216.34"
    with pytest.raises(addresses.AddressRefused):
        addresses.resolved(place)


@pytest.mark.parametrize(
    "address",
    ["http://contoh.go.id/", "ftp://contoh.go.id/", "https://", "https://a:b@contoh.go.id/",
     "https://contoh.go.id/\r\nHost: x", "https://contoh.go.id:x/", "https://contoh.go.id/#a"],
)  # fmt: skip
def test_only_plain_https_addresses_are_taken(cast: Cast, address: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        subscribe(cast, address)
    assert list(refused.value.errors) == ["address"]


def test_an_agency_hears_its_own_events_alone(cast: Cast, outside: Receiver) -> None:
    other, _ = subscribe(cast, outside.address, agency=cast.other_agency)
    own, _ = subscribe(cast, outside.address)
    start(cast)
    heard = set(WebhookDelivery.objects.values_list("subscription", flat=True))
    assert heard == {own.pk}
    assert other.pk not in heard


def test_a_paused_subscription_gets_nothing_not_even_what_waited(
    cast: Cast, outside: Receiver
) -> None:
    row, _ = subscribe(cast, outside.address, "instance.started")
    start(cast)
    webhooks.pause_webhook(subscription=row, actor=SYSTEM, now=NOW)
    work()
    assert the_delivery().state == "dropped"
    start(cast, "2026-05")
    assert WebhookDelivery.objects.count() == 1
    assert outside.received == []


def test_no_message_without_its_event(cast: Cast, outside: Receiver) -> None:
    subscribe(cast, outside.address, "instance.started")
    start(cast)
    with pytest.raises(ProcessError):
        start(cast)
    assert WebhookDelivery.objects.count() == 1


def test_an_address_that_fails_for_days_is_paused_and_its_people_are_told(
    cast: Cast, outside: Receiver
) -> None:
    outside.statuses = [302]
    row, _ = subscribe(cast, outside.address, "instance.started")
    WebhookSubscription.objects.update(failing_since=timezone.now() - timedelta(days=4))
    start(cast)
    work()
    row.refresh_from_db()
    assert row.state == "paused"
    assert Notice.objects.filter(user=cast.admin, kind="alarm").count() == 1
    assert open_incidents() == []  # nobody is told by it any more
    assert Event.objects.filter(verb="webhook_paused").count() == 1


def test_the_secret_is_sealed_for_its_row_and_goes_with_it(cast: Cast) -> None:
    row, secret = subscribe(cast, "https://sistem.contoh.go.id/kabar")
    assert secret.encode() not in bytes(row.sealed_secret)
    assert sending.open_secret(row) == secret
    assert any(name.startswith("rahasia webhook") for name, _ in sealed_values())
    assert secret not in str(list(Event.objects.values()))
    webhooks.remove_webhook(subscription=row, actor=SYSTEM, now=NOW)
    assert not any(name.startswith("rahasia webhook") for name, _ in sealed_values())
    assert list(ledger.verify()) == []
