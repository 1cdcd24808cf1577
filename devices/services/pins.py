"""The numbers of employees on the machines."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import MAX_PIN, DevicePin, Punch
from foundation.actors import Actor
from foundation.ledger import Entry
from foundation.outbox import enqueue
from organization.models import Agency, Employee
from organization.permissions import local_date

# Machines that were in use before often hold small numbers of their own.
FIRST_PIN = 1001
ATTEMPTS = 10  # each fails only because another process succeeded

Given = TypeVar("Given")


def allocate_pins(*, agency: Agency, actor: Actor, now: datetime) -> list[DevicePin]:
    """Give every active employee without a number the next free one; return the new ones.

    Safe beside other processes that give numbers at the same moment.
    """
    today = local_date(agency, now)

    def give() -> list[DevicePin]:
        active = Employee.objects.filter(agency=agency).active(today)
        lacking = active.exclude(device_pins__in=DevicePin.objects.valid_on(today)).order_by("id")
        created = DevicePin.objects.bulk_create(_next_pins(lacking, today, now))
        record_all(agency, [_allocated(pin, actor) for pin in created], now=now)
        return created

    return _beside_others(give)


@transaction.atomic
def assign_pin(
    *, employee: Employee, number: int, valid_from: date, actor: Actor, now: datetime
) -> DevicePin:
    """Give an employee the number that a machine already uses for this person.

    Punches that came with the number since `valid_from` are ascribed to the employee. Raises
    NotAllowedNow when the number was ever somebody's, or is the person's own NIP.
    """
    if not 1 <= number <= MAX_PIN or str(number) == employee.number:
        raise NotAllowedNow("PIN adalah angka 1 sampai 999999999 dan tidak boleh sama dengan NIP.")
    if DevicePin.objects.filter(number=number).exists():
        raise NotAllowedNow(f"PIN {number} sudah pernah dipakai; pilih nomor lain.")
    DevicePin.objects.filter(employee=employee, valid_until=None).update(valid_until=valid_from)
    try:
        with transaction.atomic():
            pin = DevicePin.objects.create(
                employee=employee, number=number, valid_from=valid_from, created_at=now
            )
    except IntegrityError as error:
        raise NotAllowedNow(f"PIN {number} baru saja dipakai; pilih nomor lain.") from error
    record_all(employee.agency, [_allocated(pin, actor)], now=now)
    ascribe_punches(pins=[pin], actor=actor, now=now)
    return pin


def replace_pin(*, employee: Employee, actor: Actor, now: datetime) -> DevicePin:
    """Close the employee's number and give the next free one; the old one is never used again."""
    today = local_date(employee.agency, now)

    def give() -> DevicePin:
        closed = DevicePin.objects.filter(employee=employee, valid_until=None)
        numbers = list(closed.values_list("number", flat=True))
        closed.update(valid_until=today)
        (pin,) = DevicePin.objects.bulk_create(_next_pins([employee], today, now))
        entry = Entry(
            actor=actor,
            verb="pin_replaced",
            subject=f"organization.employee:{employee.pk}",
            before={"pins": numbers},
            after={"pin": pin.number, "valid_from": today},
        )
        record_all(employee.agency, [entry], now=now)
        return pin

    return _beside_others(give)


def is_number(pin: str) -> bool:
    """Say whether what a machine calls somebody can be given to an employee."""
    return pin.isascii() and pin.isdecimal() and 1 <= int(pin) <= MAX_PIN


def _next_pins(employees: Iterable[Employee], today: date, now: datetime) -> list[DevicePin]:
    """Return unsaved numbers above all that were ever given; a NIP is skipped."""
    highest = DevicePin.objects.aggregate(highest=Max("number"))["highest"] or 0
    number = max(highest, FIRST_PIN - 1)
    pins = []
    for employee in employees:
        number += 2 if str(number + 1) == employee.number else 1
        pins.append(DevicePin(employee=employee, number=number, valid_from=today, created_at=now))
    if number > MAX_PIN:
        raise NotAllowedNow("Nomor PIN sembilan angka sudah habis terpakai.")
    return pins


def _beside_others(give: Callable[[], Given]) -> Given:
    """Do this in a transaction; again when another process took the same numbers meanwhile."""
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return give()
        except IntegrityError:
            continue
    raise NotAllowedNow("Nomor PIN sedang diberikan oleh proses lain. Coba lagi sebentar.")


@transaction.atomic
def ascribe_punches(*, pins: Iterable[DevicePin], actor: Actor, now: datetime) -> int:
    """Ascribe punches of numbers unknown at the time to the people who have them; return how many.

    The punch itself stays as it is: whose it is was always derived from number and date.
    """
    total = 0
    for pin in pins:
        unknown = Punch.objects.filter(
            pin=str(pin.number),
            employee=None,
            device__agency=pin.employee.agency_id,
            local_time__gte=pin.valid_from.isoformat(),
        )
        if pin.valid_until:
            unknown = unknown.filter(local_time__lte=f"{pin.valid_until.isoformat()} 23:59:59")
        count = unknown.update(employee=pin.employee)
        if count:
            entry = Entry(
                actor=actor,
                verb="punches_ascribed",
                subject=f"organization.employee:{pin.employee_id}",
                after={"pin": pin.number, "punches": count},
            )
            record_all(pin.employee.agency, [entry], now=now)
            _order_days_anew(pin, now)
        total += count
    return total


def _order_days_anew(pin: DevicePin, now: datetime) -> None:
    """These punches are somebody's now: have the days judged again, by whoever does that above."""
    last = pin.valid_until or local_date(pin.employee.agency, now)
    enqueue(
        kind="attendance.rejudge",
        key=f"rejudge:pin:{pin.pk}:{now.isoformat()}",
        payload={
            "agency": pin.employee.agency_id,
            "employees": [pin.employee_id],
            "first": pin.valid_from.isoformat(),
            "last": last.isoformat(),
            "cause": f"Absen nomor {pin.number} dicatat atas nama pegawai ini",
        },
        run_after=now,
    )


class PinBook:
    """Who had which number when, for one agency; read once for many punches."""

    def __init__(self, agency: Agency) -> None:
        self._pins: dict[int, DevicePin] = {
            pin.number: pin for pin in DevicePin.objects.filter(employee__agency=agency)
        }

    def employee_id(self, pin: str, on: date) -> int | None:
        """Return the employee whose number it was that day; None for an unknown number."""
        found = self._pins.get(int(pin)) if pin.isascii() and pin.isdigit() else None
        return found.employee_id if found and found.covers(on) else None


def _allocated(pin: DevicePin, actor: Actor) -> Entry:
    return Entry(
        actor=actor,
        verb="pin_allocated",
        subject=f"organization.employee:{pin.employee_id}",
        after={"pin": pin.number, "valid_from": pin.valid_from},
    )
