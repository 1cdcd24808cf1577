"""What machines tell beside punches: kept once, sealed where it must be, never refused."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import services
from devices.adms.options import read_info
from devices.models import Alarm, Device, FingerprintTemplate, OperationRecord, RawUpload, SeenUser
from devices.services.placements import note_placed
from devices.services.receiving import receive_info, receive_options, receive_table
from devices.services.storing import open_content
from devices.simulator.machine import synthetic_template
from foundation.actors import SYSTEM
from tests.cast import NOW, Cast
from tests.devices.make import make_device, pin_of

# As terminals of three makers told it; people invented.
OPERLOG = (
    b"OPLOG 4\t14\t2026-04-20 08:22:34\t0\t0\t0\t0\n"
    b"USER PIN=36234\tName=36234\tPri=0\tPasswd=1357\tCard=133440\tGrp=1\tTZ=0001000000000000\n"
    b"USER PIN=36235\tName=Sari\tPri=14\tPasswd=\tCard=\tGrp=1\tTZ=0001000000000000\n"
)
SENSEFACE = (
    b"~DeviceName=SenseFace 2A,MAC=00:17:61:00:00:01,TransactionCount=1342,~MaxAttLogCount=15,"
    b"UserCount=17,~MaxUserCount=30,FPVersion=13,~MaxFingerCount=30,FPCount=18,"
    b"~OEMVendor=ZKTECO CO., LTD.,FWVersion=ZAM70-NF24HA-Ver3.3.12,PushComKey=88888888"
)


@pytest.fixture
def device(cast: Cast) -> Device:
    return make_device(cast.agency, "PUSH00001", protocol="push", name="Mesin Lobi")


def told(device: Device, body: bytes, table: str = "OPERLOG", now: datetime = NOW) -> RawUpload:
    key = receive_table(device=device, table=table, body=body, address="192.0.2.7", now=now)
    return RawUpload.objects.get(pk=key)


def finger_line(pin: str, seed: str = "satu", finger: int = 6) -> bytes:
    text = base64.b64encode(synthetic_template(seed))
    head = f"FP PIN={pin}\tFID={finger}\tSize={len(text)}\tValid=1\tTMP="
    return head.encode() + text + b"\n"


def rows() -> dict[str, Any]:
    """Everything that telling may have added to."""
    return {
        "operations": list(OperationRecord.objects.values_list("code", "local_time")),
        "seen": sorted(SeenUser.objects.values_list("pin", "name", "fingers")),
        "uploads": RawUpload.objects.count(),
        "fingers": list(FingerprintTemplate.objects.values_list("digest", flat=True)),
        "alarms": list(Alarm.objects.values_list("kind", "target", "times")),
    }


def test_the_raw_body_and_its_rows_are_kept_without_the_passwords(device: Device) -> None:
    upload = told(device, OPERLOG)
    assert (upload.outcome, upload.total, upload.accepted) == ("read", 3, 3)
    assert open_content(upload) == OPERLOG.replace(b"Passwd=1357", b"Passwd=")
    assert sorted(SeenUser.objects.values_list("pin", "name")) == [
        ("36234", "36234"),
        ("36235", "Sari"),
    ]
    record = OperationRecord.objects.get()
    assert (record.code, record.operator, record.local_time) == (4, "14", "2026-04-20 08:22:34")
    assert (
        record.at.isoformat() == "2026-04-20T08:22:34+08:00"
        or record.at == datetime.fromisoformat("2026-04-20T08:22:34+08:00")
    )


def test_what_is_told_again_changes_nothing(cast: Cast, device: Device) -> None:
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    body = OPERLOG + b"OPLOG 22\t0\t2026-04-20 08:30:00\t0\t0\t0\t0\n"
    told(device, body)
    before = rows()
    for _ in range(3):
        told(device, body, now=NOW + timedelta(seconds=5))
    assert rows() == before


def test_a_body_with_a_finger_is_sealed_and_the_finger_of_a_stranger_is_not_taken(
    device: Device,
) -> None:
    upload = told(device, finger_line("7777"))
    assert upload.coding == RawUpload.Coding.SEALED
    assert b"SS21" not in bytes(upload.content)
    assert b"U1MyM" not in bytes(upload.content)
    assert b"TMP=" in open_content(upload)
    assert not FingerprintTemplate.objects.exists()
    assert SeenUser.objects.get().fingers == [6]


def test_fingers_are_told_apart_by_the_generation_that_their_line_names(
    cast: Cast, device: Device
) -> None:
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    employee = cast.operator.employee
    assert employee is not None
    note_placed(device=device, pins=list(employee.device_pins.all()), now=NOW)
    pin = pin_of(employee)
    told(device, finger_line(pin))
    text = base64.b64encode(b"\x01" * 900).decode()
    line = f"BIODATA Pin={pin}\tNo=6\tIndex=0\tValid=1\tDuress=0\tType=1\tMajorVer=13\tMinorVer=0\t"
    told(device, f"{line}Format=0\tTmp={text}\n".encode(), "BIODATA")
    found = set(FingerprintTemplate.objects.values_list("finger", "algorithm"))
    assert found == {(6, 10), (6, 13)}


def test_a_part_of_the_fingers_takes_nothing_away(cast: Cast, device: Device) -> None:
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    employee = cast.operator.employee
    assert employee is not None
    note_placed(device=device, pins=list(employee.device_pins.all()), now=NOW)
    pin = pin_of(employee)
    told(device, finger_line(pin, "enam", 6))
    told(device, finger_line(pin, "tujuh", 7))
    assert device.template_copies.count() == 2
    assert SeenUser.objects.get().fingers == [6, 7]


def test_what_an_inspector_should_see_raises_an_alarm_once(device: Device) -> None:
    told(device, b"OPLOG 23\t5\t2026-04-20 08:30:00\t0\t0\t0\t0\n")
    alarm = Alarm.objects.get()
    assert alarm.kind == Alarm.Kind.TAMPER
    assert alarm.text == ("Mesin Lobi: catatan absen dihapus oleh PIN 5 pada 2026-04-20 08:30:00.")


@pytest.mark.parametrize(
    "line",
    [
        b"OPLOG 23\t5\t2019-01-01 08:30:00\t0\t0\t0\t0\n",  # the history of a machine new here
        b"OPLOG 21\t0\t2026-04-20 08:58:00\t0\t0\t0\t0\n",  # the handshake set the clock
        b"OPLOG 6\t5\t2026-04-20 08:30:00\t0\t0\t0\t0\n",
    ],
)
def test_history_and_our_own_setting_of_the_clock_raise_none(device: Device, line: bytes) -> None:
    Device.objects.update(announced_at=NOW)
    device.refresh_from_db()
    told(device, line)
    assert not Alarm.objects.exists()


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_menu_with_a_clock_of_another_age_is_kept(device: Device, year: str) -> None:
    told(device, f"OPLOG 4\t0\t{year}-01-01 00:00:00\t0\t0\t0\t0\n".encode())
    assert OperationRecord.objects.get().local_time == f"{year}-01-01 00:00:00"


def test_what_cannot_be_read_is_kept_with_its_reason_and_raises_an_alarm(device: Device) -> None:
    upload = told(device, b"\xff\xfe\x00\x01 omong kosong\n")
    assert upload.outcome == RawUpload.Outcome.UNREADABLE
    assert upload.reason.startswith("1 baris tidak terbaca; baris 1:")
    assert Alarm.objects.get().kind == Alarm.Kind.UNREADABLE


def test_one_bad_line_among_good_ones_is_no_alarm(device: Device) -> None:
    upload = told(device, OPERLOG + b"APA INI\n")
    assert (upload.outcome, upload.total, upload.accepted) == ("read", 4, 3)
    assert "baris 4" in upload.reason
    assert not Alarm.objects.exists()


def test_the_log_of_faults_is_kept(device: Device) -> None:
    body = (
        b"ERRORLOG ErrCode=D01E0001\tErrMsg=out of memory\tDataOrigin=cmd\tCmdId=7\tAdditional=\n"
    )
    upload = told(device, body, "ERRORLOG")
    assert (upload.outcome, upload.accepted) == ("read", 1)
    assert open_content(upload) == body


def test_options_become_what_is_known_of_a_machine_without_its_secrets(device: Device) -> None:
    receive_options(device=device, body=SENSEFACE, now=NOW)
    fresh = Device.objects.get()
    assert (fresh.user_count, fresh.finger_count, fresh.punch_count) == (17, 18, 1342)
    assert (fresh.user_capacity, fresh.finger_capacity) == (3000, 3000)
    assert fresh.punch_capacity == 150_000
    assert (fresh.algorithm, fresh.firmware) == (13, "ZAM70-NF24HA-Ver3.3.12")
    assert fresh.checked_at == NOW
    assert fresh.options["OEMVendor"] == "ZKTECO CO., LTD."
    assert "88888888" not in str(fresh.options)


def test_what_a_machine_does_not_say_stays_as_it_was(device: Device) -> None:
    receive_options(device=device, body=SENSEFACE, now=NOW)
    info = read_info("Ver 8.0.4.7-20240101,18,19,1400,192.0.2.7,10,7,12,0,111")
    assert info is not None
    receive_info(device=device, info=info, now=NOW + timedelta(minutes=1))
    fresh = Device.objects.get()
    assert (fresh.user_count, fresh.punch_count, fresh.user_capacity) == (18, 1400, 3000)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=st.sampled_from(["OPERLOG", "BIODATA", "USERINFO", "ERRORLOG", "TABLEDATA", "X" * 40]),
    body=st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    b"USER PIN=1\tName=\x00\x00\tPri=99999999999",
                    b"USER PIN=" + b"9" * 40,
                    b"OPLOG 6\t0\t2026-04-20 08:00:00",
                    b"OPLOG 99999\t0\t2026-04-20 08:00:00\t\x00",
                    b"FP PIN=1\tFID=6\tSize=4\tValid=1\tTMP=AAAA",
                    b"FP PIN=1\tFID=99\tSize=4\tValid=1\tTMP=AAAA",
                    b"BIODATA Pin=1\tNo=1\tValid=1\tType=1\tMajorVer=99999\tTmp=AAAA",
                ]
            )
        ).map(b"\n".join),
    ),
)
def test_nothing_that_stands_in_a_body_is_an_error(device: Device, table: str, body: bytes) -> None:
    assert told(device, body, table).device_id == device.pk
    receive_options(device=device, body=body, now=NOW)
