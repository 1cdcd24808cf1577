"""Putting an agency's employees on a machine that this system calls; taking off who left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from devices.events import record_all
from devices.exceptions import PinTaken
from devices.models import Device, DevicePin, DeviceUser
from devices.pull.client import MachineUser
from devices.services.pins import allocate_pins
from devices.services.placements import (
    forget_users,
    is_other_person,
    note_listed,
    note_names,
    note_placed,
)
from devices.services.sessions import machine_session
from foundation.actors import Actor
from foundation.indonesian import list_text
from foundation.ledger import Entry
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
    deleted: int = 0
    taken: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.added + self.renamed + self.unchanged

    def __str__(self) -> str:
        deleted = f", {self.deleted} dihapus" if self.deleted else ""
        return (
            f"{self.total} pegawai ada di {self.device} "
            f"({self.added} baru, {self.renamed} ganti nama{deleted})"
        )


def push_users(*, device: Device, actor: Actor, now: datetime) -> PushReport:
    """Make sure that the agency's active employees, and nobody who left, are users of a machine.

    Safe to repeat. Numbers are allocated where they lack. A PIN under which the machine has another
    person is left alone, since that person's fingers are on it: PinTaken, after all others were
    written. Users that the machine has beside ours are never touched.
    """
    allocate_pins(agency=device.agency, actor=actor, now=now)
    pins = {str(pin.number): pin for pin in current_pins(device.agency, now)}
    ours = {
        str(row.pin.number): row.name
        for row in DeviceUser.objects.filter(device=device).select_related("pin")
    }
    with machine_session(device, now=now) as session:
        there = {user.pin: user for user in session.client.users()}
        taken = tuple(
            pin for pin, row in pins.items() if pin not in ours and _is_other(pin, row, there)
        )
        wanted = {pin: row.employee.name for pin, row in pins.items() if pin not in taken}
        written = session.client.write_users(wanted)
        gone = [
            pin
            for pin, name in ours.items()
            if pin not in pins
            and not (pin in there and is_other_person(pin, name, there[pin].name))
        ]
        deleted = session.client.delete_users(gone) if gone else 0
    report = PushReport(
        device.name, written.added, written.renamed, written.unchanged, deleted, taken
    )
    placed = [row for pin, row in pins.items() if pin not in taken]
    note_listed(
        device=device,
        names={pin: user.name for pin, user in there.items() if pin not in gone},
        now=now,
    )
    note_users(
        device=device, pins=placed, gone=set(ours) - set(pins), report=report, actor=actor, now=now
    )
    if taken:
        raise pin_taken(device, taken)
    return report


def pin_taken(device: Device, taken: tuple[str, ...]) -> PinTaken:
    """Return the refusal that names PINs under which a machine has somebody else."""
    return PinTaken(
        f"PIN {list_text(taken[:SHOWN])} di {device.name} sudah dipakai orang lain "
        f"({len(taken)} PIN). Ganti PIN pegawai itu di halaman perekaman, atau hapus pengguna "
        "lama di mesin, lalu ulangi."
    )


def current_pins(agency: Agency, now: datetime) -> list[DevicePin]:
    """Return the open numbers of the agency's active employees, with the employees."""
    active = Employee.objects.filter(agency=agency).active(local_date(agency, now))
    pins = DevicePin.objects.filter(valid_until=None, employee__in=active)
    return list(pins.select_related("employee").order_by("number"))


def _is_other(pin: str, row: DevicePin, there: Mapping[str, MachineUser]) -> bool:
    return pin in there and is_other_person(pin, row.employee.name, there[pin].name)


@transaction.atomic
def note_users(
    *,
    device: Device,
    pins: list[DevicePin],
    gone: set[str],
    report: PushReport,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep which of our people are users of a machine, and who no longer is."""
    known = dict(DeviceUser.objects.filter(device=device).values_list("pin", "name"))
    changed = [pin for pin in pins if known.get(pin.pk) != pin.employee.name]
    note_placed(device=device, pins=changed, now=now)
    note_names(device=device, names={str(p.number): p.employee.name for p in pins}, now=now)
    entries = forget_users(device=device, pins=gone, actor=actor)
    counts = {name: getattr(report, name) for name in ("added", "renamed", "unchanged", "deleted")}
    entries.append(
        Entry(
            actor=actor,
            verb="device_users_pushed",
            subject=device.subject,
            after={**counts, "taken": len(report.taken)},
        )
    )
    record_all(device.agency, entries, now=now)
