"""Machines and what belongs to them, for the tests of this room."""

from datetime import date, datetime
from typing import Any

from devices import services
from devices.models import Device, Enrolment
from foundation.actors import SYSTEM
from organization.models import Agency, Employee
from organization.permissions import person
from tests.cast import NOW, make_supervisor
from tests.devices.simulators import Simulator

LONG_AGO = date(2020, 1, 1)


def make_device(agency: Agency, serial: str = "SIM0000000001", **values: Any) -> Device:
    """Register an active machine; a pulled one at 127.0.0.1 unless told otherwise."""
    state = values.pop("state", Device.State.ACTIVE)
    defaults: dict[str, Any] = {"name": f"Mesin {serial[-1]}", "protocol": "pull"}
    defaults |= values
    if defaults["protocol"] == "pull":
        defaults.setdefault("host", "127.0.0.1")
    device = services.register_device(
        agency=agency, serial=serial, actor=SYSTEM, now=NOW, **defaults
    )
    moves = {
        Device.State.REGISTERED: (),
        Device.State.APPROVED: ("approve",),
        Device.State.ACTIVE: ("approve", "activate"),
        Device.State.SUSPENDED: ("approve", "suspend"),
        Device.State.RETIRED: ("retire",),
    }[state]
    for move in moves:
        device = services.move_device(device=device, move=move, actor=SYSTEM, now=NOW)
    return device


def device_at(agency: Agency, machine: Simulator, **values: Any) -> Device:
    """Register the machine that a simulator is."""
    return make_device(agency, machine.serial, port=machine.port, **values)


def pin_of(employee: Employee) -> str:
    return str(employee.device_pins.get(valid_until=None).number)


def confirm_all(agency: Agency, now: datetime = NOW) -> int:
    """Let the supervisor confirm every recording of the agency that waits; return how many."""
    waiting = Enrolment.objects.waiting().filter(employee__agency=agency)
    supervisor = person(make_supervisor(agency))
    return len(services.confirm_enrolments(enrolments=waiting, actor=supervisor, now=now))
