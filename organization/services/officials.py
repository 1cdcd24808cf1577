"""Whom a letter of somebody above gives a role: heads, who acts for them, BKD, auditors."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from foundation.actors import Actor
from organization.exceptions import OfficersRefused
from organization.mandates.duties import officer_roles
from organization.mandates.roles import ROLES
from organization.models import Agency, Appointment, Employee, User
from organization.services.accounts import issue_initial_password, open_account
from organization.services.officers import appoint, revoke_appointment

CAPABILITY = "officials.appoint"


@dataclass(frozen=True)
class Appointed:
    """The row, and the first password of an account that nobody has used, to be shown once."""

    appointment: Appointment
    password: str


def official_roles() -> list[str]:
    """Return the roles that a letter gives; officers of e-absensi are appointed by their SOP."""
    return [role for role in ROLES if role not in officer_roles()]


@transaction.atomic
def appoint_official(
    *,
    agency: Agency,
    employee: Employee,
    role: str,
    letter_number: str,
    actor: Actor,
    now: datetime,
    capacity: str = Appointment.Capacity.DEFINITIVE,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Appointed:
    """Note a letter that gives somebody a role; his account is opened if he has none.

    Raises `OfficersRefused` for a role that no letter gives, a letter without a number, days in
    the wrong order, oneself, and what the person holds already; `AccountRefused` for who has left.
    """
    if role not in official_roles():
        raise OfficersRefused([f"Peran {role} tidak diberikan dengan surat."])
    if not letter_number.strip():
        raise OfficersRefused(["Isi nomor surat penunjukan."])
    if valid_from and valid_until and valid_until < valid_from:
        raise OfficersRefused(["Penunjukan berakhir sebelum mulai berlaku."])
    account = open_account(employee=employee, actor=actor, now=now)
    if account.pk == actor.user_id:
        raise OfficersRefused(["Penunjukan diri sendiri dicatat oleh orang lain."])
    _refuse_twice(agency, account, role, now)
    row = appoint(
        agency=agency,
        user=account,
        role=role,
        letter_number=letter_number.strip(),
        actor=actor,
        now=now,
        capacity=capacity,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    is_new = not account.has_usable_password()
    return Appointed(
        row, issue_initial_password(user=account, actor=actor, now=now) if is_new else ""
    )


def _refuse_twice(agency: Agency, account: User, role: str, now: datetime) -> None:
    held = Appointment.objects.filter(agency=agency, user=account, role=role).valid_at(now)
    if held.exists():
        raise OfficersRefused([f"{account.get_full_name()} sudah bertugas sebagai {role}."])


@transaction.atomic
def end_official(*, appointment: Appointment, actor: Actor, now: datetime) -> None:
    """End such an appointment at once; raise `OfficersRefused` for another kind or one's own."""
    if appointment.role not in official_roles():
        raise OfficersRefused([f"Peran {appointment.role} tidak diberikan dengan surat."])
    if appointment.user_id == actor.user_id:
        raise OfficersRefused(["Penugasan diri sendiri diakhiri oleh orang lain."])
    revoke_appointment(appointment=appointment, actor=actor, now=now)
