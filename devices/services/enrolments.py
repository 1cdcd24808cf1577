"""Who has a recorded finger, who is excepted, who comes later."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import (
    FINGERS,
    Device,
    DeviceCommand,
    Enrolment,
    FingerprintTemplate,
    RerecordingPermit,
)
from devices.models.people import EnrolmentQuerySet
from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Employee
from organization.permissions import local_date

# Whoever had a machine ask for a finger is its recorder when it comes within this time.
ORDERED = timedelta(days=1)


@transaction.atomic
def record_enrolment(
    *, employee: Employee, finger: int, device: Device, actor: Actor, now: datetime
) -> Enrolment:
    """Note a finger recorded at a machine that this system cannot read; it waits for a supervisor.

    Raises NotAllowedNow for a machine that it can read: there the machine itself is the witness;
    and for a finger that counts already, unless there is leave to record it anew.
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
    ledger.lock(employee.agency)
    permit = RerecordingPermit.objects.open_at(now).filter(employee=employee).first()
    same = _recordings(employee, finger)
    if permit is None and same.counting().exists():
        raise NotAllowedNow(
            f"Jari {FINGERS[finger]} sudah terekam dan disahkan pengawas. Perekaman ulang "
            "memerlukan izin pengawas."
        )
    replaced = list(same.filter(_older_than(permit) | Q(template=None)))
    withdraw_recordings(replaced, now)
    enrolment, entries = note_recorded(
        employee_id=employee.pk,
        finger=finger,
        device=device,
        again=bool(replaced),
        actor=actor,
        now=now,
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
    withdraw_excuses([employee.pk], now)
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
    *,
    employee_id: int,
    finger: int,
    device: Device,
    actor: Actor,
    now: datetime,
    template: FingerprintTemplate | None = None,
    again: bool = False,
    pin: str = "",
) -> tuple[Enrolment, list[Entry]]:
    """Keep a recorded finger; the caller withdrew what it replaces and leaves the events.

    An excuse of the person stays in force until a supervisor confirms. `pin` is the number on the
    machine, where the machine told of the finger: somebody may have ordered it to record.
    """
    enrolment = Enrolment.objects.create(
        employee_id=employee_id,
        status=Enrolment.Status.RECORDED,
        finger=finger,
        device=device,
        template=template,
        recorded_by_id=actor.user_id or _who_ordered(device, pin, finger, now),
        at=now,
    )
    entry = Entry(
        actor=actor,
        verb="finger_recorded",
        subject=subject_of(employee_id),
        after={"finger": finger, "device": device.serial, "again": again},
    )
    return enrolment, [entry]


def withdraw_recordings(enrolments: Sequence[Enrolment], now: datetime) -> None:
    """Let recordings count no more; their fingers lose their bytes and are to go everywhere."""
    keys = [row.pk for row in enrolments]
    Enrolment.objects.current().filter(pk__in=keys).update(withdrawn_at=now)
    templates = FingerprintTemplate.objects.current().filter(enrolment__in=keys)
    templates.update(replaced_at=now, sealed=b"")


def replaced_by_finger(
    employee: Employee,
    finger: int,
    current: FingerprintTemplate | None,
    permit: RerecordingPermit | None,
) -> list[Enrolment]:
    """Return the recordings that a finger which a machine shows takes the place of.

    These are `current`, what was noted by hand and no supervisor has seen, and with leave to record
    anew all of that finger from before it was given, on machines of whatever generation.
    """
    replaced = Q(template=None, supervised_at=None) | _older_than(permit)
    if current is not None:
        replaced |= Q(template=current)
    return list(_recordings(employee, finger).filter(replaced))


def withdraw_excuses(employee_ids: Iterable[int], now: datetime) -> None:
    excuses = Enrolment.objects.current().filter(employee__in=employee_ids)
    excuses.exclude(status=Enrolment.Status.RECORDED).update(withdrawn_at=now)


def subject_of(employee_id: int) -> str:
    return f"organization.employee:{employee_id}"


def _recordings(employee: Employee, finger: int) -> EnrolmentQuerySet:
    rows = Enrolment.objects.current().filter(employee=employee, finger=finger)
    return rows.filter(status=Enrolment.Status.RECORDED)


def _older_than(permit: RerecordingPermit | None) -> Q:
    return Q(at__lt=permit.given_at) if permit else Q(pk__in=())


def _who_ordered(device: Device, pin: str, finger: int, now: datetime) -> int | None:
    """Return who told the machine to record this finger; None when nobody did lately."""
    if not pin:
        return None
    orders = DeviceCommand.objects.filter(
        device=device,
        kind=DeviceCommand.Kind.ENROL_FINGER,
        target=f"{pin}/{finger}",
        created_at__gt=now - ORDERED,
    )
    return orders.order_by("-id").values_list("created_by_id", flat=True).first()
