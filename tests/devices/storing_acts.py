"""What processes of an office do to its store of punches, and what lies in it afterwards."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from devices import services
from devices.attlog import read_punches
from devices.models import Device, Punch, PunchEvidence, RawUpload, RejectedLine
from devices.services.storing import MachineKey, Stored, Telling, store
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.cast import NOW, make_employee
from tests.devices.make import make_device
from tests.inside import wait_for_signal

FIRST = datetime(2026, 4, 1, 6)


def found(*, serial: str) -> None:
    """Register a machine of the agency of the cast."""
    make_device(Agency.objects.get(code="diskominfo"), serial, protocol="push")


def give(*, number: int, since: str, code: str = "diskominfo") -> int:
    """Give a number to somebody new of an agency; return whose it is."""
    pin = services.assign_pin(
        employee=make_employee(Agency.objects.get(code=code), f"Pegawai {number}"),
        number=number,
        valid_from=date.fromisoformat(since),
        actor=SYSTEM,
        now=NOW,
    )
    return pin.employee_id


def tell(*, serial: str, bodies: list[str], at: str = "") -> list[dict[str, int]]:
    """Store bodies in one batch; return what became of each."""
    key = MachineKey.of(Device.objects.get(serial=serial))
    now = datetime.fromisoformat(at) if at else timezone.now()
    return [_counts(stored) for stored in store([_telling(key, body, now) for body in bodies])]


def punches(*, serial: str) -> list[list[Any]]:
    """Return what is stored of a machine: key, values, owner, quarantine."""
    rows = Punch.objects.filter(device__serial=serial).order_by("pin", "local_time")
    names = ("pin", "local_time", "state", "verify", "work_code", "employee_id", "quarantine")
    return [list(row) for row in rows.values_list(*names)]


def moments(*, serial: str) -> list[str]:
    rows = Punch.objects.filter(device__serial=serial).order_by("at")
    return [at.isoformat() for at in rows.values_list("at", flat=True)]


def evidence(*, serial: str) -> list[list[Any]]:
    names = ("punch__pin", "punch__local_time", "state", "verify", "work_code")
    rows = PunchEvidence.objects.filter(punch__device__serial=serial)
    return sorted((list(row) for row in rows.values_list(*names)), key=repr)


def kept(*, serial: str) -> dict[str, Any]:
    """Return the uploads' counts and the bad lines of a machine."""
    names = ("total", "accepted", "duplicate", "quarantined")
    uploads = RawUpload.objects.filter(serial=serial).order_by("id")
    bad = RejectedLine.objects.filter(device__serial=serial)
    return {
        "uploads": [dict(zip(names, row, strict=True)) for row in uploads.values_list(*names)],
        "bad": sorted(bad.values_list("raw", flat=True)),
    }


def tell_many(
    *, serial: str, times: int, lines: int, batch: int, backwards: bool = False
) -> dict[str, int]:
    """Tell the same lines several times at the signal; return what this process was told."""
    key = MachineKey.of(Device.objects.get(serial=serial))
    told = [
        f"{1 + n % 700}\t{FIRST + timedelta(seconds=n // 700):%Y-%m-%d %H:%M:%S}\t0\t1\t\t0\t0\t"
        for n in range(lines)
    ]
    if backwards:
        told.reverse()
    bodies = ["\r\n".join(told[n : n + batch]) for n in range(0, lines, batch)]
    total = {"total": 0, "accepted": 0, "duplicate": 0, "quarantined": 0, "differing": 0}
    connection.ensure_connection()
    wait_for_signal()
    for _ in range(times):
        for number in range(0, len(bodies), 4):
            some = [_telling(key, body, timezone.now()) for body in bodies[number : number + 4]]
            for stored in store(some):
                total = {name: total[name] + count for name, count in _counts(stored).items()}
    return total


def tell_inside_a_transaction(*, serial: str, body: str) -> int:
    """Store within a transaction that fails; return how many rows are left of it."""
    try:
        with transaction.atomic():
            tell(serial=serial, bodies=[body])
            raise ZeroDivisionError
    except ZeroDivisionError:
        uploads = RawUpload.objects.filter(serial=serial)
        return Punch.objects.filter(device__serial=serial).count() + uploads.count()


def summary(*, serial: str) -> dict[str, int]:
    rows = Punch.objects.filter(device__serial=serial)
    uploads = RawUpload.objects.filter(serial=serial).values_list("accepted", flat=True)
    return {
        "punches": rows.count(),
        "accepted": sum(uploads),
        "evidence": len(evidence(serial=serial)),
    }


def _telling(key: MachineKey, body: str, now: datetime) -> Telling:
    content = body.encode()
    return Telling(
        machine=key, content=content, log=read_punches(content), received_at=now, channel="push"
    )


def _counts(stored: Stored) -> dict[str, int]:
    return {
        "total": stored.total,
        "accepted": stored.accepted,
        "duplicate": stored.duplicate,
        "quarantined": stored.quarantined,
        "differing": stored.differing,
    }
