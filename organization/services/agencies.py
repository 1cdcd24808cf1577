"""Found an agency and give a role in it to a person by letter."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from organization.exceptions import AccountRefused
from organization.models import Agency, Appointment, User
from organization.services.employees import append
from organization.services.officers import entry_of


@transaction.atomic
def found_agency(*, code: str, name: str, actor: Actor, now: datetime, **details: Any) -> Agency:
    """Create an agency with its letterhead; `details` are the other columns of its row."""
    agency = Agency.objects.create(code=code, name=name, **details)
    ledger.record(
        stream=agency,
        actor=actor,
        verb="agency_founded",
        subject=f"organization.agency:{agency.pk}",
        after={"code": code, "name": name},
        now=now,
    )
    return agency


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    agency: Agency,
    valid_from: date,
    actor: Actor,
    now: datetime,
    valid_until: date | None = None,
    letter_number: str = "",
    capacity: str = Appointment.Capacity.DEFINITIVE,
) -> Appointment:
    """Give a role that is no officer's: head, secretary, auditor, an acting official.

    Officers are appointed together by `appoint_officers`, which holds the rule of two persons.
    Raises AccountRefused for a closed account.
    """
    locked = ledger.lock(agency)
    if not user.is_active:
        raise AccountRefused("Akun ini ditutup; buka kembali sebelum memberi peran.")
    appointment = Appointment.objects.create(
        agency=agency,
        user=user,
        role=role,
        capacity=capacity,
        letter_number=letter_number,
        valid_from=valid_from,
        valid_until=valid_until,
        appointed_by_id=actor.user_id,
        created_at=now,
    )
    append(locked, [entry_of(appointment, actor)], now=now)
    return appointment
