"""One database: lines stored and ready rows written, in turn; run by `python -m bench.storing`.

The variants of a round follow each other in random order, so that whatever else the machine does
hits all of them; compared are the rates of the same round.
"""

import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from devices.attlog import read_punches
from devices.models import DevicePin, Punch, RawUpload
from devices.services.storing import MachineKey, Telling, store
from organization.models import Employee
from tests.cast import NOW, make_cast
from tests.devices.make import make_device

PEOPLE = 150
BATCH = 8
LINES = 500
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
COLUMNS = (
    "device_id", "pin", "local_time", "at", "time_zone", "state", "verify", "work_code", "channel",
    "upload_id", "employee_id", "quarantine",
)  # fmt: skip

Step = Callable[[], None]


class Machine:
    """A machine with people whose punches never repeat, as bodies and as ready rows."""

    def __init__(self) -> None:
        cast = make_cast()
        self.device = make_device(cast.agency, "UKUR0001", protocol="push")
        self.key = MachineKey.of(self.device)
        somebody = cast.operator.employee
        assert somebody is not None
        people = [
            Employee(agency=cast.agency, unit=somebody.unit, name=f"Orang {n}", number=f"U{n}")
            for n in range(PEOPLE)
        ]
        Employee.objects.bulk_create(people)
        DevicePin.objects.bulk_create(
            DevicePin(employee=e, number=5001 + n, valid_from=date(2020, 1, 1), created_at=NOW)
            for n, e in enumerate(people)
        )
        self.people = [(str(5001 + n), employee.pk) for n, employee in enumerate(people)]
        self.seconds = itertools.count()
        (self.upload,) = store([self.telling(self.body(1))])

    def punches(self, count: int) -> Iterator[tuple[str, int, datetime]]:
        for _ in range(count):
            yield *random.choice(self.people), FIRST + timedelta(seconds=next(self.seconds))

    def body(self, lines: int) -> bytes:
        return "".join(
            f"{pin}\t{at:%Y-%m-%d %H:%M:%S}\t0\t1\t\t0\t0\t\r\n"
            for pin, _, at in self.punches(lines)
        ).encode()

    def telling(self, body: bytes) -> Telling:
        return Telling(
            machine=self.key, content=body, log=read_punches(body), received_at=NOW,
            channel=RawUpload.Channel.PUSH,
        )  # fmt: skip

    def rows(self, lines: int) -> list[tuple[Any, ...]]:
        zone = self.key.time_zone
        return [
            (
                self.key.id, pin, f"{at:%Y-%m-%d %H:%M:%S}",
                f"{at - timedelta(hours=8):%Y-%m-%d %H:%M:%S}", zone, 0, 1, "", "push",
                self.upload.upload_id, employee_id, "",
            )
            for pin, employee_id, at in self.punches(lines)
        ]  # fmt: skip


def copy_rows(rows: Sequence[tuple[Any, ...]]) -> Step:
    """Return what writes ready rows durably; making them ready is not counted."""
    name = Punch._meta.db_table
    if connection.vendor == "postgresql":
        text = "".join("\t".join(map(str, row)) + "\n" for row in rows)

        def copy() -> None:
            with connection.cursor() as cursor:
                statement = f"COPY {name} ({', '.join(COLUMNS)}) FROM STDIN"
                with cursor.cursor.copy(statement) as stream:
                    stream.write(text)

        return copy
    marks = ", ".join(["%s"] * len(COLUMNS))
    insert = f"INSERT INTO {name} ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608  own names

    def execute_many() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(insert, rows)

    return execute_many


def store_bodies(machine: Machine, bodies: Sequence[bytes]) -> Step:
    """Return what reads and stores these bodies in one call, as the door does."""

    def keep() -> None:
        store([machine.telling(body) for body in bodies])

    return keep


def variants(machine: Machine, bodies: int) -> dict[str, tuple[int, list[Step]]]:
    """Return, by name, how many lines there are and the durable steps that write them."""
    sizes = range(bodies)
    return {
        "single": (
            bodies * BATCH,
            [store_bodies(machine, [machine.body(1) for _ in range(BATCH)]) for _ in sizes],
        ),
        "single_limit": (bodies * BATCH, [copy_rows(machine.rows(BATCH)) for _ in sizes]),
        "many": (bodies * LINES, [store_bodies(machine, [machine.body(LINES)]) for _ in sizes]),
        "many_limit": (bodies * LINES, [copy_rows(machine.rows(LINES)) for _ in sizes]),
        "limit": (bodies * LINES, [copy_rows(machine.rows(bodies * LINES))]),
    }


def measure(rounds: int, bodies: int) -> dict[str, Any]:
    """Return lines per second of each variant, and ratios of the same rounds."""
    call_command("migrate", verbosity=0)
    machine = Machine()
    rates: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        steps = list(variants(machine, bodies).items())
        random.shuffle(steps)
        for name, (lines, writes) in steps:
            begun = time.perf_counter()
            for write in writes:
                write()
            if number:  # the first round plans, compiles and warms up
                rates.setdefault(name, []).append(lines / (time.perf_counter() - begun))
    if Punch.objects.filter(employee=None).exists():
        raise RuntimeError("ada ketukan yang tidak menemukan pemiliknya")
    return {
        "database": connection.vendor,
        "rounds": rounds,
        "lines_per_second": {name: _summary(values) for name, values in rates.items()},
        "ratio": {
            "single": _ratio(rates["single"], rates["single_limit"]),
            "many": _ratio(rates["many"], rates["many_limit"]),
            "many_to_one_go": _ratio(rates["many"], rates["limit"]),
        },
        "microseconds_per_single_body": 1e6 / statistics.median(rates["single"]),
    }


def _ratio(ours: Sequence[float], limit: Sequence[float]) -> dict[str, float]:
    return _summary([a / b for a, b in zip(ours, limit, strict=True)])


def _summary(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


if __name__ == "__main__":
    print(json.dumps(measure(*(int(argument) for argument in sys.argv[1:3]))))
