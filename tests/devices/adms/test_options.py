"""What machines say of themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.options import Capacities, Info, capacities, info_of, read_info, read_options
from tests.devices.adms.samples import sample


def test_the_options_of_a_senseface_are_read_whole() -> None:
    options = read_options(sample("options_senseface2a"))
    assert len(options) == 39
    assert options["DeviceName"] == "SenseFace 2A"
    assert options["OEMVendor"] == "ZKTECO CO."
    assert options["MaxPvCount"] == ""
    assert options["MultiBioVersion"] == "0:13.0:0:0:0:0:0:0:0:40.1"
    assert info_of(options) == Info(
        firmware="ZAM70-NF24HA-Ver3.3.12",
        users=17,
        fingers=18,
        punches=1342,
        address="10.10.40.96",
        algorithm=13,
    )
    assert capacities(options) == Capacities(users=3000, fingers=3000, punches=150_000)


def test_a_comma_inside_a_value_belongs_to_it() -> None:
    options = read_options(b"~OEMVendor=ZKTECO CO., LTD.,FWVersion=Ver 1,~Platform=ZAM180_TFT")
    assert options == {
        "OEMVendor": "ZKTECO CO., LTD.",
        "FWVersion": "Ver 1",
        "Platform": "ZAM180_TFT",
    }


def test_options_may_stand_one_to_a_line() -> None:
    assert read_options(b"FWVersion=Ver 1\r\nUserCount = 5\r\n") == {
        "FWVersion": "Ver 1",
        "UserCount": "5",
    }


def test_the_registration_of_a_door_panel_tells_what_it_is() -> None:
    options = read_options(
        b"DeviceType=acc,~DeviceName=F20/M,FirmVer=Ver 8.0.1.3-20151229,"
        b"PushVersion=Ver 2.0.22-20161201,MachineType=101,~MaxUserCount=50,~MaxAttLogCount=10,"
        b"IPAddress=192.168.213.221,~ZKFPVersion=10,authKey=dassas,VMSPasswd=x"
    )
    assert info_of(options).firmware == "Ver 8.0.1.3-20151229"
    assert info_of(options).algorithm == 10
    assert capacities(options) == Capacities(users=5000, fingers=None, punches=100_000)
    assert not {"authKey", "VMSPasswd"} & options.keys()


@pytest.mark.parametrize("name", ["ComPwd", "~ComKey", "PushComKey", "Door1ForcePassWord"])
def test_secrets_among_options_are_not_read(name: str) -> None:
    assert read_options(f"A=1,{name}=4711,B=2".encode()) == {"A": "1", "B": "2"}


def test_capacities_as_plain_numbers_are_taken_as_they_are() -> None:
    assert capacities({"MaxUserCount": "10000", "MaxAttLogCount": "100000"}) == Capacities(
        users=10_000, fingers=None, punches=100_000
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ver 2.0.12-20150625,0,0,0,192.168.16.27,10,7,15,0,111",
            Info("Ver 2.0.12-20150625", 0, 0, 0, "192.168.16.27", 10),
        ),
        (
            "ZMM720-NF-Ver1.2.7,11,3,7094,192.168.1.14,10,12,12,10",
            Info("ZMM720-NF-Ver1.2.7", 11, 3, 7094, "192.168.1.14", 10),
        ),
        ("Ver 1, 2, 3, 4, 10.0.0.1", Info("Ver 1", 2, 3, 4, "10.0.0.1", None)),
        ("Ver 1,2,3,4", Info("Ver 1", 2, 3, 4, "", None)),
    ],
)
def test_the_info_of_a_poll_is_read_by_position(text: str, expected: Info) -> None:
    assert read_info(text) == expected


@pytest.mark.parametrize("text", ["", "OK", "Ver 1,2,3", "Ver 1,a,b,c", ",1,2,3", "Ver,-1,0,0"])
def test_what_is_no_info_is_none(text: str) -> None:
    assert read_info(text) is None


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.text())
def test_anything_is_read_to_something_that_can_be_stored(body: bytes, text: str) -> None:
    options = read_options(body)
    assert all(name.isascii() and value.isprintable() for name, value in options.items())
    figures = (*vars(info_of(options)).values(), *vars(capacities(options)).values())
    assert all(isinstance(figure, str) or figure is None or figure >= 0 for figure in figures)
    info = read_info(text)
    assert info is None or info.firmware.isprintable()
