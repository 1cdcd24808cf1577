"""How often one machine may call: whoever floods the door is told to wait, the others are not.

A bucket per serial in the memory of each process: it fills at `PER_SECOND` and holds `AT_ONCE`, far
more than a machine needs that tells a full log. Serials that nobody registered share a smaller one
per address, since they can be invented.
"""

from collections import OrderedDict
from dataclasses import dataclass

PER_SECOND, AT_ONCE = 100.0, 300.0
STRANGERS_PER_SECOND, STRANGERS_AT_ONCE = 50.0, 300.0
MOST_BUCKETS = 60_000  # whoever invents serial numbers must not fill the memory


@dataclass(slots=True)
class Bucket:
    left: float
    at: float


class Pace:
    """Says whether a call may be served now; `now` is a monotonic clock in seconds."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def allows(self, serial: str, *, address: str, known: bool, now: float) -> bool:
        if known:
            return self._take(f"s {serial}", PER_SECOND, AT_ONCE, now)
        return self._take(f"a {address}", STRANGERS_PER_SECOND, STRANGERS_AT_ONCE, now)

    def _take(self, name: str, per_second: float, at_once: float, now: float) -> bool:
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(at_once, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)  # what did not call for longest is forgotten first
        bucket.left = min(at_once, bucket.left + max(0.0, now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
