"""How this room leaves its events: in the stream of the machine's agency."""

from collections.abc import Sequence
from datetime import datetime

from foundation import ledger
from foundation.ledger import Entry
from organization.models import Agency


def record_all(agency: Agency, entries: Sequence[Entry], *, now: datetime) -> None:
    """Append several events under one lock, inside the caller's transaction."""
    if entries:
        row = ledger.lock(agency)
        ledger.chain(row, entries, now=now)
        row.save(update_fields=["ledger_length", "ledger_hash"])
