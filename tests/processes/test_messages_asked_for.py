"""A room below asks for a message by name: it is sent once, however often the job runs."""

import pytest

from foundation.actors import SYSTEM
from processes.models import Message
from tests.cast import NOW, Cast
from workflows import registry
from workflows.registry import Request

pytestmark = pytest.mark.django_db


def test_a_message_that_a_room_asks_for_is_sent_once(cast: Cast) -> None:
    request = Request(
        agency_id=cast.agency.pk, subject="7", actor=SYSTEM, now=NOW,
        parameters={"message": "kabar_uji", "key": "uji:7"},
    )  # fmt: skip
    for _ in range(2):
        registry.requested.get("processes.send_message")(request)
    message = Message.objects.get()
    assert (message.name, message.subject, message.agency) == ("kabar_uji", "7", cast.agency)
