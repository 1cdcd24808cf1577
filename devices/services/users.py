"""Putting the employees of an agency on its machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from devices.exceptions import PinTaken
from devices.models import Device, DevicePin, DeviceUser
from devices.services.pins import allocate_pins
from devices.services.sessions import machine_session
from devices.zk_client import MachineUser
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import list_text
from organization.models import Agency, Employee
from organization.permissions import local_date

SHOWN = 5


@dataclass(frozen=True)
class PushReport:
    """What became of the users of one machine. `taken` are PINs that somebody else has there."""

    device: str
    added: int
    renamed: int
    unchanged: int
    taken: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.added + self.renamed + self.unchanged

    def __str__(self) -> str:
        return (
            f"{self.total} pegawai ada di {self.device} "
            f"({self.added} baru, {self.renamed} ganti nama)"
        )


def push_users(*, device: Device, actor: Actor, now: datetime) -> PushReport:
    """Make sure that every active employee of the agency is a user of the machine; safe to repeat.

    Numbers are allocated where they lack. A PIN under which the machine has another person is left
    alone, since that person's fingers are on it: PinTaken, after all others were written. Users
    that the machine has beside ours are never touched.
    """
    allocate_pins(agency=device.agency, actor=actor, now=now)
    pins = {str(pin.number): pin for pin in current_pins(device.agency, now)}
    ours = set(DeviceUser.objects.filter(device=device).values_list("pin__number", flat=True))
    with machine_session(device, now=now) as session:
        there = {user.pin: user for user in session.client.users()}
        taken = tuple(
            pin
            for pin, row in pins.items()
            if row.number not in ours and _is_other(pin, row, there)
        )
        wanted = {pin: row.employee.name for pin, row in pins.items() if pin not in taken}
        written = session.client.write_users(wanted)
    report = PushReport(device.name, written.added, written.renamed, written.unchanged, taken)
    placed = [row for pin, row in pins.items() if pin not in taken]
    note_users(device=device, pins=placed, report=report, actor=actor, now=now)
    if taken:
        raise PinTaken(
            f"PIN {list_text(taken[:SHOWN])} di {device.name} sudah dipakai orang lain "
            f"({len(taken)} PIN). Ganti PIN pegawai itu di halaman perekaman, atau hapus pengguna "
            "lama di mesin, lalu ulangi."
        )
    return report


def current_pins(agency: Agency, now: datetime) -> list[DevicePin]:
    """Return the open numbers of the agency's active employees, with the employees."""
    active = Employee.objects.filter(agency=agency).active(local_date(agency, now))
    pins = DevicePin.objects.filter(valid_until=None, employee__in=active)
    return list(pins.select_related("employee").order_by("number"))


def _is_other(pin: str, row: DevicePin, there: Mapping[str, MachineUser]) -> bool:
    """Say whether the machine has a person of another name under this PIN.

    The machine keeps only the first bytes of a name, or shows NN-<PIN> where it has none.
    """
    user = there.get(pin)
    if user is None:
        return False
    name = " ".join(row.employee.name.split())
    return user.name != f"NN-{pin}" and not name.startswith(user.name.strip())


@transaction.atomic
def note_users(
    *, device: Device, pins: list[DevicePin], report: PushReport, actor: Actor, now: datetime
) -> None:
    """Keep which of our people are users of a machine."""
    known = {row.pin_id: row for row in DeviceUser.objects.filter(device=device)}
    fresh = [
        DeviceUser(device=device, pin=pin, name=pin.employee.name, pushed_at=now)
        for pin in pins
        if pin.pk not in known
    ]
    DeviceUser.objects.bulk_create(fresh)
    renamed = []
    for pin in pins:
        row = known.get(pin.pk)
        if row and row.name != pin.employee.name:
            row.name, row.pushed_at = pin.employee.name, now
            renamed.append(row)
    DeviceUser.objects.bulk_update(renamed, ["name", "pushed_at"])
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="device_users_pushed",
        subject=device.subject,
        after={
            "added": report.added,
            "renamed": report.renamed,
            "unchanged": report.unchanged,
            "taken": len(report.taken),
        },
        now=now,
    )
