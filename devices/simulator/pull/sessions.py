"""What a simulated machine remembers of one client while it is connected."""

import threading
import time
from dataclasses import dataclass, field

from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Reply
from devices.simulator.pull.events import EventQueue
from devices.simulator.pull.links import Link, UdpLink

FORGOTTEN_AFTER = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Packets to send, by code and data. `session` is what stands in that field instead."""

    packets: tuple[tuple[int, bytes], ...]
    is_table: bool = False
    closes: bool = False
    session: int | None = None


SILENCE = Answer(())


def accepted(data: bytes = b"") -> Answer:
    """Return the plain answer; without data it is exactly 16 bytes over TCP and 8 over UDP."""
    return Answer(((Reply.OK, data),))


def refused() -> Answer:
    return Answer(((Reply.REFUSED, b""),))


@dataclass(eq=False)
class Session:
    machine: Machine
    link: Link
    registry: "Registry"
    number: int = 0
    authenticated: bool = False
    table: bytes = field(default=b"", repr=False)  # what the client is fetching
    incoming: bytearray = field(default_factory=bytearray, repr=False)  # what it is sending
    announced: int = 0  # bytes that it said it would send
    heard_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._boots = self.machine.boots
        self.events = EventQueue(self.machine, self.link)

    def heard(self) -> None:
        self.heard_at = time.monotonic()

    def is_over(self) -> bool:
        """Say whether the client is gone; over UDP nobody tells, only silence does."""
        silent = time.monotonic() - self.heard_at > FORGOTTEN_AFTER
        return self.outlived() or (isinstance(self.link, UdpLink) and silent)

    def outlived(self) -> bool:
        """Say whether the machine was switched off since this client connected."""
        return not self.machine.powered or self._boots != self.machine.boots

    def close(self) -> None:
        self.events.stop()
        self.registry.forget(self)


class Registry:
    """The open sessions of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._open: set[Session] = set()
        self._last = 0x1000
        self._lock = threading.Lock()

    def admit(self, session: Session) -> bool:
        """Give a client its session number; refuse it if only one may be connected."""
        with self._lock:
            self._open = {other for other in self._open if not other.is_over()}
            if self._machine.faults.refuse_second_session and self._open - {session}:
                return False
            self._open.add(session)
            self._last = self._last % 0xFFF0 + 1
            session.number = self._last
            self._machine.connected = len(self._open)
        return True

    def forget(self, session: Session) -> None:
        with self._lock:
            self._open.discard(session)
            self._machine.connected = len(self._open)
