"""Signing in and what a cookie is worth afterwards: nothing is learned, nothing is replayed."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from organization.models import User
from organization.permissions import actor_for
from organization.services import change_own_password
from tests.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
INBOX = "/tugas/"
COOKIE = "sessionid"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The work of the hasher: one entry for each password that it computes."""
    computed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        computed.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return computed


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": username, "password": password})


def with_cookie(key: str) -> Client:
    client = Client()
    client.cookies[COOKIE] = key
    return client


def is_refused(key: str) -> bool:
    answer = with_cookie(key).get(INBOX)
    return answer.status_code == 302 and answer["Location"].startswith(LOGIN)


@pytest.mark.fault("F50")
def test_unknown_and_known_names_cost_the_same_and_read_the_same(
    cast: Cast, hashed: list[str]
) -> None:
    closed, unopened = cast.operator2, cast.employee
    User.objects.filter(pk=closed.pk).update(is_active=False)
    unopened.set_unusable_password()
    unopened.save(update_fields=["password"])
    names = [cast.kadis.username, "nobody.here", closed.username, unopened.username]
    pages, costs = set(), set()
    for name in names:
        hashed.clear()
        answer = sign_in(Client(), name, "a wrong password")
        assert answer.status_code == 200
        pages.add(tuple(answer.context["form"].non_field_errors()))
        costs.add(len(hashed))
    assert costs == {1}
    assert len(pages) == 1


def test_a_cookie_from_before_the_sign_in_opens_nothing(cast: Cast) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    client.cookies[COOKIE] = planted
    sign_in(client, cast.kadis.username)
    assert client.cookies[COOKIE].value != planted
    assert client.get(INBOX).status_code == 200
    assert is_refused(planted)


def test_a_cookie_is_worth_nothing_after_sign_out(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.kadis.username)
    key = client.cookies[COOKIE].value
    assert not is_refused(key)
    client.post("/accounts/logout/")
    assert is_refused(key)


def test_a_cookie_is_worth_nothing_after_the_password_changed(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.kadis.username)
    key = client.cookies[COOKIE].value
    assert not is_refused(key)
    change_own_password(
        user=User.objects.get(pk=cast.kadis.pk),
        password="another-invented-one-2026",
        actor=actor_for(cast.kadis, "Kadis", cast.agency, NOW),
        now=NOW,
    )
    assert is_refused(key)
