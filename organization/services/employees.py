"""Employees: brought in from a file, put under a superior, retired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.cells import Table
from foundation.ledger import Entry
from foundation.models import LedgerStream
from organization.employee_rows import EmployeeRow, LineError, TableReport, read_employee_rows
from organization.exceptions import EmployeeRefused
from organization.models import Agency, Appointment, EarlierUnit, Employee, Unit, User
from organization.permissions import local_date
from organization.services.calendar_events import judge_again
from organization.services.offering import offer_anew, offer_anew_under
from organization.services.officer_needs import ended_at, look_again
from organization.services.sessions import end_sessions

COLUMNS = (
    "name", "status", "rank", "grade", "position", "unit", "superior", "joined_on",
)  # fmt: skip
JUDGED = ("status", "unit", "joined_on")  # what the verdict of a day depends on
# Of these an event says that they changed, not what they are: the ledger cannot forget.
PERSONAL = frozenset({"name", "number"})


@dataclass(frozen=True, kw_only=True)
class ImportReport(TableReport):
    """What an import did, in employees; `new_units` are the names of the units it made."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new_units: tuple[str, ...] = ()


class _Refused(Exception):
    """Rolls the transaction back and carries the errors out of it."""

    def __init__(self, errors: list[LineError]) -> None:
        super().__init__(len(errors))
        self.errors = errors


def import_employees(*, agency: Agency, table: Table, actor: Actor, now: datetime) -> ImportReport:
    """Create and update employees from a table, all together or, with any error, none.

    Rows are known by their NIP. An empty cell erases nothing. Units are made by name. Superiors are
    named by NIP and may stand in the same file.
    """
    rows, errors = read_employee_rows(table, today=local_date(agency, now))
    try:
        with transaction.atomic():
            report = _Import(ledger.lock(agency), actor, now).run(rows, errors)
    except _Refused as refused:
        return ImportReport(errors=tuple(sorted(refused.errors, key=lambda e: e.line)))
    agency.refresh_from_db(fields=["ledger_length", "ledger_hash"])
    return report


class _Import:
    """One import into an agency whose row is locked."""

    def __init__(self, agency: Agency, actor: Actor, now: datetime) -> None:
        self.agency, self.actor, self.now = agency, actor, now
        self.units = {unit.name.casefold(): unit for unit in agency.units.all()}
        own = Employee.objects.filter(agency=agency).select_related("unit", "superior")
        self.people = {person.number: person for person in own}
        self.new_units: list[str] = []
        self.entries: list[Entry] = []
        self.earlier: list[EarlierUnit] = []
        self.since: dict[int, date] = {}  # when a present unit began, of those who moved

    def run(self, rows: Sequence[EmployeeRow], errors: Sequence[LineError]) -> ImportReport:
        problems = [*errors, *self._conflicts(rows)]
        if problems:
            raise _Refused(problems)
        before = {n: columns_of(person) for n, person in self.people.items()}
        new = self._create([row for row in rows if row.number not in before])
        changed = []
        for row in rows:
            person = self.people[row.number]
            old_unit = person.unit
            self._apply(person, row)
            if row.number in before and columns_of(person) != before[row.number]:
                changed.append(person)
                self._remember_unit(person, old_unit, row)
        if rings := self._rings(rows):
            raise _Refused(rings)
        Employee.objects.bulk_update([*new, *changed], COLUMNS, batch_size=200)
        keep_earlier_units(self.earlier, self.since)
        for person in new:
            self._note(person, "employee_imported", {})
        for person in changed:
            self._note(person, "employee_updated", before[person.number])
        append(self.agency, self.entries, now=self.now)
        self._judge(changed, before)
        if any(person.superior_id != before[person.number]["superior"] for person in changed):
            offer_anew([self.agency], now=self.now)
        return ImportReport(
            created=len(new),
            updated=len(changed),
            unchanged=len(rows) - len(new) - len(changed),
            new_units=tuple(self.new_units),
        )

    def _judge(self, changed: Sequence[Employee], before: Mapping[str, Mapping[str, Any]]) -> None:
        """Have the month judged anew of those whose hours or whose employment changed."""
        today = local_date(self.agency, self.now)
        moved = [
            person
            for person in changed
            if any(columns_of(person)[name] != before[person.number][name] for name in JUDGED)
        ]
        judge_again(
            agency=self.agency,
            employees={person.pk for person in moved},
            first=min([today.replace(day=1), *self.since.values()]),
            last=None,
            today=today,
            cause="Data pegawai diperbarui",
            now=self.now,
        )

    def _conflicts(self, rows: Sequence[EmployeeRow]) -> list[LineError]:
        """Find what disagrees with people who are known already, here or in another agency."""
        numbers = {row.number for row in rows}
        elsewhere = set(
            Employee.objects.exclude(agency=self.agency)
            .filter(number__in=numbers - self.people.keys())
            .values_list("number", flat=True)
        )
        errors = []
        for row in rows:
            known = self.people.get(row.number)
            if row.number in elsewhere:
                text = "NIP sudah terdaftar pada perangkat daerah lain; pindahkan pegawai di sana."
                errors.append(LineError(row.line, "nip", text))
            if known and known.left_on:
                text = "Pegawai ini tercatat sudah berhenti; periksa NIP atau hapus barisnya."
                errors.append(LineError(row.line, "nip", text))
            if row.superior_number and row.superior_number == row.number:
                text = "Pegawai tidak dapat menjadi atasan bagi dirinya sendiri."
                errors.append(LineError(row.line, "nip atasan", text))
            elif row.superior_number and row.superior_number not in numbers | self.people.keys():
                text = "NIP atasan tidak ada di berkas ini maupun di data pegawai; periksa NIP-nya."
                errors.append(LineError(row.line, "nip atasan", text))
        return errors

    def _create(self, rows: Sequence[EmployeeRow]) -> list[Employee]:
        made = Employee.objects.bulk_create(
            [
                Employee(agency=self.agency, number=row.number, name=row.name, status=row.status)
                for row in rows
            ]
        )
        self.people |= {person.number: person for person in made}
        return made

    def _apply(self, person: Employee, row: EmployeeRow) -> None:
        person.name, person.status = row.name, row.status
        for column in ("rank", "grade", "position", "joined_on"):
            if told := getattr(row, column):
                setattr(person, column, told)
        if row.unit:
            person.unit = self._unit(row.unit)
        if row.superior_number:
            person.superior = self.people[row.superior_number]

    def _remember_unit(self, person: Employee, old: Unit | None, row: EmployeeRow) -> None:
        """Keep where somebody was until he moved; a unit told for the first time always was his."""
        if old is None or person.unit_id == old.pk:
            return
        since = row.unit_since or local_date(self.agency, self.now)
        self.since[person.pk] = since
        if person.joined_on is None or person.joined_on < since:
            last_on = since - timedelta(days=1)
            self.earlier.append(EarlierUnit(employee=person, unit=old, last_on=last_on))

    def _unit(self, name: str) -> Unit:
        if name.casefold() not in self.units:
            unit = Unit.objects.create(agency=self.agency, name=name)
            self.units[name.casefold()] = unit
            self.new_units.append(name)
            subject = f"organization.unit:{unit.pk}"
            entry = Entry(
                actor=self.actor, verb="unit_created", subject=subject, after={"name": name}
            )
            self.entries.append(entry)
        return self.units[name.casefold()]

    def _rings(self, rows: Sequence[EmployeeRow]) -> list[LineError]:
        return [
            LineError(row.line, "nip atasan", _ring_text(ring))
            for row in rows
            if row.superior_number and (ring := ring_of(self.people[row.number], self.people))
        ]

    def _note(self, person: Employee, verb: str, before: Mapping[str, Any]) -> None:
        entry = changed_entry(person, verb, before, actor=self.actor)
        if person.pk in self.since:
            entry = replace(entry, after={**entry.after, "unit_since": self.since[person.pk]})
        self.entries.append(entry)


def keep_earlier_units(rows: Sequence[EarlierUnit], since: Mapping[int, date]) -> None:
    """Write where people were before they moved; what said otherwise of later days goes.

    Whoever moves twice on one day was in the unit between them on no day.
    """
    for employee_id, on in since.items():
        later = EarlierUnit.objects.filter(employee=employee_id, last_on__gte=on)
        later.delete()
    EarlierUnit.objects.bulk_create(rows, ignore_conflicts=True)


def ring_of(person: Employee, people: Mapping[str, Employee]) -> list[str]:
    """Follow the superiors of a person upward, in memory; name them if he comes up again."""
    seen: set[int] = set()
    names, above = [person.name], person.superior
    while above is not None and above.pk not in seen:
        names.append(above.name)
        if above.pk == person.pk:
            return names
        seen.add(above.pk)
        known = people.get(above.number)
        above = (known or above).superior
    return []


def _ring_text(ring: Sequence[str]) -> str:
    links = [f"{below} di bawah {above}" for below, above in pairwise(ring)]
    return f"Rantai atasan melingkar: {', '.join(links)}. Perbaiki NIP atasan salah satunya."


def columns_of(person: Employee) -> dict[str, Any]:
    """Return what an event compares."""
    return {
        "name": person.name,
        "status": person.status,
        "rank": person.rank,
        "grade": person.grade,
        "position": person.position,
        "unit": person.unit_id,
        "superior": person.superior_id,
        "joined_on": person.joined_on,
    }


def changed_entry(person: Employee, verb: str, before: Mapping[str, Any], *, actor: Actor) -> Entry:
    """Return the event of a change: the columns, and the values of those not personal."""
    after = columns_of(person)
    names = [name for name, value in after.items() if before.get(name) != value]
    plain = [name for name in names if name not in PERSONAL]
    return Entry(
        actor=actor,
        verb=verb,
        subject=f"organization.employee:{person.pk}",
        before={name: before[name] for name in plain if name in before},
        after={"columns": names, **{name: after[name] for name in plain}},
    )


def append(stream: LedgerStream, entries: Sequence[Entry], *, now: datetime) -> None:
    """Append events to a stream whose row the caller has locked, and keep the new head."""
    ledger.chain(stream, entries, now=now)
    stream.save(update_fields=["ledger_length", "ledger_hash"])


@transaction.atomic
def set_superior(
    *, employee: Employee, superior: Employee | None, actor: Actor, now: datetime
) -> None:
    """Put an employee under a direct superior, or under none. Raises EmployeeRefused."""
    agency = ledger.lock(employee.agency)
    person = Employee.objects.select_related("superior").get(pk=employee.pk)
    before = columns_of(person)
    if superior is not None:
        if superior.left_on is not None and superior.left_on <= local_date(agency, now):
            raise EmployeeRefused(f"{superior.name} sudah berhenti; pilih atasan yang aktif.")
        if superior.pk == person.pk or _is_above(person, superior):
            raise EmployeeRefused(
                f"{superior.name} adalah bawahan pegawai ini; pilih atasan yang lain."
            )
    person.superior = superior
    person.save(update_fields=["superior"])
    append(agency, [changed_entry(person, "superior_changed", before, actor=actor)], now=now)
    offer_anew([agency], now=now)
    employee.superior = superior


def _is_above(person: Employee, other: Employee) -> bool:
    """Say whether `person` stands somewhere above `other`."""
    seen: set[int] = set()
    above = other.superior
    while above is not None and above.pk not in seen:
        if above.pk == person.pk:
            return True
        seen.add(above.pk)
        above = above.superior
    return False


@transaction.atomic
def retire_employee(*, employee: Employee, left_on: date, actor: Actor, now: datetime) -> None:
    """End an employment: `left_on` is the first day without work. Nothing is deleted.

    The account is closed and its appointments are revoked at once.
    """
    agency = ledger.lock(employee.agency)
    person = Employee.objects.get(pk=employee.pk)
    if person.left_on is not None:
        raise EmployeeRefused("Pegawai ini sudah tercatat berhenti.")
    if person.joined_on is not None and left_on <= person.joined_on:
        raise EmployeeRefused("Tanggal berhenti mendahului tanggal mulai bekerja.")
    if left_on > local_date(agency, now):
        raise EmployeeRefused("Tanggal berhenti masih akan datang; catat pada hari itu.")
    person.left_on = left_on
    person.save(update_fields=["left_on"])
    entries = [
        Entry(
            actor=actor,
            verb="employee_retired",
            subject=f"organization.employee:{person.pk}",
            after={"left_on": left_on},
        )
    ]
    entries += _close_account(person, actor=actor, now=now)
    append(agency, entries, now=now)
    look_again(agency, actor=actor, now=now, left=ended_at(person, now))
    judge_again(
        agency=agency,
        employees={person.pk},
        first=left_on,
        last=None,
        today=local_date(agency, now),
        cause="Pegawai berhenti",
        now=now,
    )
    offer_anew_under(person, now=now)
    employee.left_on = left_on


def _close_account(person: Employee, *, actor: Actor, now: datetime) -> list[Entry]:
    entries = []
    for user in User.objects.filter(employee=person, is_active=True):
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user_id=user.pk)
        entries.append(
            Entry(actor=actor, verb="account_closed", subject=f"organization.user:{user.pk}")
        )
        for appointment in Appointment.objects.filter(user=user, revoked_at=None):
            entries.append(revoke(appointment, actor=actor, now=now))
    return entries


def revoke(appointment: Appointment, *, actor: Actor, now: datetime) -> Entry:
    """End an appointment now and return its event; the caller appends it.

    Whoever held it signs in again: what stands open on his screen is of a right he lost.
    """
    appointment.revoked_at = now
    appointment.save(update_fields=["revoked_at"])
    end_sessions(user_id=appointment.user_id)
    return Entry(
        actor=actor,
        verb="appointment_revoked",
        subject=f"organization.appointment:{appointment.pk}",
        before={"role": appointment.role, "user": appointment.user_id},
        after={"revoked_at": now},
    )
