"""The ledger: append-only events, hash-chained per stream, anchored outside the database.

A stream is a row (`LedgerStream`) that carries its own head. A change to any event, an event that
was taken out and an event put in between break the chain at that place; a cut tail disagrees with
the head on the row. Who forges events, hashes and heads alike is found by the anchors (`anchors`),
files of heads that lie elsewhere; who changes the rows that events tell of, by what rooms
register with `row_check`.
"""

from collections.abc import Iterator

from foundation.ledger.anchors import ANCHORS
from foundation.ledger.checks import (
    Check,
    Fault,
    Slice,
    disagreements,
    firsts,
    row_check,
    row_checks,
)
from foundation.ledger.text import digest_of, hash_event, plain
from foundation.ledger.verifying import CHAINS, stream_models
from foundation.ledger.writing import Entry, chain, hears, lock, record

__all__ = [
    "Check",
    "Entry",
    "Fault",
    "Slice",
    "all_checks",
    "chain",
    "digest_of",
    "disagreements",
    "firsts",
    "hash_event",
    "hears",
    "lock",
    "plain",
    "record",
    "row_check",
    "stream_models",
    "verify",
]


def verify() -> Iterator[Fault]:
    """Yield what was edited, deleted, inserted, reordered or cut, and what anchors deny."""
    yield from CHAINS.faults()
    yield from ANCHORS.faults()


def all_checks() -> list[Check]:
    """Return the checks of the record in their order: chains, anchors, rows of the rooms."""
    return [CHAINS, ANCHORS, *row_checks()]
