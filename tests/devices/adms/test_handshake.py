"""What a machine is told when it starts, key by key, and the time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.calls import Dialect, read_call
from devices.adms.handshake import (
    Settings,
    access_time_reply,
    counted_reply,
    options_reply,
    push_reply,
    registry_reply,
    stored_version,
    time_reply,
)
from devices.adms.zktime import decode_time, encode_time
from tests.devices.adms.samples import sample

MORNING = datetime(2026, 3, 31, 23, 20, 31, tzinfo=UTC)


def block(reply: bytes) -> dict[str, str]:
    lines = reply.decode("ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_the_vendors_example_is_met_key_by_key() -> None:
    theirs = sample("handshake_reply_vendor_example")
    ours = options_reply(
        Settings("0316144680030", hours_east=8, push_version="2.2.14", delay=10, error_delay=30)
    )
    assert ours.splitlines()[0] == theirs.splitlines()[0] == b"GET OPTION FROM: 0316144680030"
    expected, told = block(theirs), block(ours)
    assert set(expected) - set(told) == {"ATTPHOTOStamp"}  # it would invite photos
    different = {key for key in told.keys() & expected.keys() if told[key] != expected[key]}
    # None and 9999 both say that there is nothing to resume; pictures are not asked for.
    assert different == {"ATTLOGStamp", "TransFlag"}
    assert told["ATTLOGStamp"] == "9999"
    wanted = set(expected["TransFlag"].removeprefix("TransData ").split("\t"))
    asked = set(told["TransFlag"].removeprefix("TransData ").split("\t"))
    assert wanted - asked == {"AttPhoto", "UserPic"}
    assert asked <= wanted
    assert len(told["TransFlag"]) <= 90


def test_a_handshake_has_all_that_old_and_new_firmware_look_for() -> None:
    told = block(options_reply(Settings("A1", hours_east=9, push_version="2.4.1")))
    assert told["Stamp"] == told["OpStamp"] == told["OPERLOGStamp"] == "9999"
    assert told["TimeZone"] == "9"
    assert (told["Realtime"], told["Encrypt"], told["SupportPing"]) == ("1", "None", "1")
    assert (told["ServerVer"], told["PushProtVer"]) == ("2.4.1", "2.4.1")
    assert told["PushOptionsFlag"] == "1"
    assert "~MaxAttLogCount" in told["PushOptions"].split(",")
    assert told["MultiBioDataSupport"].split(":") == ["0", "1", *["0"] * 8]
    assert set(told["MultiBioPhotoSupport"]) == {"0", ":"}


def test_a_machine_can_be_asked_for_everything_again() -> None:
    told = block(options_reply(Settings("A1", hours_east=8, from_the_start=True)))
    assert {value for key, value in told.items() if key.endswith("Stamp")} == {"0"}


@pytest.mark.parametrize("hours", [7, 8, 9])
@pytest.mark.fault("F44")
def test_every_zone_of_the_country_is_told_in_hours(hours: int) -> None:
    assert block(options_reply(Settings("A1", hours_east=hours)))["TimeZone"] == str(hours)


@pytest.mark.parametrize("announced", ["2.4.1", "2.2.14", "3.1.2", "2.4.1 ", "2.0"])
def test_a_plain_version_is_kept(announced: str) -> None:
    assert stored_version(announced) == announced.strip()


@pytest.mark.parametrize(
    "announced",
    [
        "",
        "Ver 2.0.33S-20220623",
        "2.4.1\r\nX: y",
        "2.4.1\n",
        "2",
        "2.4.1.1.1",
        "٢.٤",
        "1234.1",
        "2..4",
    ],
)
def test_any_other_version_is_not_echoed(announced: str) -> None:
    assert stored_version(announced) == ""
    assert b"PushProtVer" not in options_reply(Settings("A1", 8, stored_version(announced)))


@pytest.mark.parametrize(
    "values",
    [
        {"serial": "A\r\nB"},
        {"serial": ""},
        {"serial": "../x"},
        {"push_version": "x\n"},
        {"hours_east": 480},
        {"registry_code": "a\nb"},
    ],
)
def test_settings_that_would_break_a_reply_cannot_be_made(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"wajar|bertitik"):
        Settings(**{"serial": "A1", "hours_east": 8, **values})  # type: ignore[arg-type]  # wrong on purpose


def test_a_door_panel_registers_and_is_told_its_settings() -> None:
    fresh = Settings("A1", hours_east=8, dialect=Dialect.ACCESS, push_version="3.1.2")
    assert options_reply(fresh) == b"OK"
    assert registry_reply("Uy47fxftP3") == b"RegistryCode=Uy47fxftP3"
    told = block(push_reply(fresh))
    assert told["TransTables"] == "User Transaction"
    assert (told["PushProtVer"], told["RequestDelay"], told["ErrorDelay"]) == ("3.1.2", "30", "60")
    assert len(told["SessionID"]) == 32
    assert "TransFlag" not in told
    known = Settings("A1", hours_east=8, dialect="acc", registry_code="Uy47fxftP3")
    lines = options_reply(known).decode().splitlines()
    assert lines[:2] == ["registry=ok", "RegistryCode=Uy47fxftP3"]
    assert block(push_reply(known)).items() <= block(options_reply(known)).items()


@pytest.mark.parametrize("code", ["", "a b", "x" * 33, "a\nb"])
def test_a_registry_code_is_short_and_plain(code: str) -> None:
    with pytest.raises(ValueError, match="wajar"):
        registry_reply(code)


def test_the_hour_is_told_with_its_zone() -> None:
    local = MORNING.astimezone(ZoneInfo("Asia/Makassar"))
    assert time_reply(local) == b"Time=2026-04-01T07:20:31+08:00"
    packed, zone = access_time_reply(local).decode().split(",")
    assert zone == "ServerTZ=+0800"
    assert decode_time(int(packed.removeprefix("DateTime="))) == MORNING.replace(tzinfo=None)


def test_a_packed_time_is_the_vendors() -> None:
    assert decode_time(548003688) == datetime(2017, 1, 19, 15, 14, 48)
    assert decode_time(583050990) == datetime(2018, 2, 22, 6, 36, 30)
    assert encode_time(datetime(2000, 1, 1)) == 0


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_a_time_is_packed_and_unpacked_the_same(moment: datetime) -> None:
    assert decode_time(encode_time(moment)) == moment.replace(microsecond=0)


def test_the_day_that_does_not_exist_is_no_time() -> None:
    with pytest.raises(ValueError, match="day"):
        decode_time(encode_time(datetime(2026, 1, 31)) + 31 * 24 * 60 * 60)


@pytest.mark.parametrize(
    ("target", "reply"),
    [
        ("table=ATTLOG", b"OK: 3"),
        ("table=tabledata&tablename=user", b"user=3"),
        ("table=tabledata&tablename=templatev10", b"templatev10=3"),
        ("table=tabledata&tablename=transaction", b"transaction=3"),
        ("table=tabledata&tablename=a%0ab", b"OK: 3"),
        ("table=tabledata", b"OK: 3"),
    ],
)
def test_a_body_is_acknowledged_in_the_words_of_its_dialect(target: str, reply: bytes) -> None:
    call = read_call("POST", "/iclock/cdata", f"SN=A1&{target}".encode())
    assert counted_reply(call, 3) == reply
