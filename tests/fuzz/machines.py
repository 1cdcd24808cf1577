"""What machines send over HTTP: no body may raise, no line may vanish, good lines stay good.

Each function takes any bytes and fails where a promise of the reader is broken; `..._seeds` returns
what a fuzzer begins with.
"""

import string
from pathlib import Path

from devices.adms.calls import BadCall, announced_dialect, read_call
from devices.adms.codes import operation_text
from devices.adms.commands import put_finger, put_user
from devices.adms.fields import MAX_PIN
from devices.adms.options import capacities, info_of, read_info, read_options
from devices.adms.results import read_results
from devices.adms.rtlog import read_rtlog
from devices.adms.tables import Tables, read_tables
from devices.adms.text import count_lines, decode
from devices.attlog import (
    NotAnAttendanceLog,
    ParsedLog,
    local_text,
    parse_attlog,
    punch_columns,
    read_punches,
)

TESTS = Path(__file__).resolve().parent.parent
LOGS, ADMS = TESTS / "fixtures", TESTS / "devices" / "adms" / "fixtures"
GOOD = b"2041\t2026-04-01 07:20:31\t0\t1\t0\t0"
GOOD_EVENT = b"time=2026-04-01 07:20:31\tpin=2041\tevent=0\tinoutstatus=0\tverifytype=1"
GOOD_USER = b"USER PIN=2041\tName=Yuliana\tPri=0\tCard="
LARGEST = 2**31 - 1  # what a column of whole numbers holds
TABLES = ("", "OPERLOG", "USERINFO", "BIODATA", "FINGERTMP", "ERRORLOG", "TABLEDATA", "USERPIC")
PIN_LETTERS = string.ascii_letters + string.digits


def seeds_from(*folders_and_pattern: tuple[Path, str]) -> list[bytes]:
    """Return the first part of what real machines sent: long enough to have every form."""
    found = [path for folder, pattern in folders_and_pattern for path in folder.glob(pattern)]
    return [path.read_bytes()[:2000] for path in sorted(found)]


def check_sentence(error: Exception) -> None:
    """A refusal is a sentence for the person."""
    assert str(error).endswith("."), error


def check_log(parsed: ParsedLog, body: bytes) -> None:
    """Every line is read or kept with a reason, and stored as it was read."""
    assert parsed.total == len(parsed.lines) + len(parsed.bad) == count_lines(body)
    lines = list(parsed.lines)
    rows = punch_columns(parsed.text)
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert row[:2] == (line.pin, local_text(line.local))
        assert 0 < len(line.pin) <= MAX_PIN
        assert line.pin.isprintable()
        assert len(line.work_code) <= 24
        assert "\0" not in line.work_code
        for number in (line.state, line.verify):
            assert number is None or abs(number) <= 9999
    assert all(bad.reason for bad in parsed.bad)


def attlog(body: bytes) -> None:
    """Read the body of an ATTLOG request, and the same with a good line after it."""
    check_log(read_punches(body), body)
    more = body + b"\n" + GOOD
    after = read_punches(more)
    check_log(after, more)
    last = list(after.lines)[-1]
    assert (last.pin, local_text(last.local)) == ("2041", "2026-04-01 07:20:31")


def attlog_seeds() -> list[bytes]:
    return [GOOD, b"ATTLOG 7 2026-04-01 07:20:31 0 1", *seeds_from((LOGS, "adms_attlog_*"))]


def attlog_file(content: bytes) -> None:
    """Read a file that somebody carried from a machine; it may be refused with a sentence."""
    for name in ("1_attlog.dat", "log.txt"):
        try:
            parsed = parse_attlog(content, filename=name)
        except NotAnAttendanceLog as error:
            check_sentence(error)
            continue
        check_log(parsed, content)


def attlog_file_seeds() -> list[bytes]:
    usb = b"     2041\t2026-04-01 07:20:31\t1\t0\t1\t0\r\n"
    return [usb, usb * 3, *attlog_seeds()]


def rtlog(body: bytes) -> None:
    """Read the events of a door."""
    parsed = read_rtlog(body)
    check_log(parsed, body)
    more = body + b"\n" + GOOD_EVENT
    assert list(read_rtlog(more).lines)[-1].pin == "2041"


def rtlog_seeds() -> list[bytes]:
    stored = b"transaction cardno=0\tpin=2041\tverified=1\ttime_second=838015231\teventtype=0"
    return [GOOD_EVENT, stored, stored + b"\r\n" + GOOD_EVENT]


def options(body: bytes) -> None:
    """Read options, and what follows from them; every figure fits its column."""
    told = read_options(body)
    for name, value in told.items():
        assert name.isidentifier()
        assert value.isprintable()
        assert len(value) <= 200
        assert not name.lower().endswith(("password", "passwd", "secret", "token"))
    text = decode(body)[0]
    for info in (info_of(told), read_info(text)):
        if info is not None:
            check_figures(info.users, info.fingers, info.punches)
            assert len(info.firmware) <= 80
    room = capacities(told)
    check_figures(room.users, room.fingers, room.punches)


def check_figures(*figures: int | None) -> None:
    assert all(figure is None or 0 <= figure <= LARGEST for figure in figures), figures


def options_seeds() -> list[bytes]:
    info = b"Ver 8.0.4.7-20230412,12,20,5023,192.168.1.201,10,-1,0,0,101"
    figures = b"MultiBioDataCount=0:20:0,MaxMultiBioDataCount=0:3000:0,MultiBioVersion=0:12.0:0"
    return [info, figures, *seeds_from((ADMS, "options_*"), (ADMS, "devicecmd_info*"))]


def results(body: bytes) -> None:
    """Read answers to commands; a good one after any others is understood."""
    for result in [*read_results(body), *read_results(body + b"\nID=7&Return=0&CMD=INFO")]:
        assert result.id is None or 0 <= result.id < 10**16
        assert abs(result.return_code) <= LARGEST
        assert result.verb.isprintable()
    last = read_results(body + b"\nID=7&Return=0&CMD=INFO")[-1]
    assert (last.id, last.return_code, last.verb) == (7, 0, "INFO")


def results_seeds() -> list[bytes]:
    return [b"ID=7&Return=0&CMD=INFO\n", *seeds_from((ADMS, "devicecmd_*"))]


def tables(body: bytes) -> None:
    """Read lines of users, fingers and the menu; the first byte chooses the table."""
    table, body = TABLES[body[0] % len(TABLES)] if body else "", body[1:]
    read = read_tables(table, body)
    check_tables(read, body)
    users = read_tables(table, body + b"\n" + GOOD_USER).users
    assert users[-1].pin == "2041"
    assert users[-1].name == "Yuliana"


def check_tables(read: Tables, body: bytes) -> None:
    kept = [*read.operations, *read.users, *read.fingers, *read.errors]
    assert read.total == len(kept) + len(read.unread) == count_lines(body)
    for operation in read.operations:
        assert 0 <= operation.code <= 32767
        operation_text(operation.code)
    for user in read.users:
        assert 0 < len(user.pin) <= MAX_PIN
        assert len(user.name) <= 150
        assert len(user.card) <= 24
    for finger in read.fingers:
        assert 0 <= finger.finger <= 9
        assert finger.valid in (1, 3)
        assert 0 < len(finger.data) <= 16_384
        assert repr(finger.data) not in repr(finger)


def tables_seeds() -> list[bytes]:
    lines = seeds_from((ADMS, "operlog_*"), (ADMS, "fp_*"))
    plain = [b"BIODATA Pin=7\tNo=1\tIndex=0\tValid=1\tType=1\tMajorVer=12\tFormat=0\tTmp=AAAA"]
    errors = [b"ERRORLOG ErrCode=D01E0001\tErrMsg=No room\tCmdId=7"]
    return [bytes([place]) + line for line in [*lines, *plain, *errors] for place in (0, 1)]


def written_tables(content: bytes) -> None:
    """What we write for a machine, a machine could tell us: it is read as it was written."""
    pin = "".join(PIN_LETTERS[byte % len(PIN_LETTERS)] for byte in content[:8]) or "1"
    name = " ".join(decode(content[8:])[0][:60].split())
    try:
        line = put_user(pin, name, privilege=14).removeprefix("DATA UPDATE ")
    except ValueError:
        return  # control characters are refused, nothing is written
    [user] = read_tables("", line.encode()).users
    assert (user.pin, user.privilege) == (pin, 14)
    # What is not printable a page would not show either; a cut name may end with a space.
    short = name.encode()[:24].decode(errors="ignore")
    assert user.name == "".join(c for c in short if c.isprintable()).strip()
    data = content or b"\0"
    line = put_finger(pin, len(content) % 10, 1, data[:12_000]).removeprefix("DATA UPDATE ")
    [finger] = read_tables("", line.encode()).fingers
    assert (finger.pin, finger.finger, finger.data) == (pin, len(content) % 10, data[:12_000])


def written_tables_seeds() -> list[bytes]:
    return [b"2041\0\0\0\0Yuliana Bere", "12345678Désirée Nâ".encode()]


def calls(content: bytes) -> None:
    """Read what a machine asks for: verb, path and query, each up to a line end."""
    method, path, query, *_ = [*content.split(b"\n", 2), b"", b""]
    try:
        call = read_call(method.decode("latin-1"), path.decode("latin-1"), query)
    except BadCall as error:
        check_sentence(error)
        return
    assert 0 < len(call.serial) <= 64
    assert call.serial.isascii()
    assert len(call.table) <= 16
    announced_dialect(call)


def calls_seeds() -> list[bytes]:
    return [
        b"GET\n/iclock/cdata\nSN=BOCK200961014&options=all&pushver=2.4.1&DeviceType=att",
        b"POST\n/iclock/iclock/cdata.aspx\nSN=A-1&table=ATTLOG&Stamp=9999",
        b"POST\n/iclock/querydata\nSN=B_2&type=tabledata&tablename=transaction&cmdid=7",
        b"post\n/iclock/cdata\nSN=1&sn=2&table=%00",
    ]
