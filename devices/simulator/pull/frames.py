"""Packets of the 4370 protocol as bytes: header and checksum; over TCP a length before them."""

import struct
from dataclasses import dataclass

TOP = struct.Struct("<HHI")
HEADER = struct.Struct("<4H")
MAGIC = (0x5050, 0x7D82)
MAX_PAYLOAD = 1 << 20  # bytes; nobody sends a machine more at once


class Garbage(ValueError):
    """What came is no packet of this protocol."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A command or an answer; a client's checksum is not looked at, some count it wrongly."""

    command: int
    session: int
    reply_id: int
    data: bytes = b""

    @classmethod
    def read(cls, payload: bytes) -> "Packet":
        if not HEADER.size <= len(payload) <= MAX_PAYLOAD:
            raise Garbage(f"{len(payload)} bytes")
        command, _, session, reply_id = HEADER.unpack_from(payload)
        return cls(command, session, reply_id, payload[HEADER.size :])

    def payload(self) -> bytes:
        """Return what goes into a UDP datagram."""
        unsigned = HEADER.pack(self.command, 0, self.session, self.reply_id) + self.data
        head = HEADER.pack(self.command, checksum(unsigned), self.session, self.reply_id)
        return head + self.data


def checksum(payload: bytes) -> int:
    """Return the one's complement of the folded sum of 16-bit words; the last may be half."""
    # 65536 leaves 1 when divided by 65535: the remainder of the whole number is the folded sum.
    folded = int.from_bytes(payload, "little") % 0xFFFF
    return 0xFFFF - (folded or 0xFFFF)


def frame(payload: bytes) -> bytes:
    """Return a packet as TCP carries it."""
    return TOP.pack(*MAGIC, len(payload)) + payload


def size_after(top: bytes) -> int:
    """Return how many bytes follow the first eight of a frame. Raises Garbage."""
    first, second, size = TOP.unpack(top)
    if (first, second) != MAGIC or not HEADER.size <= size <= MAX_PAYLOAD:
        raise Garbage("no frame begins like this")
    return int(size)


def scrambled_key(key: int, session: int) -> bytes:
    """Return what a client that knows the comm key sends to authenticate itself."""
    mirrored = int(f"{key & 0xFFFFFFFF:032b}"[::-1], 2)
    raw = struct.pack("<I", (mirrored + session) & 0xFFFFFFFF)
    _, b, c, d = (x ^ y for x, y in zip(raw, b"ZKSO", strict=True))
    return bytes([c ^ 50, d ^ 50, 50, b ^ 50])
