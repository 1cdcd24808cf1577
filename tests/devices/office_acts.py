"""What processes of an office do in the tests of this room."""

import hashlib
import time
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from devices import services
from devices.models import Device, DevicePin, FingerprintTemplate, RawUpload
from devices.services.secrets import open_comm_key, open_template, seal_template
from devices.services.storing import keep_waiting, open_content
from devices.simulator.machine import synthetic_template
from foundation import crypto
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.cast import make_agency, make_employee
from tests.inside import wait_for_signal


def found(*, codes: list[str], people: int) -> None:
    """Set up the database with agencies of so many people each."""
    call_command("migrate", verbosity=0)
    for code in codes:
        agency = make_agency(code)
        for number in range(people):
            make_employee(agency, f"Pegawai {number:03}")


def give_numbers(*, code: str) -> list[int]:
    """Give numbers to an agency at the signal; return what this process gave."""
    agency = Agency.objects.get(code=code)
    wait_for_signal()
    pins = services.allocate_pins(agency=agency, actor=SYSTEM, now=timezone.now())
    return [pin.number for pin in pins]


def numbers() -> list[tuple[str, int]]:
    rows = DevicePin.objects.values_list("employee__agency__code", "number")
    return [(str(code), int(number)) for code, number in rows]


def fill(*, code: str, fingers: int, bodies: int) -> None:
    """Put sealed things of every kind into the database."""
    agency = Agency.objects.get(code=code)
    now = timezone.now()
    device = services.register_device(
        agency=agency, serial="LOBBY0001", name="Lobi", protocol="push", comm_key=4321,
        actor=SYSTEM, now=now,
    )  # fmt: skip
    rows = []
    for number, employee in enumerate(agency.employees.all()[:fingers]):
        row = FingerprintTemplate(
            employee=employee, finger=6, algorithm=10, source=device, fetched_at=now
        )
        seal_template(row, synthetic_template(str(number)))
        rows.append(row)
    FingerprintTemplate.objects.bulk_create(rows)
    for number in range(bodies):
        keep_waiting(
            serial="LOBBY0001", table="OPERLOG", content=f"FP PIN={number}".encode(),
            address=None, received_at=now, device_id=device.pk, holds_templates=True,
        )  # fmt: skip


def rotate() -> None:
    """Rotate at the signal, saying so after each piece; slow enough to be killed within."""
    from devices.services import rotation

    rotation.BATCH = 5

    def tell(done: int, total: int) -> None:
        print(f"DONE {done}", flush=True)
        time.sleep(0.1)

    wait_for_signal()
    rotation.rotate_keys(actor=SYSTEM, now=timezone.now(), progress=tell)


def look() -> dict[str, Any]:
    """Open everything; return digests of what was found, and how much the newest key closed."""
    device = Device.objects.get()
    found = [open_template(row) for row in FingerprintTemplate.objects.order_by("pk")]
    found += [open_content(row) for row in RawUpload.objects.order_by("pk")]
    found.append(str(open_comm_key(device)).encode())
    sealed = [bytes(row.sealed) for row in FingerprintTemplate.objects.all()]
    sealed += [bytes(row.content) for row in RawUpload.objects.all()]
    sealed.append(bytes(device.comm_key_sealed))
    return {
        "content": [hashlib.sha256(data).hexdigest() for data in found],
        "newest": sum(crypto.is_current(value) for value in sealed),
        "total": len(sealed),
    }
