"""Agencies that are ready for their month: officers, people, a machine, punches; runs in an office.

Stages 1 to 3 were done before and still hold; stage 4 and all that follows is to be done.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from devices import services as devices
from devices.models import Device
from devices.simulator.machine import Machine
from foundation.actors import SYSTEM
from organization.models import Agency, User
from organization.permissions import person
from processes.models import Instance
from processes.services import start_process
from tests.cast import appoint, make_agency, make_employee, make_nip, make_user
from tests.devices.terminals import Terminal

SOP = "pengelolaan_e_absensi"
ROLES = {"Kadis": "kadis", "Admin": "admin", "Operator": "operator", "": "staf"}
COMES, GOES = "07:20:00", "16:40:00"


@dataclass(frozen=True)
class Month:
    """The calendar month before a moment. All that is set up for it began well before."""

    first: date
    last: date

    @property
    def subject(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> date:
        return self.first - timedelta(days=60)


def month_before(now: datetime) -> Month:
    last = now.date().replace(day=1) - timedelta(days=1)
    return Month(last.replace(day=1), last)


def prepare(*, agencies: int) -> None:
    """Make so many agencies in an empty database."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    month = month_before(now)
    manager, bkd = make_user(None, "pengelola"), make_user(None, "bkd")
    for number in range(1, agencies + 1):
        agency = _office(number, month, manager, now)
        appoint(bkd, "BKD", agency, valid_from=month.before)


def _office(number: int, month: Month, manager: User, now: datetime) -> Agency:
    agency = make_agency(f"pd{number:02}", name=f"Dinas Percobaan {number:02}")
    since: dict[str, Any] = {"valid_from": month.before}
    appoint(manager, "Pengelola", agency, **since)
    machine = _machine(agency, now)
    pins = []
    for place, (role, name) in enumerate(ROLES.items(), start=1):
        serial = 10 * number + place
        employee = make_employee(
            agency, f"{name.title()} {number:02}", number=make_nip(serial),
            position="Kepala Dinas" if role == "Kadis" else "Pelaksana",
        )  # fmt: skip
        user = make_user(employee, f"{name}{number:02}")
        if role:
            appoint(user, role, agency, **since)
        devices.assign_pin(
            employee=employee, number=serial, valid_from=month.before, actor=SYSTEM, now=now
        )
        recorded = devices.record_enrolment(
            employee=employee, finger=6, device=machine, actor=SYSTEM, now=now
        )
        devices.confirm_enrolments(enrolments=[recorded], actor=person(manager), now=now)
        pins.append(serial)
    devices.move_device(device=machine, move="activate", actor=SYSTEM, now=now)
    devices.confirm_clock(device=machine, offset=0, actor=SYSTEM, now=now)
    _punches(machine, month, pins, now)
    return agency


def _machine(agency: Agency, now: datetime) -> Device:
    machine = devices.register_device(
        agency=agency, serial=f"EMPATPULUH{agency.pk:05}", name="Mesin Lobi", protocol="push",
        actor=SYSTEM, now=now,
    )  # fmt: skip
    # Nobody is on it yet, as a listing would tell.
    machine.read_at, machine.algorithm = now, 10
    machine.save(update_fields=["read_at", "algorithm"])
    return devices.move_device(device=machine, move="approve", actor=SYSTEM, now=now)


def _punches(machine: Device, month: Month, pins: list[int], now: datetime) -> None:
    days = [month.first + timedelta(days=n) for n in range((month.last - month.first).days + 1)]
    lines = [
        f"{pin}\t{day} {at}\t0\t1\n"
        for day in days
        for pin in pins
        for at in (COMES, GOES)
        if day.weekday() < 5
    ]
    devices.import_attlog(
        device=machine, content="".join(lines).encode(), filename="adms", actor=SYSTEM, now=now
    )


def start_everywhere() -> int:
    """Begin the month's SOP in every agency; return how many began."""
    now = timezone.now()
    for agency in Agency.objects.order_by("pk"):
        head = User.objects.get(appointments__agency=agency, appointments__role="Kadis")
        start_process(
            definition_key=SOP, agency=agency, subject=month_before(now).subject,
            actor_user=head, now=now,
        )  # fmt: skip
    return Instance.objects.count()


def terminals() -> list[Terminal]:
    """Return what hangs on the walls: one for each machine, which holds whom it was told of."""
    return [Terminal(row, Machine(row.serial)) for row in Device.objects.order_by("pk")]
