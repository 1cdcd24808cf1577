"""A prepared query answers as the QuerySet that it was made of; prepared writes as the ORM's."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BigAutoField, CharField, F, OuterRef, QuerySet, Subquery
from django.test.utils import CaptureQueriesContext

from foundation.models import Event, OutboxJob
from foundation.prepared import (
    Listed,
    PreparedQuery,
    PreparedValues,
    Slot,
    insert_rows,
    update_rows,
)
from organization.models import Appointment, Employee
from tests.cast import NOW, TODAY, Cast


def employees() -> QuerySet[Employee]:
    roles = Appointment.objects.filter(user__employee=OuterRef("pk"))
    return (
        Employee.objects.select_related("agency", "superior")
        .annotate(role=Subquery(roles.values("role")[:1]), place=F("agency__city"))
        .filter(pk=Slot("employee", BigAutoField()))
    )


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_prepared_query_gives_the_row_as_the_queryset_does(cast: Cast) -> None:
    prepared = PreparedQuery(employees)
    for user in cast.everyone:
        assert user.employee is not None
        found = prepared.first(employee=user.employee.pk)
        assert found is not None
        assert columns(found) == columns(Employee.objects.get(pk=user.employee.pk))
        assert found.joined_on == date(2010, 1, 1)


def test_related_rows_and_annotations_come_along_without_a_query(cast: Cast) -> None:
    assert cast.operator.employee is not None
    prepared = PreparedQuery(employees)
    found = prepared.first(employee=cast.operator.employee.pk)
    assert found is not None
    with CaptureQueriesContext(connection) as asked:
        assert found.agency == cast.agency
        assert found.superior == cast.superior.employee
        assert found.role == "Operator"  # type: ignore[attr-defined]
        assert found.place == "Kupang"  # type: ignore[attr-defined]
    assert len(asked) == 0


def test_a_missing_relation_stays_missing(cast: Cast) -> None:
    assert cast.kadis.employee is not None
    found = PreparedQuery(employees).first(employee=cast.kadis.employee.pk)
    assert found is not None
    assert found.superior is None


def test_a_prepared_query_without_a_match_gives_nothing(cast: Cast) -> None:
    assert PreparedQuery(employees).first(employee=0) is None


def test_the_text_is_made_once_and_the_values_are_those_of_each_call(cast: Cast) -> None:
    built = 0

    def build() -> QuerySet[Employee]:
        nonlocal built
        built += 1
        return Employee.objects.filter(name=Slot("name", CharField()))

    prepared = PreparedQuery(build)
    assert prepared.first(name="' OR 1=1 --") is None
    found = [prepared.first(name=name) for name in ("Sari Benu", "Joko Tallo")]
    assert [employee and employee.name for employee in found] == ["Sari Benu", "Joko Tallo"]
    assert built == 1


def test_only_rows_that_are_as_told_are_updated(cast: Cast) -> None:
    employee = cast.employee.employee
    assert employee is not None
    where = {"id": employee.pk, "left_on": None}
    assert update_rows(Employee, where=where, changes={"left_on": TODAY, "superior": None}) == 1
    assert update_rows(Employee, where=where, changes={"position": "Kepala"}) == 0
    employee.refresh_from_db()
    assert (employee.left_on, employee.superior) == (TODAY, None)
    assert employee.position == "Pranata Komputer"


def job(key: str, **values: Any) -> OutboxJob:
    defaults: dict[str, Any] = {
        "kind": "test",
        "payload": {"teks": "100 % “aneh” 'kutip'"},
        "run_after": NOW,
        "created_at": NOW,
    }
    return OutboxJob(key=key, **(defaults | values))


@pytest.mark.django_db
def test_inserted_rows_are_as_the_orm_would_have_written_them() -> None:
    rows = [job("a"), job("b", leased_until=NOW, attempts=3)]
    insert_rows(rows)
    for row in rows:
        assert columns(OutboxJob.objects.get(pk=row.pk)) == columns(row)
        assert not row._state.adding


@pytest.mark.django_db
def test_inserting_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        insert_rows([])
    assert len(asked) == 0


@pytest.mark.django_db
def test_a_row_that_breaks_a_constraint_is_refused_as_by_the_orm() -> None:
    insert_rows([job("a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([job("b"), job("a")])
    assert OutboxJob.objects.count() == 1
    assert not Event.objects.exists()


def test_a_prepared_query_gives_all_rows_of_any_number_of_ids(cast: Cast) -> None:
    prepared = PreparedQuery(
        lambda: Employee.objects.filter(pk__in=Listed("people")).order_by("name")
    )
    everybody = [user.employee_id for user in cast.everyone if user.employee_id]
    for people in (everybody, everybody[:1], []):
        expected = list(Employee.objects.filter(pk__in=people).order_by("name"))
        assert prepared.all(people=people) == expected


def test_prepared_values_are_those_of_the_queryset(cast: Cast) -> None:
    def rows() -> QuerySet[Employee, tuple[Any, ...]]:
        return Employee.objects.order_by("pk").values_list("name", "joined_on", "agency__city")

    everybody = [user.employee_id for user in cast.everyone if user.employee_id]
    prepared = PreparedValues(lambda: rows().filter(pk__in=Listed("people")))
    assert prepared.all(people=everybody) == list(rows().filter(pk__in=everybody))
    assert prepared.all(people=[]) == []
