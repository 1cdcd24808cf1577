"""The numbers of employees on the machines."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import MAX_PIN, DevicePin, Punch
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Agency, Employee
from organization.permissions import local_date

# Machines that were in use before often hold small numbers of their own.
FIRST_PIN = 1001


@transaction.atomic
def allocate_pins(*, agency: Agency, actor: Actor, now: datetime) -> list[DevicePin]:
    """Give every active employee without a number the next free one; return the new ones."""
    today = local_date(agency, now)
    # Numbers are given for all agencies alike: the highest row is the queue at this counter.
    last = DevicePin.objects.select_for_update().order_by("-number").first()
    number = max(last.number if last else 0, FIRST_PIN - 1)
    active = Employee.objects.filter(agency=agency).active(today)
    lacking = active.exclude(device_pins__in=DevicePin.objects.valid_on(today)).order_by("id")
    pins = [
        DevicePin(employee=employee, number=number + n, valid_from=today, created_at=now)
        for n, employee in enumerate(lacking, start=1)
    ]
    if pins and pins[-1].number > MAX_PIN:
        raise NotAllowedNow("Nomor PIN sembilan angka sudah habis terpakai.")
    created = DevicePin.objects.bulk_create(pins)
    record_all(agency, [_allocated(pin, actor) for pin in created], now=now)
    return created


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
    pin = DevicePin.objects.create(
        employee=employee, number=number, valid_from=valid_from, created_at=now
    )
    record_all(employee.agency, [_allocated(pin, actor)], now=now)
    ascribe_punches(pins=[pin], actor=actor, now=now)
    return pin


@transaction.atomic
def replace_pin(*, employee: Employee, actor: Actor, now: datetime) -> DevicePin:
    """Close the employee's number and give the next free one; the old one is never used again."""
    today = local_date(employee.agency, now)
    closed = DevicePin.objects.filter(employee=employee, valid_until=None)
    numbers = list(closed.values_list("number", flat=True))
    closed.update(valid_until=today)
    highest = DevicePin.objects.aggregate(highest=Max("number"))["highest"] or 0
    pin = DevicePin.objects.create(
        employee=employee,
        number=max(highest + 1, FIRST_PIN),
        valid_from=today,
        created_at=now,
    )
    entry = Entry(
        actor=actor,
        verb="pin_replaced",
        subject=f"organization.employee:{employee.pk}",
        before={"pins": numbers},
        after={"pin": pin.number, "valid_from": today},
    )
    record_all(employee.agency, [entry], now=now)
    return pin


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
        total += count
    return total


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
