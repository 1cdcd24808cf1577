"""What an intruder with the database in his hands does; runs in a process of an office."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger.anchors import anchor_path, write_anchor
from foundation.models import Event
from organization.models import Agency
from tests.cast import NOW

BUDI = Actor(user_id=7, name="Budi Manafe", acting_as="Admin")
UPDATE, DELETE = "UPDATE foundation_event", "DELETE FROM foundation_event"
WHERE = "WHERE stream = %s AND sequence"


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write(agency: Agency, count: int) -> None:
    for number in range(count):
        ledger.record(
            stream=agency,
            actor=BUDI,
            verb="employee_imported",
            subject=f"organization.employee:{number}",
            after={"rank": "Penata", "é": [1, {"zz": None, "a": "\u0001\n/"}], "number": number},
            now=NOW + timedelta(minutes=number),
        )


def edit(stream: str) -> None:
    sql(f"{UPDATE} SET actor_name = 'Orang lain' {WHERE} = 3", stream)


def delete(stream: str) -> None:
    sql(f"{DELETE} {WHERE} = 3", stream)


def insert(stream: str) -> None:
    """Put one in between, those behind it a place further."""
    for place in (6, 5, 4):
        sql(f"{UPDATE} SET sequence = sequence + 1 {WHERE} = %s", stream, place)
    forged = Event.objects.get(stream=stream, sequence=3)
    forged.pk, forged.sequence = None, 4
    Event.objects.bulk_create([forged])


def reorder(stream: str) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        sql(f"{UPDATE} SET sequence = %s {WHERE} = %s", new, stream, old)


def cut(stream: str) -> None:
    sql(f"{DELETE} {WHERE} > 4", stream)


TRICKS: dict[str, Callable[[str], None]] = {
    trick.__name__: trick for trick in (edit, delete, insert, reorder, cut)
}


def tamper() -> dict[str, list[str]]:
    """Do each trick to one stream, look, and undo it; "nothing" is what was found before."""
    agency = Agency.objects.order_by("pk").first()
    assert agency is not None
    write(agency, 6)
    found = {"nothing": told()}
    for name, trick in TRICKS.items():
        with transaction.atomic():
            trick(agency.stream)
            found[name] = told()
            transaction.set_rollback(True)
    return found


def told() -> list[str]:
    return [f"{f.sequence}: {f.reason}" for f in ledger.firsts(ledger.verify())]


def forge() -> dict[str, list[str]]:
    """Anchor, write on, then forge one event and everything that follows from it."""
    agency = Agency.objects.order_by("pk").first()
    assert agency is not None
    found = {}
    with transaction.atomic():
        write(agency, 6)
        assert write_anchor(now=NOW) is not None
        agency.refresh_from_db()
        anchored = agency.ledger_length
        write(agency, 3)
        for name, place in (("older", anchored - 2), ("younger", anchored + 2)):
            with transaction.atomic():
                _rewrite(agency, place)
                found[name] = told()
                transaction.set_rollback(True)
        anchor_path(1).unlink()
        transaction.set_rollback(True)
    return found


def _rewrite(agency: Agency, place: int) -> None:
    previous = ""
    for event in Event.objects.filter(stream=agency.stream).order_by("sequence"):
        if event.sequence == place:
            event.actor_name = "Orang lain"
        event.previous_hash = previous
        previous = event.hash = ledger.hash_event(event)
        Event.objects.filter(pk=event.pk).update(
            actor_name=event.actor_name, previous_hash=event.previous_hash, hash=event.hash
        )
    Agency.objects.filter(pk=agency.pk).update(ledger_hash=previous)
