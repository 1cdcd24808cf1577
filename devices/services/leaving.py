"""People who left, retired or went to another agency: off the machines, their fingers dropped."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from devices.events import record_all
from devices.models import (
    DevicePin,
    DeviceUser,
    Enrolment,
    FingerprintTemplate,
    RerecordingPermit,
)
from devices.services.enrolments import subject_of, withdraw_recordings
from devices.services.requests import request_work
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.ledger import Entry
from organization.models import Agency, Employee
from organization.permissions import local_date


def retire_left_people(
    *, now: datetime, actor: Actor = SYSTEM, agency: Agency | None = None
) -> int:
    """Close the numbers of those who left, drop their fingers; return how many they are.

    Of one agency, or of all. What is on the machines stays noted (DeviceUser, TemplateCopy) until
    the worker, who is asked for it, has deleted it there. Safe to repeat.
    """
    agencies = [agency] if agency else Agency.objects.order_by("pk")
    return sum(_retire_of(each, actor, now) for each in agencies)


@transaction.atomic
def _retire_of(agency: Agency, actor: Actor, now: datetime) -> int:
    today = local_date(agency, now)
    if not _left(agency, today).exists():
        return 0
    ledger.lock(agency)
    left = list(_left(agency, today).order_by("pk"))
    holders = Agency.objects.filter(devices__users__pin__employee__in=left).distinct()
    record_all(agency, [_retire(person, today, actor, now) for person in left], now=now)
    for holder in holders.order_by("pk"):
        request_work(kind="devices.sync_fingerprints", owner=holder, actor=actor, now=now)
    return len(left)


def _left(agency: Agency, today: date) -> QuerySet[Employee]:
    """Return who left, or came from another agency, and still has a number or fingers of then."""
    people = Employee.objects.filter(agency=agency)
    pins = DevicePin.objects.filter(valid_until=None)
    fingers = FingerprintTemplate.objects.current()
    gone = people.filter(left_on__lte=today).filter(
        Q(pk__in=pins.values("employee")) | Q(pk__in=fingers.values("employee"))
    )
    # A number is put on the machines of one agency only; the next agency gives its own.
    users = DeviceUser.objects.filter(pin__valid_until=None, pin__employee__agency=agency)
    users_elsewhere = users.exclude(device__agency=agency).values("pin__employee")
    fingers_elsewhere = fingers.exclude(source__agency=agency).values("employee")
    moved = people.filter(Q(pk__in=users_elsewhere) | Q(pk__in=fingers_elsewhere))
    return people.filter(Q(pk__in=gone.values("pk")) | Q(pk__in=moved.values("pk")))


def _retire(person: Employee, today: date, actor: Actor, now: datetime) -> Entry:
    last = (person.left_on or today) - timedelta(days=1)
    pins = list(DevicePin.objects.filter(employee=person, valid_until=None))
    for pin in pins:
        pin.valid_until = max(last, pin.valid_from)
    DevicePin.objects.bulk_update(pins, ["valid_until"])
    recordings = Enrolment.objects.current().filter(employee=person)
    withdraw_recordings(list(recordings), now)
    RerecordingPermit.objects.filter(employee=person, closed_at=None).update(closed_at=now)
    return Entry(
        actor=actor,
        verb="enrolment_ended",
        subject=subject_of(person.pk),
        after={"pins": [pin.number for pin in pins], "recordings": len(recordings)},
    )
