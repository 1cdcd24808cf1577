"""What a simulated terminal takes from the server's handshake."""

from datetime import datetime, timedelta

import pytest

from devices.adms.calls import Dialect
from devices.adms.handshake import Settings as ServerSettings
from devices.adms.handshake import options_reply, push_reply
from devices.simulator.adms.settings import NotUnderstood, read_configuration, read_settings
from tests.devices.simulator_adms.stand_in import DATE, HANDSHAKE

SERIAL = "0316144680030"
VENDOR = HANDSHAKE.format(serial=SERIAL)


def test_the_vendors_example_is_obeyed() -> None:
    settings = read_settings(VENDOR, SERIAL)
    assert (settings.delay, settings.error_delay, settings.realtime) == (10, 30, True)
    assert settings.wanted >= {"attlog", "oplog", "enrollfp"}
    assert "face" not in settings.wanted
    assert settings.push_options is None
    assert not settings.asks_again("ATTLOG")


def test_our_own_servers_handshake_is_obeyed() -> None:
    told = options_reply(ServerSettings(SERIAL, 9, "2.4.1", delay=17)).decode()
    settings = read_settings(told, SERIAL)
    assert (settings.delay, settings.zone) == (17, timedelta(hours=9))
    assert settings.push_options
    assert settings.multi_bio


def test_our_own_servers_configuration_for_door_controllers_is_obeyed() -> None:
    told = push_reply(ServerSettings(SERIAL, 8, delay=12, dialect=Dialect.ACCESS))
    assert read_configuration(told.decode()).delay == 12


@pytest.mark.parametrize(
    "reply", ["OK", "", "GET OPTION FROM: ANOTHER\nDelay=1", f"GET OPTION FROM:{SERIAL} x"]
)
def test_a_reply_that_does_not_name_the_terminal_is_not_understood(reply: str) -> None:
    with pytest.raises(NotUnderstood):
        read_settings(reply, SERIAL)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("7", "2026-04-01 07:20:31"),
        ("9", "2026-04-01 09:20:31"),
        ("330", "2026-04-01 05:50:31"),
        ("+07:00", "2026-04-01 07:20:31"),
        ("-05:30", "2026-03-31 18:50:31"),
        ("Asia/Jakarta", None),
        ("", None),
    ],
)
def test_the_clock_follows_date_and_zone(zone: str, shown: str | None) -> None:
    text = VENDOR.replace("TimeZone=8", f"TimeZone={zone}")
    local = read_settings(text, SERIAL).local_time(DATE)
    assert local == (datetime.fromisoformat(shown) if shown else None)


def test_flags_of_the_first_format_are_read_by_their_places() -> None:
    text = VENDOR[: VENDOR.index("TransFlag")] + "TransFlag=1001000000\nTimeZone=8"
    assert read_settings(text, SERIAL).wanted == {"attlog", "enrollfp"}


def test_a_stamp_of_zero_asks_for_everything_again() -> None:
    settings = read_settings(VENDOR.replace("ATTLOGStamp=None", "ATTLOGStamp=0"), SERIAL)
    assert settings.asks_again("ATTLOG")
    assert not settings.asks_again("OPERLOG")
