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
    """Ask PostgreSQL whether nothing is wrong, in one pass over the events.

    Every event has its hash; and the events are exactly those that another one names as the one
    before it, or a head as the last: with one event per stream and sequence, no other chains are
    possible. Compared are sums of 64-bit prints of these places. Whoever could aim at an equal sum
    could as well hash the whole chain anew, and is found by the anchors.
    """
    heads = " UNION ALL ".join(_heads_sql(model) for model in stream_models())
    statement = f"""
        SELECT events.wrong, events.count - heads.count, events.places - heads.places
        FROM (
            SELECT count(*) AS count,
                   count(*) FILTER (WHERE {EVENT_HASH_SQL} <> hash
                       OR sequence = 1 AND previous_hash <> '') AS wrong,
                   coalesce(sum({_place_sql("sequence", "hash")}), 0) - coalesce(
                       sum({_place_sql("sequence - 1", "previous_hash")})
                       FILTER (WHERE sequence > 1), 0) AS places
            FROM {Event._meta.db_table}
        ) events, (
            SELECT coalesce(sum(length), 0) AS count,
                   coalesce(sum({_place_sql("length", "hash")}), 0) AS places
            FROM ({heads}) head
        ) heads
    """  # noqa: S608  names come from the models
    with connection.cursor() as cursor:
        cursor.execute(statement, [])
        return bool(cursor.fetchone() == (0, 0, 0))


def _place_sql(sequence: str, hash_: str) -> str:
    return f"hashtextextended(stream || {hash_}, {sequence})"


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
