"""What a machine tells on its own: punches as they happen, the course of an enrolment."""

import struct
import time
from collections import deque
from collections.abc import Callable

from devices.simulator.machine import Impossible, Machine
from devices.simulator.pull.codes import Event, Reply
from devices.simulator.pull.frames import Packet
from devices.simulator.pull.links import Link
from devices.simulator.tables import Punch, number, split_time

SAMPLES = 3  # of one finger
GOOD = b"\x64"  # a sample of 100 points; any other and clients wait for ever
PATIENCE = 5.0  # seconds that an event waits for its acknowledgement before the next goes
LAYOUTS = {  # bytes of a punch as an event: PIN, verify, state, six numbers of its time, rest
    10: struct.Struct("<HBB6s"),
    12: struct.Struct("<IBB6s"),
    14: struct.Struct("<HBB6s4x"),
    32: struct.Struct("<24sBB6s"),
    36: struct.Struct("<24sBB6s4x"),
    37: struct.Struct("<24sBB6s5x"),
    52: struct.Struct("<24sBB6s20x"),
}
RESULT = struct.Struct("<HH9sB")  # result, size of the template, PIN, finger

Told = tuple[Event, bytes]


def pack_event(punch: Punch, size: int) -> bytes:
    year, *rest = split_time(punch.time)
    time_bytes = bytes([year - 2000, *rest])
    if size >= 32:
        pin: bytes | int = punch.pin.encode()
    else:
        pin = number(punch.pin) if size == 12 else number(punch.pin) & 0xFFFF
    return LAYOUTS[size].pack(pin, punch.verify, punch.state, time_bytes)


class EventQueue:
    """Events for one client; the next goes when it acknowledged the last.

    A client reads once per event: of two in one segment it would lose the second.
    """

    def __init__(self, machine: Machine, link: Link) -> None:
        self._machine, self._link = machine, link
        self._waiting: deque[Callable[[], Told]] = deque()
        self._sent_at = -PATIENCE  # of the event that is not acknowledged yet
        self._boots = machine.boots
        self.enrolling = False

    def register(self, mask: int) -> None:
        self.stop()
        self._boots = self._machine.boots
        if mask & Event.PUNCH:
            self._machine.listeners.append(self._punched)

    def stop(self) -> None:
        if self._punched in self._machine.listeners:
            self._machine.listeners.remove(self._punched)
        with self._machine.lock:
            self._waiting.clear()
            self._sent_at, self.enrolling = -PATIENCE, False

    def acknowledged(self) -> None:
        self._sent_at = -PATIENCE
        self._send_next()

    def enrol(self, pin: str, finger: int, valid: int) -> None:
        """Begin an enrolment: somebody at the machine will press three times, one does at once."""
        for _ in range(SAMPLES):
            self._waiting.append(lambda: (Event.FINGER, b""))
            self._waiting.append(lambda: (Event.SCORE, GOOD))
        self._waiting.append(lambda: self._enrolled(pin, finger, valid))
        self.enrolling = True

    def start(self) -> None:
        """Let the first event go, after the answer to the command that asked for it."""
        self._send_next()

    def _enrolled(self, pin: str, finger: int, valid: int) -> Told:
        self.enrolling = False
        failure = self._machine.faults.enrol_result
        try:
            template = b"" if failure else self._machine.enrol(pin, finger, valid=valid)
        except Impossible:  # deleted while he was pressing
            failure = 4
        if failure:
            return Event.ENROLLED, struct.pack("<H", failure)
        return Event.ENROLLED, RESULT.pack(0, len(template), pin.encode(), finger)

    def _punched(self, punch: Punch) -> None:
        if self._boots != self._machine.boots:  # who asked was forgotten when it restarted
            self.stop()
            return
        model = self._machine.model
        size = model.event_size or (12 if model.user_size == 28 else 32)
        self._waiting.append(lambda: (Event.PUNCH, pack_event(punch, size)))
        self._send_next()

    def _send_next(self) -> None:
        with self._machine.lock:
            together = self._machine.faults.coalesce_events or 1
            if time.monotonic() - self._sent_at < PATIENCE or len(self._waiting) < together:
                return
            told = [self._waiting.popleft()() for _ in range(together)]
            self._sent_at = time.monotonic()
        packets = [Packet(Reply.EVENT, event, 0, data).payload() for event, data in told]
        try:
            self._link.send(packets)
        except OSError:
            self._waiting.clear()  # the client is gone; its connection ends by itself
