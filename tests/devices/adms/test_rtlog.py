"""Punches of door panels: an event of a person is one, an event of a door is none."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.rtlog import read_rtlog
from devices.adms.text import count_lines

EVENT = "time=2017-01-10 11:49:32\tpin={pin}\tcardno=0\teventaddr=1\tevent={event}\tinoutstatus=1"


def test_an_event_of_a_person_is_a_punch() -> None:
    body = EVENT.format(pin="1001", event=14) + "\tverifytype=1\tindex=21\tmaskflag=0\r\n"
    (line,) = read_rtlog(body.encode()).lines
    assert (line.pin, line.local) == ("1001", datetime(2017, 1, 10, 11, 49, 32))
    assert (line.state, line.verify, line.number) == (1, 1, 1)
    assert line.raw == body.strip("\r\n")


def test_a_stored_record_is_a_punch_with_a_packed_time() -> None:
    body = (
        b"transaction cardno=0\tpin=0\tverified=200\tdoorid=1\teventtype=100\tinoutstate=2\t"
        b"time_second=548003688\tindex=92\tsitecode=0\tdevid=1\n"
        b"transaction cardno=0\tpin=7\tverified=1\tdoorid=1\teventtype=0\tinoutstate=0\t"
        b"time_second=548003688\tindex=93\n"
    )
    log = read_rtlog(body)
    (line,), (bad,) = log.lines, log.bad
    assert (line.pin, line.local) == ("7", datetime(2017, 1, 19, 15, 14, 48))
    assert (line.state, line.verify) == (0, 1)
    assert bad.reason == "kejadian pintu tanpa pegawai"


@pytest.mark.parametrize("event", [0, 3, 14, 17, 203, 207, 103, 20, 22, 23, 35])
def test_who_was_recognised_was_there_whether_the_door_opened_or_not(event: int) -> None:
    assert len(read_rtlog(EVENT.format(pin="7", event=event).encode()).lines) == 1


@pytest.mark.parametrize("event", [6, 8, 27, 29, 34, 39, 62, 100, 200, 206, 222 + 1000])
def test_what_a_door_does_is_nobodys_punch(event: int) -> None:
    log = read_rtlog(EVENT.format(pin="7", event=event).encode())
    assert [line.reason for line in log.bad] == ["kejadian pintu, bukan absen"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (EVENT.format(pin="0", event=27), "kejadian pintu tanpa pegawai"),
        (EVENT.format(pin="", event=0), "kejadian pintu tanpa pegawai"),
        (EVENT.format(pin="9" * 25, event=0), "PIN tidak wajar"),
        ("time=2026-02-30 07:00:00\tpin=7\tevent=0", "waktu tidak terbaca"),
        ("time=kemarin\tpin=7\tevent=0", "waktu tidak terbaca"),
        ("pin=7\tevent=0", "waktu tidak terbaca"),
        ("time_second=99999999999\tpin=7\teventtype=0", "waktu tidak terbaca"),
        ("time=2026-04-01 07:00:00\tpin=7", "kejadian pintu, bukan absen"),
        ("rubbish", "kejadian pintu tanpa pegawai"),
    ],
)
def test_what_is_no_punch_stays_raw_with_its_reason(line: str, reason: str) -> None:
    (bad,) = read_rtlog(line.encode()).bad
    assert (bad.raw, bad.reason) == (line, reason)


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["time", "pin", "event", "time_second", "inoutstatus", "verifytype"]),
        st.one_of(st.text(), st.integers().map(str), st.just("2026-04-01 07:00:00")),
    )
)


@given(
    st.one_of(
        st.binary(),
        FIELDS.map(lambda fields: "\t".join(f"{k}={v}" for k, v in fields).encode()),
    )
)
def test_every_line_of_any_body_is_a_punch_or_kept(body: bytes) -> None:
    assert read_rtlog(body).total == count_lines(body)
