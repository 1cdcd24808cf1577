"""Requests of machines: which are understood, and which no machine of ours makes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.calls import (
    BadCall,
    BadSerial,
    Call,
    Dialect,
    Endpoint,
    UnknownPath,
    WrongMethod,
    announced_dialect,
    read_call,
)
from tests.devices.adms.samples import sample


def read(target: str, method: str = "GET") -> Call:
    path, _, query = target.partition("?")
    return read_call(method, path, query.encode())


def test_the_request_lines_of_real_machines_are_read() -> None:
    lines = [line.split(" ", 1) for line in sample("requests_real").decode().splitlines()]
    calls = [read(target, method) for method, target in lines]
    assert [(call.endpoint, call.serial, call.table) for call in calls] == [
        (Endpoint.CDATA, "BOCK200961014", ""),
        (Endpoint.CDATA, "CQZ7231360296", ""),
        (Endpoint.CDATA, "A39N203960051", ""),
        (Endpoint.CDATA, "VGU6262600120", ""),
        (Endpoint.CDATA, "0316144680030", ""),
        (Endpoint.GETREQUEST, "0316144680030", ""),
        (Endpoint.GETREQUEST, "MED7241100320", ""),
        (Endpoint.CDATA, "BOCK200961014", "ATTLOG"),
        (Endpoint.CDATA, "VGU6262600120", "OPERLOG"),
        (Endpoint.CDATA, "0316144680030", "OPTIONS"),
        (Endpoint.PING, "3383154200002", ""),
    ]
    assert calls[0].query["devicetype"] == "middle east"
    assert calls[5].query["info"] == "Ver 2.0.12-20150625,0,0,0,192.168.16.27,10,7,15,0,111"


def test_the_key_that_a_machine_announces_shows_up_in_no_repr() -> None:
    call = read("/iclock/cdata?SN=A1&pushcommkey=4a9594af164f2b97")
    assert call.query["pushcommkey"] == "4a9594af164f2b97"
    assert "4a9594af164f2b97" not in repr(call)


@pytest.mark.parametrize(
    "target",
    [
        "/iclock/cdata?SN=A1",
        "/iclock/cdata.aspx?SN=A1",
        "/ICLOCK/Cdata.ASPX?sn=A1",
        "/iclock/cdata/?Sn=A1",
        "/iclock/iclock/cdata?SN=A1",
        "//iclock/cdata?SN=A1",
        "/iclock/cdata?&&x&SN=A1",
        "/iclock/cdata?SN=A1&SN=A1",
    ],
)
def test_a_path_is_known_in_every_spelling_of_firmware(target: str) -> None:
    call = read(target)
    assert (call.endpoint, call.serial) == (Endpoint.CDATA, "A1")


@pytest.mark.parametrize(
    "path",
    [
        "/iclock/",
        "/iclock/file",
        "/iclock/cdatax",
        "/iclock/cdata.php",
        "/iclock/cdata/x",
        "/iclock/../cdata",
        "/cdata",
        "/iclock/cdata\n",
        "",
    ],
)
def test_what_is_not_served_is_named_unknown(path: str) -> None:
    with pytest.raises(UnknownPath) as raised:
        read(f"{path}?SN=A1")
    assert raised.value.reason


@pytest.mark.parametrize(
    "serial",
    [
        "",
        "A" * 65,
        "A%0d%0aSet-Cookie:x",
        "A%0a",
        "A%0A1",
        "..",
        "../../etc",
        "A%2fB",
        "A/B",
        "A%00",
        "A%20B",
        "A+B",
        "A:1",
        "%D9%A1%D9%A2",  # digits of another script
        "\u0661",
        "A;rm",
        "A%22",
        "é",
    ],
)
def test_a_serial_with_other_characters_is_refused(serial: str) -> None:
    with pytest.raises(BadSerial):
        read(f"/iclock/cdata?SN={serial}")


def test_two_serials_in_one_request_are_refused() -> None:
    with pytest.raises(BadSerial, match="dua kali"):
        read("/iclock/cdata?SN=A1&sn=A2")


def test_no_serial_is_refused() -> None:
    with pytest.raises(BadSerial):
        read("/iclock/cdata?table=ATTLOG")


@pytest.mark.parametrize(
    ("method", "target"),
    [("GET", "/iclock/devicecmd?SN=A1"), ("PUT", "/iclock/cdata?SN=A1"), ("", "/iclock/ping?SN=A")],
)
def test_a_verb_that_does_not_fit_is_refused(method: str, target: str) -> None:
    with pytest.raises(WrongMethod):
        read(target, method)


@pytest.mark.parametrize(
    ("target", "table"),
    [
        ("/iclock/cdata?SN=A&table=attlog", "ATTLOG"),
        ("/iclock/cdata?SN=A&table=errorlog", "ERRORLOG"),
        ("/iclock/cdata?SN=A&table=rtlog", "RTLOG"),
        ("/iclock/cdata?SN=A&table=tabledata&tablename=user&count=1", "TABLEDATA"),
        ("/iclock/cdata?SN=A&table=tabledata&tablename=transaction", "TRANSACTION"),
        ("/iclock/querydata?SN=A&type=tabledata&cmdid=4&tablename=transaction", "TRANSACTION"),
        ("/iclock/querydata?SN=A&type=tabledata&cmdid=4&tablename=user", "TABLEDATA"),
        ("/iclock/querydata?SN=A&type=options&tablename=options", "OPTIONS"),
        ("/iclock/cdata?SN=A&type=BioData", "BIODATA"),
        ("/iclock/cdata?SN=A&type=PostVerifyData", ""),
        ("/iclock/cdata?SN=A&table=../../x", "UNKNOWN"),
        ("/iclock/cdata?SN=A&table=" + "X" * 17, "UNKNOWN"),
        ("/iclock/cdata?SN=A&table=X%0d%0aY", "UNKNOWN"),
    ],
)
def test_the_table_is_named_in_one_word(target: str, table: str) -> None:
    assert read(target, "POST").table == table


@pytest.mark.parametrize(
    ("target", "dialect"),
    [
        ("/iclock/cdata?SN=A&options=all&pushver=2.4.1&DeviceType=att", Dialect.ATTENDANCE),
        ("/iclock/cdata?SN=A&options=all&pushver=2.4.0&DeviceType=middle%20east", "att"),
        ("/iclock/cdata?SN=A&options=all&pushver=3.1.2", Dialect.ACCESS),
        ("/iclock/cdata?SN=A&options=all&pushver=3.1.2&DeviceType=att", Dialect.ATTENDANCE),
        ("/iclock/cdata?SN=A&options=all&DeviceType=acc", Dialect.ACCESS),
        ("/iclock/registry?SN=A", Dialect.ACCESS),
        ("/iclock/getrequest?SN=A", None),
    ],
)
def test_the_dialect_is_what_a_request_gives_away(target: str, dialect: Dialect | None) -> None:
    assert announced_dialect(read(target)) == dialect


@given(st.text(max_size=12), st.text(max_size=80), st.binary(max_size=200))
def test_a_request_is_read_or_refused_with_a_reason(method: str, path: str, query: bytes) -> None:
    for verb, target in ((method, path), ("POST", "/iclock/cdata"), ("GET", "/iclock/ping")):
        with suppress(BadCall):
            assert read_call(verb, target, b"SN=A1&" + query).serial == "A1"


@given(st.text(max_size=70))
def test_a_serial_is_plain_or_refused(serial: str) -> None:
    try:
        call = read_call("GET", "/iclock/ping", b"SN=" + serial.encode("utf-8", "surrogatepass"))
    except BadCall:
        return
    assert call.serial.isascii()
    assert 0 < len(call.serial) <= 64
    assert all(c.isalnum() or c in "_-" for c in call.serial)
