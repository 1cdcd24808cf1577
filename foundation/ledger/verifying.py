"""Whether the chains are whole: every event hashed and linked, every head compared.

On PostgreSQL one statement hashes and links all events where they lie and counts what is wrong;
only when something is, or on SQLite, are the events walked one by one to name the places.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.db import connection, transaction

from foundation.batches import batched
from foundation.ledger.checks import Check, Fault, Slice
from foundation.ledger.text import EVENT_HASH_SQL, hash_event
from foundation.models import Event, LedgerStream

CHUNK = 2000  # events fetched at once
SLICE = 20_000  # events walked before somebody is told
MANY = 400  # streams asked about at once


def stream_models() -> list[type[LedgerStream]]:
    return [model for model in apps.get_models() if issubclass(model, LedgerStream)]


def chain_slice(after: str) -> Slice:
    """Check the chains of the streams behind `after`: all of them, or so many as SLICE events."""
    if not after and connection.vendor == "postgresql" and _is_whole():
        return Slice([], Event.objects.count(), None)
    return _walk(after)


def _is_whole() -> bool:
    """Ask PostgreSQL whether nothing is wrong.

    Every event has its hash and follows one with the hash that it names; every head is the hash of
    an event, which therefore has all those before it; and there are no more events than heads say.
    """
    heads = " UNION ALL ".join(_heads_sql(model) for model in stream_models())
    table = Event._meta.db_table
    statement = f"""
        WITH head AS ({heads}),
        event AS (SELECT *, {EVENT_HASH_SQL} AS computed FROM {table})
        SELECT count(*) - (SELECT coalesce(sum(length), 0) FROM head),
               count(head.stream) - (SELECT count(*) FROM head),
               count(*) FILTER (WHERE event.computed <> event.hash OR CASE WHEN event.sequence = 1
                   THEN event.previous_hash <> '' ELSE earlier.sequence IS NULL END)
        FROM event
        LEFT JOIN {table} earlier ON earlier.hash = event.previous_hash
            AND earlier.stream = event.stream AND earlier.sequence = event.sequence - 1
        LEFT JOIN head ON head.stream = event.stream
            AND head.length = event.sequence AND head.hash = event.hash
    """  # noqa: S608  names come from the models
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(statement, [])
        return bool(cursor.fetchone() == (0, 0, 0))


def _heads_sql(model: type[LedgerStream]) -> str:
    meta = model._meta
    return (
        f"SELECT '{meta.label_lower}:' || {meta.pk.column} AS stream, ledger_length AS length,"  # noqa: S608
        f" ledger_hash AS hash FROM {meta.db_table} WHERE ledger_length > 0"
    )


def _walk(after: str) -> Slice:
    """Read events in their order and tell what does not fit; no stream is cut in two."""
    faults: list[Fault] = []
    ends: list[Event] = []
    seen = 0
    last: Event | None = None
    events = Event.objects.filter(stream__gt=after).order_by("stream", "sequence")
    for event in events.iterator(chunk_size=CHUNK):
        if last is not None and last.stream != event.stream:
            ends.append(last)
            last = None
            if seen >= SLICE:
                return Slice([*faults, *_end_faults(ends)], seen, ends[-1].stream)
        faults += _event_faults(event, last)
        last = event
        seen += 1
    if last is not None:
        ends.append(last)
    return Slice([*faults, *_end_faults(ends), *_lost_streams()], seen, None)


def _event_faults(event: Event, previous: Event | None) -> Iterator[Fault]:
    expected = previous.sequence + 1 if previous else 1
    if event.sequence != expected:
        yield Fault(event.stream, expected, "peristiwa hilang")
    elif event.previous_hash != (previous.hash if previous else ""):
        yield Fault(event.stream, event.sequence, "rantai tidak bersambung")
    if event.hash != hash_event(event):
        yield Fault(event.stream, event.sequence, "isi peristiwa berubah")


def _end_faults(ends: Sequence[Event]) -> Iterator[Fault]:
    """Compare the last events of streams with the heads on their rows."""
    for some in batched(ends, MANY):
        heads = _heads(event.stream for event in some)
        for event in some:
            if heads.get(event.stream) != (event.sequence, event.hash):
                yield from _end_fault(event.stream)


def _end_fault(stream: str) -> Iterator[Fault]:
    """Ask again, in one moment: events may have been appended while the others were read."""
    with transaction.atomic():
        head = _heads([stream], lock=True).get(stream)
        last = Event.objects.filter(stream=stream).order_by("sequence").last()
    if last is None:
        return  # `_lost_streams` tells
    if head is None:
        yield Fault(stream, last.sequence, "baris pemilik tidak ada")
    elif head != (last.sequence, last.hash):
        yield Fault(stream, last.sequence, "ujung rantai tidak cocok")


def _heads(streams: Iterable[str], *, lock: bool = False) -> dict[str, tuple[int, str]]:
    """Return length and hash of the heads by stream; streams without a row are left out."""
    keys: dict[str, list[str]] = {}
    for stream in streams:
        label, _, key = stream.partition(":")
        keys.setdefault(label, []).append(key)
    found = {}
    for model in stream_models():
        rows = model._default_manager.filter(
            pk__in=[int(key) for key in keys.get(model._meta.label_lower, []) if key.isdecimal()]
        )
        rows = rows.select_for_update(no_key=True) if lock else rows
        for row in rows.only("ledger_length", "ledger_hash"):
            found[row.stream] = (row.ledger_length, row.ledger_hash)
    return found


def _lost_streams() -> Iterator[Fault]:
    """Yield the streams whose heads count events and that have none."""
    for model in stream_models():
        rows = (
            model._default_manager.filter(ledger_length__gt=0).only("ledger_length").order_by("pk")
        )
        for batch in batched(rows.iterator(chunk_size=CHUNK), MANY):
            streams = [row.stream for row in batch]
            begun = Event.objects.filter(stream__in=streams, sequence=1)
            present = set(begun.values_list("stream", flat=True))
            for stream in streams:
                if stream not in present and not Event.objects.filter(stream=stream).exists():
                    yield Fault(stream, 1, "seluruh peristiwa hilang")


CHAINS = Check("chains", "peristiwa", lambda: Event.objects.count(), chain_slice)
