"""The wire to a 4370 machine below pyzk: whole packets, and what it means when none come."""

import socket
import struct
from typing import Any

PACKET = struct.Struct("<HHI")  # what stands before each packet over TCP: two marks and its size
MAGIC = (0x5050, 0x7D82)
BEGINS = struct.pack("<HH", *MAGIC)
MAX_PACKET = 1 << 20
NO_4370 = "the port is open, but what answers is no 4370 machine"


class Fault(Exception):
    """What went wrong, of a kind that the parent knows: unreachable, refused, mismatch."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class PacketSocket:
    """pyzk's TCP socket, but what is read at once never goes beyond one packet, and is all of it.

    pyzk takes whatever one read gives for one packet: it fails on small segments, waits for ever
    when several packets came together, and reads nothing for ever where the machine has hung up.
    """

    def __init__(self, wrapped: socket.socket) -> None:
        self._socket = wrapped
        self._packet = memoryview(b"")

    def recv(self, size: int) -> bytes:
        if not self._packet:
            self._packet = self._next_packet()
        part, self._packet = self._packet[:size], self._packet[size:]
        return bytes(part)

    def _next_packet(self) -> memoryview:
        packet = bytearray(PACKET.size)
        self._fill(memoryview(packet))
        first, second, size = PACKET.unpack(packet)
        if (first, second) != MAGIC or size > MAX_PACKET:
            raise Fault("mismatch", NO_4370)
        packet += bytes(size)
        self._fill(memoryview(packet)[PACKET.size :])
        return memoryview(packet)

    def _fill(self, place: memoryview) -> None:
        while place:
            came = self._socket.recv_into(place)
            if not came:
                raise ConnectionResetError("connection lost")
            place = place[came:]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def probe(address: str, port: int, timeout: float) -> None:
    """Tell an unreachable machine from a silent one: pyzk ignores that a connection failed."""
    try:
        socket.create_connection((address, port), timeout=timeout).close()
    except OSError as error:
        raise Fault("unreachable", error.strerror or type(error).__name__) from error
