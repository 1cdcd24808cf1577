"""Fingers as machines show them to us, without a machine."""

from typing import Any

from devices import services
from devices.models import (
    Device,
    DevicePin,
    DeviceUser,
    FingerprintTemplate,
)
from devices.pull.client import MachineTemplate
from devices.services.fingerprints import note_copies
from devices.services.shelf import FetchReport
from devices.simulator.machine import synthetic_template
from foundation.actors import SYSTEM, Actor
from organization.models import Employee, User
from tests.cast import NOW

Finger = tuple[Employee, int, str]


def employee_of(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


def place_everybody(device: Device) -> None:
    services.allocate_pins(agency=device.agency, actor=SYSTEM, now=NOW)
    pins = DevicePin.objects.filter(employee__agency=device.agency, valid_until=None)
    DeviceUser.objects.bulk_create(
        [DeviceUser(device=device, pin=pin, name="x", pushed_at=NOW) for pin in pins]
    )


def show(
    device: Device, *fingers: Finger, actor: Actor = SYSTEM, valid: int = 1, **values: Any
) -> FetchReport:
    """Let a machine show fingers, each as (person, finger, seed)."""
    templates = [
        MachineTemplate(
            str(who.device_pins.get(valid_until=None).number),
            finger,
            valid,
            synthetic_template(seed),
        )
        for who, finger, seed in fingers
    ]
    defaults: dict[str, Any] = {"algorithm": 10, "now": NOW}
    return services.store_templates(
        device=device, templates=templates, actor=actor, **(defaults | values)
    )


def spread_to(device: Device) -> None:
    """Note that the machine has all fingers that count, as a sync would."""
    note_copies(device, list(FingerprintTemplate.objects.counting()), NOW)
