"""The installation that `bench.door` asks: prepared and counted in a process of its own."""

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import django


def prepare(machines: int) -> int:
    """Make the tables, machines in service and a thousand people with numbers."""
    from django.core.management import call_command
    from django.utils import timezone

    from devices import services
    from devices.models import Device, DevicePin
    from foundation.actors import SYSTEM
    from organization.models import Employee
    from tests.cast import make_cast

    call_command("migrate", verbosity=0)
    agency, now = make_cast().agency, timezone.now()
    for number in range(machines):
        device = services.register_device(
            agency=agency, serial=f"BENCH{number:04}", name=f"Mesin {number}",
            protocol=Device.Protocol.PUSH, actor=SYSTEM, now=now,
        )  # fmt: skip
        services.approve_device(device=device, actor=SYSTEM, now=now)
    pattern = Employee.objects.filter(agency=agency).first()
    assert pattern is not None
    people = []
    for number in range(1000):
        values = {
            field.attname: getattr(pattern, field.attname)
            for field in Employee._meta.concrete_fields
            if not field.primary_key and not field.unique
        }
        people.append(Employee(**{**values, "number": f"B{number:05}", "name": f"Orang {number}"}))
    made = Employee.objects.bulk_create(people)
    DevicePin.objects.bulk_create(
        [
            DevicePin(employee=person, number=1001 + n, valid_from=date(2020, 1, 1), created_at=now)
            for n, person in enumerate(made)
        ]
    )
    return len(made)


def count() -> int:
    """Return how many punches are stored."""
    from devices.models import Punch

    return Punch.objects.count()


def limit(lines: int, turn: int) -> float:
    """Write ready rows into the table that the door fills, at one go; return rows per second.

    The rows are of a year of their own for each turn, so that none was there before.
    """
    from bench.storing_measure import copy_rows
    from devices.models import Device, DevicePin, RawUpload

    device = Device.objects.order_by("pk")[0]
    upload = RawUpload.objects.filter(device=device).order_by("pk")[0]
    people = list(DevicePin.objects.order_by("number").values_list("number", "employee_id"))
    begun = datetime(1990 + turn, 1, 1)
    rows = []
    for number in range(lines):
        pin, employee_id = people[number % len(people)]
        local = begun + timedelta(seconds=number)
        rows.append(
            (
                device.pk, str(pin), f"{local:%Y-%m-%d %H:%M:%S}",
                f"{local - timedelta(hours=8):%Y-%m-%d %H:%M:%S}", device.time_zone, 0, 1, "",
                "push", upload.pk, employee_id, "",
            )
        )  # fmt: skip
    write = copy_rows(rows)
    start = time.perf_counter()
    write()
    return lines / (time.perf_counter() - start)


def stored() -> list[list[str]]:
    """Return serial, PIN and wall time of every punch that is stored."""
    from devices.models import Punch

    rows = Punch.objects.values_list("device__serial", "pin", "local_time")
    return [list(row) for row in rows]


if __name__ == "__main__":
    django.setup()
    functions: dict[str, Callable[..., object]] = {
        "prepare": prepare, "count": count, "stored": stored, "limit": limit,
    }  # fmt: skip
    print(json.dumps(functions[sys.argv[1]](*map(int, sys.argv[2:]))))
