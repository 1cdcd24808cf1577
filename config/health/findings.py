"""What is found out about a part of the installation; how several are asked without a long wait."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import connections


class State(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"  # people can work; somebody should look
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The state of a part and its figures. Nothing personal, no path, no version, no address."""

    state: State
    figures: Mapping[str, float | None] = field(default_factory=dict)


Ask = Callable[[], Finding]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the installation. Without one that is `needed` no page can be served."""

    name: str
    ask: Ask
    needed: bool = False


def settled(part: Part) -> Finding:
    """Ask one part; one that fails in whatever way is down."""
    try:
        return part.ask()
    except Exception:  # its words may hold an address or a password; that it failed is enough
        return Finding(state=State.DOWN)


def ask_in_turn(parts: Sequence[Part], found: dict[str, Finding]) -> None:
    """Ask one after the other, as those that use one connection must; ends at one that is down."""
    for part in parts:
        found[part.name] = settled(part)
        if part.needed and found[part.name].state is State.DOWN:
            return


def overall(parts: Sequence[Part], found: Mapping[str, Finding]) -> State:
    down = any(part.needed and found[part.name].state is State.DOWN for part in parts)
    if down:
        return State.DOWN
    fine = all(finding.state is State.OK for finding in found.values())
    return State.OK if fine else State.DEGRADED


class Asker:
    """Asks groups of parts at once, each in a thread, and waits for none longer than `seconds`.

    What was found is told for `keep` seconds: whoever asks without end costs nothing. A group that
    still hangs is not asked a second time.
    """

    def __init__(
        self, groups: Sequence[Sequence[Part]], *, seconds: float = 3, keep: float = 2
    ) -> None:
        self.groups, self.seconds, self.keep = groups, seconds, keep
        self.parts = [part for group in groups for part in group]
        self._lock = threading.Lock()
        self._found: dict[str, Finding] = {}
        self._until = 0.0
        self._at_work: dict[int, threading.Thread] = {}

    def ask(self) -> dict[str, Finding]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = self._ask()
                self._until = time.monotonic() + self.keep
            return self._found

    def _ask(self) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        end = time.monotonic() + self.seconds
        for number, group in enumerate(self.groups):
            hanging = self._at_work.get(number)
            if hanging is None or not hanging.is_alive():
                self._at_work[number] = threading.Thread(
                    target=_ask_apart, args=[group, found], name=f"health-{number}", daemon=True
                )
                self._at_work[number].start()
        for thread in self._at_work.values():
            thread.join(max(0, end - time.monotonic()))
        told = dict(found)  # a thread that is late writes into a dictionary that nobody reads
        return {part.name: told.get(part.name, Finding(state=State.DOWN)) for part in self.parts}


def _ask_apart(group: Sequence[Part], found: dict[str, Finding]) -> None:
    try:
        ask_in_turn(group, found)
    finally:
        connections.close_all()
