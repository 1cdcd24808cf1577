"""Who is the superior of whom: up to the head, around a ring, on a day."""

from datetime import date, timedelta

import pytest

from organization.mandates.superiors import Superiors, employed
from organization.models import Employee
from tests.cast import TODAY, Cast, make_employee

pytestmark = pytest.mark.django_db

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def line(cast: Cast) -> list[Employee]:
    """Three people, each the superior of the next."""
    head = make_employee(cast.agency, "Adelheid Mbete")
    chief = make_employee(cast.agency, "Dominikus Riwu", superior=head)
    return [head, chief, make_employee(cast.agency, "Yuliana Keraf", superior=chief)]


def superiors(person: Employee) -> Superiors:
    return Superiors.of_agency(person.agency_id)


def change(person: Employee, **values: object) -> None:
    Employee.objects.filter(pk=person.pk).update(**values)


def test_superiors_are_named_from_the_nearest_up(line: list[Employee]) -> None:
    head, chief, staff = line
    assert superiors(staff).chain(staff.pk) == [chief, head]
    assert superiors(staff).chain(head.pk) == []


def test_staff_are_found_at_any_depth(line: list[Employee]) -> None:
    head, chief, staff = line
    assert superiors(head).below(head.pk) == {chief.pk, staff.pk}
    assert superiors(head).below(staff.pk) == set()


def test_who_left_is_passed_over_from_that_day_on(line: list[Employee]) -> None:
    head, chief, staff = line
    change(chief, left_on=TODAY)
    assert superiors(staff).direct(staff.pk, YESTERDAY) == chief
    assert superiors(staff).direct(staff.pk, TODAY) == head


def test_a_superior_at_another_agency_counts(line: list[Employee], cast: Cast) -> None:
    elsewhere = make_employee(cast.other_agency, "Petrus Riwu")
    change(line[0], superior=elsewhere)
    assert superiors(line[2]).chain(line[2].pk)[-1] == elsewhere


def test_a_ring_is_told_and_walked_once(line: list[Employee]) -> None:
    head, chief, staff = line
    change(head, superior=staff)
    found = superiors(staff)
    assert found.ring(staff.pk) == [staff, chief, head]
    assert found.chain(staff.pk) == [chief, head]
    assert found.below(staff.pk) == {head.pk, chief.pk}


def test_below_a_ring_nobody_stands_in_it(line: list[Employee]) -> None:
    head, chief, staff = line
    change(head, superior=chief)
    assert superiors(staff).ring(staff.pk) == []


@pytest.mark.parametrize(
    ("joined_on", "left_on", "works"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TOMORROW, None, False),
        (None, TOMORROW, True),
        (None, TODAY, False),
    ],
)
def test_the_first_day_counts_and_the_day_of_leaving_does_not(
    line: list[Employee], joined_on: date | None, left_on: date | None, works: bool
) -> None:
    person = line[0]
    person.joined_on, person.left_on = joined_on, left_on
    assert employed(person, TODAY) is works
