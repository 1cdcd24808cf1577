"""Somebody gets a role of a SOP by letter, and gives it back."""

from datetime import date, datetime

from django.db import transaction

from foundation import ledger
from organization.exceptions import OfficersRefused
from organization.mandates.sop_roles import roles_of_sops
from organization.models import Agency, Appointment, Employee, User
from organization.permissions import ROLES, actor_allowed, local_date
from organization.services.accounts import account_of
from organization.services.employees import append, revoke
from organization.services.officers import entry_of

APPOINT = "officers.appoint"


@transaction.atomic
def appoint_to_sop(
    *,
    agency: Agency,
    employee_id: int,
    role: str,
    letter_number: str,
    valid_from: date,
    valid_until: date | None,
    user: User,
    now: datetime,
) -> Appointment:
    """Give an employee of the agency a role of a SOP beside whoever holds it; open his account.

    Only roles that allow nothing beyond their tasks, so that nobody gains a right of somebody else,
    and never oneself. Raises OfficersRefused with all reasons, PermissionDenied.
    """
    actor = actor_allowed(user, APPOINT, agency, now)
    locked = ledger.lock(agency)
    today = local_date(agency, now)
    person = Employee.objects.filter(agency=agency).active(today).filter(pk=employee_id).first()
    reasons = []
    if role not in roles_of_sops():
        reasons.append("Peran ini tidak ada pada SOP yang terpasang, atau ditetapkan SOP lain.")
    if not letter_number.strip():
        reasons.append("Tulis nomor surat penunjukannya.")
    if valid_until is not None and valid_until < max(valid_from, today):
        reasons.append("Tanggal akhirnya mendahului tanggal mulai atau sudah lewat.")
    if person is None:
        reasons.append("Pilih pegawai perangkat daerah ini yang masih bekerja.")
    elif person.pk == user.employee_id:
        reasons.append("Tidak seorang pun menunjuk dirinya sendiri; mintalah pejabat lain.")
    elif _holds(person, role, agency, valid_from):
        reasons.append(f"{person.name} sudah bertugas sebagai {role}.")
    if reasons or person is None:
        raise OfficersRefused(reasons)
    account, opened = account_of(person, agency=locked, actor=actor, now=now)
    appointment = Appointment.objects.create(
        agency=agency,
        user=account,
        role=role,
        letter_number=letter_number.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        appointed_by=user,
        created_at=now,
    )
    append(locked, [*opened, entry_of(appointment, actor)], now=now)
    return appointment


@transaction.atomic
def release_from_sop(*, appointment: Appointment, user: User, now: datetime) -> None:
    """End an appointment to a role of a SOP now; a second time changes nothing.

    Raises OfficersRefused for roles that are given elsewhere, PermissionDenied.
    """
    actor = actor_allowed(user, APPOINT, appointment.agency, now)
    locked = ledger.lock(appointment.agency)
    row = Appointment.objects.get(pk=appointment.pk)
    if row.role in ROLES:
        raise OfficersRefused([f"Tugas sebagai {row.role} diakhiri oleh SOP-nya, bukan dari sini."])
    if row.revoked_at is None:
        append(locked, [revoke(row, actor=actor, now=now)], now=now)


def _holds(person: Employee, role: str, agency: Agency, on: date) -> bool:
    held = Appointment.objects.filter(user__employee=person, role=role, agency=agency)
    return held.filter(revoked_at=None).valid_on(on).exists()
