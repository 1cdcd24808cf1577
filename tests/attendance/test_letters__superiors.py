"""A change of superiors or accounts reaches open letters at once, not by the next sweep."""

from collections.abc import Callable
from datetime import date

import pytest

from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from organization.models import Employee
from organization.services import open_account, retire_employee, set_superior
from processes.jobs import reoffer
from tests.attendance.letter_runs import checked, offered_to
from tests.attendance.people import employee_of
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


def run_jobs() -> None:
    """Do what the changes ordered; the sweep of every five minutes is not among it."""
    jobs = OutboxJob.objects.filter(kind="processes.reoffer")
    assert jobs.exists()
    for job in jobs:
        reoffer(job.payload)


def change_superior(cast: Cast) -> None:
    superior = employee_of(cast.secretary)
    employee = employee_of(cast.employee)
    set_superior(employee=employee, superior=superior, actor=SYSTEM, now=NOW)


def let_superior_leave(cast: Cast) -> None:
    person = employee_of(cast.superior)
    retire_employee(employee=person, left_on=TODAY, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("change", "successor"), [(change_superior, "secretary"), (let_superior_leave, "kadis")]
)
def test_who_decides_from_now_on_is_offered_the_letter(
    cast: Cast, change: Callable[[Cast], None], successor: str
) -> None:
    letter = checked(cast)
    assert offered_to(letter) == [cast.superior]
    change(cast)
    run_jobs()
    assert offered_to(letter) == [getattr(cast, successor)]


def test_a_superior_who_gets_an_account_is_offered_what_waits(cast: Cast) -> None:
    chief = Employee.objects.create(
        agency=cast.agency, number="K1", name="Theresia Benu", status="PNS",
        superior=employee_of(cast.kadis), joined_on=date(2010, 1, 1),
    )  # fmt: skip
    Employee.objects.filter(pk=employee_of(cast.employee).pk).update(superior=chief)
    cast.employee.refresh_from_db()
    letter = checked(cast)
    assert offered_to(letter) == [cast.kadis]
    user = open_account(employee=chief, actor=SYSTEM, now=NOW)
    run_jobs()
    assert offered_to(letter) == [user]
