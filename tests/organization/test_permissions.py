"""Who may do what: roles by appointment, in one agency, on the days of its own calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from organization.models import Appointment, Employee, EmploymentStatus
from organization.permissions import (
    CAPABILITIES,
    ROLES,
    UnknownCapability,
    actor_allowed,
    actor_for,
    agencies_where,
    local_date,
    mandates_of,
    may,
    require,
    users_with_role,
)
from tests.cast import NOW, Cast, appoint, make_agency, make_employee


def test_a_role_opens_what_the_file_gives_it_and_nothing_else(cast: Cast) -> None:
    for user, role in ((cast.kadis, "Kadis"), (cast.admin, "Admin"), (cast.operator, "Operator")):
        allowed = {c for c in CAPABILITIES if may(user, c, cast.agency, NOW)}
        assert allowed == ROLES[role]


def test_a_person_without_a_role_may_nothing(cast: Cast) -> None:
    for user in (cast.employee, cast.superior, AnonymousUser()):
        assert not any(may(user, c, cast.agency, NOW) for c in CAPABILITIES)
        assert not agencies_where(user, "employees.view", NOW).exists()


def test_a_role_ends_at_the_border_of_its_agency(cast: Cast) -> None:
    assert may(cast.outsider, "employees.manage", cast.other_agency, NOW)
    assert not may(cast.outsider, "employees.manage", cast.agency, NOW)
    assert list(agencies_where(cast.outsider, "employees.manage", NOW)) == [cast.other_agency]
    assert list(agencies_where(cast.admin, "employees.manage", NOW)) == [cast.agency]


def test_a_role_that_no_file_knows_opens_nothing(cast: Cast) -> None:
    appoint(cast.employee, "Juru Parkir", cast.agency)
    assert [m.role for m in mandates_of(cast.employee, NOW)] == ["Juru Parkir"]
    assert not may(cast.employee, "employees.view", cast.agency, NOW)


def test_a_misspelt_capability_is_an_error_and_not_a_no(cast: Cast) -> None:
    with pytest.raises(UnknownCapability):
        may(cast.admin, "employee.manage", cast.agency, NOW)


def test_require_says_no_with_a_sentence(cast: Cast) -> None:
    require(cast.admin, "employees.manage", cast.agency, NOW)
    with pytest.raises(PermissionDenied, match="tidak memberi wewenang"):
        require(cast.operator, "employees.manage", cast.agency, NOW)


@pytest.mark.fault("F42")
def test_validity_follows_the_calendar_of_the_agency_not_of_greenwich(cast: Cast) -> None:
    appoint(cast.employee, "Admin", cast.agency, valid_from=date(2026, 4, 10),
            valid_until=date(2026, 4, 12))  # fmt: skip
    # In Kupang the day begins at 16.00 UTC of the day before.
    moments = {
        datetime(2026, 4, 9, 15, 59, tzinfo=UTC): False,
        datetime(2026, 4, 9, 16, 0, tzinfo=UTC): True,
        datetime(2026, 4, 12, 15, 59, tzinfo=UTC): True,
        datetime(2026, 4, 12, 16, 0, tzinfo=UTC): False,
    }
    for at, expected in moments.items():
        assert may(cast.employee, "employees.manage", cast.agency, at) is expected, at


def test_an_office_further_east_begins_its_day_earlier(cast: Cast) -> None:
    east = make_agency("timur", time_zone="Asia/Jayapura")
    appoint(cast.employee, "Admin", east, valid_from=date(2026, 4, 10))
    assert may(cast.employee, "employees.manage", east, datetime(2026, 4, 9, 15, tzinfo=UTC))
    assert local_date(east, datetime(2026, 4, 9, 15, tzinfo=UTC)) == date(2026, 4, 10)


@pytest.mark.fault("F52")
def test_a_revoked_mandate_is_void_from_that_moment_and_was_valid_before(cast: Cast) -> None:
    Appointment.objects.filter(user=cast.admin).update(revoked_at=NOW)
    assert not may(cast.admin, "employees.manage", cast.agency, NOW)
    assert may(cast.admin, "employees.manage", cast.agency, NOW - timedelta(seconds=1))


def test_a_closed_account_has_no_mandate(cast: Cast) -> None:
    cast.admin.is_active = False
    cast.admin.save()
    assert mandates_of(cast.admin, NOW) == ()
    assert cast.admin not in users_with_role("Admin", cast.agency, NOW)


def test_the_actor_carries_the_title_of_the_mandate(cast: Cast) -> None:
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    assert (actor.user_id, actor.name, actor.acting_as) == (cast.kadis.pk, "Ratna Seran", "Kadis")


def test_an_acting_officer_is_always_called_one(cast: Cast) -> None:
    appoint(cast.secretary, "Kadis", cast.agency, capacity=Appointment.Capacity.DAILY_ACTING,
            letter_number="800/7/2026", valid_until=date(2026, 4, 30))  # fmt: skip
    assert actor_for(cast.secretary, "Kadis", cast.agency, NOW).acting_as == "Plh. Kadis"
    both = actor_for(cast.secretary, None, cast.agency, NOW).acting_as
    assert both == "Sekretaris, Plh. Kadis"
    assert actor_allowed(
        cast.secretary, "processes.reassign", cast.agency, NOW
    ).acting_as == "Plh. Kadis"  # fmt: skip


def test_nobody_acts_as_what_he_is_not(cast: Cast) -> None:
    for user in (cast.admin, cast.outsider):
        with pytest.raises(PermissionDenied, match="tidak sedang bertugas"):
            actor_for(user, "Kadis", cast.agency, NOW)
    with pytest.raises(PermissionDenied):
        actor_allowed(cast.operator, "employees.manage", cast.agency, NOW)


def test_one_query_tells_all_mandates(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert len(mandates_of(cast.outsider, NOW)) == 4


def test_holders_of_a_role_are_found_per_agency(cast: Cast) -> None:
    found = set(users_with_role("Operator", cast.agency, NOW))
    assert found == {cast.operator, cast.operator2}


def test_missing_data_and_its_query_never_disagree(cast: Cast) -> None:
    number = 500
    for status in EmploymentStatus.values:
        for lacking in ({}, {"rank": ""}, {"position": ""}, {"photo": ""}, {"name": ""}):
            number += 1
            make_employee(cast.agency, **{"number": f"X-{number}", "status": status, **lacking})
    by_query = set(Employee.objects.all().incomplete())
    assert by_query == {person for person in Employee.objects.all() if person.missing_data()}
    assert len(by_query) == 4 * 4 - 3
