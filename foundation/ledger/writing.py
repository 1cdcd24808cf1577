"""What happened is appended to its stream: by `chain` where its row is written, else `record`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from foundation.actors import Actor
from foundation.ledger.text import hash_event, plain
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
