"""Who has a recorded finger, who is excepted, who comes later."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import FINGERS, Device, Enrolment
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Employee
from organization.permissions import local_date


@transaction.atomic
def record_enrolment(
    *, employee: Employee, finger: int, device: Device, actor: Actor, now: datetime
) -> Enrolment:
    """Note a finger recorded at a machine that this system cannot read.

    Raises NotAllowedNow for a machine that it can read: there the machine itself is the witness.
    """
    if device.is_pulled:
        raise NotAllowedNow(
            f"Sidik jari di {device.name} dibaca sistem dari mesinnya. Rekam jari di mesin, lalu "
            "tekan “Tarik sidik jari sekarang”."
        )
    if device.agency_id != employee.agency_id:
        raise NotAllowedNow("Mesin dan pegawai bukan dari perangkat daerah yang sama.")
    if not 0 <= finger < len(FINGERS):
        raise NotAllowedNow("Pilih salah satu dari sepuluh jari.")
    enrolment, entries = note_recorded(
        employee_id=employee.pk, finger=finger, device=device, actor=actor, now=now
    )
    record_all(employee.agency, entries, now=now)
    return enrolment


def record_exception(*, employee: Employee, reason: str, actor: Actor, now: datetime) -> Enrolment:
    """Note that this person's fingers cannot be recorded (injury, worn ridges), with the reason."""
    return _excuse(
        employee=employee, status=Enrolment.Status.EXCEPTION, reason=reason, actor=actor, now=now
    )


def record_later(
    *, employee: Employee, due_on: date, reason: str, actor: Actor, now: datetime
) -> Enrolment:
    """Note that this person will be recorded on a later day; past that day it no longer counts."""
    if due_on < local_date(employee.agency, now):
        raise NotAllowedNow("Tanggal menyusul sudah lewat; pilih hari ini atau sesudahnya.")
    return _excuse(
        employee=employee,
        status=Enrolment.Status.LATER,
        reason=reason,
        due_on=due_on,
        actor=actor,
        now=now,
    )


@transaction.atomic
def _excuse(
    *,
    employee: Employee,
    status: Enrolment.Status,
    reason: str,
    actor: Actor,
    now: datetime,
    due_on: date | None = None,
) -> Enrolment:
    reason = " ".join(reason.split())
    if not reason:
        raise NotAllowedNow("Tuliskan alasannya.")
    _withdraw_excuses([employee.pk], now)
    enrolment = Enrolment.objects.create(
        employee=employee,
        status=status,
        reason=reason[:200],
        due_on=due_on,
        recorded_by_id=actor.user_id,
        at=now,
    )
    verb = "enrolment_excepted" if status == Enrolment.Status.EXCEPTION else "enrolment_postponed"
    # The reason may tell of a person's health: it stays on the row, out of the ledger.
    entry = Entry(actor=actor, verb=verb, subject=subject_of(employee.pk), after={"due_on": due_on})
    record_all(employee.agency, [entry], now=now)
    return enrolment


def note_recorded(
    *, employee_id: int, finger: int, device: Device, actor: Actor, now: datetime
) -> tuple[Enrolment, list[Entry]]:
    """Keep a recorded finger, in place of an earlier one; the caller leaves the events."""
    current = Enrolment.objects.filter(
        employee_id=employee_id,
        finger=finger,
        status=Enrolment.Status.RECORDED,
        withdrawn_at=None,
    )
    again = current.update(withdrawn_at=now)
    _withdraw_excuses([employee_id], now)
    enrolment = Enrolment.objects.create(
        employee_id=employee_id,
        status=Enrolment.Status.RECORDED,
        finger=finger,
        device=device,
        recorded_by_id=actor.user_id,
        at=now,
    )
    entry = Entry(
        actor=actor,
        verb="finger_recorded",
        subject=subject_of(employee_id),
        after={"finger": finger, "device": device.serial, "again": bool(again)},
    )
    return enrolment, [entry]


def _withdraw_excuses(employee_ids: Iterable[int], now: datetime) -> None:
    excuses = Enrolment.objects.filter(employee__in=employee_ids, withdrawn_at=None)
    excuses.exclude(status=Enrolment.Status.RECORDED).update(withdrawn_at=now)


def subject_of(employee_id: int) -> str:
    return f"organization.employee:{employee_id}"
