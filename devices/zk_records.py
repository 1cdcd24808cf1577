"""Punch records of the 4370 protocol into lines of an attendance log. Pure.

A record has 8, 16, 40 or 49 bytes, little endian; which of them follows from the size of the table
and the number of punches alone. A line is `PIN TAB time TAB state TAB verify TAB work code LF`,
the layout of ATTLOG; where a record has no work code, it is 0 as there.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache

UID_SIZE = 8  # these records name the machine's own row of a user, not the PIN
LAYOUTS = {
    UID_SIZE: struct.Struct("<HBIB"),  # uid, verify, time, state
    16: struct.Struct("<IIBB2xI"),  # PIN, time, verify, state, work code
    40: struct.Struct("<2x24sBIB8x"),  # PIN, verify, time, state
    49: struct.Struct("<2x24sBIB17x"),  # firmware since 2022: the same, and more
}
SWAPPED = struct.Struct("<HBBI")  # the MA300 puts the state before the time
# The highest byte of a time between 2010 and 2060; no state has such a number.
TIME_BYTES = range(0x13, 0x73)
MINUTES = tuple(f" {hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))
SECONDS = tuple(f"{second:02}\t" for second in range(60))

Row = tuple[object, int, int, int, object]  # PIN, verify, time, state, work code


def record_size(table: int, count: int) -> int:
    """Return the bytes of one record of a table; 0 when no known size fits the count."""
    return next((size for size in LAYOUTS if count and size * count == table), 0)


class RecordReader:
    """Turns a table of punches into lines while its bytes come; holds less than one record."""

    def __init__(self, size: int, pins: Mapping[int, str] | None = None) -> None:
        """`pins` by uid are needed for records of `UID_SIZE`."""
        self.count = 0
        self.rest = b""
        self._size = size
        self._pins = pins or {}
        self._swapped: bool | None = None

    def feed(self, part: bytes) -> str:
        """Return the lines of the records that are whole by now."""
        table = self.rest + part
        whole = len(table) - len(table) % self._size
        self.rest = table[whole:]
        self.count += whole // self._size
        return "".join(
            [
                f"{pin}\t{_day(time // 86400)}{MINUTES[time // 60 % 1440]}{SECONDS[time % 60]}"
                f"{state}\t{verify}\t{code}\n"
                for pin, verify, time, state, code in self._rows(table[:whole])
            ]
        )

    def _rows(self, table: bytes) -> Iterator[Row]:
        if self._size == UID_SIZE:
            return self._rows_by_uid(table)
        rows = LAYOUTS[self._size].iter_unpack(table)
        if self._size == 16:
            return ((pin, verify, at, state, code) for pin, at, verify, state, code in rows)
        return ((_text(pin), verify, time, state, 0) for pin, verify, time, state in rows)

    def _rows_by_uid(self, table: bytes) -> Iterator[Row]:
        if self._swapped is None and table:
            self._swapped = all(byte in TIME_BYTES for byte in table[UID_SIZE - 1 :: UID_SIZE])
        rows = (SWAPPED if self._swapped else LAYOUTS[UID_SIZE]).iter_unpack(table)
        for uid, verify, third, fourth in rows:
            time, state = (fourth, third) if self._swapped else (third, fourth)
            # A user who is gone: the bare uid would be the PIN of somebody else.
            yield self._pins.get(uid) or f"uid-{uid}", verify, time, state, 0


@lru_cache(maxsize=8192)
def _text(raw: bytes) -> str:
    """Return a PIN; characters that would make another line of it are replaced."""
    text = raw.split(b"\0")[0].decode(errors="replace")
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text).strip()


@lru_cache(maxsize=4096)
def _day(value: int) -> str:
    """Return a machine's day as text; it may be one that does not exist."""
    months, day = divmod(value, 31)
    years, month = divmod(months, 12)
    return f"{2000 + years}-{month + 1:02}-{day + 1:02}"
