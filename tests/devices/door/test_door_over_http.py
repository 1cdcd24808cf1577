"""Machines call a real server: what they send is kept before it is answered."""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.http_client import wait_until_served
from tests.office import Clerk, Office, Service
from tests.ports import free_port

pytestmark = [pytest.mark.xdist_group("door"), pytest.mark.timeout(600)]

STAGING = "tests.devices.door.staging:"
BOCK = b"1\t2024-07-28 01:25:24\t0\t1\t\t0\t0\t\r\n4\t2024-07-28 10:41:31\t0\t1\t\t0\t0\t\r\n"


@dataclass
class Answer:
    status: int
    body: str
    headers: dict[str, str]


@dataclass
class Door:
    """A running server, and terminals that know its address."""

    clerk: Clerk
    port: int

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body or None, headers)
            got = connection.getresponse()
            return Answer(
                got.status,
                got.read().decode("latin-1"),
                {k.lower(): v for k, v in got.getheaders()},
            )
        finally:
            connection.close()

    def post(self, serial: str, table: str, body: bytes, endpoint: str = "cdata") -> Answer:
        path = f"/iclock/{endpoint}?SN={serial}&table={table}&Stamp=9999"
        return self.call("POST", path, body)

    def ask(self, function: str, **arguments: object) -> Any:
        return self.clerk.call(STAGING + function, **arguments)

    def machine(self, state: str = "active", **values: object) -> str:
        serial = f"BOCK{uuid4().hex[:8]}"
        self.ask("machine", serial=serial, state=state, **values)
        return serial


@pytest.fixture(scope="module")
def door(office: Office) -> Iterator[Door]:
    service = Service(office, "web", SOPAN_PORT=str(free_port()))
    service.start()
    try:
        port = int(service.environment["SOPAN_PORT"])
        with office.clerk() as clerk:
            wait_until_served(port)
            yield Door(clerk, port)
        assert "Traceback" not in service.log()
    finally:
        service.kill()


def test_a_machine_that_starts_is_told_zone_marks_and_the_time(door: Door) -> None:
    serial = door.machine(zone="Asia/Jayapura")
    answer = door.call(
        "GET", f"/iclock/cdata?SN={serial}&options=all&pushver=2.4.1&language=73&DeviceType=att"
    )
    lines = answer.body.splitlines()
    assert answer.status == 200
    assert lines[0] == f"GET OPTION FROM: {serial}"
    assert {"TimeZone=9", "Realtime=1", "PushProtVer=2.4.1"} <= set(lines)
    assert parsedate_to_datetime(answer.headers["date"]).tzinfo is not None
    assert "set-cookie" not in answer.headers
    kept = door.ask("device", serial=serial)
    assert (kept["push_version"], kept["announced"]) == ("2.4.1", True)


@pytest.mark.fault("F36")
def test_punches_are_kept_once_however_often_they_are_sent(door: Door) -> None:
    serial = door.machine()
    answers = [door.post(serial, "ATTLOG", BOCK).body for _ in range(3)]
    assert answers == ["OK: 2"] * 3
    assert door.ask("punches", serial=serial) == [
        ["1", "2024-07-28 01:25:24", 0, 1],
        ["4", "2024-07-28 10:41:31", 0, 1],
    ]


def test_old_firmware_may_write_aspx_behind_every_path(door: Door) -> None:
    serial = door.machine()
    assert door.post(serial, "ATTLOG", BOCK, endpoint="cdata.aspx").body == "OK: 2"
    assert door.call("GET", f"/iclock/getrequest.aspx?SN={serial}").body == "OK"


def test_an_empty_body_is_acknowledged_and_keeps_nothing(door: Door) -> None:
    serial = door.machine()
    assert door.post(serial, "ATTLOG", b"").status == 200
    assert door.ask("uploads", serial=serial) == []


def test_rubbish_is_kept_whole_and_acknowledged(door: Door) -> None:
    serial = door.machine()
    rubbish = bytes(range(256)) + b"\nno punch\n"
    assert door.post(serial, "ATTLOG", rubbish).status == 200
    assert door.ask("punches", serial=serial) == []
    (kept,) = door.ask("uploads", serial=serial)
    assert kept["content"].encode("latin-1") == rubbish
    assert kept["outcome"] == "unreadable"
    assert ["unreadable", serial] in door.ask("alarms")


def test_a_table_that_nobody_knows_is_kept_with_its_reason(door: Door) -> None:
    serial = door.machine()
    answer = door.post(serial, "HOROSCOPE", b"a\tb\nc\td\n")
    assert (answer.status, answer.body) == (200, "OK: 2")
    (kept,) = door.ask("uploads", serial=serial)
    assert kept["outcome"] == "unreadable"


def test_a_finger_that_comes_as_a_punch_is_not_kept_in_clear(door: Door) -> None:
    serial = door.machine()
    assert (
        door.post(serial, "ATTLOG", b"FP PIN=1\tFID=6\tSize=8\tValid=1\tTMP=AAECAwQ=\n").status
        == 200
    )
    (kept,) = door.ask("uploads", serial=serial)
    assert kept["coding"] == "sealed"


@pytest.mark.fault("F38")
def test_an_unknown_serial_is_kept_apart_shown_and_gets_no_commands(door: Door) -> None:
    serial = f"BARU{uuid4().hex[:8]}"
    greeting = door.call("GET", f"/iclock/cdata?SN={serial}&options=all&pushver=2.4.0")
    assert greeting.body.startswith(f"GET OPTION FROM: {serial}")
    assert door.post(serial, "ATTLOG", BOCK).body == "OK: 2"
    assert door.call("GET", f"/iclock/getrequest?SN={serial}").body == "OK"
    assert serial in door.ask("callers")
    (kept,) = door.ask("uploads", serial=serial)
    assert kept["outcome"] == "waiting"


def test_a_registered_machine_that_nobody_approved_yet_waits_too(door: Door) -> None:
    serial = door.machine(state="registered")
    assert door.post(serial, "ATTLOG", BOCK).body == "OK: 2"
    assert door.ask("punches", serial=serial) == []
    (kept,) = door.ask("uploads", serial=serial)
    assert kept["outcome"] == "waiting"


@pytest.mark.parametrize("serial", ["", "../etc", "a%0d%0aX", "a b", "x" * 65, "%00", "%D9%A1"])
def test_a_serial_with_other_characters_is_refused_and_nothing_kept(
    door: Door, serial: str
) -> None:
    before = door.ask("callers")
    answer = door.call("POST", f"/iclock/cdata?SN={serial.replace(' ', '%20')}&table=ATTLOG", BOCK)
    assert answer.status == 400
    assert door.ask("callers") == before


def test_an_unknown_path_is_answered_404_and_an_alarm(door: Door) -> None:
    serial = door.machine()
    assert door.call("GET", f"/iclock/kalender?SN={serial}").status == 404
    assert ["unknown_path", "/iclock/"] in door.ask("alarms")


def test_a_wrong_verb_is_refused(door: Door) -> None:
    assert door.call("DELETE", f"/iclock/cdata?SN={door.machine()}").status == 405


def test_twenty_megabytes_are_refused_with_an_alarm(door: Door) -> None:
    serial = door.machine()
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=20)
    connection.putrequest("POST", f"/iclock/cdata?SN={serial}&table=ATTLOG")
    connection.putheader("Content-Length", str(20 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert ["body_too_large", serial] in door.ask("alarms")
    assert door.ask("uploads", serial=serial) == []


def test_a_command_is_handed_out_and_its_result_taken(door: Door) -> None:
    serial = door.machine()
    command = door.ask("tell", serial=serial, kind="info")
    end = time.monotonic() + 5
    while (told := door.call("GET", f"/iclock/getrequest?SN={serial}").body) == "OK":
        assert time.monotonic() < end, "the command never came"
        time.sleep(0.2)
    assert told.strip() == f"C:{command}:INFO"
    result = f"ID={command}&Return=0&CMD=INFO\n".encode()
    assert door.post(serial, "", result, endpoint="devicecmd").body == "OK"
    end = time.monotonic() + 5
    while door.call("GET", f"/iclock/getrequest?SN={serial}").body != "OK":
        assert time.monotonic() < end, "the command is handed out again"
        time.sleep(0.2)


def test_the_result_of_a_command_that_nobody_knows_is_acknowledged(door: Door) -> None:
    result = b"ID=info8487&Return=0&CMD=DATA\n"
    assert door.post(door.machine(), "", result, endpoint="devicecmd").body == "OK"


def test_the_site_stands_behind_the_door(door: Door) -> None:
    answer = door.call("GET", "/accounts/login/")
    assert answer.status == 200
    assert "csrfmiddlewaretoken" in answer.body


def test_a_poll_writes_the_last_contact_down_with_many_others(door: Door) -> None:
    serial = door.machine()
    end = time.monotonic() + 30
    while not door.ask("device", serial=serial)["contact"]:
        assert time.monotonic() < end
        door.call("GET", f"/iclock/getrequest?SN={serial}")
        time.sleep(1)
