"""Telegram: a chat is linked by a code of its owner, told briefly, told again where that failed."""

import logging
from datetime import timedelta

import pytest

from foundation import outbox
from foundation.incidents import open_incidents
from foundation.models import Event, OutboxJob
from processes.models import NoticeAddress, NoticeDelivery, NoticePreference
from processes.notices.addresses import open_address
from processes.notices.kinds import DECISION, NAMED
from processes.notices.listening import LINKED, UNKNOWN, listen
from processes.services.notice_addresses import CODE_LASTS, begin_chat, remove_address
from processes.services.notice_deliveries import JOB
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.notice_services import ONE_CHAT, TOKEN, Service
from tests.processes.notices.delivering import goes_at, say, states, work
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/accounts/pemberitahuan/"
HOUR = timedelta(hours=1)
EVENING, MORNING = NOW + 10 * HOUR, NOW + 22 * HOUR
State = NoticeDelivery.State


@pytest.fixture
def chat(telegram: Service, cast: Cast) -> Service:
    """The head has linked his chat, and the bot has said so."""
    telegram.write(f"/start {begin_chat(actor_user=cast.kadis, now=NOW)}")
    assert listen(NOW) == 1
    telegram.received.clear()
    return telegram


# Linking ------------------------------------------------------------------------------------------


def test_a_chat_is_linked_by_the_code_that_its_owner_sees(telegram: Service, cast: Cast) -> None:
    client = browser(cast.kadis)
    assert client.post(f"{PAGE}telegram/")["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    code = client.session["telegram_code"]
    assert f"https://t.me/sopan_uji_bot?start={code}" in page
    assert 'id="lewat-telegram" data-live-seconds="5"' in page
    telegram.write(f"/start {code}")
    row = NoticeAddress.objects.get()
    assert listen(row.created_at) == 1
    row.refresh_from_db()
    assert open_address(row) == str(ONE_CHAT)
    assert str(ONE_CHAT).encode() not in bytes(row.sealed_address)
    assert telegram.messages[-1] | {"link_preview_options": 0} == {
        "chat_id": ONE_CHAT, "text": LINKED, "link_preview_options": 0
    }  # fmt: skip
    page = client.get(PAGE).content.decode()
    assert "Tersambung" in page
    assert 'id="lewat-telegram">' in page  # the page that waited finds the same part there
    event = Event.objects.get(verb="notice_address_added")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"channel": "telegram"})


def test_a_code_links_once_and_not_after_a_quarter_of_an_hour(
    telegram: Service, cast: Cast
) -> None:
    telegram.write(begin_chat(actor_user=cast.kadis, now=NOW))
    begin_chat(actor_user=cast.operator, now=NOW + CODE_LASTS)  # somebody still waits
    assert listen(NOW + CODE_LASTS) == 0
    assert telegram.messages[-1]["text"] == UNKNOWN
    telegram.write(code := begin_chat(actor_user=cast.kadis, now=NOW))
    telegram.write(code, chat=1)
    assert listen(NOW) == 1
    assert [open_address(row) for row in NoticeAddress.objects.filter(code_until=None)] == ["4711"]


def test_what_a_group_or_a_stranger_writes_links_nobody(telegram: Service, cast: Cast) -> None:
    code = begin_chat(actor_user=cast.kadis, now=NOW)
    telegram.write(code, kind="group")
    telegram.write("halo")
    telegram.write("ABCDEFGHJK")
    assert listen(NOW) == 0
    assert [message["text"] for message in telegram.messages] == [UNKNOWN]
    assert listen(NOW) == 0


def test_a_page_shows_the_code_that_holds_and_no_older_one(telegram: Service, cast: Cast) -> None:
    client = browser(cast.kadis)
    client.post(f"{PAGE}telegram/")
    older = client.session["telegram_code"]
    assert older in client.get(PAGE).content.decode()
    begin_chat(actor_user=cast.kadis, now=NOW)  # on another device of his
    assert older not in client.get(PAGE).content.decode()


def test_a_bot_that_nobody_waits_for_is_asked_nothing(telegram: Service, cast: Cast) -> None:
    begin_chat(actor_user=cast.kadis, now=NOW - CODE_LASTS)
    assert listen(NOW) == 0
    assert not telegram.received


def test_without_a_bot_the_page_says_so_and_gives_no_code(cast: Cast) -> None:
    client = browser(cast.kadis)
    assert "Telegram Tidak tersedia" in text_of(client.get(PAGE))
    client.post(f"{PAGE}telegram/")
    assert not NoticeAddress.objects.exists()


def test_only_its_owner_takes_a_chat_away(chat: Service, cast: Cast) -> None:
    address = f"{PAGE}{NoticeAddress.objects.get().pk}/hapus/"
    assert browser(cast.operator).post(address).status_code == 404
    assert browser(cast.kadis).get(address).status_code == 405
    assert browser(cast.kadis).post(address)["Location"] == PAGE
    assert not NoticeAddress.objects.exists()
    assert Event.objects.filter(verb="notice_address_removed", actor_id=cast.kadis.pk).exists()


# Telling ------------------------------------------------------------------------------------------


def test_a_chat_is_told_how_many_of_what_and_no_name(chat: Service, cast: Cast) -> None:
    say(cast)
    work()
    work()
    (message,) = chat.messages
    assert message["chat_id"] == ONE_CHAT
    assert message["text"] == (
        "SOPan: 1 keputusan menunggu Anda.\nhttps://sopan.example/tugas/kartu/1/"
    )
    assert message["link_preview_options"] == {"is_disabled": True}
    assert states() == [State.SENT]


def test_what_came_in_quiet_hours_is_one_message_in_the_morning(chat: Service, cast: Cast) -> None:
    for number in (1, 2):
        say(cast, number, now=EVENING)
    say(cast, 3, kind=NAMED, now=EVENING)
    assert goes_at() == [MORNING] * 3
    work()
    work()
    (message,) = chat.messages
    assert message["text"] == (
        "SOPan: 2 keputusan menunggu Anda; 1 tugas diserahkan kepada Anda."
        "\nhttps://sopan.example/tugas/pemberitahuan/"
    )
    assert states() == [State.SENT] * 3


def test_telegram_that_is_down_is_tried_again_later_and_told_once(
    chat: Service, cast: Cast
) -> None:
    chat.is_down = True
    say(cast)
    work()
    job = OutboxJob.objects.get(kind=JOB)
    assert (states(), job.attempts) == ([State.WAITING], 1)
    assert job.run_after > NOW  # not at once
    assert job.last_error == "Telegram tidak terjangkau dari server ini."
    chat.is_down = False
    work()
    work()
    assert states() == [State.SENT]
    assert len(chat.messages) == 1


def test_telegram_that_stays_away_is_an_incident_without_the_token(
    chat: Service, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat.status, chat.reason = 401, "Unauthorized"
    say(cast)
    for _ in range(outbox.MAX_ATTEMPTS):
        work()
    (incident,) = open_incidents()
    assert states() == [State.FAILED]
    assert incident.about.text == "Pemberitahuan lewat telegram"
    job = OutboxJob.objects.get(kind=JOB)
    assert job.last_error == "Telegram menolak dengan jawaban 401."
    assert caplog.text
    assert TOKEN not in caplog.text + job.last_error + str(job.payload)


def test_a_reader_who_has_blocked_the_bot_is_linked_no_more(chat: Service, cast: Cast) -> None:
    chat.status, chat.reason = 403, "Forbidden: bot was blocked by the user"
    say(cast)
    work()
    assert states() == [State.DROPPED]
    assert not NoticeAddress.objects.exists()
    assert not open_incidents()
    say(cast, 2)
    assert len(states()) == 1


def test_what_waits_for_a_chat_that_is_taken_away_is_not_sent_and_says_so(
    chat: Service, cast: Cast
) -> None:
    say(cast)
    address = NoticeAddress.objects.get().pk
    assert remove_address(actor_user=cast.kadis, address_id=address, now=NOW)
    work()
    assert states() == [State.DROPPED]
    assert not chat.messages
    assert "Telegram: tidak dikirim" in text_of(browser(cast.kadis).get("/tugas/pemberitahuan/"))


def test_who_does_not_want_it_by_telegram_reads_it_in_the_site(chat: Service, cast: Cast) -> None:
    NoticePreference.objects.create(user=cast.kadis, ways={DECISION: []}, changed_at=NOW)
    say(cast)
    assert states() == []
