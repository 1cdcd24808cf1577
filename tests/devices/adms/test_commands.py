"""Commands: what a machine reads is what was meant, and nothing else goes out."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms import commands
from devices.adms.calls import Dialect
from devices.adms.commands import bundle
from devices.adms.tables import Finger, Tables, User, read_tables
from tests.devices.adms.samples import encoded, template

FINGER = template()
TMP = encoded(FINGER)
START, END = datetime(2026, 4, 1), datetime(2026, 4, 30, 23, 59, 59)
ACC = Dialect.ACCESS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (commands.put_user("7", "Maria Bria"), "DATA UPDATE USERINFO PIN=7\tName=Maria Bria"),
        (
            commands.put_user("7", "Maria", privilege=0, card="123", group="1"),
            "DATA UPDATE USERINFO PIN=7\tName=Maria\tPri=0\tCard=123\tGrp=1",
        ),
        (
            commands.put_user("7", "Maria", privilege=0, dialect=ACC),
            "DATA UPDATE user Pin=7\tName=Maria\tPrivilege=0",
        ),
        (commands.delete_user("7"), "DATA DELETE USERINFO PIN=7"),
        (commands.delete_user("7", dialect=ACC), "DATA DELETE user Pin=7"),
        (
            commands.put_finger("7", 6, 1, FINGER),
            f"DATA UPDATE FINGERTMP PIN=7\tFID=6\tSize=1640\tValid=1\tTMP={TMP}",
        ),
        (
            commands.put_finger("7", 6, 1, FINGER, dialect=ACC),
            f"DATA UPDATE templatev10 Pin=7\tFingerID=6\tSize=1640\tValid=1\tTemplate={TMP}",
        ),
        (
            commands.put_biodata("7", 6, FINGER, valid=3, algorithm=13),
            (
                "DATA UPDATE BIODATA Pin=7\tNo=6\tIndex=0\tValid=1\tDuress=1\tType=1\t"
                f"MajorVer=13\tMinorVer=0\tFormat=0\tTmp={TMP}"
            ),
        ),
        (commands.delete_finger("7", 6), "DATA DELETE FINGERTMP PIN=7\tFID=6"),
        (commands.delete_finger("7"), "DATA DELETE FINGERTMP PIN=7"),
        (commands.delete_finger("7", 6, algorithm=13), "DATA DELETE BIODATA Pin=7\tType=1\tNo=6"),
        (
            commands.delete_finger("7", 6, dialect=ACC),
            "DATA DELETE templatev10 Pin=7\tFingerID=6",
        ),
        (commands.query_users(), "DATA QUERY USERINFO"),
        (commands.query_users("7"), "DATA QUERY USERINFO PIN=7"),
        (commands.query_users(dialect=ACC), "DATA QUERY tablename=user,fielddesc=*,filter=*"),
        (commands.query_fingers("7"), "DATA QUERY FINGERTMP PIN=7"),
        (commands.query_fingers("7", 6), "DATA QUERY FINGERTMP PIN=7\tFID=6"),
        (commands.query_fingers("7", algorithm=12), "DATA QUERY BIODATA Type=1\tPin=7"),
        (
            commands.query_fingers("7", 6, algorithm=12, dialect=ACC),
            "DATA QUERY tablename=biodata,fielddesc=*,filter=Type=1\tPin=7\tNo=6",
        ),
        (
            commands.query_fingers("7", dialect=ACC),
            "DATA QUERY tablename=templatev10,fielddesc=*,filter=Pin=7",
        ),
        (
            commands.query_punches(START, END),
            "DATA QUERY ATTLOG StartTime=2026-04-01 00:00:00\tEndTime=2026-04-30 23:59:59",
        ),
        (
            commands.query_punches(START, END, dialect=ACC),
            (
                "DATA QUERY tablename=transaction,fielddesc=*,"
                "filter=starttime=2026-04-01 00:00:00\tendtime=2026-04-30 23:59:59"
            ),
        ),
        (
            commands.sum_punches(START, END),
            "VERIFY SUM ATTLOG StartTime=2026-04-01 00:00:00\tEndTime=2026-04-30 23:59:59",
        ),
        (commands.enrol_finger("7", 6), "ENROLL_FP PIN=7\tFID=6\tRETRY=3\tOVERWRITE=0"),
        (
            commands.enrol_finger("7", 6, overwrite=True, dialect=ACC),
            "ENROLL_BIO TYPE=1\tNO=6\tPIN=7\tRETRY=3\tOVERWRITE=1\tMODE=1",
        ),
        (commands.check(), "CHECK"),
        (commands.send_new(), "LOG"),
        (
            commands.send_new(dialect=ACC),
            "DATA QUERY tablename=transaction,fielddesc=*,filter=NewRecord",
        ),
        (commands.info(), "INFO"),
        (commands.set_time(START), "SET OPTIONS DateTime=2026-04-01 00:00:00"),
        (
            commands.set_time(datetime(2018, 2, 22, 6, 36, 30), dialect=ACC),
            "SET OPTIONS DateTime=583050990",
        ),
        (commands.set_option("Delay", "30"), "SET OPTION Delay=30"),
        (commands.reboot(), "REBOOT"),
        (commands.reboot(dialect=ACC), "CONTROL DEVICE 03000000"),
    ],
)
def test_a_command_is_written_as_the_protocol_writes_it(text: str, expected: str) -> None:
    assert text == expected
    assert bundle([(12, text)]) == (f"C:12:{expected}\n".encode(), [12])


def test_a_name_is_cut_at_a_whole_character() -> None:
    assert commands.put_user("7", "Maria Goreti Anunciata da Costa").endswith(
        "Name=Maria Goreti Anunciata d"
    )
    text = commands.put_user("7", "é" * 11 + "x王王")
    assert text.endswith("Name=" + "é" * 11 + "x")


@pytest.mark.parametrize("character", ["\t", "\r", "\n", "\0", "\x1b", "\x7f", "\x85", "\u2028"])
@pytest.mark.parametrize(
    "compose",
    [
        lambda bad: commands.put_user("7", f"Maria{bad}C:9:REBOOT"),
        lambda bad: commands.put_user("7", "x" * 30 + bad),
        lambda bad: commands.put_user("7", "Maria", card=f"1{bad}"),
        lambda bad: commands.put_user("7", "Maria", group=f"1{bad}"),
        lambda bad: commands.put_user(f"7{bad}", "Maria"),
        lambda bad: commands.delete_user(f"7{bad}"),
        lambda bad: commands.query_users(f"7{bad}"),
        lambda bad: commands.set_option("Delay", f"1{bad}"),
        lambda bad: commands.set_option(f"Delay{bad}", "1"),
    ],
)
def test_no_value_breaks_out_of_its_field(compose: Callable[[str], str], character: str) -> None:
    with pytest.raises(ValueError, match="karakter"):
        compose(character)


@pytest.mark.parametrize(
    "compose",
    [
        lambda: commands.put_finger("7", 10, 1, FINGER),
        lambda: commands.put_finger("7", -1, 1, FINGER),
        lambda: commands.put_finger("7", 6, 1, b""),
        lambda: commands.enrol_finger("7", 12),
        lambda: commands.delete_user(""),
        lambda: commands.delete_user("*"),
        lambda: commands.delete_user("7,filter=*"),
        lambda: commands.delete_user("\u0667"),
        lambda: commands.query_punches(START.replace(tzinfo=UTC), END),
        lambda: commands.set_option("A", "1,ComPwd=2"),
        lambda: commands.set_option("ComPwd", "2"),
        lambda: commands.check(dialect=ACC),
    ],
)
def test_what_makes_no_sense_is_not_written(compose: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        compose()


PINS = st.from_regex(r"\A[A-Za-z0-9_-]{1,24}\Z")
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8).map(
    str.strip
)


@given(PINS, NAMES, st.sampled_from([0, 2, 6, 14]), st.sampled_from(list(Dialect)))
def test_a_user_is_read_as_he_was_written(pin: str, name: str, pri: int, dialect: Dialect) -> None:
    text = commands.put_user(pin, name, privilege=pri, card="123", dialect=dialect)
    assert len(name.encode()) > 24 or name == _told(text).users[0].name
    (user,) = _told(text).users
    assert user == User(pin, user.name, pri, "123")
    assert name.startswith(user.name)


@given(
    PINS,
    st.integers(0, 9),
    st.sampled_from([1, 3]),
    st.binary(min_size=1),
    st.sampled_from(list(Dialect)),
)
def test_a_finger_is_read_as_it_was_written(
    pin: str, finger: int, valid: int, data: bytes, dialect: Dialect
) -> None:
    written = commands.put_finger(pin, finger, valid, data, dialect=dialect)
    (read,) = _told(written).fingers
    assert read == Finger(pin, finger, valid, data, read.algorithm, valid == 3)
    size = re.search(r"Size=(\d+)", written)
    assert size
    assert int(size.group(1)) == len(base64.b64encode(data))
    text = commands.put_biodata(pin, finger, data, valid=valid, algorithm=13, dialect=dialect)
    (read,) = _told(text).fingers
    assert read == Finger(pin, finger, valid, data, 13, valid == 3)


def _told(text: str) -> Tables:
    """Read a command as if the machine had posted the same row."""
    return read_tables("", text.removeprefix("DATA UPDATE ").encode())


def test_a_reply_holds_at_most_fifty_commands_in_their_order() -> None:
    body, ids = bundle([(number, "INFO") for number in range(1, 80)])
    assert ids == list(range(1, 51))
    assert body.count(b"\n") == 50


def test_a_reply_stays_below_forty_kilobytes() -> None:
    text = commands.put_finger("7", 6, 1, FINGER)
    body, ids = bundle([(number, text) for number in range(1, 51)])
    assert 38_000 < len(body) <= 40_000
    assert len(ids) == body.count(b"\n") == 23


def test_the_first_command_goes_even_when_it_is_larger() -> None:
    large = commands.put_finger("7", 6, 1, bytes(50_000))
    body, ids = bundle([(1, large), (2, "INFO")])
    assert ids == [1]
    assert len(body) > 40_000


def test_a_reboot_goes_after_everything_else() -> None:
    body, ids = bundle([(1, "REBOOT"), (2, "INFO"), (3, "CONTROL DEVICE 03000000"), (4, "CHECK")])
    assert ids == [2, 4, 1, 3]
    assert body.splitlines()[-2:] == [b"C:1:REBOOT", b"C:3:CONTROL DEVICE 03000000"]
    many = [(1, "REBOOT"), *((number, "INFO") for number in range(2, 60))]
    assert 1 not in bundle(many)[1]


def test_nothing_to_tell_is_an_empty_reply() -> None:
    assert bundle([]) == (b"", [])


@pytest.mark.parametrize(
    "text",
    [
        "CLEAR DATA",
        "CLEAR LOG",
        "CLEAR ALL USERINFO",
        "SHELL reboot",
        "Shell id",
        "PutFile http://x\tx",
        "GetFile /etc/passwd",
        "UPGRADE type=1",
        "AC_UNLOCK",
        "CONTROL DEVICE 01010105",
        "DATA DELETE transaction *",
        "DATA DELETE USERINFO PIN=*",
        "DATA DELETE user *",
        "DATA USER PIN=1",
        "INFO\nC:2:SHELL id",
        "INFO\r",
        "DATA UPDATE USERINFO PIN=1\x00",
        "SET OPTIONS ComPwd=1",
        "",
        "OK",
    ],
)
def test_what_is_no_command_of_ours_does_not_go_out(text: str) -> None:
    with pytest.raises(ValueError, match=r"12|kendali"):
        bundle([(12, text)])


@pytest.mark.parametrize("number", [0, -1, 10**16])
def test_a_command_has_a_number_that_machines_repeat(number: int) -> None:
    with pytest.raises(ValueError, match="Nomor"):
        bundle([(number, "INFO")])
