"""What the machines' door counts and times."""

from prometheus_client import Counter, Histogram

from devices.services.storing import Stored
from foundation.measures import BUCKETS, REGISTRY

CALLS = Counter(
    "sopan_door_calls", "Calls of machines, by the status of the answer.", ["status"],
    registry=REGISTRY,
)  # fmt: skip
SECONDS = Histogram(
    "sopan_door_seconds", "Time until a machine was answered.", buckets=BUCKETS, registry=REGISTRY
)
PUNCHES = Counter(
    "sopan_door_punches", "Punches told at the door, by what became of them.", ["outcome"],
    registry=REGISTRY,
)  # fmt: skip


def count_punches(stored: Stored) -> None:
    PUNCHES.labels("accepted").inc(stored.accepted)
    PUNCHES.labels("duplicate").inc(stored.duplicate)
    PUNCHES.labels("quarantined").inc(stored.quarantined)
