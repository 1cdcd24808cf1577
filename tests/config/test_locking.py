"""Wrong passwords lock a name at an address, and nobody else who works there (F49)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from foundation.models import Event
from organization.models import User
from tests.cast import NOW, PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F49")]

LOGIN = "/accounts/login/"
GUESSED = "bukan-sandi-siapa-pun"


@pytest.fixture(autouse=True)
def locks(settings: Any) -> None:
    settings.AXES_ENABLED = True


def attempt(username: str, password: str = GUESSED, address: str = "10.1.1.1", **more: Any) -> Any:
    return Client().post(
        LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address, **more
    )


def guess(username: str, times: int, address: str = "10.1.1.1") -> list[int]:
    return [attempt(username, address=address).status_code for _ in range(times)]


def test_the_fifth_wrong_password_locks_and_the_right_one_opens_no_more(cast: Cast) -> None:
    assert guess(cast.kadis.username, 5) == [200, 200, 200, 200, 429]
    refused = attempt(cast.kadis.username, PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 15 * 60
    assert "15 menit" in refused.content.decode()
    assert "sessionid" not in refused.cookies


def test_a_lock_ends_by_itself(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guess(cast.kadis.username, 5)
        clock.shift(timedelta(minutes=14))
        assert attempt(cast.kadis.username, PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=1))
        assert attempt(cast.kadis.username, PASSWORD).status_code == 302


def test_two_hundred_guesses_are_worth_four(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    verify = MD5PasswordHasher.verify

    def counted(self: MD5PasswordHasher, password: str, encoded: str) -> bool:
        hashed.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", counted)
    answers = guess(cast.kadis.username, 200)
    assert (answers.count(200), answers.count(429)) == (4, 196)
    assert len(hashed) == 5


def test_others_in_the_office_and_the_person_elsewhere_go_on(cast: Cast) -> None:
    guess(cast.kadis.username, 9)
    assert attempt(cast.admin.username, PASSWORD).status_code == 302
    assert attempt(cast.kadis.username, PASSWORD, address="10.9.9.9").status_code == 302


def test_a_name_guessed_from_everywhere_is_locked_everywhere(cast: Cast, settings: Any) -> None:
    settings.LOCK_NAME_AFTER = 12
    for number in range(4):
        guess(cast.kadis.username, 3, address=f"10.2.0.{number}")
    assert attempt(cast.kadis.username, PASSWORD, address="10.9.9.9").status_code == 429
    assert attempt(cast.admin.username, PASSWORD, address="10.9.9.9").status_code == 302


def test_an_address_that_tries_name_after_name_is_locked(cast: Cast, settings: Any) -> None:
    settings.LOCK_ADDRESS_AFTER = 20
    for number in range(10):
        guess(f"seseorang{number}", 2)
    assert attempt(cast.admin.username, PASSWORD).status_code == 429
    assert attempt(cast.admin.username, PASSWORD, address="10.9.9.9").status_code == 302


def test_signing_in_rightly_clears_that_name_and_not_what_was_guessed_at_others(
    cast: Cast,
) -> None:
    guess(cast.kadis.username, 4)
    guess(cast.operator.username, 2)
    assert attempt(cast.operator.username, PASSWORD).status_code == 302
    assert guess(cast.operator.username, 4) == [200] * 4
    assert guess(cast.kadis.username, 1) == [429]


@pytest.mark.parametrize("spelt", ["KADIS", "Kadis", " kadis", "kadis "])
def test_a_name_counts_however_it_is_spelt(cast: Cast, spelt: str) -> None:
    guess("kadis", 4)
    assert attempt(spelt).status_code == 429


def test_addresses_of_one_ipv6_network_count_as_one(cast: Cast) -> None:
    answers = [
        attempt(cast.kadis.username, address=f"2001:db8:0:7::{number:x}").status_code
        for number in range(1, 6)
    ]
    assert answers == [200, 200, 200, 200, 429]
    assert attempt(cast.kadis.username, PASSWORD, address="2001:db8:0:8::1").status_code == 302


def test_a_header_names_no_other_address(cast: Cast) -> None:
    for number in range(5):
        last = attempt(cast.kadis.username, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert last.status_code == 429


def test_unknown_names_are_locked_and_told_the_same(cast: Cast) -> None:
    guess("tidak.ada", 5)
    guess(cast.kadis.username, 5)
    unknown, known = attempt("tidak.ada"), attempt(cast.kadis.username)
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)


@pytest.mark.parametrize("name", ["x" * 10_000, "ka\0dis", "", "\uff4badis", "'; --"])
def test_odd_names_are_refused_without_a_fault(cast: Cast, name: str) -> None:
    assert {attempt(name).status_code for _ in range(7)} <= {200, 400, 429}


def test_nothing_that_was_typed_is_kept_but_the_name(cast: Cast) -> None:
    Client().post(
        f"{LOGIN}?next=/rahasia/", {"username": "kadis", "password": GUESSED, "sandi": GUESSED}
    )
    (row,) = AccessAttempt.objects.values()
    assert GUESSED not in str(row)
    assert "rahasia" not in str(row)
    assert row["username"] == "kadis"


def test_a_lock_is_one_event_without_an_address(cast: Cast) -> None:
    guess(cast.kadis.username, 20)
    guess("tidak.ada", 20)
    event = Event.objects.get(verb="account_locked")
    assert event.subject == f"organization.user:{cast.kadis.pk}"
    assert "10.1.1.1" not in str(event.after)


def test_the_office_unlocks_with_a_reason(cast: Cast) -> None:
    guess(cast.operator.username, 5)
    assert cast.operator.employee is not None
    office = Client()
    office.force_login(cast.admin)
    address = f"/pegawai/{cast.operator.employee.pk}/keamanan/"
    assert "Terkunci" in office.get(address).content.decode()
    office.post(f"{address}kunci/", {"reason": ""})
    assert attempt(cast.operator.username, PASSWORD).status_code == 429
    office.post(f"{address}kunci/", {"reason": "Lupa sandinya sendiri"})
    assert attempt(cast.operator.username, PASSWORD).status_code == 302
    event = Event.objects.get(verb="account_unlocked")
    assert (event.actor_id, event.after["reason"]) == (cast.admin.pk, "Lupa sandinya sendiri")
    assert "Tidak terkunci" in office.get(address).content.decode()


def test_a_password_from_the_office_unlocks(cast: Cast) -> None:
    User.objects.filter(pk=cast.operator.pk).update(must_change_password=True)
    guess(cast.operator.username, 5)
    office = Client()
    office.force_login(cast.admin)
    page = office.post(f"/pegawai/petugas/{cast.operator.pk}/sandi/")
    given = page.context["password"]
    assert attempt(cast.operator.username, given).status_code == 302
