"""What happened between terminals and their server, counted and timed."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from devices.simulator.tables import Punch, time_text

Key = tuple[str, str, str]  # serial, PIN, local time: what makes a punch


@dataclass
class Figures:
    """Shared by all terminals of a process; seconds are those of a monotonic clock."""

    seconds: dict[str, list[float]] = field(default_factory=dict)  # of replies, by kind of request
    statuses: Counter[str] = field(default_factory=Counter)
    pressed: dict[Key, float] = field(default_factory=dict)  # when each finger was pressed
    acknowledged: dict[Key, float] = field(default_factory=dict)  # seconds until the reply

    def press(self, serial: str, punch: Punch) -> None:
        self.pressed.setdefault(_key(serial, punch), time.monotonic())

    def answered(self, kind: str, status: int, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append(seconds)
        self.statuses[str(status)] += 1

    def unanswered(self) -> None:
        self.statuses["none"] += 1

    def acknowledge(self, serial: str, punches: Iterable[Punch]) -> None:
        now = time.monotonic()
        for punch in punches:
            key = _key(serial, punch)
            self.acknowledged.setdefault(key, now - self.pressed.get(key, now))

    def summary(self) -> dict[str, object]:
        """Return the figures for people and tests; times in milliseconds."""
        return {
            "pressed": len(self.pressed),
            "acknowledged": len(self.acknowledged),
            "unacknowledged": len(self.pressed.keys() - self.acknowledged.keys()),
            "replies": dict(self.statuses),
            "until_acknowledged": percentiles(list(self.acknowledged.values())),
            "milliseconds": {kind: percentiles(rows) for kind, rows in self.seconds.items()},
        }


def _key(serial: str, punch: Punch) -> Key:
    return serial, punch.pin, time_text(punch.time)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return count, p50, p95, p99 and the largest, in milliseconds."""
    if not seconds:
        return {"count": 0}
    ordered, last = sorted(seconds), len(seconds) - 1
    shown = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {"count": len(ordered)} | {
        name: round(ordered[round(last * share)] * 1000, 1) for name, share in shown.items()
    }
