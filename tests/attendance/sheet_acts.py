"""What processes of an office do to its sheets, and what lies in them afterwards."""

import os
import random
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from attendance.days.judging import judge_days
from attendance.days.loading import load
from attendance.days.months import Month, employees_in
from attendance.law.cases import DayCase, Tap, Verdict, by_finger, minute_of
from attendance.law.windows import window_of
from attendance.models import AbsenceLetter, MonthSheet
from attendance.rules import judge
from attendance.services import sheets
from devices.models import Punch
from devices.punches import punches_of
from foundation import outbox
from foundation.models import OutboxJob
from organization.mandates.superiors import employed
from organization.models import (
    Agency,
    Employee,
    PatternScope,
    RosterDay,
    Unit,
    WorkHours,
    WorkPattern,
)
from tests.attendance.people import machine
from tests.cast import NOW, make_agency, make_employee
from tests.inside import wait_for_signal

SHIFTS = {"P": (time(7), time(14)), "S": (time(14), time(21)), "M": (time(21), time(7))}
ONE_DAY = timedelta(days=1)


def differences(*, seed: int, zone: str, server_zone: str, month: str) -> list[str]:
    """Judge a random month by the set-based way and tap by tap; say where the two differ."""
    os.environ["TZ"] = server_zone
    clock.tzset()
    chance = random.Random(seed)
    period = Month.parse(month)
    agency = make_agency(f"acak-{seed}-{clock.monotonic_ns()}", time_zone=zone)
    people = [_person(chance, agency, period, n) for n in range(12)]
    local_now = datetime.combine(
        period.first + timedelta(days=chance.randrange(20, 60)), time(9), ZoneInfo(zone)
    )
    now = local_now.astimezone(UTC)
    ours = judge_days(agency, period.first, period.last, people, now=now)
    theirs = one_by_one(agency, period, people, now)
    return [
        f"{person.pk} {day}: {mine} / {plain}"
        for person, days, others in zip(people, ours, theirs, strict=True)
        for day, mine, plain in zip(period.days, days, others, strict=True)
        if mine != plain
    ]


def one_by_one(
    agency: Agency, month: Month, people: list[Employee], now: datetime
) -> list[list[Verdict]]:
    """Judge each day from all its taps, as the rules read them: nothing is shared or grouped."""
    known = load(agency, month.first, month.last, [person.pk for person in people])
    rows = punches_of(agency.pk, month.first - ONE_DAY, month.last + 2 * ONE_DAY)
    zone = ZoneInfo(agency.time_zone)

    def verdict(person: Employee, day: date) -> Verdict:
        def hours(offset: int) -> Any:
            return known.schedules.on(person, day + timedelta(days=offset))

        def window(offset: int) -> tuple[int, int]:
            """The window of a day near by, in minutes of this one."""
            here = known.schedules.days(person)
            index = (day - month.first).days + 1 + offset
            before, after = max(index - 1, 0), min(index + 1, len(here) - 1)
            begins, ends = window_of(here[before], here[index], here[after])
            return begins + offset * 1440, ends + offset * 1440

        near = [window(offset) for offset in (-1, 0, 1)]
        taps = []
        for row in rows.get(person.pk, ()):
            minute = minute_of(row.local, day)
            own = near[1][0] <= minute < near[1][1]
            nobodys = 0 <= minute < 1440 and not any(a <= minute < b for a, b in near)
            if own or nobodys:
                taps.append(Tap(minute, finger=by_finger(row.verify)))
        closed = datetime.combine(day, time(), zone) + timedelta(minutes=near[1][1])
        return judge(
            DayCase(
                hours=hours(0),
                taps=tuple(taps),
                letters=tuple(
                    letter
                    for (first, last), letter in known.letters.get(person.pk, ())
                    if first <= day <= last
                ),
                holiday=known.schedules.holiday(agency.pk, day),
                employed=employed(person, day),
                over=closed <= now,
                window=near[1],
            )
        )

    return [[verdict(person, day) for day in month.days] for person in people]


def _person(chance: random.Random, agency: Agency, month: Month, number: int) -> Employee:
    unit, _ = Unit.objects.get_or_create(agency=agency, name=f"Bidang {number % 2}")
    values: dict[str, Any] = {"unit": unit}
    if chance.random() < 0.2:
        values["joined_on"] = month.first + timedelta(days=chance.randrange(20))
    if chance.random() < 0.1:
        values["left_on"] = month.last - timedelta(days=chance.randrange(8))
    person = make_employee(agency, f"Orang {number}", number=f"A{clock.monotonic_ns()}", **values)
    if number % 3 == 0:
        _roster(chance, agency, person, month)
    if chance.random() < 0.5:
        first = month.first + timedelta(days=chance.randrange(25))
        AbsenceLetter.objects.create(
            employee=person, kind=chance.choice(["DL", "CT", "S"]), first_on=first,
            last_on=first + timedelta(days=chance.randrange(4)), number=f"{number}/2026",
            scan_sha256="0" * 64, status=chance.choice(["approved", "rejected", "submitted"]),
            entered_at=NOW,
        )  # fmt: skip
    _taps(chance, person, month)
    return person


def _roster(chance: random.Random, agency: Agency, person: Employee, month: Month) -> None:
    pattern = WorkPattern.objects.create(
        name=f"Giliran {person.pk}", kind="shift", decree_number="SK 1",
        valid_from=date(2026, 1, 1), agency=agency, created_at=NOW,
        works_holidays=chance.random() < 0.5,
    )  # fmt: skip
    hours = [
        WorkHours.objects.create(pattern=pattern, shift=shift, starts=begins, ends=ends)
        for shift, (begins, ends) in SHIFTS.items()
    ]
    PatternScope.objects.create(pattern=pattern, employee=person)
    for day in (month.first - ONE_DAY, *month.days, month.last + ONE_DAY):
        if chance.random() < 0.9:
            RosterDay.objects.create(
                employee=person, on=day, hours=chance.choice([*hours, None]), entered_at=NOW
            )


def _taps(chance: random.Random, person: Employee, month: Month) -> None:
    """Press at any hour, now and then several times in a row."""
    upload = machine(person.agency)
    zone, rows = ZoneInfo(person.agency.time_zone), {}
    for day in (month.first - ONE_DAY, *month.days, month.last + ONE_DAY):
        for _ in range(chance.choice([0, 1, 2, 2, 2, 3, 5])):
            minute = chance.choice([chance.randrange(1440), chance.randrange(400, 500)])
            local = datetime.combine(day, time()) + timedelta(
                minutes=minute, seconds=chance.randrange(60)
            )
            rows[local] = Punch(
                device=upload.device, upload=upload, pin=str(person.pk),
                local_time=f"{local:%Y-%m-%d %H:%M:%S}", at=local.replace(tzinfo=zone),
                time_zone=str(zone), state=0, verify=chance.choice([1, 1, 1, 15, None]),
                channel="push", employee=person,
            )  # fmt: skip
    Punch.objects.bulk_create(rows.values())


def crowd(*, people: int) -> int:
    """Hire people who come and go in time in April 2026; order their month. Return the agency."""
    chance = random.Random(people)
    agency = make_agency(f"ramai-{clock.monotonic_ns()}")
    month = Month.parse("2026-04")
    for number in range(people):
        person = make_employee(agency, f"Orang {number}", number=f"R{agency.pk}-{number}")
        _taps(chance, person, month)
    sheets.rejudge(
        employees=None, agency_id=agency.pk, first=month.first, last=month.last, cause="uji",
        now=timezone.now(),
    )  # fmt: skip
    return agency.pk


def drain_slowly() -> int:
    """Do what is ordered, one person at a time, so that somebody can pull the plug between."""
    sheets.CHUNK = 1
    connection.ensure_connection()
    wait_for_signal()
    return outbox.drain(limit=10_000)


def drain_after_the_lease() -> int:
    """Do what is left, when the leases of whoever died have run out."""
    OutboxJob.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())
    return outbox.drain(limit=10_000)


def kept(*, agency: int) -> int:
    return MonthSheet.objects.filter(agency=agency).count()


def are_right(*, agency: int) -> bool:
    """Say whether what is kept is what a full rebuild would write: it changes nothing."""
    where, month = Agency.objects.get(pk=agency), Month.parse("2026-04")
    rebuilt = sheets.rebuild_sheets(agency=where, month=month, now=timezone.now())
    return rebuilt.changed == 0 and rebuilt.people == len(employees_in(where, month))
