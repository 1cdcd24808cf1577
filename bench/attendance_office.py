"""A province's October 2026 for `bench.attendance`: people, machines, letters, rosters, punches.

Sizes and shares follow what is known of such a province: forty agencies of 30 to 2,400 people, 150
machines, 22 working days, 88 of 100 present, one agency with shifts. All of it is invented, and the
same for the same number of people.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from attendance.days.months import Month
from attendance.models import AbsenceLetter
from devices.models import Device, DevicePin, Punch, RawUpload
from organization.models import (
    Agency,
    Employee,
    PatternScope,
    RosterDay,
    Unit,
    WorkHours,
    WorkPattern,
)

MONTH = Month(date(2026, 10, 1))
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)  # Monday, 09.00 WITA
OFFSET = timedelta(hours=8)  # WITA, without summer time
ZONE = "Asia/Makassar"
AGENCIES = 40
PER_MACHINE = 80
UNIT = 40  # people
ROSTERED = 2 / 5  # of the agency with shifts
FIRST_PIN = 100_001
SHIFTS = {"P": (time(7), time(14)), "S": (time(14), time(21)), "M": (time(21), time(7))}
TURN = "PPSSMM--"  # a rostered person's days, over and over
# Kind of letter and days of a hundred that it covers; the rest is there, or unexplained.
LETTERS = {"DL": 6.0, "CT": 3.0, "S": 1.2, "I": 0.8, "TB": 0.4}
UNEXPLAINED = 0.8
COLUMNS = (
    "device_id", "pin", "local_time", "at", "time_zone", "state", "verify", "work_code", "channel",
    "upload_id", "employee_id", "quarantine",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    employee_id: int
    number: int
    device_id: int
    upload_id: int
    rostered_from: int | None  # where in TURN the first day is


def sizes(people: int) -> list[int]:
    """Return how many people each agency has, the largest first."""
    shares = [1100.0, 2400.0, *(2000 / (n + 1) ** 0.95 + 30 for n in range(1, AGENCIES - 1))]
    scale = people / sum(shares)
    counts = [max(3, int(share * scale)) for share in shares]
    counts[1] += people - sum(counts)
    return counts


def make_province(people: int) -> list[Agency]:
    """Fill an empty database; return the agencies, the one with shifts first."""
    chance = random.Random(people)
    agencies = [
        Agency.objects.create(code=f"pd{n:02}", name=f"Dinas {n:02}") for n in range(AGENCIES)
    ]
    everybody: list[Person] = []
    for number, (agency, count) in enumerate(zip(agencies, sizes(people), strict=True)):
        everybody += _agency(agency, count, len(everybody), shifts=number == 0)
    away = _letters(chance, everybody)
    write_punches(row for person in everybody for row in _punches(chance, person, away))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as any database that lives for a day has done
    return agencies


def _agency(agency: Agency, count: int, before: int, *, shifts: bool) -> list[Person]:
    names = [f"Bidang {n:02}" for n in range(-(-count // UNIT))]
    units = Unit.objects.bulk_create(Unit(agency=agency, name=name) for name in names)
    staff = Employee.objects.bulk_create(
        Employee(
            agency=agency,
            unit=units[n // UNIT],
            number=f"{19700101 + before + n}{n:06}",
            name=f"Pegawai {before + n:05}",
            status=("PNS", "PNS", "PPPK", "HONORER")[n % 4],
            rank="Penata Muda",
            grade="III/a",
            position="Pelaksana",
            joined_on=date(2015, 1, 1),
        )
        for n in range(count)
    )
    DevicePin.objects.bulk_create(
        DevicePin(
            employee=employee,
            number=FIRST_PIN + before + n,
            valid_from=date(2020, 1, 1),
            created_at=NOW,
        )
        for n, employee in enumerate(staff)
    )
    machines = _machines(agency, -(-count // PER_MACHINE))
    rostered = staff[: int(count * ROSTERED)] if shifts else []
    _roster(agency, rostered)
    people = []
    for n, employee in enumerate(staff):
        device_id, upload_id = machines[n // PER_MACHINE]
        turn = n % len(TURN) if n < len(rostered) else None
        people.append(Person(employee.pk, FIRST_PIN + before + n, device_id, upload_id, turn))
    return people


def _machines(agency: Agency, count: int) -> list[tuple[int, int]]:
    made = []
    for n in range(count):
        device = Device.objects.create(
            agency=agency,
            serial=f"UKUR{agency.pk:03}{n:03}",
            name=f"Mesin {n}",
            protocol="push",
            time_zone=ZONE,
            state=Device.State.ACTIVE,
            registered_at=datetime(2025, 1, 1, tzinfo=UTC),
            last_contact_at=NOW - timedelta(seconds=20),
        )
        upload = RawUpload.objects.create(
            device=device, serial=device.serial, channel="push", layout="adms", content=b"", size=0,
            received_at=NOW, total=0, accepted=0, duplicate=0, quarantined=0,
        )  # fmt: skip
        made.append((device.pk, upload.pk))
    return made


def _roster(agency: Agency, staff: Sequence[Employee]) -> None:
    if not staff:
        return
    pattern = WorkPattern.objects.create(
        name="Giliran perawat", kind=WorkPattern.Kind.SHIFT, decree_number="SK 1/2026",
        valid_from=date(2026, 1, 1), works_holidays=True, agency=agency, created_at=NOW,
    )  # fmt: skip
    hours = {
        shift: WorkHours.objects.create(pattern=pattern, shift=shift, starts=begin, ends=end)
        for shift, (begin, end) in SHIFTS.items()
    }
    PatternScope.objects.bulk_create(PatternScope(pattern=pattern, employee=who) for who in staff)
    RosterDay.objects.bulk_create(
        (
            RosterDay(
                employee=who, on=day, hours=hours.get(TURN[(n + index) % len(TURN)]), entered_at=NOW
            )
            for n, who in enumerate(staff)
            for index, day in enumerate(MONTH.days)
        ),
        batch_size=2000,
    )


def _letters(chance: random.Random, people: Sequence[Person]) -> set[tuple[int, date]]:
    """Give approved letters of two days to whom the shares hit; return who is away when."""
    rows: list[AbsenceLetter] = []
    for kind, share in LETTERS.items():
        for _ in range(int(len(people) * len(MONTH.days) * share / 100 / 2)):
            person = chance.choice(people)
            first = chance.randrange(len(MONTH.days) - 1)
            rows.append(
                AbsenceLetter(
                    employee_id=person.employee_id,
                    kind=kind,
                    first_on=MONTH.days[first],
                    last_on=MONTH.days[first + 1],
                    number=f"800/{len(rows)}/2026",
                    scan_sha256="0" * 64,
                    status=AbsenceLetter.Status.APPROVED,
                    entered_at=NOW,
                )
            )
    AbsenceLetter.objects.bulk_create(rows, batch_size=1000)
    return {(row.employee_id, day) for row in rows for day in (row.first_on, row.last_on)}


def _punches(
    chance: random.Random, person: Person, away: set[tuple[int, date]]
) -> Iterator[tuple[Any, ...]]:
    for index, day in enumerate(MONTH.days):
        if person.rostered_from is None:
            begin, end = time(7, 30), time(16, 30) if day.weekday() == 4 else time(16)
            if day.weekday() > 4:
                continue
        else:
            turn = TURN[(person.rostered_from + index) % len(TURN)]
            if turn == "-":
                continue
            begin, end = SHIFTS[turn]
        if (person.employee_id, day) not in away and chance.random() * 100 >= UNEXPLAINED:
            for local in _taps(chance, datetime.combine(day, begin), datetime.combine(day, end)):
                yield _row(person, local, 15 if chance.random() < 0.02 else 1)


def _taps(chance: random.Random, begin: datetime, end: datetime) -> list[datetime]:
    if end <= begin:
        end += timedelta(days=1)
    late, early = chance.random() < 0.09, chance.random() < 0.06
    came = begin + timedelta(seconds=chance.expovariate(1 / 900) if late else -_before(chance))
    left = end + timedelta(seconds=-chance.expovariate(1 / 1200) if early else _after(chance))
    forgot = chance.random()
    taps = [] if forgot < 0.015 else [came]
    if forgot < 0.015 or forgot > 0.04:
        taps.append(left)
    if chance.random() < 0.16:  # twice in a row, for safety
        taps.append(taps[0] + timedelta(seconds=chance.randrange(3, 200)))
    if chance.random() < 0.12:  # at lunch
        taps += [came + timedelta(minutes=chance.randrange(265, 300)) for _ in range(2)]
    return taps


def _before(chance: random.Random) -> float:
    return min(chance.gammavariate(3, 270), 5400)


def _after(chance: random.Random) -> float:
    return min(chance.gammavariate(2, 240), 7200)


def _row(person: Person, local: datetime, verify: int) -> tuple[Any, ...]:
    return (
        person.device_id, str(person.number), f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local - OFFSET:%Y-%m-%d %H:%M:%S}", ZONE, 0, verify, "", "push",
        person.upload_id, person.employee_id, "",
    )  # fmt: skip


def write_punches(rows: Iterator[tuple[Any, ...]]) -> None:
    """Write ready punches by the fastest way there is, in the order in which they were made."""
    ready = sorted({(row[0], row[1], row[2]): row for row in rows}.values(), key=lambda row: row[3])
    name = Punch._meta.db_table
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            statement = f"COPY {name} ({', '.join(COLUMNS)}) FROM STDIN"
            cursor.execute("SET timezone TO 'UTC'")
            with cursor.cursor.copy(statement) as stream:
                for row in ready:
                    stream.write_row(row)
        return
    marks = ", ".join(["%s"] * len(COLUMNS))
    insert = f"INSERT INTO {name} ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608  own names
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(insert, ready)
