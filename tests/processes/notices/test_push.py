"""Browsers: what is pushed opens in that browser alone, holds no name, and comes once."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import LazySettings
from django.test import Client

from foundation import outbox
from foundation.incidents import open_incidents
from foundation.models import Event, OutboxJob
from processes.models import NoticeAddress, NoticeDelivery
from processes.notices.channels.push_messages import (
    from_base64,
    new_key,
    public_key,
    sealed,
    to_base64,
)
from processes.services.notice_addresses import MOST_BROWSERS
from processes.services.notice_deliveries import JOB
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.notice_services import Reader, Service
from tests.processes.notices.delivering import goes_at, say, states, work
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/accounts/pemberitahuan/"
State = NoticeDelivery.State
EVENING, MORNING = NOW + timedelta(hours=10), NOW + timedelta(hours=22)


@pytest.fixture
def reader(push: Service, cast: Cast) -> Reader:
    """A browser of the head that has begun to listen."""
    reader = Reader(push)
    assert browser(cast.kadis).post(f"{PAGE}peramban/", reader.form)["Location"] == PAGE
    return reader


def test_the_example_of_the_rfc_is_sealed_to_the_letter() -> None:
    """RFC 8291, section 5."""
    number = from_base64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    message = sealed(
        b"When I grow up, I want to be a watermelon",
        from_base64(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        from_base64("BTBZMqHH6r4Tts7J_aSIgg"),
        own=ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1()),
        salt=from_base64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert to_base64(message) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


def test_a_browser_is_kept_sealed_and_the_page_shows_it(
    reader: Reader, push: Service, cast: Cast
) -> None:
    row = NoticeAddress.objects.get()
    assert push.address.encode() not in bytes(row.sealed_address)
    assert "Aktif di 1 peramban" in text_of(browser(cast.kadis).get(PAGE))
    event = Event.objects.get(verb="notice_address_added")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"channel": "push"})


def test_a_person_has_so_many_browsers_and_no_more(push: Service, cast: Cast) -> None:
    client = browser(cast.kadis)
    for number in range(MOST_BROWSERS + 1):
        client.post(f"{PAGE}peramban/", Reader(push, str(number)).form)
    assert NoticeAddress.objects.count() == MOST_BROWSERS
    assert f"Paling banyak {MOST_BROWSERS} peramban" in text_of(client.get(PAGE))


def test_the_same_browser_under_another_account_tells_the_first_nothing_more(
    reader: Reader, push: Service, cast: Cast
) -> None:
    browser(cast.operator).post(f"{PAGE}peramban/", reader.form)
    assert [row.owner for row in NoticeAddress.objects.all()] == [cast.operator]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://10.0.0.1/x#y"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://dorong.example/" + "x" * 2000},
        {"p256dh": "AAAA"},
        {"p256dh": "bukan kunci"},
        {"auth": ""},
        {"auth": "AAAA"},
    ],
)
def test_what_is_no_browser_is_refused_in_words(
    wrong: dict[str, str], push: Service, cast: Cast
) -> None:
    client = browser(cast.kadis)
    client.post(f"{PAGE}peramban/", Reader(push).form | wrong)
    assert "Peramban ini belum didaftarkan." in text_of(client.get(PAGE))
    assert not NoticeAddress.objects.exists()


def test_what_is_pushed_opens_in_that_browser_alone_and_names_nobody(
    reader: Reader, push: Service, cast: Cast
) -> None:
    say(cast)
    work()
    work()
    ((path, headers, body),) = push.received
    assert path == "/dorong/a"
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "86400")
    assert reader.read(body) == {"text": "1 keputusan menunggu Anda", "link": "/tugas/kartu/1/"}
    with pytest.raises(InvalidTag):
        Reader(push).read(body)
    assert states() == [State.SENT]


def test_the_push_service_can_tell_who_sends(reader: Reader, push: Service, cast: Cast) -> None:
    say(cast)
    work()
    scheme, _, told = push.received[0][1]["authorization"].partition(" ")
    token, _, key = told.removeprefix("t=").partition(", k=")
    assert (scheme, key) == ("vapid", public_key())
    signed, _, signature = token.rpartition(".")
    raw = from_base64(signature)
    r, s = (int.from_bytes(part, "big") for part in (raw[:32], raw[32:]))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(key))
    point.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    assert (claims["aud"], claims["sub"]) == (push.address, "https://sopan.example")


def test_what_came_in_quiet_hours_is_one_push_in_the_morning(
    reader: Reader, push: Service, cast: Cast
) -> None:
    say(cast, 1, now=EVENING)
    say(cast, 2, now=EVENING)
    assert goes_at() == [MORNING] * 2
    work()
    work()
    ((_, _, body),) = push.received
    assert reader.read(body) == {
        "text": "2 keputusan menunggu Anda",
        "link": "/tugas/pemberitahuan/",
    }


def test_a_push_service_that_is_down_is_tried_again_and_told_once(
    reader: Reader, push: Service, cast: Cast
) -> None:
    push.is_down = True
    say(cast)
    work()
    job = OutboxJob.objects.get(kind=JOB)
    assert (states(), job.attempts) == ([State.WAITING], 1)
    assert job.last_error == "Layanan peramban tidak terjangkau dari server ini."
    push.is_down = False
    work()
    work()
    assert states() == [State.SENT]
    assert len(push.received) == 1


def test_a_push_service_that_stays_away_is_an_incident(
    reader: Reader, push: Service, cast: Cast
) -> None:
    push.status = 500
    say(cast)
    for _ in range(outbox.MAX_ATTEMPTS):
        work()
    assert states() == [State.FAILED]
    (incident,) = open_incidents()
    assert incident.about.text == "Pemberitahuan lewat peramban"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    status: int, reader: Reader, push: Service, cast: Cast
) -> None:
    push.status = status
    say(cast)
    work()
    assert states() == [State.DROPPED]
    assert not NoticeAddress.objects.exists()
    assert not open_incidents()


def test_a_browser_that_was_told_another_key_of_the_server_is_forgotten(
    reader: Reader, push: Service, cast: Cast, settings: LazySettings
) -> None:
    settings.PUSH_KEY = new_key()
    say(cast)
    work()
    assert states() == [State.DROPPED]
    assert not push.received
    assert not NoticeAddress.objects.exists()


def test_each_browser_of_a_person_is_told(reader: Reader, push: Service, cast: Cast) -> None:
    other = Reader(push, "b")
    browser(cast.kadis).post(f"{PAGE}peramban/", other.form)
    say(cast)
    work()
    assert [path for path, _, _ in push.received] == ["/dorong/a", "/dorong/b"]
    assert other.read(push.received[1][2])["link"] == "/tugas/kartu/1/"


def test_a_browser_that_points_into_the_network_of_the_server_is_not_asked(
    reader: Reader, push: Service, cast: Cast, settings: LazySettings
) -> None:
    settings.WEBHOOK_NETWORKS = []
    say(cast)
    work()
    assert not push.received
    assert states() == [State.WAITING]


def test_the_script_that_shows_it_lies_at_the_root_and_is_open_to_everybody(cast: Cast) -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "showNotification" in answer.content.decode()


def test_without_a_key_the_page_says_so_and_takes_no_browser(
    push: Service, cast: Cast, settings: LazySettings
) -> None:
    settings.PUSH_KEY = ""
    client = browser(cast.kadis)
    assert "Pemberitahuan peramban Tidak tersedia" in text_of(client.get(PAGE))
    client.post(f"{PAGE}peramban/", Reader(push).form)
    assert "Belum diatur di server ini" in text_of(client.get(PAGE))
    assert not NoticeAddress.objects.exists()
