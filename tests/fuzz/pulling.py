"""What a machine that is asked sends over its own protocol: records, logs in pieces, packets."""

import hashlib
import socket
import struct
from contextlib import suppress
from typing import cast

from devices.adms.zktime import decode_time
from devices.attlog import read_punches
from devices.pull.log import MachineLog
from devices.pull.records import LAYOUTS, RecordReader, record_size
from devices.pull.wire import BEGINS, MAX_PACKET, PACKET, Fault, PacketSocket

SIZES = tuple(LAYOUTS)
TIME_AT = {8: 3, 16: 4, 40: 27, 49: 27}
PINS = {7: "2041", 9: "17"}


def records(content: bytes) -> None:
    """Read whole records of the size that the first byte chooses: a line for each of them."""
    size = SIZES[content[0] % len(SIZES)] if content else SIZES[0]
    table = content[1:]
    table = table[: len(table) // size * size]
    count = len(table) // size
    if not count:
        return
    assert record_size(len(table), count) == size
    read = RecordReader(size, PINS).read(table)
    assert read.count(b"\n") == count
    assert b"\0" not in read
    for place, line in enumerate(read.split(b"\n")[:-1]):
        columns = line.split(b"\t")
        assert len(columns) == 5
        record = table[place * size : (place + 1) * size]
        if size != 8:  # the smallest have two orders of columns, told apart by the whole table
            assert columns[1] == _time(record, TIME_AT[size])
    parsed = read_punches(read)
    assert parsed.total == count


def _time(record: bytes, place: int) -> bytes:
    """Return the time as the documents tell it, for one record and by plain arithmetic."""
    (packed,) = struct.unpack_from("<I", record, place)
    days, seconds = divmod(packed, 86_400)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    text = (
        f"2{years % 256:03}-{month + 1:02}-{day + 1:02}"
        f" {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    )
    with suppress(ValueError):  # a day that does not exist is written, and refused when it is read
        assert decode_time(packed).isoformat(sep=" ") == text
    return text.encode()


def records_seeds() -> list[bytes]:
    ticks = 838_015_231
    return [
        b"\0" + struct.pack("<HBIB", 7, 1, ticks, 0) * 3,
        b"\0" + struct.pack("<HBBI", 7, 1, 0, ticks) * 3,
        b"\1" + struct.pack("<IIBB2sI", 2041, ticks, 1, 0, b"", 3) * 2,
        b"\2" + struct.pack("<H24sBIB8s", 7, b"2041", 1, ticks, 0, b"") * 2,
        b"\3" + struct.pack("<H24sBIB17s", 7, b"2041", 1, ticks, 0, b"") * 2,
    ]


def pieces(content: bytes) -> None:
    """Take a log in pieces of any size, read ahead or not: the same lines as all at once."""
    if len(content) < 4:
        return
    size, cut, after = SIZES[content[0] % 4], content[1] % 60 + 1, content[2]
    table = content[3:]
    table = table[: len(table) // size * size]
    count = len(table) // size
    if size == 8:  # in parts, the order of columns is told by each part
        return
    whole = RecordReader(size, PINS).read(table) if count else b""
    for ahead in (False, True):
        with MachineLog(count, size, PINS, part_lines=3, ahead=ahead) as log:
            for place in range(0, len(table), cut):
                log.take(table[place : place + cut])
            assert log.is_whole()
            assert log.digest_of(count) == hashlib.sha256(table).hexdigest()
            assert b"".join(log.parts()) == whole
            later = b"".join(log.parts(after=after % (count + 1)))
            assert later == b"".join(whole.splitlines(keepends=True)[after % (count + 1) :])


def pieces_seeds() -> list[bytes]:
    return [seed[:1] + b"\x05\x01" + seed[1:] for seed in records_seeds()]


class Line:
    """A connection that hands out what came in segments, then the end."""

    def __init__(self, came: bytes, segment: int) -> None:
        self.came, self.segment = came, segment

    def recv_into(self, place: memoryview) -> int:
        part = self.came[: min(self.segment, len(place))]
        self.came = self.came[len(part) :]
        place[: len(part)] = part
        return len(part)


def check_end(ended: Exception) -> None:
    """A connection ends because it was lost, or because no machine of ours speaks there."""
    assert getattr(ended, "kind", "mismatch") == "mismatch"


def wire(content: bytes) -> None:
    """Read packets from a connection in segments: whole ones, a fault, or that it was lost."""
    if not content:
        return
    segment, sent = content[0] % 40 + 1, content[1:]
    reader = PacketSocket(cast(socket.socket, Line(sent, segment)))
    got = b""
    try:
        while True:
            part = reader.recv(MAX_PACKET + PACKET.size)
            assert part.startswith(BEGINS)
            assert len(part) == PACKET.size + PACKET.unpack_from(part)[2]
            got += part
    except (Fault, ConnectionResetError) as ended:
        check_end(ended)
    assert sent.startswith(got)
    framed = PACKET.pack(0x5050, 0x7D82, len(sent)) + sent
    again = PacketSocket(cast(socket.socket, Line(framed * 2, segment)))
    assert [again.recv(MAX_PACKET), again.recv(MAX_PACKET)] == [framed, framed]


def wire_seeds() -> list[bytes]:
    packet = PACKET.pack(0x5050, 0x7D82, 8) + b"\xd0\x07\x2f\xf8\x01\x00\x00\x00"
    return [b"\x07" + packet, b"\x27" + packet * 3, b"\x01" + packet[:11]]
