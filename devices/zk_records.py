"""Punch records of the 4370 protocol into lines of an attendance log. Pure.

A record has 8, 16, 40 or 49 bytes, little endian; which of them follows from the size of the table
and the number of punches alone. A line is `PIN TAB time TAB state TAB verify TAB work code LF`,
the layout of ATTLOG; where a record has no work code, it is 0 as there.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

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
SECONDS = tuple(f"{second:02}" for second in range(60))

Key = TypeVar("Key")


def record_size(table: int, count: int) -> int:
    """Return the bytes of one record of a table; 0 when no known size fits the count."""
    return next((size for size in LAYOUTS if count and size * count == table), 0)


def lines_of(records: bytes, size: int, pins: Mapping[int, str] | None = None) -> str:
    """Return whole records of a size as lines; `pins` by uid are needed for `UID_SIZE`.

    A time may be of a day that does not exist. A user who is gone is shown as `uid-<uid>`: the
    bare uid would be the PIN of somebody else.
    """
    # One plain expression per layout: a log has hundreds of thousands of records.
    day, minute, second = _Known(_day), MINUTES, SECONDS
    if size == UID_SIZE:
        pin: _Known[int] = _Known(lambda uid: (pins or {}).get(uid) or f"uid-{uid}")
        rows = [
            f"{pin[uid]}\t{day[at // 86400]}{minute[at // 60 % 1440]}{second[at % 60]}"
            f"\t{state}\t{verify}\t0\n"
            for uid, verify, at, state in _rows_by_uid(records)
        ]
    elif size == 16:
        rows = [
            f"{number}\t{day[at // 86400]}{minute[at // 60 % 1440]}{second[at % 60]}"
            f"\t{state}\t{verify}\t{code}\n"
            for number, at, verify, state, code in LAYOUTS[16].iter_unpack(records)
        ]
    else:
        text = _Known(_text)
        rows = [
            f"{text[raw]}\t{day[at // 86400]}{minute[at // 60 % 1440]}{second[at % 60]}"
            f"\t{state}\t{verify}\t0\n"
            for raw, verify, at, state in LAYOUTS[size].iter_unpack(records)
        ]
    return "".join(rows)


def _rows_by_uid(records: bytes) -> list[tuple[int, int, int, int]]:
    if records and all(byte in TIME_BYTES for byte in records[UID_SIZE - 1 :: UID_SIZE]):
        swapped = SWAPPED.iter_unpack(records)
        return [(uid, verify, at, state) for uid, verify, state, at in swapped]
    return list(LAYOUTS[UID_SIZE].iter_unpack(records))


class _Known(dict[Key, str], Generic[Key]):
    """Texts made once each."""

    def __init__(self, make: Callable[[Key], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> str:
        text = self[key] = self._make(key)
        return text


def _text(raw: bytes) -> str:
    """Return a PIN; characters that would make another line of it are replaced."""
    text = raw.split(b"\0")[0].decode(errors="replace")
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text).strip()


def _day(value: int) -> str:
    months, day = divmod(value, 31)
    years, month = divmod(months, 12)
    return f"{2000 + years}-{month + 1:02}-{day + 1:02}"
