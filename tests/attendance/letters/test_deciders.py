"""Who decides on a letter: the direct superior, his stand-in, the next above, or nobody here."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from attendance.exceptions import NotTheSuperior
from attendance.letters.deciders import Deciders, decider_for, deciders_of
from organization.models import Employee, Substitution, User
from tests.attendance.people import employee_of, enter
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


def stand_in(away: User, by: User, *, capacity: str = "plh", **values: object) -> Substitution:
    defaults: dict[str, object] = {
        "letter_number": "800/7/2026",
        "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=3),
        "created_at": NOW,
    }
    return Substitution.objects.create(
        principal=employee_of(away), substitute=employee_of(by), capacity=capacity,
        **(defaults | values),
    )  # fmt: skip


def change(user: User, **values: object) -> int:
    return Employee.objects.filter(pk=employee_of(user).pk).update(**values)


def close(user: User) -> int:
    return User.objects.filter(pk=user.pk).update(is_active=False)


def names(cast: Cast, whose: User, *, escalated: bool = False) -> list[str]:
    deciders = Deciders.of_agency(cast.agency.pk, TODAY)
    return [str(d) for d in deciders.named(employee_of(whose).pk, escalated=escalated)]


Arrange = Callable[[Cast], object]
CASES: list[tuple[str, Arrange, str, list[str], list[str]]] = [
    ("the direct superior", lambda c: None, "employee", ["Maria Tefa"],
     ["Maria Tefa", "Ratna Seran"]),
    ("his own letter goes to the next above", lambda c: None, "superior", ["Ratna Seran"],
     ["Ratna Seran"]),
    ("a Plh. for the superior", lambda c: stand_in(c.superior, c.secretary), "employee",
     ["Anselmus Lede, Plh. Kepala Bidang"], ["Anselmus Lede, Plh. Kepala Bidang", "Ratna Seran"]),
    ("a Plt. for a vacant post",
     lambda c: (change(c.superior, left_on=TODAY),
                stand_in(c.superior, c.secretary, capacity="plt", valid_until=None)),
     "employee", ["Anselmus Lede, Plt. Kepala Bidang"],
     ["Anselmus Lede, Plt. Kepala Bidang", "Ratna Seran"]),
    ("a Plh. for a superior whose account is closed",
     lambda c: (close(c.superior), stand_in(c.superior, c.secretary)), "employee",
     ["Anselmus Lede, Plh. Kepala Bidang"], ["Anselmus Lede, Plh. Kepala Bidang", "Ratna Seran"]),
    ("a vacant post without stand-in", lambda c: change(c.superior, left_on=TODAY), "employee",
     ["Ratna Seran"], ["Ratna Seran"]),
    ("a superior without account", lambda c: close(c.superior), "employee",
     ["Ratna Seran"], ["Ratna Seran"]),
    ("a letter of yesterday", lambda c: stand_in(c.superior, c.secretary,
                                                 valid_from=TODAY - timedelta(days=9),
                                                 valid_until=TODAY - timedelta(days=1)),
     "employee", ["Maria Tefa"], ["Maria Tefa", "Ratna Seran"]),
    ("a revoked letter", lambda c: stand_in(c.superior, c.secretary, revoked_at=NOW),
     "employee", ["Maria Tefa"], ["Maria Tefa", "Ratna Seran"]),
    ("a stand-in without account",
     lambda c: (close(c.secretary), stand_in(c.superior, c.secretary)), "employee",
     ["Maria Tefa"], ["Maria Tefa", "Ratna Seran"]),
    ("Plh. of his own superior", lambda c: stand_in(c.superior, c.employee), "employee",
     ["Ratna Seran"], ["Ratna Seran"]),
    ("the Plh.'s colleagues are his to decide", lambda c: stand_in(c.superior, c.employee),
     "admin", ["Joko Tallo, Plh. Kepala Bidang"],
     ["Joko Tallo, Plh. Kepala Bidang", "Ratna Seran"]),
    ("the Plh. of two posts is named once",
     lambda c: (stand_in(c.superior, c.secretary), stand_in(c.kadis, c.secretary)), "employee",
     ["Anselmus Lede, Plh. Kepala Bidang"], ["Anselmus Lede, Plh. Kepala Bidang"]),
    ("the head of the agency", lambda c: None, "kadis", [], []),
    ("no superior on file", lambda c: change(c.employee, superior=None), "employee", [], []),
    ("a ring he stands in",
     lambda c: change(c.kadis, superior=employee_of(c.superior)), "superior", [], []),
    ("below a ring the direct superior still decides",
     lambda c: change(c.kadis, superior=employee_of(c.superior)), "employee",
     ["Maria Tefa"], ["Maria Tefa", "Ratna Seran"]),
    ("his own superior", lambda c: change(c.employee, superior=employee_of(c.employee)),
     "employee", [], []),
    ("nobody above has an account", lambda c: (close(c.superior), close(c.kadis)), "employee",
     [], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arrange", "whose", "now", "escalated"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_who_decides(
    cast: Cast, arrange: Arrange, whose: str, now: list[str], escalated: list[str]
) -> None:
    arrange(cast)

    assert names(cast, getattr(cast, whose)) == now
    assert names(cast, getattr(cast, whose), escalated=True) == escalated


@pytest.mark.parametrize(
    ("arrange", "whose", "words"),
    [
        (lambda c: None, "employee", ""),
        (lambda c: None, "kadis", "catat persetujuan tertulis pejabat di luar"),
        (lambda c: change(c.employee, superior=None), "employee", "lengkapi atasannya"),
        (
            lambda c: change(c.kadis, superior=employee_of(c.superior)),
            "superior",
            r"melingkar \(Maria Tefa → Ratna Seran → Maria Tefa\); perbaiki atasan",
        ),
        (
            lambda c: (close(c.superior), change(c.kadis, left_on=TODAY)),
            "employee",
            "Maria Tefa belum mempunyai akun, Ratna Seran tidak lagi bertugas. Buatkan akun",
        ),
    ],
    ids=["none", "head", "missing", "ring", "nobody can"],
)
def test_why_nobody_decides_is_said_with_the_way_out(
    cast: Cast, arrange: Arrange, whose: str, words: str
) -> None:
    arrange(cast)

    problem = Deciders.of_agency(cast.agency.pk, TODAY).problem(
        employee_of(getattr(cast, whose)).pk
    )

    assert bool(problem) == bool(words)
    assert re.search(words, problem)


def test_a_superior_in_another_agency_decides(cast: Cast) -> None:
    change(cast.kadis, superior=employee_of(cast.outsider))

    assert names(cast, cast.kadis) == ["Umbu Tamo"]


def test_who_starts_tomorrow_stands_in_tomorrow(cast: Cast) -> None:
    stand_in(cast.superior, cast.secretary, valid_from=date(2026, 4, 21))

    tomorrow = Deciders.of_agency(cast.agency.pk, date(2026, 4, 21))

    assert names(cast, cast.employee) == ["Maria Tefa"]
    named = tomorrow.named(employee_of(cast.employee).pk)
    assert [str(one) for one in named] == ["Anselmus Lede, Plh. Kepala Bidang"]


def test_unpaid_leave_is_decided_by_no_stand_in(cast: Cast) -> None:
    stand_in(cast.superior, cast.secretary)
    letter = enter(cast, cast.employee, kind="CLTN")
    assert [str(one) for one in deciders_of(letter, NOW)] == ["Maria Tefa"]
    with pytest.raises(NotTheSuperior, match=r"Sebagai Plh\. Kepala Bidang Anda tidak berwenang"):
        decider_for(letter, cast.secretary, NOW)
    with pytest.raises(NotTheSuperior, match="hanya dapat diputuskan"):
        decider_for(letter, cast.operator, NOW)


def test_unpaid_leave_goes_above_a_vacant_post_that_somebody_stands_in_for(cast: Cast) -> None:
    change(cast.superior, left_on=TODAY)
    stand_in(cast.superior, cast.secretary, capacity="plt", valid_until=None)
    assert [str(d) for d in deciders_of(enter(cast, kind="CLTN"), NOW)] == ["Ratna Seran"]
    day = date(2026, 4, 22)
    usual = deciders_of(enter(cast, kind="CT", first_on=day, last_on=day), NOW)
    assert [str(d) for d in usual] == ["Anselmus Lede, Plt. Kepala Bidang"]
