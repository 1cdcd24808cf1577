"""What an office does about machines that call: runs inside a process of the office."""

import time
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone

from devices import services
from devices.models import Device
from devices.services import pursuing, synchronizing
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.outbox import Postponed
from organization.models import Agency, Employee
from tests.cast import make_cast, make_employee
from tests.devices.make import confirm_all

FIRST, SECOND = "diskominfo", "dinkes"
PATIENCE = 180.0  # seconds until the machines have done what they were told


def prepare(*, serials: list[str], eastern: str, recording: list[str]) -> list[list[str]]:
    """Make the tables, two agencies with their people's numbers, and approve these machines.

    Return the numbers of both. The machines at which fingers are recorded are the second agency's.
    """
    call_command("migrate", verbosity=0)
    cast, now = make_cast(), timezone.now()
    for name in ("Yuliana Bria", "Dominggus Kase"):
        make_employee(cast.other_agency, name)
    for serial in serials:
        register(serial=serial)
    for serial in recording:
        register(serial=serial, agency=SECOND)
    register(serial=eastern, time_zone="Asia/Jayapura")
    return [
        [str(pin.number) for pin in services.allocate_pins(agency=agency, actor=SYSTEM, now=now)]
        for agency in (cast.agency, cast.other_agency)
    ]


def register(*, serial: str, agency: str = FIRST, approved: bool = True, **details: Any) -> None:
    """Register a machine that calls, or with `host` and `port` one that is called."""
    device = services.register_device(
        agency=Agency.objects.get(code=agency),
        serial=serial,
        name=f"Mesin {serial}",
        protocol=Device.Protocol.PULL if "host" in details else Device.Protocol.PUSH,
        actor=SYSTEM,
        now=timezone.now(),
        **details,
    )
    if approved:
        services.approve_device(device=device, actor=SYSTEM, now=timezone.now())


def approve(*, serial: str) -> None:
    """Approve a machine and let the worker do what follows from it."""
    device = Device.objects.get(serial=serial)
    services.approve_device(device=device, actor=SYSTEM, now=timezone.now())
    outbox.drain(limit=200)


def bring_people(**pulled: Any) -> None:
    """Register a machine that is called, and put the people on it and on those that call."""
    register(agency=SECOND, **pulled)
    _synchronize()


def bring_fingers() -> int:
    """Let the supervisor confirm what was recorded, and bring it everywhere; return how many."""
    confirmed = confirm_all(Agency.objects.get(code=SECOND), timezone.now())
    _synchronize()
    return confirmed


def leave(*, pin: str) -> None:
    """Let a person leave the office, and its machines."""
    employee = Employee.objects.get(device_pins__number=int(pin))
    employee.left_on = date(2026, 1, 31)
    employee.save()
    _synchronize()


def _synchronize() -> None:
    """Do the work as often as it is postponed, which the outbox would do every few seconds."""
    agency = Agency.objects.get(code=SECOND)
    since, end = timezone.now(), time.monotonic() + PATIENCE
    # What follows an answer comes at once here; an office allows for slow networks.
    soon = timedelta(seconds=1)
    with (
        patch.object(pursuing, "ON_ITS_WAY", soon),
        patch.object(synchronizing, "ON_ITS_WAY", soon),
    ):
        while True:
            try:
                services.sync_fingerprints(
                    agency=agency, actor=SYSTEM, now=timezone.now(), since=since
                )
            except Postponed:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)
            else:
                return
