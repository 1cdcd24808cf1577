"""Calls of one machine that overlap, and a worker that dies: run inside processes of an office."""

import os
import re
from datetime import timedelta

from django.utils import timezone

from devices.adms.results import read_results
from devices.models import Device, DeviceCommand
from devices.services.commands import LEASE, Order, order_all, settle_results, take_commands
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.devices.make import make_device
from tests.inside import wait_for_signal

SERIAL = "LOMBA0001"


def prepare(*, count: int) -> None:
    """Register the machine, if it is not there, with so many commands that wait."""
    agency = Agency.objects.get(code="diskominfo")
    device = Device.objects.filter(serial=SERIAL).first()
    device = device or make_device(agency, SERIAL, protocol="push")
    DeviceCommand.objects.filter(device=device).delete()
    orders = [Order(DeviceCommand.Kind.DELETE_USER, str(pin)) for pin in range(1, count + 1)]
    order_all(device=device, orders=orders, actor=SYSTEM, now=timezone.now())


def call_until_empty() -> list[int]:
    """Fetch commands and answer them, beside others that do; return the ids that came."""
    device = Device.objects.get(serial=SERIAL)
    wait_for_signal()
    got: list[int] = []
    empty = 0
    while empty < 3:
        body = take_commands(device_id=device.pk, now=timezone.now())
        ids = [int(found) for found in re.findall(rb"C:(\d+):", body)]
        got += ids
        empty = 0 if ids else empty + 1
        if ids:
            lines = "".join(f"ID={number}&Return=0&CMD=DATA\n" for number in ids)
            results = read_results(lines.encode())
            settle_results(device_id=device.pk, results=results, now=timezone.now())
    return got


def order_beside_others() -> int:
    """Order the same as others do at this moment; return how many rows are open."""
    device = Device.objects.select_related("agency").get(serial=SERIAL)
    wait_for_signal()
    for _ in range(20):
        order_all(
            device=device,
            orders=[Order(DeviceCommand.Kind.INFO)],
            actor=SYSTEM,
            now=timezone.now(),
        )
    return DeviceCommand.objects.open().filter(device=device).count()


def take_and_die() -> None:
    """Take commands as the door does, and be killed before the reply is out."""
    device = Device.objects.get(serial=SERIAL)
    take_commands(device_id=device.pk, now=timezone.now())
    os._exit(0)


def take_after_lease() -> list[int]:
    """Return the ids that a call gets once the lease has run out."""
    device = Device.objects.get(serial=SERIAL)
    early = take_commands(device_id=device.pk, now=timezone.now())
    assert early == b""
    later = timezone.now() + LEASE + timedelta(seconds=1)
    body = take_commands(device_id=device.pk, now=later)
    return [int(found) for found in re.findall(rb"C:(\d+):", body)]


def states() -> dict[str, int]:
    """Return how many commands are in each state."""
    found: dict[str, int] = {}
    for state in DeviceCommand.objects.filter(device__serial=SERIAL).values_list(
        "state", flat=True
    ):
        found[state] = found.get(state, 0) + 1
    return found
