"""Registering machines: what is refused, what is cleaned, what a caller brings along."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from devices import services
from devices.exceptions import NotAllowedNow
from devices.models import Caller, Device
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.permissions import actor_for
from tests.cast import NOW, Cast
from tests.devices.make import make_device

pytestmark = pytest.mark.django_db


def make_caller(serial: str = "ASING1", **values: object) -> Caller:
    defaults: dict[str, object] = {
        "dialect": Device.Dialect.ACCESS,
        "announced": {"push_version": "3.1.2"},
        "address": "192.168.1.77",
        "first_seen_at": NOW - timedelta(hours=1),
        "last_seen_at": NOW,
    }
    return Caller.objects.create(serial=serial, **(defaults | values))


@pytest.mark.parametrize(
    "serial",
    ["A/B", "../etc", "A B", "A\nB", "A\r\nX: y", "A?b=c", "A%00", "Å1", "x" * 65, "A;B"],
)
def test_a_serial_that_means_something_to_a_path_or_header_is_refused(
    cast: Cast, serial: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_device(cast.agency, serial, name="Mesin")
    assert "serial" in refusal.value.message_dict


@pytest.mark.parametrize("host", ["127.0.0.1; touch x", "$(id)", "mesin.lokal", "::", "224.0.0.1"])
def test_an_address_that_is_no_machine_s_is_refused(cast: Cast, host: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_device(cast.agency, host=host)
    assert "host" in refusal.value.message_dict


@pytest.mark.parametrize("zone", ["", "WITA", "Europe/Paris", "../Asia/Makassar", "+08:00"])
def test_a_time_zone_is_one_of_the_three(cast: Cast, zone: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_device(cast.agency, time_zone=zone)
    assert "time_zone" in refusal.value.message_dict


def test_names_stay_on_one_line(cast: Cast) -> None:
    device = make_device(cast.agency, name="Lobi\tC:1:REBOOT\r\nX", place="lantai\n1")
    assert (device.name, device.place) == ("Lobi C:1:REBOOT X", "lantai 1")
    with pytest.raises(ValidationError):
        make_device(cast.agency, "SIM2", name=" \t\r\n")


def test_a_machine_that_called_before_brings_what_it_announced(cast: Cast) -> None:
    make_caller()
    device = make_device(cast.agency, "ASING1", protocol="push", state=Device.State.REGISTERED)
    assert (device.dialect, device.push_version) == (Device.Dialect.ACCESS, "3.1.2")
    assert (device.last_contact_at, device.last_address) == (NOW, "192.168.1.77")
    assert not Caller.objects.waiting().exists()


def test_the_dialect_can_be_told_otherwise(cast: Cast) -> None:
    device = make_device(cast.agency, protocol="push")
    changed = services.update_device(
        device=device, changes={"dialect": "acc", "over_udp": True}, actor=SYSTEM, now=NOW
    )
    assert (changed.dialect, changed.over_udp) == ("acc", True)
    with pytest.raises(ValidationError):
        services.update_device(device=device, changes={"dialect": "xyz"}, actor=SYSTEM, now=NOW)


def test_a_caller_is_ignored_once_with_a_reason(cast: Cast) -> None:
    caller = make_caller()
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    with pytest.raises(NotAllowedNow, match="Tulis mengapa"):
        services.ignore_caller(caller=caller, agency=cast.agency, reason=" ", actor=actor, now=NOW)
    ignored = services.ignore_caller(
        caller=caller, agency=cast.agency, reason="Mesin toko sebelah.", actor=actor, now=NOW
    )
    assert ignored.reason == "Mesin toko sebelah."
    assert not Caller.objects.waiting().exists()
    assert Event.objects.get(verb="caller_ignored").stream == cast.agency.stream
    with pytest.raises(NotAllowedNow, match="sudah diabaikan"):
        services.ignore_caller(
            caller=caller, agency=cast.agency, reason="lagi", actor=actor, now=NOW
        )
    make_device(cast.agency, "ASING1", protocol="push")  # it may still be registered
