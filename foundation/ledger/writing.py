"""What happened is appended to its stream: by `chain` where its row is written, else `record`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import connection, transaction

from foundation.actors import Actor
from foundation.ledger.text import EVENT_HASH_SQL, hash_event, plain
from foundation.models import Event, LedgerStream
from foundation.prepared import insert_rows

StreamT = TypeVar("StreamT", bound=LedgerStream)
Hearer = Callable[[LedgerStream, Sequence[Event]], None]

_hearers: list[Hearer] = []


def hears(hearer: Hearer) -> Hearer:
    """Register who is told of new events, in the transaction that writes them."""
    _hearers.append(hearer)
    return hearer


def _tell(stream: LedgerStream, events: Sequence[Event]) -> None:
    for hearer in _hearers:
        hearer(stream, events)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be recorded: `actor` did `verb` to `subject` (`app.model:pk`)."""

    actor: Actor
    verb: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def chain(stream: LedgerStream, entries: Sequence[Entry], *, now: datetime) -> list[Event]:
    """Append entries to a stream whose row the caller has locked; the caller saves the row's head.

    Use this where the row is written in the same transaction anyway; else use `record`.
    """
    events = []
    for entry in entries:
        event = _event(stream, entry, now)
        event.sequence, event.previous_hash = stream.ledger_length + 1, stream.ledger_hash
        event.hash = hash_event(event)
        stream.ledger_length, stream.ledger_hash = event.sequence, event.hash
        events.append(event)
    insert_rows(events)
    _tell(stream, events)
    return events


def _event(stream: LedgerStream, entry: Entry, now: datetime) -> Event:
    """Return the event without its place in the chain."""
    return Event(
        stream=stream.stream,
        at=now,
        actor_id=entry.actor.user_id,
        actor_name=entry.actor.name,
        acting_as=entry.actor.acting_as,
        verb=entry.verb,
        subject=entry.subject,
        before=plain(entry.before),
        after=plain(entry.after),
    )


def lock(stream: StreamT) -> StreamT:
    """Return the stream's row as it is now, locked until the transaction ends."""
    # no_key: rows that point here (foreign keys) may still be inserted meanwhile.
    manager = type(stream)._default_manager
    return manager.select_for_update(no_key=True).get(pk=stream.pk)


# No savepoint: whoever cannot write what he did must not go on.
@transaction.atomic(savepoint=False)
def record(
    *,
    stream: LedgerStream,
    actor: Actor,
    verb: str,
    subject: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event to a stream, in the caller's transaction where there is one."""
    entry = Entry(actor=actor, verb=verb, subject=subject, before=before or {}, after=after or {})
    if connection.vendor == "postgresql":
        event = _append(stream, _event(stream, entry, now))
        stream.ledger_length, stream.ledger_hash = event.sequence, event.hash
        _tell(stream, [event])
        return event
    row = lock(stream)
    (event,) = chain(row, [entry], now=now)
    row.save(update_fields=["ledger_length", "ledger_hash"])
    stream.ledger_length, stream.ledger_hash = row.ledger_length, row.ledger_hash
    return event


def _told() -> list[Any]:
    """Return the fields of an event that do not come from its place in the chain."""
    place = ("id", "sequence", "previous_hash", "hash")
    return [field for field in Event._meta.concrete_fields if field.attname not in place]


def _append(stream: LedgerStream, event: Event) -> Event:
    """Lock the row, hash, write the event and the new head: one statement, in the database.

    The row is locked before its head is read: who waited for another reads what that one wrote.
    """
    told = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in _told()]
    with connection.cursor() as cursor:
        cursor.execute(_append_sql(type(stream)), [stream.pk, *told, stream.pk])
        place = cursor.fetchone()
    if place is None:
        raise type(stream).DoesNotExist(stream.stream)
    event.pk, event.sequence, event.previous_hash, event.hash = place
    event._state.adding, event._state.db = False, connection.alias
    return event


@cache
def _append_sql(model: type[LedgerStream]) -> str:
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column or "id")
    given = ", ".join(f"%s::{field.db_type(connection)} AS {field.column}" for field in _told())
    columns = ", ".join([*(field.column for field in _told()), "sequence", "previous_hash"])
    return f"""
        WITH head AS (
            SELECT ledger_length + 1 AS sequence, ledger_hash AS previous_hash
            FROM {table} WHERE {key} = %s FOR NO KEY UPDATE
        ), entry AS (SELECT {given}, sequence, previous_hash FROM head
        ), event AS (
            INSERT INTO {Event._meta.db_table} ({columns}, hash)
            SELECT {columns}, {EVENT_HASH_SQL} FROM entry
            RETURNING id, sequence, previous_hash, hash
        )
        UPDATE {table} SET ledger_length = event.sequence, ledger_hash = event.hash
        FROM event WHERE {table}.{key} = %s
        RETURNING event.id, event.sequence, event.previous_hash, event.hash
    """  # noqa: S608  names come from the models
