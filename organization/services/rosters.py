"""Who works which shift on which day: set in a grid, day by day, or brought in from a file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.cells import Table
from foundation.indonesian import date_text
from foundation.ledger import Entry
from organization.calendars.pattern_data import is_too_early
from organization.calendars.roster_rows import RosterCell, read_roster_rows
from organization.calendars.rosters import OFF, hours_text, is_off, roster_codes
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours
from organization.employee_rows import LineError, TableReport
from organization.exceptions import CalendarRefused
from organization.mandates.superiors import employed
from organization.models import Agency, Employee, RosterDay, User
from organization.permissions import actor_allowed, local_date
from organization.services.calendar_events import OWN, judge_again
from organization.services.employees import append

LONGEST = 400  # days that one change may span
ONE_DAY = timedelta(days=1)

Told = dict[tuple[int, date], DayHours | None]  # by person and day; None: off, or nothing


@dataclass(frozen=True)
class Assignment:
    """What is written of a person's day: a shift's code, a day off ("L"), or nothing ("")."""

    employee_id: int
    on: date
    code: str
    line: int = 0  # of the file it came from


@dataclass(frozen=True, kw_only=True)
class RosterReport(TableReport):
    """What a change of rosters did, in days; `people` are those whose days changed."""

    changed: int = 0
    unchanged: int = 0
    people: int = 0


@transaction.atomic
def set_roster_day(
    *, employee: Employee, on: date, code: str, user: User, now: datetime
) -> RosterReport:
    """Write one day of one person. Raises CalendarRefused, PermissionDenied."""
    report = set_roster(
        agency=employee.agency,
        assignments=[Assignment(employee.pk, on, code)],
        user=user,
        now=now,
    )
    if report.errors:
        raise CalendarRefused({"": report.errors[0].text})
    return report


@transaction.atomic
def set_roster(
    *, agency: Agency, assignments: Sequence[Assignment], user: User, now: datetime
) -> RosterReport:
    """Write days of people of an agency, all together or, with any error, none."""
    return _write(agency, assignments, actor_allowed(user, OWN, agency, now), user, now)


@transaction.atomic
def import_roster(
    *, agency: Agency, table: Table, actor: Actor, user: User | None, now: datetime
) -> RosterReport:
    """Bring a roster in from a table; every error names its row and person.

    The caller has asked whether the actor may: a command acts as the system.
    """
    cells, errors = read_roster_rows(table)
    people = {
        person.number: person
        for person in Employee.objects.filter(
            agency=agency, number__in={cell.number for cell in cells}
        )
    }
    assignments, first_lines = [], dict[tuple[str, date], int]()
    for cell in cells:
        problem = _problem_of_cell(cell, people, first_lines)
        first_lines.setdefault((cell.number, cell.on), cell.line)
        if problem:
            errors.append(LineError(cell.line, "nip", problem))
        else:
            person = people[cell.number]
            assignments.append(Assignment(person.pk, cell.on, cell.code, cell.line))
    if errors:
        return RosterReport(errors=_once(errors))
    return _write(agency, assignments, actor, user, now)


def _problem_of_cell(
    cell: RosterCell, people: Mapping[str, Employee], first_lines: Mapping[tuple[str, date], int]
) -> str:
    who = cell.name or cell.number
    if cell.number not in people:
        return f"{who}: NIP {cell.number} bukan pegawai perangkat daerah ini; periksa NIP-nya."
    line = first_lines.get((cell.number, cell.on))
    if line is not None:
        return f"{who}, {date_text(cell.on)}: sudah diisi di baris {line}; hapus salah satu."
    return ""


def _once(errors: Sequence[LineError]) -> tuple[LineError, ...]:
    return tuple(sorted(dict.fromkeys(errors), key=lambda error: error.line))


def _write(
    agency: Agency,
    assignments: Sequence[Assignment],
    actor: Actor,
    user: User | None,
    now: datetime,
) -> RosterReport:
    if not assignments:
        return RosterReport()
    locked = ledger.lock(agency)
    days = sorted({assignment.on for assignment in assignments})
    if (days[-1] - days[0]).days > LONGEST:
        text = f"Jadwal memuat tanggal dari {date_text(days[0])} sampai {date_text(days[-1])}; "
        return RosterReport(errors=(LineError(0, "", text + "periksa tahunnya."),))
    people = Employee.objects.filter(agency=agency).in_bulk({a.employee_id for a in assignments})
    schedules = Schedules.load(agency.pk, days[0] - ONE_DAY, days[-1] + ONE_DAY, people.keys())
    known = roster_codes(list(people.values()), days)
    errors, rows, cleared = [], [], []
    told: Told = {}
    for assignment in assignments:
        hours_id, hours, problem = _hours_of(assignment, people, schedules)
        told[assignment.employee_id, assignment.on] = hours
        if problem:
            errors.append(LineError(assignment.line, "", problem))
        elif _code(assignment) == known.get((assignment.employee_id, assignment.on), ""):
            continue
        elif not assignment.code.strip():
            cleared.append(assignment)
        else:
            rows.append(
                RosterDay(
                    employee_id=assignment.employee_id,
                    on=assignment.on,
                    hours_id=hours_id,
                    entered_by=user,
                    entered_at=now,
                )
            )
    errors += [] if errors else _too_early(assignments, told, people, schedules)
    if errors:
        return RosterReport(errors=_once(errors))
    _store(rows, cleared)
    changed = [(row.employee_id, row.on) for row in rows] + [
        (assignment.employee_id, assignment.on) for assignment in cleared
    ]
    if changed:
        _tell(locked, changed, known, _codes(assignments), actor, now)
        agency.refresh_from_db(fields=["ledger_length", "ledger_hash"])
    return RosterReport(
        changed=len(changed),
        unchanged=len(assignments) - len(changed),
        people=len({pk for pk, _ in changed}),
    )


def _code(assignment: Assignment) -> str:
    code = assignment.code.strip().upper()
    return OFF if is_off(code) else code


def _codes(assignments: Sequence[Assignment]) -> dict[tuple[int, date], str]:
    return {(a.employee_id, a.on): _code(a) for a in assignments}


def _hours_of(
    assignment: Assignment, people: Mapping[int, Employee], schedules: Schedules
) -> tuple[int | None, DayHours | None, str]:
    """Return the hours and their id (None: off), and what speaks against them."""
    person = people.get(assignment.employee_id)
    if person is None:
        return _refused("Ada baris yang bukan pegawai perangkat daerah ini; muat ulang halaman.")
    where = f"{person.name}, {date_text(assignment.on)}"
    code = _code(assignment)
    if not code:
        return None, None, ""
    if not employed(person, assignment.on):
        return _refused(f"{where}: belum atau tidak lagi bekerja pada hari itu; kosongkan selnya.")
    pattern = schedules.shift_pattern(person, assignment.on)
    if pattern is None:
        return _refused(
            f"{where}: tidak ada satu pola bergiliran yang berlaku baginya; tetapkan dahulu pada "
            "Pola jam kerja."
        )
    if code == OFF:
        return None, None, ""
    shifts = schedules.shifts_of(pattern)
    if code not in shifts:
        return _refused(
            f"{where}: giliran “{assignment.code}” tidak ada dalam polanya; yang ada "
            f"{', '.join([*sorted(shifts), f'{OFF} (lepas)'])}."
        )
    return *shifts[code], ""


def _refused(problem: str) -> tuple[None, None, str]:
    return None, None, problem


def _too_early(
    assignments: Sequence[Assignment],
    told: Told,
    people: Mapping[int, Employee],
    schedules: Schedules,
) -> list[LineError]:
    """Name the shifts that would begin before those of the day before are over."""

    def hours_on(person: Employee, day: date) -> DayHours | None:
        if (person.pk, day) in told:
            return told[person.pk, day]
        hours = schedules.on(person, day)
        return hours if isinstance(hours, DayHours) else None

    found = []
    for assignment in assignments:
        person = people[assignment.employee_id]
        follows = (person.pk, assignment.on + ONE_DAY) not in told  # named with that day otherwise
        for later in (assignment.on, assignment.on + ONE_DAY) if follows else (assignment.on,):
            before, after = hours_on(person, later - ONE_DAY), hours_on(person, later)
            if before is not None and after is not None and is_too_early(before, after):
                text = (
                    f"{person.name}, {date_text(later)}: {_named(after)} mulai sebelum "
                    f"{_named(before)} hari sebelumnya selesai; ganti salah satunya."
                )
                found.append(LineError(assignment.line, "", text))
    return found


def _named(hours: DayHours) -> str:
    return f"giliran {hours.shift} ({hours_text(hours)})" if hours.shift else hours_text(hours)


def _store(rows: Sequence[RosterDay], cleared: Sequence[Assignment]) -> None:
    RosterDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["employee", "on"],
        update_fields=["hours", "entered_by", "entered_at"],
        batch_size=500,
    )
    for assignment in cleared:
        RosterDay.objects.filter(employee=assignment.employee_id, on=assignment.on).delete()


def _tell(
    agency: Agency,
    changed: Collection[tuple[int, date]],
    before: Mapping[tuple[int, date], str],
    after: Mapping[tuple[int, date], str],
    actor: Actor,
    now: datetime,
) -> None:
    """Note an event per person, and have the changed days judged anew."""
    people = sorted({pk for pk, _ in changed})
    entries = []
    for employee_id in people:
        keys = sorted(key for key in changed if key[0] == employee_id)
        entries.append(
            Entry(
                actor=actor,
                verb="roster_set",
                subject=f"organization.employee:{employee_id}",
                before=_by_day(keys, before),
                after=_by_day(keys, after),
            )
        )
    append(agency, entries, now=now)
    judge_again(
        agency=agency,
        employees=people,
        first=min(on for _, on in changed),
        last=max(on for _, on in changed),
        today=local_date(agency, now),
        cause="Jadwal giliran diubah",
        now=now,
    )


def _by_day(
    keys: Sequence[tuple[int, date]], codes: Mapping[tuple[int, date], str]
) -> dict[str, Any]:
    return {on.isoformat(): codes.get((pk, on), "") for pk, on in keys}
