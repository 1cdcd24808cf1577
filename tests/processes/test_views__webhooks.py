"""The pages of webhooks: told in plain words, the secret once, what failed sent again."""

import re

import pytest

from foundation.actors import SYSTEM
from processes.models import WebhookDelivery, WebhookSubscription
from processes.services import webhooks
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.test_services__webhooks import subscribe

pytestmark = pytest.mark.django_db
PAGE = "/webhook/"
ADDRESS = "https://sistem.contoh.go.id/kabar"


def failing(cast: Cast) -> WebhookSubscription:
    """Subscribe an address that missed two messages."""
    row, _ = subscribe(cast, ADDRESS, "task.failed")
    for number in range(2):
        WebhookDelivery.objects.create(
            subscription=row, message_id=f"msg_{number}", kind="task.failed", body="{}", tries=6,
            answer=410, error="Jawaban 410.", state=WebhookDelivery.State.FAILED, created_at=NOW,
        )  # fmt: skip
    WebhookSubscription.objects.update(failing_since=NOW)
    return row


def test_the_secret_stands_on_the_answer_and_on_no_page_afterwards(cast: Cast) -> None:
    admin = browser(cast.admin)
    given = {"agency": cast.agency.code, "address": ADDRESS, "kinds": ["task.failed"]}
    answer = admin.post(PAGE, given)
    found = re.search(r"whsec_[\w+/=]+", answer.content.decode())
    assert found is not None
    assert answer.headers["Cache-Control"] == "private, no-store"
    row = WebhookSubscription.objects.get()
    for page in (PAGE, f"{PAGE}{row.pk}/"):
        assert "whsec_" not in admin.get(page).content.decode()


def test_all_that_is_wrong_with_a_new_one_is_said_at_once(cast: Cast) -> None:
    given = {"agency": cast.agency.code, "address": "http://contoh.go.id"}
    answer = browser(cast.admin).post(PAGE, given)
    words = text_of(answer)
    assert answer.status_code == 422
    assert "Alamat harus diawali https://." in words
    assert "Pilih setidaknya satu kejadian." in words
    assert not WebhookSubscription.objects.exists()


def test_a_failing_address_is_told_with_what_it_missed_and_that_is_sent_again(cast: Cast) -> None:
    row = failing(cast)
    admin, page = browser(cast.admin), f"{PAGE}{row.pk}/"
    words = text_of(admin.get(page))
    assert "Alamat ini tidak menerima kiriman sejak 20 April 2026" in words
    assert "Kirim ulang 2 yang gagal" in words
    assert "Jawaban 410." in words
    assert "2 kiriman dikirim ulang" in text_of(admin.post(f"{page}ulang/", follow=True))
    states = set(WebhookDelivery.objects.values_list("state", flat=True))
    assert states == {"waiting"}
    assert "Kirim ulang" not in text_of(admin.get(page))
    assert admin.post(f"{page}ulang/").status_code == 409


def test_a_paused_one_says_why_and_offers_nothing_to_send(cast: Cast) -> None:
    row = failing(cast)
    webhooks.pause_webhook(subscription=row, actor=SYSTEM, now=NOW, reason="Server diganti.")
    words = text_of(browser(cast.admin).get(f"{PAGE}{row.pk}/"))
    assert "Sedang dijeda. Server diganti." in words
    assert "Lanjutkan" in words
    assert "Kirim" not in words.replace("Kiriman", "")


def test_a_webhook_is_taken_away_and_its_page_is_gone(cast: Cast) -> None:
    row = failing(cast)
    admin = browser(cast.admin)
    answer = admin.post(f"{PAGE}{row.pk}/hapus/", follow=True)
    assert f"Webhook ke {ADDRESS} dihapus." in text_of(answer)
    assert admin.get(f"{PAGE}{row.pk}/").status_code == 404
