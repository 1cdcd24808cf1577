"""Accounts: personal, opened without a password, taken over by their owner, never by another."""

import re
from datetime import date

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from foundation.models import Event
from organization.exceptions import AccountRefused
from organization.permissions import actor_for, person
from organization.services import (
    change_own_password,
    issue_initial_password,
    open_account,
    owner_chose_password,
)
from organization.services.accounts import random_password
from organization.usernames import username_for
from tests.cast import NOW, PASSWORD, Cast, make_employee, make_user


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Drs. Yohanes Petrus Klau, M.Si.", "yohanes.klau"),
        ("Adelheid", "adelheid"),
        ("Ma'rifat D'Cunha", "marifat.dcunha"),
        ("José Djámi", "jose.djami"),
        ("H. Abdul Tallo, S.Kom.", "abdul.tallo"),
        ("Dr.", "dr"),
        ("王", "pegawai"),
        ("Maximilianus Kornelis Fransiskus Bartholomeusarius", "maximilianus.bartholomeusarius"),
    ],
)
def test_a_user_name_is_made_of_the_name(name: str, username: str) -> None:
    assert username_for(name, ()) == username[:30]


def test_a_taken_user_name_gets_a_number() -> None:
    assert username_for("Maria Bere", {"maria.bere", "maria.bere2"}) == "maria.bere3"


def test_an_account_is_opened_once_and_no_password_opens_it(cast: Cast) -> None:
    employee = make_employee(cast.agency, "Theresia Keraf")
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    user = open_account(employee=employee, actor=actor, now=NOW)
    assert (user.username, user.has_usable_password()) == ("theresia.keraf", False)
    assert user.must_change_password
    assert open_account(employee=employee, actor=actor, now=NOW) == user
    assert Event.objects.filter(verb="account_opened").count() == 1


def test_an_own_user_name_may_be_wished_for_if_it_is_free(cast: Cast) -> None:
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    wished = open_account(employee=make_employee(cast.agency), username="bkd", actor=actor, now=NOW)
    assert wished.username == "bkd"
    with pytest.raises(AccountRefused, match="sudah dipakai"):
        open_account(employee=make_employee(cast.agency), username="bkd", actor=actor, now=NOW)


def test_who_left_gets_no_account(cast: Cast) -> None:
    gone = make_employee(cast.agency, left_on=date(2026, 4, 1))
    with pytest.raises(AccountRefused, match="sudah berhenti"):
        open_account(employee=gone, actor=person(cast.admin), now=NOW)


def test_a_first_password_works_must_be_changed_and_is_kept_nowhere(cast: Cast) -> None:
    user = make_user(make_employee(cast.agency), "baru", must_change_password=True)
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    password = issue_initial_password(user=user, actor=actor, now=NOW)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    event = Event.objects.get(verb="initial_password_issued")
    kept = DjangoJSONEncoder().encode([event.before, event.after, event.subject])
    assert password not in kept
    assert user.password not in kept
    assert issue_initial_password(user=user, actor=actor, now=NOW) != password


def test_first_passwords_are_long_and_differ() -> None:
    passwords = {random_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", p) for p in passwords)


def test_nobody_steps_into_an_account_whose_owner_chose_a_password(cast: Cast) -> None:
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    with pytest.raises(AccountRefused, match="sudah memilih sandi sendiri"):
        issue_initial_password(user=cast.kadis, actor=actor, now=NOW)
    cast.kadis.refresh_from_db()
    assert cast.kadis.check_password(PASSWORD)


def test_a_reset_is_told_apart_in_the_ledger(cast: Cast) -> None:
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    issue_initial_password(user=cast.operator, actor=actor, now=NOW, replace_own=True)
    cast.operator.refresh_from_db()
    assert not cast.operator.check_password(PASSWORD)
    assert cast.operator.must_change_password
    assert Event.objects.get().verb == "password_reset"


def test_nobody_issues_a_password_to_himself_or_a_closed_account(cast: Cast) -> None:
    with pytest.raises(AccountRefused, match="akun sendiri"):
        issue_initial_password(user=cast.kadis, actor=person(cast.kadis), now=NOW, replace_own=True)
    cast.operator.is_active = False
    cast.operator.save()
    with pytest.raises(AccountRefused, match="ditutup"):
        issue_initial_password(
            user=cast.operator, actor=person(cast.kadis), now=NOW, replace_own=True
        )


def test_the_owner_takes_over_his_account(cast: Cast) -> None:
    user = make_user(make_employee(cast.agency), "baru", must_change_password=True)
    change_own_password(user=user, password="sandi-milik-sendiri-7", actor=person(user), now=NOW)
    user.refresh_from_db()
    assert user.check_password("sandi-milik-sendiri-7")
    assert owner_chose_password(user)
    assert Event.objects.get().verb == "password_changed"
    with pytest.raises(AccountRefused, match="pemilik akun"):
        change_own_password(user=user, password="x", actor=person(cast.admin), now=NOW)


def test_an_account_without_any_agency_is_told_so(db: None) -> None:
    lonely = make_user(None, "sendiri")
    with pytest.raises(AccountRefused, match="belum terhubung"):
        change_own_password(user=lonely, password="x", actor=person(lonely), now=NOW)
