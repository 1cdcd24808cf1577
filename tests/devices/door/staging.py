"""What is prepared before and looked at after: runs inside a process of the office."""

from typing import Any

from django.utils import timezone

from devices import services
from devices.models import Alarm, Caller, Device, DevicePin, Punch, RawUpload
from devices.services.commands import order
from devices.services.storing import open_content
from foundation.actors import SYSTEM
from organization.models import Employee
from tests.faults.staging import agency_id


def machine(*, serial: str, state: str = "active", zone: str = "Asia/Makassar") -> int:
    """Register a machine that calls; return its id."""
    from organization.models import Agency

    now = timezone.now()
    device = services.register_device(
        agency=Agency.objects.get(pk=agency_id()), serial=serial, name=f"Mesin {serial[-4:]}",
        protocol=Device.Protocol.PUSH, time_zone=zone, actor=SYSTEM, now=now,
    )  # fmt: skip
    moves = {"registered": [], "approved": ["approve"], "active": ["approve", "activate"]}[state]
    for move in moves:
        services.move_device(device=device, move=move, actor=SYSTEM, now=now)
    return device.pk


def number(*, pin: int) -> int:
    """Give a number to somebody; return the employee's id."""
    employee = Employee.objects.filter(agency=agency_id()).first()
    assert employee is not None
    DevicePin.objects.filter(employee=employee).delete()
    row = services.assign_pin(
        employee=employee, number=pin, valid_from=timezone.localdate().replace(year=2020, day=1),
        actor=SYSTEM, now=timezone.now(),
    )  # fmt: skip
    return row.employee_id


def punches(*, serial: str) -> list[list[Any]]:
    rows = Punch.objects.filter(device__serial=serial).order_by("local_time", "pin")
    return [list(row) for row in rows.values_list("pin", "local_time", "state", "verify")]


def uploads(*, serial: str) -> list[dict[str, Any]]:
    """Return what is kept of a serial, newest last, with its body as text."""
    rows = RawUpload.objects.filter(serial=serial).order_by("id")
    return [
        {
            "table": row.table, "outcome": row.outcome, "coding": row.coding, "total": row.total,
            "content": open_content(row).decode("latin-1"), "size": row.size,
        }
        for row in rows
    ]  # fmt: skip


def device(*, serial: str) -> dict[str, Any]:
    row = Device.objects.get(serial=serial)
    return {
        "dialect": row.dialect,
        "push_version": row.push_version,
        "announced": row.announced_at is not None,
        "contact": row.last_contact_at is not None,
        "address": row.last_address,
        "options": row.options,
        "firmware": row.firmware,
    }


def callers() -> list[str]:
    return list(Caller.objects.values_list("serial", flat=True))


def alarms() -> list[list[str]]:
    return [list(row) for row in Alarm.objects.open().values_list("kind", "target")]


def tell(*, serial: str, kind: str) -> int:
    """Order a command; return its id."""
    row = Device.objects.select_related("agency").get(serial=serial)
    return order(device=row, kind=kind, actor=SYSTEM, now=timezone.now()).pk


def approve(*, serial: str) -> None:
    row = Device.objects.select_related("agency").get(serial=serial)
    services.approve_device(device=row, actor=SYSTEM, now=timezone.now())
