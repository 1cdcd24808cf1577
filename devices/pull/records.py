"""Punch records of the 4370 protocol into lines of an attendance log. Pure.

A record has 8, 16, 40 or 49 bytes, little endian; which of them follows from the size of the table
and the number of punches alone. A line is `PIN TAB time TAB state TAB verify TAB work code LF`,
the layout of ATTLOG; where a record has no work code, it is 0 as there.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from devices.pull.times import parts_of


@dataclass(frozen=True)
class Layout:
    """Where the columns stand in a record, in bytes; `user` unpacks the user of each."""

    user: struct.Struct
    time: int
    state: int
    verify: int


UID_SIZE = 8  # these records name the machine's own row of a user, not the PIN
CODE_SIZE = 16  # these alone have a work code
PIN_BYTES = 24
CODE = struct.Struct("<12xI")
LAYOUTS = {
    UID_SIZE: Layout(struct.Struct("<H6x"), time=3, state=7, verify=2),
    CODE_SIZE: Layout(struct.Struct("<I12x"), time=4, state=9, verify=8),
    40: Layout(struct.Struct("<2x24s14x"), time=27, state=31, verify=26),
    49: Layout(struct.Struct("<2x24s23x"), time=27, state=31, verify=26),  # firmware since 2022
}
SWAPPED = Layout(struct.Struct("<H6x"), time=4, state=3, verify=2)  # the MA300: state before time
# The highest byte of a time between 2010 and 2060; no state has such a number.
TIME_BYTES = bytes(range(0x13, 0x73))
ZERO = b"\0"  # what fills a column where a text is shorter than others; it never comes out
HUNDREDS = bytes(48 + number // 100 for number in range(256))
TENS = bytes(48 + number // 10 % 10 for number in range(256))
ONES = bytes(48 + number % 10 for number in range(256))
LEADING_HUNDREDS = bytes(48 + number // 100 if number > 99 else 0 for number in range(256))
LEADING_TENS = bytes(48 + number // 10 % 10 if number > 9 else 0 for number in range(256))
NEXT = bytes((number + 1) % 256 for number in range(256))  # months and days count from 0
IS_SET = bytes([0] + [1] * 255)
PLAIN = bytes([0, *range(0x21, 0x7F)])  # what a PIN is made of, and what fills its place

Key = TypeVar("Key")
Columns = list[bytes]  # one character of each line, from the left to the right


def record_size(table: int, count: int) -> int:
    """Return the bytes of one record of a table; 0 when no known size fits the count."""
    return next((size for size in LAYOUTS if count and size * count == table), 0)


class RecordReader:
    """Reads the records of one log; `pins` by uid are needed for `UID_SIZE`.

    A time may be of a day that does not exist. A user who is gone is shown as `uid-<uid>`: the
    bare uid would be the PIN of somebody else.
    """

    def __init__(self, size: int, pins: Mapping[int, str] | None = None) -> None:
        self._size = size
        self._texts = _Known(_text)
        self._uids: _Known[int] = _Known(
            lambda uid: ((pins or {}).get(uid) or f"uid-{uid}").encode()
        )

    def read(self, records: bytes) -> bytes:
        """Return whole records as lines.

        A log has hundreds of thousands of them: nothing is done for each alone, a column of
        characters is made for all at once.
        """
        size, layout = self._size, _layout(records, self._size)
        count = len(records) // size
        tab = [b"\t" * count]
        columns = [
            *self._users(records, layout), *tab,
            *_times([records[layout.time + byte :: size] for byte in range(4)]), *tab,
            *_number(records[layout.state :: size]), *tab,
            *_number(records[layout.verify :: size]), *tab,
            *self._codes(records, count), b"\n" * count,
        ]  # fmt: skip
        lines = bytearray(len(columns) * count)
        for place, column in enumerate(columns):
            lines[place :: len(columns)] = column
        return bytes(lines.translate(None, ZERO))

    def _users(self, records: bytes, layout: Layout) -> Columns:
        users = (user for (user,) in layout.user.iter_unpack(records))
        if self._size == CODE_SIZE:
            return _columns([b"%d" % number for number in users])
        if self._size == UID_SIZE:
            return _columns([self._uids[uid] for uid in users])
        columns = [records[place :: self._size] for place in range(2, 2 + PIN_BYTES)]
        while columns and columns[-1] == bytes(len(columns[-1])):
            columns.pop()
        return columns if _are_plain(columns) else _columns([self._texts[raw] for raw in users])

    def _codes(self, records: bytes, count: int) -> Columns:
        if self._size != CODE_SIZE:
            return [b"0" * count]
        return _columns([b"%d" % code for (code,) in CODE.iter_unpack(records)])


def _layout(records: bytes, size: int) -> Layout:
    if size == UID_SIZE and not records[UID_SIZE - 1 :: UID_SIZE].translate(None, TIME_BYTES):
        return SWAPPED
    return LAYOUTS[size]


def _are_plain(columns: Columns) -> bool:
    """Say whether all PINs can stay as they are: no strange character, nothing after their end."""
    if b"".join(columns).translate(None, PLAIN):
        return False
    ends = [int.from_bytes(column.translate(IS_SET), "little") for column in columns]
    return all(not later & ~earlier for earlier, later in pairwise(ends))


def _columns(texts: list[bytes]) -> Columns:
    width = max(map(len, texts), default=0)
    table = b"".join([text.ljust(width, ZERO) for text in texts])
    return [table[place::width] for place in range(width)]


def _number(column: bytes) -> Columns:
    return [column.translate(LEADING_HUNDREDS), column.translate(LEADING_TENS), _ones(column)]


def _times(ticks: Columns) -> Columns:
    """Return times as `2026-04-01 07:20:31`, from the four bytes of each."""
    count = len(ticks[0])
    year, month, day, hour, minute, second = parts_of(ticks)
    month, day = month.translate(NEXT), day.translate(NEXT)
    dash, colon = b"-" * count, b":" * count
    return [
        b"2" * count, year.translate(HUNDREDS), *_two(year), dash, *_two(month), dash, *_two(day),
        b" " * count, *_two(hour), colon, *_two(minute), colon, *_two(second),
    ]  # fmt: skip


def _two(column: bytes) -> Columns:
    return [column.translate(TENS), _ones(column)]


def _ones(column: bytes) -> bytes:
    return column.translate(ONES)


class _Known(dict[Key, bytes], Generic[Key]):
    """Texts made once each."""

    def __init__(self, make: Callable[[Key], bytes]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> bytes:
        text = self[key] = self._make(key)
        return text


def _text(raw: bytes) -> bytes:
    """Return a PIN; characters that would make another line of it are replaced."""
    text = raw.split(ZERO)[0].decode(errors="replace")
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text).strip().encode()
