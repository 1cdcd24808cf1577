"""The command `appoint_official`: the letter of a head or of who acts for him is noted."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from organization.models import Appointment, Employee, User
from organization.permissions import mandates_of, may
from tests.cast import NOW, Cast, make_employee

pytestmark = pytest.mark.django_db
LETTER = ("--letter", "821.2/14/2026")


def run(person: Employee, role: str, *options: str) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("appoint_official", "diskominfo", person.number, role, *options, stdout=out)
    return out.getvalue()


def test_an_office_without_a_head_gets_one_with_an_account_and_a_first_password(cast: Cast) -> None:
    Appointment.objects.filter(role="Kadis", agency=cast.agency).delete()
    person = make_employee(cast.agency, "Kornelis Ndun")
    told = run(person, "Kadis", *LETTER)
    account = User.objects.get(employee=person)
    assert may(account, "processes.cancel", cast.agency, NOW)
    assert account.must_change_password
    assert account.check_password(told.strip().rsplit(" ", 1)[-1])


def test_who_acts_for_the_head_is_limited_and_keeps_his_own_password(cast: Cast) -> None:
    person = cast.secretary.employee
    assert person is not None
    with pytest.raises(CommandError, match="nomor surat dan tanggal akhir"):
        run(person, "Kadis", *LETTER, "--capacity", "plh")
    told = run(person, "Kadis", *LETTER, "--capacity", "plh", "--until", "2026-04-24")
    assert "Sandi awal" not in told
    assert "Plh. Kadis" in [mandate.title for mandate in mandates_of(cast.secretary, NOW)]
    assert not may(cast.secretary, "processes.cancel", cast.agency, NOW)


def test_the_officers_of_e_absensi_are_not_given_here(cast: Cast) -> None:
    with pytest.raises(CommandError, match="PERAN"):
        run(make_employee(cast.agency), "Operator", *LETTER)
