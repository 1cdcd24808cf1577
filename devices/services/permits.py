"""Leave to record a person's fingers anew, given by whoever supervises it (art. 8(4))."""

from datetime import datetime, timedelta

from django.db import transaction

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import RerecordingPermit
from devices.services.enrolments import subject_of
from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Employee, User

VALID = timedelta(hours=24)  # the office's own figure, no rule names one


@transaction.atomic
def give_permit(
    *, employee: Employee, reason: str, actor: Actor, now: datetime
) -> RerecordingPermit:
    """Allow that this person's fingers are recorded anew within a day; one at a time.

    Closed when a supervisor confirms what was recorded under it. NotAllowedNow for oneself, without
    a reason, and while one is open.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise NotAllowedNow("Tuliskan alasan perekaman ulang.")
    giver = User.objects.filter(pk=actor.user_id or 0).first()
    if giver is None or giver.employee_id == employee.pk:
        raise NotAllowedNow("Izin perekaman ulang diberikan pengawas, bukan pegawai itu sendiri.")
    ledger.lock(employee.agency)  # two clicks at once give one permit
    mine = RerecordingPermit.objects.filter(employee=employee, closed_at=None)
    if mine.open_at(now).exists():
        raise NotAllowedNow(f"Izin perekaman ulang {employee.name} masih berlaku.")
    mine.update(closed_at=now)
    permit = RerecordingPermit.objects.create(
        employee=employee,
        reason=reason[:200],
        given_by=giver,
        given_at=now,
        valid_until=now + VALID,
    )
    # The reason may tell of a person's health: it stays on the row, out of the ledger.
    entry = Entry(
        actor=actor,
        verb="rerecording_allowed",
        subject=subject_of(employee.pk),
        after={"valid_until": permit.valid_until},
    )
    record_all(employee.agency, [entry], now=now)
    return permit


@transaction.atomic
def withdraw_permit(*, employee: Employee, actor: Actor, now: datetime) -> None:
    """Close the open permit of this person; NotAllowedNow when there is none."""
    mine = RerecordingPermit.objects.open_at(now).filter(employee=employee)
    if not mine.update(closed_at=now):
        raise NotAllowedNow("Tidak ada izin perekaman ulang yang berlaku. Muat ulang halaman.")
    entry = Entry(actor=actor, verb="rerecording_disallowed", subject=subject_of(employee.pk))
    record_all(employee.agency, [entry], now=now)
