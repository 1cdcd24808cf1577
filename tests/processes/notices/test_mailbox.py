"""A person's address for mail is taken once he has read the code that was sent there."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from foundation import outbox
from foundation.models import Event, OutboxJob
from processes.exceptions import NotReady
from processes.models import NoticeAddress
from processes.services.notice_mailboxes import (
    AGAIN_AFTER,
    JOB,
    LASTS,
    awaited,
    begin_mailbox,
    confirm_mailbox,
    send_code,
)
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.mailbox import Mailbox, open_mailbox
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/accounts/pemberitahuan/"
ADDRESS = "ratna@sopan.example"


@pytest.fixture
def letters(settings: LazySettings) -> Iterator[Mailbox]:
    with open_mailbox() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.MAIL_IS_SET_UP = True
        yield server


def code_in(letters: Mailbox) -> str:
    text = letters.letters[-1].get_payload(decode=True)
    assert isinstance(text, bytes)
    return str(re.findall(r"^([A-Z0-9]{10})\r?$", text.decode(), re.MULTILINE)[0])


def test_an_address_is_used_once_its_code_was_told(letters: Mailbox, cast: Cast) -> None:
    client = browser(cast.kadis)
    assert client.post(f"{PAGE}surel/", {"surel": ADDRESS})["Location"] == PAGE
    assert f"Kode dikirim ke {ADDRESS}" in text_of(client.get(PAGE))
    cast.kadis.refresh_from_db()
    assert cast.kadis.email == ""
    outbox.drain()
    assert letters.letters[-1]["To"] == ADDRESS
    assert client.post(f"{PAGE}surel/", {"kode": code_in(letters).lower()})["Location"] == PAGE
    cast.kadis.refresh_from_db()
    assert cast.kadis.email == ADDRESS
    assert f"Dikirim ke {ADDRESS}" in text_of(client.get(PAGE))
    assert not NoticeAddress.objects.exists()
    event = Event.objects.get(verb="notice_address_added")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"channel": "mail"})


def test_a_code_lies_nowhere_in_clear_and_holds_for_its_person_and_an_hour(
    letters: Mailbox, cast: Cast
) -> None:
    row = begin_mailbox(actor_user=cast.kadis, address=ADDRESS, now=NOW)
    send_code(address_id=row.pk, now=NOW)
    code = code_in(letters)
    assert ADDRESS not in str(OutboxJob.objects.filter(kind=JOB).values())
    row.refresh_from_db()
    assert code not in str(vars(row))
    assert awaited(cast.kadis, NOW) == ADDRESS
    assert awaited(cast.kadis, NOW + LASTS) == ""
    for who, at in ((cast.operator, NOW), (cast.kadis, NOW + LASTS)):
        with pytest.raises(NotReady):
            confirm_mailbox(actor_user=who, code=code, now=at)
    confirm_mailbox(actor_user=cast.kadis, code=code, now=NOW + LASTS - timedelta(seconds=1))


def test_nobody_has_letters_sent_one_after_the_other(letters: Mailbox, cast: Cast) -> None:
    begin_mailbox(actor_user=cast.kadis, address=ADDRESS, now=NOW)
    with pytest.raises(NotReady):
        begin_mailbox(actor_user=cast.kadis, address="lain@sopan.example", now=NOW)
    begin_mailbox(actor_user=cast.kadis, address="lain@sopan.example", now=NOW + AGAIN_AFTER)
    outbox.drain()
    assert [letter["To"] for letter in letters.letters] == ["lain@sopan.example"]


def test_a_mail_server_that_is_down_is_tried_again_and_only_the_last_code_holds(
    letters: Mailbox, cast: Cast
) -> None:
    letters.is_down = True
    begin_mailbox(actor_user=cast.kadis, address=ADDRESS, now=NOW)
    outbox.drain()
    letters.is_down = False
    OutboxJob.objects.filter(kind=JOB).update(run_after=NOW)
    outbox.drain()
    assert len(letters.letters) == 1


@pytest.mark.parametrize("wrong", ["ratna", "ratna@", "a b@c.example", ""])
def test_what_is_no_address_is_refused_and_stays_in_its_field(
    wrong: str, letters: Mailbox, cast: Cast
) -> None:
    answer = browser(cast.kadis).post(f"{PAGE}surel/", {"surel": wrong})
    assert answer.status_code == 422
    assert "Tuliskan alamat surel yang lengkap" in text_of(answer)
    assert f'value="{wrong}"' in answer.content.decode()
    assert not OutboxJob.objects.filter(kind=JOB).exists()


def test_an_address_is_taken_away_by_its_owner(letters: Mailbox, cast: Cast) -> None:
    cast.kadis.email = ADDRESS
    cast.kadis.save(update_fields=["email"])
    browser(cast.kadis).post(f"{PAGE}surel/", {"hapus": "1"})
    cast.kadis.refresh_from_db()
    assert cast.kadis.email == ""
    assert Event.objects.filter(verb="notice_address_removed", actor_id=cast.kadis.pk).exists()
