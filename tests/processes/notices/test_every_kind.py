"""Every kind of notice goes by every way, at its hour, and its link leads past the sign-in."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import LazySettings
from django.test import Client

from foundation.models import Event
from organization.models import User
from processes.models import Instance, Notice, NoticeDelivery, NoticePreference, Task
from processes.notices.kinds import ALARM, DECISION, KINDS
from processes.services.notice_addresses import add_browser, begin_chat, link_chat
from processes.services.notice_tasks import tell_of_tasks
from tests.cast import NOW, PASSWORD, Cast
from tests.processes.mailbox import Mailbox, open_mailbox
from tests.processes.notice_services import ONE_CHAT, Reader, Service
from tests.processes.notices.delivering import say, states, work
from tests.processes.pages import to_decision

pytestmark = pytest.mark.django_db
WAYS = sorted(NoticeDelivery.Channel.values)


@dataclass
class Reached:
    """The head as he is reached by every way, and what lies at each of them."""

    mailbox: Mailbox
    chat: Service
    service: Service
    browser: Reader

    def told(self) -> list[str]:
        """Return what came, by mail, Telegram and push."""
        letters = [letter.get_payload(decode=True) for letter in self.mailbox.letters]
        return [
            *(letter.decode() for letter in letters if isinstance(letter, bytes)),
            *(message["text"] for message in self.chat.messages),
            *(str(self.browser.read(body)) for _, _, body in self.service.received),
        ]


@pytest.fixture
def head(cast: Cast, telegram: Service, push: Service, settings: LazySettings) -> Iterator[Reached]:
    User.objects.filter(pk=cast.kadis.pk).update(email="kadis@sopan.example")
    link_chat(code=begin_chat(actor_user=cast.kadis, now=NOW), chat=str(ONE_CHAT), now=NOW)
    reader = Reader(push)
    add_browser(actor_user=cast.kadis, address=reader.address, now=NOW)
    with open_mailbox() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.MAIL_IS_SET_UP = True
        yield Reached(server, telegram, push, reader)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_by_each_way_that_is_chosen(kind: str, head: Reached, cast: Cast) -> None:
    NoticePreference.objects.create(user=cast.kadis, ways={kind: WAYS}, changed_at=NOW)
    say(cast, kind=kind)
    work()
    assert states() == ["sent"] * 3
    letter, message, pushed = head.told()
    assert "Cuti Joko nomor 1" in letter
    for brief in (message, pushed):
        assert f"1 {KINDS[kind].brief}" in brief
        assert "Joko" not in brief
    assert all("/tugas/kartu/1/" in told for told in head.told())


@pytest.mark.parametrize("kind", KINDS)
def test_who_chose_nothing_gets_what_asks_for_him_and_no_more(
    kind: str, head: Reached, cast: Cast
) -> None:
    say(cast, kind=kind)
    assert states() == (["waiting"] * 3 if KINDS[kind].is_sent else [])


def test_one_way_that_is_down_keeps_no_other_waiting(head: Reached, cast: Cast) -> None:
    head.chat.is_down = True
    say(cast, kind=ALARM)
    work()
    assert sorted(states()) == ["sent", "sent", "waiting"]


def test_the_link_leads_who_is_not_signed_in_to_the_card_and_decides_nothing(
    head: Reached, instance: Instance, cast: Cast
) -> None:
    task = to_decision(instance, cast)
    tell_of_tasks(task_ids=[task.pk], by=None, now=NOW)
    work()
    link = f"/tugas/kartu/{task.pk}/"
    assert all(link in told for told in head.told())
    tasks, events = list(Task.objects.order_by("pk").values()), Event.objects.count()
    client = Client()
    asked = client.get(link)
    assert asked["Location"] == f"/accounts/login/?next={link}"
    form = {"username": cast.kadis.username, "password": PASSWORD}
    assert client.post(asked["Location"], form)["Location"] == link
    card = client.get(link)
    assert card.status_code == 200
    assert "Cuti Joko" in card.content.decode()
    assert list(Task.objects.order_by("pk").values()) == tasks
    assert Event.objects.count() == events
    assert Notice.objects.get(kind=DECISION).read_at is None
