"""Records of punches into lines: every size, in whatever pieces they come."""

import struct
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.attlog import read_punches
from devices.pull.records import RecordReader, record_size

# Records of real terminals (40 bytes, and the first 40 of 49).
ATT_40 = "0d00393939313131333333000000000000000000000000000000016bb368230000000000ff000000"
ATT_49 = (
    "01003130303336000000000000000000000000000000000000000fb8ebc929000000000000000000" + "00" * 9
)

UID = struct.Struct("<HBIB")
SWAPPED = struct.Struct("<HBBI")
NUMBER = struct.Struct("<IIBB2sI")
TEXT = struct.Struct("<H24sBIB8s")


def lines_of(records: bytes, size: int, pins: Mapping[int, str] | None = None) -> str:
    return RecordReader(size, pins).read(records).decode()


def ticks(moment: datetime) -> int:
    days = (moment.year - 2000) * 372 + (moment.month - 1) * 31 + moment.day - 1
    return days * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second


APRIL = ticks(datetime(2026, 4, 1, 7, 20, 31))


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (ATT_40, "999111333\t2018-06-25 17:50:35\t0\t1\t0\n"),
        (ATT_49, "10036\t2021-10-24 13:42:16\t0\t15\t0\n"),
    ],
)
def test_records_of_real_terminals_are_read(record: str, line: str) -> None:
    table = bytes.fromhex(record)
    assert lines_of(table, len(table)) == line


def test_every_size_says_the_same() -> None:
    line = "1001\t2026-04-01 07:20:31\t1\t15\t0\n"
    pin = b"1001"
    assert lines_of(UID.pack(7, 15, APRIL, 1), 8, {7: "1001"}) == line
    assert lines_of(NUMBER.pack(1001, APRIL, 15, 1, b"", 0), 16) == line
    assert lines_of(TEXT.pack(7, pin, 15, APRIL, 1, b""), 40) == line
    assert lines_of(TEXT.pack(7, pin, 15, APRIL, 1, b"") + b"\x01" * 9, 49) == line
    assert lines_of(NUMBER.pack(1001, APRIL, 15, 1, b"", 42), 16) == line.replace("\t0\n", "\t42\n")


def test_a_machine_that_puts_the_state_first_is_understood() -> None:
    table = b"".join(SWAPPED.pack(7, 1, state, APRIL) for state in (0, 1, 255))
    assert [line.split("\t")[1:3] for line in lines_of(table, 8, {7: "1"}).splitlines()] == [
        ["2026-04-01 07:20:31", state] for state in ("0", "1", "255")
    ]


def test_a_user_who_is_gone_lends_no_pin_to_somebody_else() -> None:
    assert lines_of(UID.pack(5, 1, APRIL, 0), 8, {7: "5"}).startswith("uid-5\t")


@pytest.mark.parametrize(
    ("pin", "shown"),
    [
        (b"A-07", "A-07"),
        (b"007", "007"),
        (b"7\t2026-01-01 00:00:00\n8", "7\ufffd2026-01-01 00:00:00\ufffd8"),
        (b"\xff\xfe7", "\ufffd\ufffd7"),
        (b"7\0rest", "7"),
        (b" 7 ", "7"),
        (b"", ""),
    ],
)
def test_a_pin_never_makes_another_line(pin: bytes, shown: str) -> None:
    (line,) = lines_of(TEXT.pack(7, pin, 1, APRIL, 0, b""), 40).split("\n")[:-1]
    assert line == f"{shown}\t2026-04-01 07:20:31\t0\t1\t0"


def test_a_day_that_does_not_exist_stays_visible() -> None:
    line = lines_of(NUMBER.pack(1, ticks(datetime(2026, 2, 28)) + 2 * 86400, 1, 0, b"", 0), 16)
    assert line == "1\t2026-02-30 00:00:00\t0\t1\t0\n"
    log = read_punches(line.encode())
    assert (len(log.lines), len(log.bad)) == (0, 1)


def told(tick: int) -> str:
    days, seconds = divmod(tick, 86400)
    year, month, day = days // 372, days // 31 % 12, days % 31
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{2000 + year}-{month + 1:02}-{day + 1:02} {hour:02}:{minute:02}:{second:02}"


def times_of(ticks: Sequence[int]) -> list[str]:
    table = b"".join(NUMBER.pack(1, tick, 1, 0, b"", 0) for tick in ticks)
    return [line.split("\t")[1] for line in lines_of(table, 16).splitlines()]


def test_the_first_and_last_second_of_every_hour_and_each_of_a_day_are_told() -> None:
    ends = [tick for hour in range(0, 2**32, 3600) for tick in (hour, hour + 3599)]
    shown = [tick for tick in [*ends, *range(APRIL, APRIL + 86400), 2**32 - 1] if tick < 2**32]
    for start in range(0, len(shown), 5000):
        ticks = shown[start : start + 5000]
        assert times_of(ticks) == [told(tick) for tick in ticks]


@given(ticks=st.lists(st.integers(0, 2**32 - 1), min_size=1))
def test_neighbours_do_not_change_a_time(ticks: list[int]) -> None:
    assert times_of(ticks) == [told(tick) for tick in ticks]


@given(size=st.sampled_from([8, 16, 40, 49]), table=st.binary(max_size=2000))
def test_any_bytes_make_one_line_of_five_columns_each(size: int, table: bytes) -> None:
    table = table[: len(table) - len(table) % size]
    lines = lines_of(table, size).splitlines(keepends=True)
    assert len(lines) == len(table) // size
    assert all(line.count("\t") == 4 and line.endswith("\n") for line in lines)
    log = read_punches("".join(lines).encode())
    assert log.total == len(lines)


@given(size=st.sampled_from([8, 16, 40, 49]), count=st.integers(1, 300_000))
def test_the_size_follows_from_the_table_and_the_count(size: int, count: int) -> None:
    assert record_size(size * count, count) == size
    assert record_size(size * count - 1, count) == 0
    # One punch more or less than announced is never taken for another size.
    if count > 6:
        assert record_size(size * (count + 1), count) == 0
        assert record_size(size * (count - 1), count) == 0


def test_no_count_fits_no_size() -> None:
    assert record_size(0, 0) == record_size(40, 0) == record_size(40, -1) == 0
