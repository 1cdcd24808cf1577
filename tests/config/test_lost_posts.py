"""A button that was pressed after the session ended leads back to its page, not to a dead end."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, Cast
from tests.pages import browser
from tests.processes.audit.measured import audited
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db
READER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCOPE = "?sop=pengelolaan_e_absensi&dari=2026-01&sampai=2026-04&jam=dinding"


@pytest.mark.parametrize(
    ("route", "page"), [("audit:document", "audit:index"), ("audit:verify", "audit:record")]
)
def test_after_signing_in_again_the_page_stands_there_with_its_filter(
    cast: Cast, route: str, page: str
) -> None:
    audited(cast)
    client = Client(headers=READER)
    to_login = client.post(reverse(route) + SCOPE)
    assert to_login["Location"].startswith("/accounts/login/?next=")
    body = {"username": cast.kadis.username, "password": PASSWORD}
    answer = client.post(to_login["Location"], body, follow=True)
    assert [address for address, _ in answer.redirect_chain] == [
        reverse(route) + SCOPE, reverse(page) + SCOPE,
    ]  # fmt: skip
    assert answer.status_code == 200
    assert "belum dijalankan. Tekan lagi tombolnya" in text_of(answer)


def test_what_has_no_page_above_leads_to_the_front_door(cast: Cast) -> None:
    answer = browser(cast.kadis).get("/accounts/logout/", headers=READER)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_program_is_told_that_the_method_is_unknown(cast: Cast) -> None:
    client = browser(cast.kadis)
    for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
        assert client.get(reverse("audit:document"), headers=headers).status_code == 405


def test_only_reading_is_led_elsewhere(cast: Cast) -> None:
    answer = browser(cast.kadis).post(reverse("audit:index"), headers=READER)
    assert answer.status_code == 405


def test_it_is_said_once_where_the_way_up_has_two_steps(cast: Cast) -> None:
    client = browser(cast.kadis)
    client.get("/accounts/logout/", headers=READER)
    answer = client.get("/accounts/logout/", headers=READER, follow=True)
    assert text_of(answer).count("Tekan lagi tombolnya") == 1
