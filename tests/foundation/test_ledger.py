"""The ledger names every edit, deletion, insertion, change of order and cut tail."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.models import Event
from organization.models import Agency
from tests.cast import NOW, make_agency

pytestmark = pytest.mark.django_db
BUDI = Actor(user_id=7, name="Budi Manafe", acting_as="Admin")


def record_three(agency: Agency) -> None:
    for number in range(3):
        ledger.record(
            stream=agency,
            actor=BUDI,
            verb="employee_imported",
            subject=f"organization.employee:{number}",
            before={"rank": ""},
            after={"rank": "Penata", "on": NOW.date(), "number": number},
            now=NOW + timedelta(minutes=number),
        )


def events(agency: Agency) -> list[Event]:
    return list(Event.objects.filter(stream=agency.stream).order_by("sequence"))


def sql(statement: str, *values: Any) -> None:
    """Do what an intruder with the database in his hands would do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[tuple[int, str]]:
    return [(fault.sequence, fault.reason) for fault in ledger.verify()]


def test_an_untouched_ledger_has_no_fault() -> None:
    first, second = make_agency("a"), make_agency("b")
    record_three(first)
    record_three(second)
    assert faults() == []
    assert [event.sequence for event in events(first)] == [1, 2, 3]
    assert events(first)[1].previous_hash == events(first)[0].hash
    first.refresh_from_db()
    assert (first.ledger_length, first.ledger_hash) == (3, events(first)[2].hash)


def test_an_edited_event_is_found_at_its_place() -> None:
    agency = make_agency()
    record_three(agency)
    sql("UPDATE foundation_event SET actor_name = 'Orang lain' WHERE sequence = 2")
    assert (2, "isi peristiwa berubah") in faults()


@pytest.mark.parametrize(
    "column", ["at", "actor_id", "actor_name", "acting_as", "verb", "subject", "before", "after"]
)
def test_every_column_of_an_event_is_held_by_its_hash(column: str) -> None:
    agency = make_agency()
    record_three(agency)
    value: Any = {"at": "2026-04-20 01:00:01", "actor_id": 8, "before": "{}", "after": "{}"}.get(
        column, "lain"
    )
    sql(f"UPDATE foundation_event SET {column} = %s WHERE sequence = 2", value)  # noqa: S608
    assert [sequence for sequence, _ in faults()] == [2]


def test_an_event_edited_together_with_its_own_hash_breaks_the_chain_behind_it() -> None:
    agency = make_agency()
    record_three(agency)
    second = events(agency)[1]
    second.actor_name = "Orang lain"
    sql(
        "UPDATE foundation_event SET actor_name = %s, hash = %s WHERE sequence = 2",
        second.actor_name,
        ledger.hash_event(second),
    )
    assert faults() == [(3, "rantai tidak bersambung")]


def test_a_deleted_event_is_found() -> None:
    agency = make_agency()
    record_three(agency)
    sql("DELETE FROM foundation_event WHERE sequence = 2")
    assert (2, "peristiwa hilang") in faults()


def test_an_inserted_event_is_found() -> None:
    agency = make_agency()
    record_three(agency)
    forged = events(agency)[2]
    forged.pk, forged.sequence, forged.verb = None, 4, "officer_appointed"
    forged.previous_hash = events(agency)[2].hash
    forged.hash = ledger.hash_event(forged)
    Event.objects.bulk_create([forged])
    assert faults() == [(4, "ujung rantai tidak cocok")]


def test_two_events_that_changed_places_are_found() -> None:
    agency = make_agency()
    record_three(agency)
    sql("UPDATE foundation_event SET sequence = 9 WHERE sequence = 1")
    sql("UPDATE foundation_event SET sequence = 1 WHERE sequence = 2")
    sql("UPDATE foundation_event SET sequence = 2 WHERE sequence = 9")
    assert {sequence for sequence, _ in faults()} >= {1, 2}


def test_a_cut_tail_disagrees_with_the_head_on_the_row() -> None:
    agency = make_agency()
    record_three(agency)
    sql("DELETE FROM foundation_event WHERE sequence = 3")
    assert faults() == [(2, "ujung rantai tidak cocok")]


def test_a_stream_whose_events_are_all_gone_is_found() -> None:
    agency = make_agency()
    record_three(agency)
    sql("DELETE FROM foundation_event")
    assert faults() == [(1, "seluruh peristiwa hilang")]


def test_events_whose_owner_is_gone_are_found() -> None:
    agency = make_agency()
    record_three(agency)
    sql("DELETE FROM organization_agency")
    assert faults() == [(3, "baris pemilik tidak ada")]


def test_the_fault_of_one_stream_is_not_blamed_on_another() -> None:
    good, bad = make_agency("a"), make_agency("b")
    record_three(good)
    record_three(bad)
    sql("DELETE FROM foundation_event WHERE sequence = 2 AND stream = %s", bad.stream)
    assert {fault.stream for fault in ledger.verify()} == {bad.stream}


def test_an_event_can_be_neither_saved_again_nor_deleted() -> None:
    agency = make_agency()
    record_three(agency)
    with pytest.raises(TypeError):
        events(agency)[0].save()
    with pytest.raises(TypeError):
        events(agency)[0].delete()


def test_a_stale_copy_of_the_row_still_appends_at_the_end() -> None:
    agency = make_agency()
    stale = Agency.objects.get(pk=agency.pk)
    record_three(agency)
    event = ledger.record(
        stream=stale, actor=SYSTEM, verb="unit_created", subject="organization.unit:1", now=NOW
    )
    assert event.sequence == 4
    assert faults() == []
