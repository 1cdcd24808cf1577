"""The second step of signing in: a code of the telephone, once; on paper, once; nothing before."""

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from foundation.models import Event
from organization.models import RecoveryCode, SecondFactor, User
from organization.services import begin_second_factor, confirm_second_factor, key_of
from tests.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db

LOGIN, CODE, INBOX = "/accounts/login/", "/accounts/login/kode/", "/tugas/"
OWN, FACTOR = "/accounts/keamanan/", "/accounts/keamanan/kode/"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


def person_of(user: User) -> Any:
    from organization.permissions import person

    return person(user)


def enrolled(user: User) -> tuple[pyotp.TOTP, list[str]]:
    """Return the telephone of an account that has the second step now, and its codes on paper."""
    factor = begin_second_factor(user=user, actor=person_of(user), now=NOW)
    telephone = pyotp.TOTP(key_of(factor))
    codes = confirm_second_factor(user=user, code=telephone.at(NOW), actor=person_of(user), now=NOW)
    return telephone, codes


def with_password(user: User, goal: str = "") -> Client:
    client = Client()
    given = {"username": user.username, "password": PASSWORD, "next": goal}
    assert client.post(LOGIN, given).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(INBOX).status_code == 200


def test_who_has_none_signs_in_by_the_password_as_ever(cast: Cast) -> None:
    assert is_in(with_password(cast.kadis))


def test_the_password_alone_opens_nothing(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.kadis)
    client = with_password(cast.kadis)
    for address in (INBOX, "/", "/pegawai/", "/audit/", OWN, FACTOR, "/accounts/password/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"][: len(LOGIN)]) == (302, LOGIN), address
    clock.shift(30)
    assert client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=30))}).status_code == 302
    assert is_in(client)


def test_a_code_is_good_once(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.kadis)
    assert not opens(cast.kadis, telephone.at(NOW))  # used to confirm
    clock.shift(30)
    code = telephone.at(NOW + timedelta(seconds=30))
    assert opens(cast.kadis, code)
    assert not opens(cast.kadis, code)
    assert not opens(cast.kadis, telephone.at(NOW))  # an older one neither


def opens(user: User, code: str) -> bool:
    client = with_password(user)
    client.post(CODE, {"code": code})
    return is_in(client)


def test_a_telephone_half_a_minute_off_is_believed_and_one_further_off_is_not(
    cast: Cast, clock: Any
) -> None:
    telephone, _ = enrolled(cast.kadis)
    clock.shift(3600)
    now = NOW + timedelta(hours=1)
    assert not opens(cast.kadis, telephone.at(now + timedelta(seconds=90)))
    assert opens(cast.kadis, telephone.at(now - timedelta(seconds=30)))
    assert opens(cast.kadis, telephone.at(now + timedelta(seconds=30)))


def test_a_code_on_paper_is_good_once_and_leaves_an_event(cast: Cast) -> None:
    _, codes = enrolled(cast.kadis)
    assert len(set(codes)) == 10
    spaced = f"{codes[0][:4]} {codes[0][4:8]}-{codes[0][8:]}"
    assert opens(cast.kadis, spaced)
    assert not opens(cast.kadis, codes[0])
    event = Event.objects.get(verb="recovery_code_used")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"left": 9})


def test_wrong_codes_are_answered_ever_later_and_then_the_right_one_waits_too(
    cast: Cast, clock: Any
) -> None:
    telephone, _ = enrolled(cast.kadis)
    clock.shift(60)
    client = with_password(cast.kadis)
    for _ in range(3):
        page = client.post(CODE, {"code": "000000"})
        assert page.status_code == 200
    assert "Tunggu 2 detik" in page.content.decode()
    client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=60))})
    assert not is_in(client)
    clock.shift(3)
    client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=63))})
    assert is_in(client)


def test_guessing_codes_is_hopeless(cast: Cast, clock: Any) -> None:
    enrolled(cast.kadis)
    asked, client = 0, with_password(cast.kadis)
    for _ in range(24 * 60):
        clock.shift(60)
        if client.post(CODE, {"code": "123456"}).status_code == 302:
            client = with_password(cast.kadis)
        asked = SecondFactor.objects.get().failures
    assert asked < 130  # in a day, of a million, three of which are right at a time


def test_the_time_between_password_and_code_is_five_minutes(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.kadis)
    client = with_password(cast.kadis)
    clock.shift(301)
    answer = client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=301))})
    assert answer["Location"] == LOGIN
    assert not is_in(client)


def test_who_was_too_slow_still_comes_to_the_page_he_asked_for(cast: Cast, clock: Any) -> None:
    enrolled(cast.kadis)
    client = with_password(cast.kadis, "/audit/")
    clock.shift(301)
    assert client.get(CODE)["Location"] == f"{LOGIN}?next=/audit/"


def test_a_new_password_in_between_asks_for_the_password_again(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.kadis)
    client = with_password(cast.kadis)
    user = User.objects.get(pk=cast.kadis.pk)
    user.set_password("sandi-lain-yang-panjang")
    user.save()
    clock.shift(30)
    assert (
        client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=30))})["Location"] == LOGIN
    )


def test_the_page_that_was_asked_for_comes_after_the_code_and_no_other_site(
    cast: Cast, clock: Any
) -> None:
    telephone, _ = enrolled(cast.kadis)
    clock.shift(30)
    client = with_password(cast.kadis, "/audit/")
    answer = client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=30))})
    assert answer["Location"] == "/audit/"
    clock.shift(30)
    client = with_password(cast.kadis, "https://jahat.example/")
    answer = client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=60))})
    assert answer["Location"] == "/"


def test_the_cookie_changes_with_each_step(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.kadis)
    client = with_password(cast.kadis)
    pending = client.cookies["sessionid"].value
    clock.shift(30)
    client.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=30))})
    assert client.cookies["sessionid"].value != pending
    planted = Client()
    planted.cookies["sessionid"] = pending
    assert not is_in(planted)


# Taken up, renewed, given up ----------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def shown_key(page: Any) -> str:
    found = re.search(r'<code class="figure">([A-Z2-7 ]+)</code>', page.content.decode())
    assert found is not None
    return found[1].replace(" ", "")


def test_it_is_taken_up_with_a_picture_a_code_and_ten_codes_on_paper(cast: Cast) -> None:
    client = signed_in(cast.admin)
    page = client.post(FACTOR, {"act": "begin"}, follow=True)
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode().split("<svg")[1].split("</svg>")[0]
    telephone = pyotp.TOTP(shown_key(page))
    assert is_in(with_password(cast.admin))  # nothing is asked for until it is confirmed
    wrong = client.post(FACTOR, {"act": "confirm", "code": "000000"})
    assert "tidak cocok" in wrong.content.decode()
    done = client.post(FACTOR, {"act": "confirm", "code": telephone.at(NOW)})
    assert len(re.findall(r"\d{4} \d{4} \d{4}", done.content.decode())) == 10
    assert not is_in(with_password(cast.admin))
    assert "tersisa <strong>" not in client.get(OWN).content.decode()
    assert "Aktif" in client.get(OWN).content.decode()
    assert [e.verb for e in Event.objects.filter(verb__startswith="second_factor")] == [
        "second_factor_begun", "second_factor_enrolled",
    ]  # fmt: skip


def test_new_codes_on_paper_end_the_old_ones_and_ask_for_a_code(cast: Cast, clock: Any) -> None:
    telephone, codes = enrolled(cast.admin)
    client = signed_in(cast.admin)
    refused = client.post(FACTOR, {"act": "renew", "code": "000000"}, follow=True)
    assert "salah" in refused.content.decode()
    clock.shift(30)
    client.post(FACTOR, {"act": "renew", "code": telephone.at(NOW + timedelta(seconds=30))})
    assert RecoveryCode.objects.count() == 10
    assert not opens(cast.admin, codes[0])


def test_giving_it_up_asks_for_a_code(cast: Cast, clock: Any) -> None:
    telephone, _ = enrolled(cast.admin)
    client = signed_in(cast.admin)
    client.post(FACTOR, {"act": "give_up", "code": "000000"})
    assert not is_in(with_password(cast.admin))
    clock.shift(60)
    client.post(FACTOR, {"act": "give_up", "code": telephone.at(NOW + timedelta(seconds=60))})
    assert is_in(with_password(cast.admin))


def test_nobody_takes_it_up_for_another(cast: Cast) -> None:
    with pytest.raises(Exception, match="pemilik akun"):
        begin_second_factor(user=cast.kadis, actor=person_of(cast.admin), now=NOW)


# Required -----------------------------------------------------------------------------------------


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def test_who_needs_it_and_has_none_comes_no_further_than_taking_it_up(
    cast: Cast, required: None
) -> None:
    client = with_password(cast.admin)
    for address in (INBOX, "/pegawai/", "/data-pribadi/", "/absensi/"):
        assert client.get(address)["Location"] == OWN
    assert client.post("/pegawai/impor/")["Location"] == OWN
    page = client.post(FACTOR, {"act": "begin"}, follow=True)
    client.post(FACTOR, {"act": "confirm", "code": pyotp.TOTP(shown_key(page)).at(NOW)})
    assert is_in(client)


def test_who_has_no_such_role_needs_none(cast: Cast, required: None) -> None:
    assert is_in(with_password(cast.operator))


def test_who_needs_it_does_not_give_it_up(cast: Cast, required: None, clock: Any) -> None:
    telephone, _ = enrolled(cast.admin)
    clock.shift(30)
    client = signed_in(cast.admin)
    client.post(FACTOR, {"act": "give_up", "code": telephone.at(NOW + timedelta(seconds=30))})
    assert SecondFactor.objects.filter(user=cast.admin).exists()


def test_a_first_password_is_changed_before(cast: Cast, required: None) -> None:
    User.objects.filter(pk=cast.admin.pk).update(must_change_password=True)
    client = with_password(cast.admin)
    assert client.get(INBOX)["Location"] == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200


# A lost telephone ---------------------------------------------------------------------------------


def test_the_head_resets_with_a_reason_and_the_account_is_signed_out(
    cast: Cast, clock: Any
) -> None:
    telephone, _ = enrolled(cast.admin)
    clock.shift(30)
    lost = with_password(cast.admin)
    lost.post(CODE, {"code": telephone.at(NOW + timedelta(seconds=30))})
    assert is_in(lost)
    assert cast.admin.employee is not None
    address = f"/pegawai/{cast.admin.employee.pk}/keamanan/kode/"
    assert signed_in(cast.operator).post(address, {"reason": "Iseng"}).status_code in (302, 403)
    head = signed_in(cast.kadis)
    head.post(address, {"reason": " "})
    assert is_in(lost)
    head.post(address, {"reason": "Ponsel jatuh ke laut"})
    assert not is_in(lost)
    assert is_in(with_password(cast.admin))
    event = Event.objects.get(verb="second_factor_reset")
    assert (event.actor_id, event.after) == (cast.kadis.pk, {"reason": "Ponsel jatuh ke laut"})


def test_nobody_resets_his_own_by_the_office_s_page(cast: Cast) -> None:
    enrolled(cast.kadis)
    assert cast.kadis.employee is not None
    address = f"/pegawai/{cast.kadis.employee.pk}/keamanan/kode/"
    signed_in(cast.kadis).post(address, {"reason": "Malas"})
    assert SecondFactor.objects.filter(user=cast.kadis).exists()


def test_whoever_runs_the_server_resets_for_the_last_who_could(cast: Cast) -> None:
    enrolled(cast.kadis)
    call_command("rescue_account", cast.kadis.username, reason="Ponsel Kadis hilang")
    assert not SecondFactor.objects.exists()
    assert Event.objects.get(verb="second_factor_reset").actor_id is None


def test_the_key_stands_nowhere_in_clear(cast: Cast) -> None:
    telephone, codes = enrolled(cast.kadis)
    kept = [str(row) for model in (SecondFactor, RecoveryCode, Event) for row in
            model.objects.values()]  # fmt: skip
    sealed = bytes(SecondFactor.objects.get().sealed_key)
    assert telephone.secret not in " ".join(kept)
    assert telephone.secret.encode() not in sealed
    assert telephone.byte_secret() not in sealed
    assert not any(code in " ".join(kept) for code in codes)
