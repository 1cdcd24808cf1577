"""Reading attendance logs: real bodies, every width, and what is no log."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.adms.text import count_lines
from devices.attlog import (
    Layout,
    LayoutUnclear,
    LogLine,
    NotAnAttendanceLog,
    PlainLines,
    implausible,
    parse_attlog,
    punch_columns,
    read_punches,
)

FIXTURES = Path(__file__).parents[1] / "fixtures"


def test_a_body_of_a_bock_terminal_has_three_punches() -> None:
    log = parse_attlog((FIXTURES / "adms_attlog_bock200961014.txt").read_bytes())
    assert log.layout is Layout.ADMS
    assert [(line.pin, str(line.local), line.state, line.verify) for line in log.lines] == [
        ("1", "2024-07-28 01:25:24", 0, 1),
        ("1", "2024-07-28 10:41:21", 0, 1),
        ("4", "2024-07-28 10:41:31", 0, 1),
    ]
    assert not log.bad


def test_the_vendors_example_has_nine_punches() -> None:
    log = parse_attlog((FIXTURES / "adms_attlog_vendor_example.txt").read_bytes())
    assert len(log.lines) == 9
    assert log.lines[0].work_code == "0"


def test_six_columns_need_a_name_or_a_layout() -> None:
    content = (FIXTURES / "adms_attlog_zam180_face.txt").read_bytes()
    with pytest.raises(LayoutUnclear, match="Pilih sendiri"):
        parse_attlog(content, filename="data.txt")
    (line,) = parse_attlog(content, filename="adms_attlog_zam180_face.txt").lines
    assert (line.state, line.verify) == (1, 15)
    (line,) = parse_attlog(content, layout=Layout.ADMS).lines
    assert (line.state, line.verify) == (1, 15)


@pytest.mark.parametrize("name", ["1_attlog.dat", "C:\\EXPORT\\BOCK200961014_ATTLOG.DAT"])
def test_a_usb_export_has_the_machines_number_before_the_state(name: str) -> None:
    content = (
        b"       12\t2026-04-01 07:20:31\t1\t0\t1\t7\r\n  1003\t2026-04-01 16:02:09\t1\t1\t1\t0\r\n"
    )
    log = parse_attlog(content, filename=name)
    assert log.layout is Layout.USB
    first, second = log.lines
    assert (first.pin, first.state, first.verify, first.work_code) == ("12", 0, 1, "7")
    assert (second.pin, second.state, second.local) == ("1003", 1, datetime(2026, 4, 1, 16, 2, 9))


@pytest.mark.parametrize("width", range(2, 17))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\t\n", "\t\r\n"])
def test_two_to_sixteen_columns_are_read_by_position(width: int, end: str) -> None:
    columns = ["1003", "2026-04-01 07:20:31", "1", "15", "9", *(["0"] * 11)][:width]
    (line,) = parse_attlog(("\t".join(columns) + end).encode(), layout=Layout.ADMS).lines
    assert line.pin == "1003"
    assert line.state == (1 if width > 2 else None)
    assert line.verify == (15 if width > 3 else None)
    assert line.work_code == ("9" if width > 4 else "")


@pytest.mark.parametrize(
    ("raw", "pin"),
    [
        ("1003 2026-04-01 07:20:31 1 15 0", "1003"),
        ("ATTLOG 1003\t2026-04-01 07:20:31\t1\t15\t0", "1003"),
        ("77\t1003\t2026-04-01 07:20:31\t1\t15\t0", "1003"),
        ("V-0001\t2026-04-01T07:20:31\t1\t15\t0", "V-0001"),
        ("0042\t2026/4/1 7:20:31\t1\t15\t0", "0042"),
    ],
)
def test_habits_of_single_firmwares_are_understood(raw: str, pin: str) -> None:
    (line,) = parse_attlog(raw.encode(), layout=Layout.ADMS).lines
    assert (line.pin, line.local, line.state, line.verify) == (
        pin,
        datetime(2026, 4, 1, 7, 20, 31),
        1,
        15,
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1003\t2026-02-30 07:20:31\t0\t1", "tidak ada"),
        ("1003\t2026-04-01 25:20:31\t0\t1", "tidak ada"),
        ("1003\t2026-13-01 07:20:31\t0\t1", "tidak ada"),
        ("1003\t0000-00-00 00:00:00\t0\t1", "tidak ada"),
        ("1003\t0001-01-01 00:00:00\t0\t1", "tidak ada"),
        ("1003\tkemarin\t0\t1", "tidak terbaca"),
        ("\t2026-04-01 07:20:31\t0\t1", "PIN kosong"),
        ("1003", "kolom kurang"),
        ("9" * 25 + "\t2026-04-01 07:20:31\t0\t1", "24 karakter"),
        ("1003\t2026-04-01 07:20:31" + "\t0" * 15, "16 kolom"),
    ],
)
def test_a_line_without_a_punch_is_kept_with_its_reason(raw: str, reason: str) -> None:
    good = "1004\t2026-04-01 07:21:00\t0\t1\n"
    log = parse_attlog((good + raw + "\n").encode(), layout=Layout.ADMS)
    assert len(log.lines) == 1
    (bad,) = log.bad
    assert (bad.number, bad.raw) == (2, raw)
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"\r\n \r\n", "kosong"),
        (b"PK\x03\x04\x00\x00", "bukan teks"),
        (b"nama,nip\nAnton,1985\n", "bukan log absensi"),
        (b"\n" * 200_000 + b"1\n", "lebih dari 200000 baris"),
    ],
)
def test_what_is_no_log_is_refused_whole(content: bytes, sentence: str) -> None:
    with pytest.raises(NotAnAttendanceLog, match=sentence):
        parse_attlog(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "latin-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = (
        "1003\t2026-04-01 07:20:31\t0\t1\té\n"
        if encoding == "latin-1"
        else "1003\t2026-04-01 07:20:31\t0\t1\t中\n"
    )
    (line,) = parse_attlog(text.encode(encoding)).lines
    assert line.pin == "1003"


def test_times_that_cannot_be_are_named() -> None:
    now = datetime(2026, 4, 20, 9, 0)
    assert "2010" in implausible(datetime(2000, 1, 1, 0, 3), now_local=now)
    assert "depan" in implausible(datetime(2026, 4, 20, 9, 11), now_local=now)
    assert not implausible(datetime(2026, 4, 20, 9, 9), now_local=now)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    try:
        log = parse_attlog(content)
    except NotAnAttendanceLog:
        return
    assert log.lines or log.bad


COLUMN = st.sampled_from(["", "0", "1", "255", "-1", "99999", "x", " 1", "a b", "é", "\0"])
PIN = st.sampled_from(["1", "0042", "V-1", "", " 7", "9" * 24, "9" * 25, "ATTLOG", "ATTLOG 5", "٣"])
WHEN = st.sampled_from([
    "2026-04-01 07:20:31", "2024-02-29 07:20:31", "2023-02-29 07:20:31", "2100-02-29 07:20:31",
    "2026-04-31 07:20:31", "1969-12-31 23:59:59", "1970-01-01 00:00:00", "2026-4-1 7:20:31",
    "2026-04-01T07:20:31", "2026-04-01 24:00:00", "kemarin", "",
])  # fmt: skip
RAW = st.tuples(PIN, WHEN, st.lists(COLUMN, max_size=15)).map(
    lambda told: "\t".join([told[0], told[1], *told[2]])
)


@settings(max_examples=300, deadline=None)
@given(st.lists(RAW, max_size=4), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), st.booleans())
def test_a_body_is_read_at_a_glance_as_it_is_line_by_line(
    raws: list[str], end: str, closed: bool
) -> None:
    body = end.join(raws) + (end if closed else "")
    glanced = read_punches(body.encode())
    # One bad line has all the others read with care.
    careful = read_punches(f"{body}\nrusak".encode())
    assert [_told(line) for line in glanced.lines] == [_told(line) for line in careful.lines]
    assert glanced.bad == careful.bad[:-1]


def _told(line: LogLine) -> tuple[object, ...]:
    return line.number, line.pin, line.local, line.state, line.verify, line.work_code


def test_a_body_of_the_common_form_is_kept_as_text() -> None:
    body = (FIXTURES / "adms_attlog_bock200961014.txt").read_bytes()
    log = read_punches(body)
    assert isinstance(log.lines, PlainLines)
    assert (log.total, log.lines[0].pin, log.lines[-1].number) == (3, "1", 3)
    assert [line.pin for line in log.lines[1:]] == ["1", "4"]
    assert punch_columns(log.text)[2] == ("4", "2024-07-28 10:41:31", "0", "1", "")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_body_is_read(body: bytes) -> None:
    log = read_punches(body)
    assert "\0" not in log.text
    assert len(punch_columns(log.text)) == len(log.lines)


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_body_has_no_lines(body: bytes) -> None:
    assert read_punches(body).total == 0


@pytest.mark.parametrize("end", ["\r", "\t\r", "\n\r"])
def test_a_line_that_ends_with_a_carriage_return_hides_no_other_behind_it(end: str) -> None:
    lines = ["1\t2026-05-04 07:20:31\t0\t1\t0\t0", "2\t2026-05-04 07:21:04\t0\t1\t0\t0"]
    body = (end.join(lines) + "\n").encode()
    read = read_punches(body)
    assert [line.pin for line in read.lines] == ["1", "2"]
    assert read.total == count_lines(body)
