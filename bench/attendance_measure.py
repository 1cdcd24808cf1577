"""One database, one number of people; run by `python -m bench.attendance`."""

import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from attendance.models import MonthSheet
from attendance.services.late_punches import catch_up
from attendance.services.sheets import rebuild_sheets
from bench.attendance_office import MONTH, NOW, OFFSET, make_province
from bench.measure import probe
from devices.attlog import read_punches
from devices.models import Device, Punch
from devices.services.storing import MachineKey, Telling, store
from foundation import outbox
from foundation.models import OutboxJob
from organization.models import Agency, Employee
from tests.cast import appoint, make_employee, make_user

LATE = 30


def read() -> int:
    """Fetch the month's punches of everybody into Python by one plain SELECT."""
    midnights = (MONTH.first, MONTH.last + timedelta(days=1))
    bounds = [datetime(day.year, day.month, day.day, tzinfo=UTC) - OFFSET for day in midnights]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT employee_id, at, state, verify FROM {Punch._meta.db_table}"  # noqa: S608
            " WHERE at >= %s AND at < %s AND quarantine = '' AND employee_id IS NOT NULL"
            " ORDER BY employee_id, at",
            [connection.ops.adapt_datetimefield_value(bound) for bound in bounds],
        )
        return len(cursor.fetchall())


def rebuild(agencies: Sequence[Agency]) -> int:
    """Rebuild the sheets of all; return how many were written."""
    return sum(rebuild_sheets(agency=agency, month=MONTH, now=NOW).changed for agency in agencies)


def seconds(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def late_punch(number: int) -> Callable[[], None]:
    """Return what lets one punch more arrive and be judged, as door, clock and worker do it."""
    device = Device.objects.filter(agency__code="pd02").order_by("pk")[0]
    pins = Employee.objects.filter(agency=device.agency_id).order_by("pk")
    employee = pins.values_list("device_pins__number", flat=True)[number]
    local = f"{MONTH.days[12 + number % 5]:%Y-%m-%d} 09:{number % 60:02}:11"
    body = f"{employee}\t{local}\t0\t1\t\t0\t0\t\r\n".encode()
    key = MachineKey.of(device)

    def arrive() -> None:
        store([Telling(machine=key, content=body, log=read_punches(body), received_at=NOW,
                       channel="push")])  # fmt: skip
        if catch_up(now=NOW) != 1 or outbox.drain() != 1:
            raise RuntimeError("absen susulan tidak ditemukan")

    return arrive


def measure_late() -> list[float]:
    """Return milliseconds from a punch's arrival until its sheet is right."""
    catch_up(now=NOW)
    OutboxJob.objects.all().delete()
    times = []
    for number in range(LATE):
        arrive = late_punch(number)
        times.append(1000 * seconds(arrive))
    return times[3:]


def measure_page(agency: Agency) -> dict[str, Any] | None:
    """Return the milliseconds of the month's page, as somebody sees it who may see it all."""
    user = make_user(make_employee(agency, "Petugas", number="PETUGAS-UKUR"), "petugas-ukur")
    appoint(user, "Kadis", agency)
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(user)
    address = f"/absensi/bulan/?bulan={MONTH}"
    if client.get(address).status_code != 200:
        return None
    times = [1000 * seconds(lambda: client.get(address)) for _ in range(7)]
    people = Employee.objects.filter(agency=agency).count()
    return {"people": people, **summary(times)}


def summary(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(people: int, rounds: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    # The making of a province is not measured, nor the memory it takes: a child does it.
    child = os.fork()
    if not child:
        connection.close()
        make_province(people)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("data tidak terbentuk")
    connection.close()
    agencies = list(Agency.objects.order_by("pk"))
    rebuild(agencies[:1])
    before = megabytes()
    rebuild(agencies)
    grown = megabytes() - before
    peak = megabytes()  # before the punches are fetched whole, which is not ours
    reads, rebuilds = [], []
    for _ in range(rounds):
        steps = [True, False]
        random.shuffle(steps)
        for reading in steps:
            if reading:
                reads.append(seconds(read))
            else:
                MonthSheet.objects.all().delete()
                rebuilds.append(seconds(lambda: rebuild(agencies)))
    return {
        "database": connection.vendor,
        "people": people,
        "days": len(MONTH.days),
        "punches": read(),
        "rounds": rounds,
        "read_s": statistics.median(reads),
        "rebuild_s": statistics.median(rebuilds),
        "again_s": seconds(lambda: rebuild(agencies)),
        "ratio": summary([a / b for a, b in zip(rebuilds, reads, strict=True)]),
        "megabytes": peak,
        "grown": grown,
        "late_ms": summary(measure_late()),
        "page_ms": measure_page(agencies[0]),
        "cpu_probe_ms": probe(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(*(int(argument) for argument in sys.argv[1:3]))))
