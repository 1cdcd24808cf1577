"""Employees who go to another agency: what they did stays, what they might do ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.exceptions import EmployeeRefused
from organization.models import (
    Agency,
    Appointment,
    EarlierUnit,
    Employee,
    Substitution,
    Unit,
    User,
)
from organization.permissions import actor_allowed, local_date
from organization.services.calendar_events import judge_again
from organization.services.employees import append, changed_entry, columns_of, revoke
from organization.services.offering import offer_anew
from organization.services.officer_needs import ended_at, look_again
from organization.services.sessions import end_sessions_of_employee

MOVE = "employees.move"


@dataclass(frozen=True, kw_only=True)
class MoveData:
    """The decree of a transfer: `moved_on` is the first day in the other agency."""

    to_agency: Agency
    moved_on: date
    letter_number: str
    position: str = ""
    unit: Unit | None = None


@transaction.atomic
def move_employee(*, employee: Employee, data: MoveData, user: User, now: datetime) -> Employee:
    """Let an employee work in another agency from a day on, told in the ledgers of both.

    His appointments and his standing in for others end at once, and the tasks he holds go back into
    their queues; his account stays. Whoever was below him is under his superior now. The machines
    of the old agency forget him by themselves. What was judged and frozen of him stays.

    Raises EmployeeRefused, PermissionDenied (also to who only acts in a role: acting.toml).
    """
    old, new = employee.agency, data.to_agency
    actor = actor_allowed(user, MOVE, old, now)
    locked = {one.pk: ledger.lock(one) for one in sorted((old, new), key=lambda each: each.pk)}
    person = Employee.objects.select_related("unit", "superior").get(pk=employee.pk)
    _refuse(person, data, old, local_date(old, now))
    left = [_changed("employee_moved_out", person, data, actor, old=old)]
    left += [*_end_mandates(person, actor, now), *_give_staff_on(person, actor)]
    before = columns_of(person)
    _keep_unit(person, data.moved_on)
    person.agency, person.unit, person.superior = new, data.unit, None
    person.position = data.position.strip() or person.position
    person.save(update_fields=["agency", "unit", "superior", "position"])
    arrived = changed_entry(person, "employee_placed", before, actor=actor)
    append(locked[old.pk], left, now=now)
    came = _changed("employee_moved_in", person, data, actor, old=old)
    append(locked[new.pk], [came, arrived], now=now)
    look_again(locked[old.pk], actor=actor, now=now, left=ended_at(person, now))
    judge_again(
        agency=new, employees={person.pk}, first=data.moved_on, last=None,
        today=local_date(new, now), cause="Pegawai pindah perangkat daerah", now=now,
    )  # fmt: skip
    offer_anew([old, new], now=now)
    return person


def _refuse(person: Employee, data: MoveData, old: Agency, today: date) -> None:
    if person.agency_id != old.pk:
        raise EmployeeRefused("Pegawai ini baru saja dipindahkan; muat ulang halaman.")
    if person.left_on is not None:
        raise EmployeeRefused("Pegawai ini sudah tercatat berhenti.")
    if data.to_agency.pk == old.pk:
        raise EmployeeRefused("Pegawai ini sudah bekerja di perangkat daerah itu.")
    if not data.letter_number.strip():
        raise EmployeeRefused("Nomor surat kosong; isi nomor keputusan pemindahannya.")
    if data.moved_on > today:
        raise EmployeeRefused("Tanggal pindah masih akan datang; catat pada hari itu.")
    if person.joined_on is not None and data.moved_on <= person.joined_on:
        raise EmployeeRefused("Tanggal pindah mendahului tanggal mulai bekerja.")
    if data.unit is not None and data.unit.agency_id != data.to_agency.pk:
        raise EmployeeRefused("Bidang itu bukan bidang perangkat daerah tujuan.")


def _changed(verb: str, person: Employee, data: MoveData, actor: Actor, *, old: Agency) -> Entry:
    return Entry(
        actor=actor,
        verb=verb,
        subject=f"organization.employee:{person.pk}",
        before={"agency": old.pk},
        after={
            "agency": data.to_agency.pk,
            "moved_on": data.moved_on,
            "letter_number": data.letter_number.strip(),
        },
    )


def _end_mandates(person: Employee, actor: Actor, now: datetime) -> list[Entry]:
    """Revoke what he was appointed to, and what he stood in for or was stood in for."""
    held = Appointment.objects.filter(user__employee=person, revoked_at=None).order_by("pk")
    entries = [revoke(appointment, actor=actor, now=now) for appointment in held]
    part = Q(principal=person) | Q(substitute=person)
    for row in Substitution.objects.filter(part, revoked_at=None).order_by("pk"):
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        end_sessions_of_employee(employee_id=row.substitute_id)
        entries.append(
            Entry(
                actor=actor,
                verb="substitution_revoked",
                subject=f"organization.substitution:{row.pk}",
                after={"revoked_at": now},
            )
        )
    return entries


def _give_staff_on(person: Employee, actor: Actor) -> list[Entry]:
    """Put those below him under his own superior: he decides on their letters no longer."""
    entries = []
    for one in Employee.objects.filter(superior=person).select_related("unit").order_by("pk"):
        before = columns_of(one)
        one.superior = person.superior
        one.save(update_fields=["superior"])
        entries.append(changed_entry(one, "superior_changed", before, actor=actor))
    return entries


def _keep_unit(person: Employee, moved_on: date) -> None:
    """Remember where he worked until the day before."""
    EarlierUnit.objects.filter(employee=person, last_on__gte=moved_on).delete()
    if person.unit is not None:
        last_on = moved_on - timedelta(days=1)
        EarlierUnit.objects.create(employee=person, unit=person.unit, last_on=last_on)
