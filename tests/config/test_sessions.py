"""Signing in and what a cookie is worth afterwards: nothing is learned, nothing is replayed."""

from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.models import Event
from organization.models import Appointment, Substitution, User
from organization.permissions import actor_for
from organization.services import change_own_password, revoke_appointment, revoke_substitution
from organization.services.sessions import end_sessions
from tests.cast import NOW, PASSWORD, Cast
from tests.processes.pages import text_of

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


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def cookie_of(user: User) -> str:
    key: str = browser_of(user).cookies[COOKIE].value
    return key


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


def test_a_cookie_is_for_this_site_and_no_script(cast: Cast, settings: Any) -> None:
    client = Client()
    sign_in(client, cast.kadis.username)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    settings.SESSION_COOKIE_SECURE = True
    sign_in(client, cast.kadis.username)
    assert client.cookies[COOKIE]["secure"]


# Ended before their time --------------------------------------------------------------------------


@pytest.mark.fault("F48")
def test_a_cookie_is_worth_nothing_after_its_owner_lost_a_role(cast: Cast) -> None:
    key, other = cookie_of(cast.operator), cookie_of(cast.admin)
    assert not is_refused(key)
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    row = Appointment.objects.get(user=cast.operator)
    revoke_appointment(appointment=row, actor=actor, now=NOW)
    assert is_refused(key)
    assert not is_refused(other)
    assert not is_refused(cookie_of(cast.operator))


@pytest.mark.fault("F48")
def test_a_cookie_is_worth_nothing_after_a_substitution_was_revoked(cast: Cast) -> None:
    assert cast.kadis.employee is not None
    assert cast.superior.employee is not None
    row = Substitution.objects.create(
        principal=cast.kadis.employee, substitute=cast.superior.employee, capacity="plh",
        letter_number="800/1", valid_from=NOW.date(), created_at=NOW,
    )  # fmt: skip
    key = cookie_of(cast.superior)
    revoke_substitution(substitution_id=row.pk, user=cast.admin, now=NOW)
    assert is_refused(key)


def test_sessions_from_before_the_first_ending_are_those_of_django(cast: Cast) -> None:
    user = User.objects.get(pk=cast.kadis.pk)
    plain = super(User, user)._get_session_auth_hash()  # type: ignore[misc]
    assert user.get_session_auth_hash() == plain
    end_sessions(user_id=user.pk)
    user.refresh_from_db()
    assert user.get_session_auth_hash() != plain


@pytest.mark.parametrize("endings", [0, 1])
def test_a_new_key_of_the_server_signs_nobody_out_who_signed_in_with_the_old(
    cast: Cast, settings: Any, endings: int
) -> None:
    for _ in range(endings):
        end_sessions(user_id=cast.kadis.pk)
    key = cookie_of(cast.kadis)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another invented key of the server"
    client = with_cookie(key)
    assert client.get(INBOX).status_code == 200


@pytest.mark.fault("F48")
def test_who_signs_out_everywhere_stays_here_and_nowhere_else(cast: Cast) -> None:
    here, elsewhere = browser_of(cast.kadis), cookie_of(cast.kadis)
    answer = here.post("/accounts/keamanan/keluar/")
    assert answer.status_code == 302
    assert here.get(INBOX).status_code == 200
    assert is_refused(elsewhere)
    event = Event.objects.get(verb="sessions_ended")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"reason": ""})


@pytest.mark.fault("F48")
def test_the_office_ends_sessions_with_a_reason_and_not_without(cast: Cast) -> None:
    office, key = browser_of(cast.kadis), cookie_of(cast.operator)
    assert cast.operator.employee is not None
    address = f"/pegawai/{cast.operator.employee.pk}/keamanan/sesi/"
    office.post(address, {"reason": "  "})
    assert not is_refused(key)
    office.post(address, {"reason": "Ponsel hilang di pasar"})
    assert is_refused(key)
    assert Event.objects.get(verb="sessions_ended").after == {"reason": "Ponsel hilang di pasar"}
    assert browser_of(cast.admin).post(address, {"reason": "Iseng"}).status_code in (302, 403)


# Nobody is there ----------------------------------------------------------------------------------


@pytest.fixture
def idle(settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 60


@pytest.mark.fault("F48")
def test_who_does_nothing_for_an_hour_is_signed_out_and_told_why(cast: Cast, idle: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        key = client.cookies[COOKIE].value
        assert client.get(INBOX).status_code == 200
        clock.shift(59 * 60)
        assert client.get(INBOX).status_code == 200
        clock.shift(59 * 60)
        assert client.get(INBOX).status_code == 200
        clock.shift(60 * 60)
        page = client.get(INBOX, follow=True)
        assert page.redirect_chain[0][0].startswith(LOGIN + "?next=/tugas/")
        assert "60 menit" in page.content.decode()
        assert "60 menit" not in client.get(LOGIN).content.decode()
        assert is_refused(key)


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Dest": "empty"}, {"X-Looks-Again": "1"}], ids=["https", "http"]
)
def test_a_page_that_looks_again_by_itself_keeps_nobody_signed_in(
    cast: Cast, idle: None, headers: dict[str, str]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        for _ in range(5):
            assert client.get(INBOX, headers=headers).status_code == 200
            clock.shift(12 * 60)
        assert client.get(INBOX, headers=headers).status_code == 302


@pytest.mark.parametrize("minutes", [2, 5])
def test_a_short_limit_signs_nobody_out_who_is_there(
    cast: Cast, settings: Any, minutes: int
) -> None:
    settings.SESSION_IDLE_MINUTES = minutes
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        for _ in range(20):
            clock.shift(30)
            assert client.get(INBOX).status_code == 200
        clock.shift(minutes * 60)
        assert client.get(INBOX).status_code == 302


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Dest": "empty"}, {"X-Looks-Again": "1"}], ids=["https", "http"]
)
def test_a_page_that_looks_again_leaves_the_reason_to_its_reader(
    cast: Cast, idle: None, headers: dict[str, str]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        clock.shift(60 * 60)
        client.get(INBOX, headers=headers, follow=True)
        assert "60 menit" in client.get(INBOX, follow=True).content.decode()


@pytest.mark.fault("F48")
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "empty"}, {}], ids=["https", "http"])
def test_a_form_that_only_stands_open_keeps_nobody_signed_in(
    cast: Cast, idle: None, headers: dict[str, str]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        for _ in range(3):
            clock.shift(20 * 60)
            client.post("/tugas/1/detak/?untouched", headers=headers)
        assert client.get(INBOX).status_code == 302


@pytest.mark.fault("F48")
def test_a_button_pressed_too_late_leads_back_to_its_page_and_says_so(
    cast: Cast, idle: None
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        clock.shift(60 * 60)
        client.defaults["HTTP_ACCEPT"] = "text/html"
        page = client.post("/accounts/keamanan/keluar/", follow=True)
        assert "60 menit" in page.content.decode()
        body = {"username": cast.kadis.username, "password": PASSWORD}
        answer = client.post(page.redirect_chain[0][0], body, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/keamanan/"
    assert "belum dijalankan. Tekan lagi tombolnya" in text_of(answer)


@pytest.mark.fault("F48")
def test_who_types_in_an_open_form_is_there(cast: Cast, idle: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        for _ in range(4):
            clock.shift(30 * 60)
            client.post("/tugas/1/detak/?typing", headers={"Sec-Fetch-Dest": "empty"})
        assert client.get(INBOX).status_code == 200


@pytest.mark.fault("F48")
def test_a_session_ends_eight_hours_after_signing_in_whatever_is_done(
    cast: Cast, idle: None
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        for _ in range(15):
            clock.shift(32 * 60)
            last = client.get(INBOX).status_code
        assert last == 302


def test_being_there_costs_no_write_for_each_click(cast: Cast, idle: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = browser_of(cast.kadis)
        client.get(INBOX)
        with CaptureQueriesContext(connection) as first:
            client.get(INBOX)
        clock.shift(5 * 60)
        with CaptureQueriesContext(connection) as second:
            client.get(INBOX)
    writes = [q["sql"] for q in first if q["sql"].startswith("UPDATE")]
    later = [q["sql"] for q in second if q["sql"].startswith("UPDATE")]
    assert (writes, len(later)) == ([], 1)
