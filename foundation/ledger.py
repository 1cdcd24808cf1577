"""The ledger: append-only events, hash-chained per stream.

A stream is a row (`LedgerStream`) that carries its own head. A change to any event, an event that
was taken out and an event put in between break the chain at that place; a cut tail disagrees with
the head on the row.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from foundation.actors import Actor
from foundation.models import Event, LedgerStream
from foundation.prepared import insert_rows

StreamT = TypeVar("StreamT", bound=LedgerStream)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be recorded: `actor` did `verb` to `subject` (`app.model:pk`)."""

    actor: Actor
    verb: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data as JSON keeps it, so that the hash is the same before and after storing."""
    restored: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return restored


def hash_event(event: Event) -> str:
    """Return the SHA-256 over every column of the event but its id and own hash."""
    content = [
        event.stream,
        event.sequence,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_name,
        event.acting_as,
        event.verb,
        event.subject,
        event.before,
        event.after,
        event.previous_hash,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def chain(stream: LedgerStream, entries: Sequence[Entry], *, now: datetime) -> list[Event]:
    """Append entries to a stream whose row the caller has locked; the caller saves the row's head.

    Use this where the row is written in the same transaction anyway; else use `record`.
    """
    events = []
    for entry in entries:
        event = Event(
            stream=stream.stream,
            sequence=stream.ledger_length + 1,
            at=now,
            actor_id=entry.actor.user_id,
            actor_name=entry.actor.name,
            acting_as=entry.actor.acting_as,
            verb=entry.verb,
            subject=entry.subject,
            before=plain(entry.before),
            after=plain(entry.after),
            previous_hash=stream.ledger_hash,
        )
        event.hash = hash_event(event)
        stream.ledger_length, stream.ledger_hash = event.sequence, event.hash
        events.append(event)
    insert_rows(events)
    return events


def lock(stream: StreamT) -> StreamT:
    """Return the stream's row as it is now, locked until the transaction ends."""
    # no_key: rows that point here (foreign keys) may still be inserted meanwhile.
    manager = type(stream)._default_manager
    return manager.select_for_update(no_key=True).get(pk=stream.pk)


@transaction.atomic
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
    row = lock(stream)
    entry = Entry(actor=actor, verb=verb, subject=subject, before=before or {}, after=after or {})
    (event,) = chain(row, [entry], now=now)
    row.save(update_fields=["ledger_length", "ledger_hash"])
    stream.ledger_length, stream.ledger_hash = row.ledger_length, row.ledger_hash
    return event


@dataclass(frozen=True)
class Fault:
    """A place where the ledger does not agree with itself."""

    stream: str
    sequence: int
    reason: str


def stream_models() -> list[type[LedgerStream]]:
    return [model for model in apps.get_models() if issubclass(model, LedgerStream)]


def verify() -> Iterator[Fault]:
    """Walk every stream and yield what was edited, deleted, inserted, reordered or cut."""
    heads = {
        row.stream: row
        for model in stream_models()
        for row in model._default_manager.only("ledger_length", "ledger_hash")
    }
    previous: Event | None = None
    for event in Event.objects.order_by("stream", "sequence").iterator(chunk_size=2000):
        if previous is None or previous.stream != event.stream:
            if previous is not None:
                yield from _check_tail(previous, heads)
            previous = None
        expected = previous.sequence + 1 if previous else 1
        if event.sequence != expected:
            yield Fault(event.stream, expected, "peristiwa hilang")
        elif event.previous_hash != (previous.hash if previous else ""):
            yield Fault(event.stream, event.sequence, "rantai tidak bersambung")
        if event.hash != hash_event(event):
            yield Fault(event.stream, event.sequence, "isi peristiwa berubah")
        previous = event
    if previous is not None:
        yield from _check_tail(previous, heads)
    for stream, head in heads.items():
        if head.ledger_length:
            yield Fault(stream, 1, "seluruh peristiwa hilang")


def _check_tail(last: Event, heads: dict[str, LedgerStream]) -> Iterator[Fault]:
    """Compare the last event with the head on the stream's row and take that head off the list."""
    head = heads.pop(last.stream, None)
    if head is None:
        yield Fault(last.stream, last.sequence, "baris pemilik tidak ada")
    elif (head.ledger_length, head.ledger_hash) != (last.sequence, last.hash):
        yield Fault(last.stream, last.sequence, "ujung rantai tidak cocok")
