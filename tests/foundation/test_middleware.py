"""A character that no database stores is refused before any page sees it."""

import pytest
from django.test import Client

from organization.models import User
from tests.cast import PASSWORD, Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db


def test_a_search_for_what_cannot_be_stored_is_refused_in_words(cast: Cast) -> None:
    response = browser(cast.operator).get("/tugas/", {"q": "surat\x00"})
    assert response.status_code == 400
    assert "huruf yang tidak dapat disimpan" in text_of(response)


def test_a_form_with_it_changes_nothing(cast: Cast) -> None:
    body = {"old_password": PASSWORD, "new_password1": "x\x00", "new_password2": "x\x00"}
    before = User.objects.get(pk=cast.operator.pk).password
    assert browser(cast.operator).post("/accounts/password/", body).status_code == 400
    assert User.objects.get(pk=cast.operator.pk).password == before


def test_a_form_without_its_token_is_not_even_read(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"username": "\x00"}).status_code == 403
