"""The second step below its pages: one code at one moment, keys that change, what is counted."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pyotp
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from config.backups.sealed import sealed_values
from foundation.crypto import DecryptionFailed
from foundation.models import Event
from organization import services
from organization.exceptions import AccountRefused
from organization.models import Appointment, SecondFactor, User
from organization.permissions import person
from organization.views.own_account import is_required
from tests.cast import NOW, Cast, appoint
from tests.office import Clerk

OLD, NEW = ["kunci lama"], ["kunci baru", "kunci lama"]
INBOX, FACTOR = "/tugas/", "/accounts/keamanan/kode/"
RACES = "tests.organization.code_races:same_code"


def enrolled(user: User) -> tuple[pyotp.TOTP, list[str]]:
    """Return the telephone of an account that has the second step now, and its codes on paper."""
    factor = services.begin_second_factor(user=user, actor=person(user), now=NOW)
    telephone = pyotp.TOTP(services.key_of(factor))
    code = telephone.at(NOW)
    return telephone, services.confirm_second_factor(
        user=user, code=code, actor=person(user), now=NOW
    )


def opens(user: User, code: str, after: timedelta) -> bool:
    return services.check_code(user=user, code=code, actor=person(user), now=NOW + after).opens


# One code, several browsers -----------------------------------------------------------------------


@pytest.mark.xdist_group("races")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("on_paper", [False, True])
def test_a_code_that_four_send_at_once_opens_for_one(clerk: Clerk, on_paper: bool) -> None:
    found = clerk.call(RACES, on_paper=on_paper, times=8)
    wanted = {
        "errors": [], "opened": [False, False, False, True], "papers_used": int(on_paper),
        "events": int(on_paper), "faults": 0,
    }  # fmt: skip
    assert found == [wanted] * 8


# Keys ---------------------------------------------------------------------------------------------


def rotated() -> int:
    out = StringIO()
    call_command("rotate_keys", "--json", stdout=out)
    count: int = json.loads(out.getvalue())["others"]["kunci kode masuk"]
    return count


def test_keys_are_closed_with_the_newest_once_and_the_telephone_notices_nothing(cast: Cast) -> None:
    with override_settings(FIELD_KEYS=OLD):
        telephone, papers = enrolled(cast.kadis)
    with override_settings(FIELD_KEYS=NEW):
        assert (rotated(), rotated()) == (1, 0)
    with override_settings(FIELD_KEYS=NEW[:1]):
        later = timedelta(minutes=1)
        assert opens(cast.kadis, telephone.at(NOW + later), later)
        assert opens(cast.kadis, papers[0], later)
    event = Event.objects.get(verb="keys_rotated")
    assert event.stream == cast.agency.stream
    assert event.after == {"rows": 1, "of": "organization.secondfactor"}


def test_a_key_of_who_works_in_no_agency_is_closed_anew_too(cast: Cast) -> None:
    steward = User.objects.create(username="veronika")
    appoint(steward, "Pengelola", cast.agency)
    with override_settings(FIELD_KEYS=OLD):
        enrolled(steward)
    with override_settings(FIELD_KEYS=NEW):
        assert rotated() == 1


def test_a_key_that_no_longer_opens_is_told(cast: Cast) -> None:
    with override_settings(FIELD_KEYS=OLD):
        enrolled(cast.kadis)
    with override_settings(FIELD_KEYS=NEW[:1]), pytest.raises(CommandError, match="1 nilai tidak"):
        call_command("rotate_keys", stdout=StringIO())


def test_a_backup_tries_the_keys(cast: Cast) -> None:
    with override_settings(FIELD_KEYS=OLD):
        enrolled(cast.kadis)
        opened = {name: value() for name, value in sealed_values()}
    assert [name for name in opened if name.startswith("kunci kode masuk")]


def test_the_key_of_one_account_does_not_open_another(cast: Cast) -> None:
    enrolled(cast.kadis)
    enrolled(cast.admin)
    stolen = SecondFactor.objects.get(user=cast.admin)
    SecondFactor.objects.filter(user=cast.kadis).update(sealed_key=stolen.sealed_key)
    with pytest.raises(DecryptionFailed):
        services.key_of(SecondFactor.objects.get(user=cast.kadis))


def test_codes_on_paper_outlive_a_new_secret_of_the_installation(cast: Cast) -> None:
    with override_settings(SECRET_KEY="rahasia lama"):
        _, papers = enrolled(cast.kadis)
    with override_settings(SECRET_KEY="rahasia baru"):
        assert opens(cast.kadis, papers[0], timedelta(0))


def test_taking_it_up_ends_what_the_password_alone_had_opened(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.force_login(User.objects.get(pk=cast.admin.pk))
    here.post(FACTOR, {"act": "begin"})
    key = services.key_of(SecondFactor.objects.get(user=cast.admin))
    assert elsewhere.get(INBOX).status_code == 200  # it asks for nothing yet
    here.post(FACTOR, {"act": "confirm", "code": pyotp.TOTP(key).now()})
    assert (here.get(INBOX).status_code, elsewhere.get(INBOX).status_code) == (200, 302)


# What is counted, and for whom --------------------------------------------------------------------


def test_wrong_codes_of_one_account_hold_up_no_other(cast: Cast) -> None:
    enrolled(cast.kadis)
    telephone, _ = enrolled(cast.admin)
    later = timedelta(minutes=1)
    for _ in range(6):
        assert not opens(cast.kadis, "000000", later)
    assert opens(cast.admin, telephone.at(NOW + later), later)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "0" * 5000, "\x00"])
def test_what_is_no_code_is_refused_as_a_wrong_one(cast: Cast, code: str) -> None:
    enrolled(cast.kadis)
    assert not opens(cast.kadis, code, timedelta(minutes=1))
    assert SecondFactor.objects.get().failures == 1


@pytest.mark.parametrize("capacity", Appointment.Capacity.values)
def test_who_holds_such_a_role_today_needs_it_acting_or_not(
    cast: Cast, settings: Any, capacity: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    appoint(
        cast.employee, "Kadis", cast.agency, capacity=capacity,
        valid_from=NOW.date(), valid_until=NOW.date(),
    )  # fmt: skip
    assert needs(cast.employee, NOW)
    assert not needs(cast.employee, NOW + timedelta(days=1))


def needs(user: User, now: Any) -> bool:
    with time_machine.travel(now, tick=False):
        return is_required(user)


def test_a_reset_without_a_reason_or_of_oneself_is_refused(cast: Cast) -> None:
    enrolled(cast.kadis)
    for actor, reason in ((cast.admin, " "), (cast.kadis, "Ponsel hilang")):
        with pytest.raises(AccountRefused):
            services.reset_second_factor(
                user=cast.kadis, reason=reason, actor=person(actor), now=NOW
            )
    assert SecondFactor.objects.filter(user=cast.kadis).exists()
