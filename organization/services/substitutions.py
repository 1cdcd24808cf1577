"""Who stands in for an official: Plt. and Plh. by letter, appointed and revoked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from foundation import ledger
from foundation.indonesian import date_text
from organization.exceptions import CalendarRefused
from organization.models import Agency, Employee, Substitution, User
from organization.models.accounts import SubstitutionQuerySet
from organization.permissions import actor_allowed, local_date
from organization.services.calendar_events import note
from organization.services.offering import offer_anew_under
from organization.services.sessions import end_sessions_of_employee

MANAGE = "substitutes.manage"
Capacity = Substitution.Capacity


@transaction.atomic
def appoint_substitute(
    *,
    principal: Employee,
    substitute: Employee,
    capacity: str,
    letter_number: str,
    valid_from: date,
    valid_until: date | None,
    user: User,
    now: datetime,
) -> Substitution:
    """Let somebody decide in an official's place; both are of the same agency.

    Raises CalendarRefused with a sentence per field, PermissionDenied.
    """
    agency = principal.agency
    actor = actor_allowed(user, MANAGE, agency, now)
    ledger.lock(agency)
    wanted = Substitution(
        principal=principal,
        substitute=substitute,
        capacity=capacity,
        letter_number=letter_number.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        created_by=user,
        created_at=now,
    )
    if problems := _problems(wanted, local_date(agency, now)):
        raise CalendarRefused(problems)
    wanted.save()
    note(
        agency, actor, "substitute_appointed", f"substitution:{wanted.pk}", now=now,
        after=_state(wanted),
    )  # fmt: skip
    offer_anew_under(wanted.principal, now=now)
    return wanted


@transaction.atomic
def revoke_substitution(*, substitution_id: int, user: User, now: datetime) -> Substitution:
    """End a substitution now; what was decided under it stays."""
    agency = Agency.objects.get(employees__substitutions=substitution_id)
    actor = actor_allowed(user, MANAGE, agency, now)
    ledger.lock(agency)
    row = Substitution.objects.select_related("principal", "substitute").get(pk=substitution_id)
    if row.revoked_at is not None:
        raise CalendarRefused({"": "Penunjukan ini sudah dicabut; muat ulang halaman."})
    before = _state(row)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    end_sessions_of_employee(employee_id=row.substitute_id)
    note(
        agency, actor, "substitution_revoked", f"substitution:{row.pk}", now=now, before=before,
        after=_state(row),
    )  # fmt: skip
    offer_anew_under(row.principal, now=now)
    return row


def _problems(wanted: Substitution, today: date) -> dict[str, str]:
    found = {}
    if not wanted.letter_number:
        found["letter_number"] = "Nomor surat kosong; isi nomor surat penunjukannya."
    if wanted.capacity not in Capacity.values:
        found["capacity"] = (
            "Pilih Plt. bila jabatannya kosong, atau Plh. bila pejabatnya berhalangan."
        )
    if wanted.valid_until is not None and wanted.valid_until < wanted.valid_from:
        found["valid_until"] = (
            "Penunjukan berakhir sebelum mulai berlaku; periksa kedua tanggalnya."
        )
    if wanted.capacity == Capacity.DAILY_ACTING and wanted.valid_until is None:
        found["valid_until"] = (
            "Plh. memerlukan tanggal akhir; isi hari terakhir pejabat berhalangan."
        )
    if problem := _problem_of_people(wanted, today):
        found["substitute"] = problem
    if not found and (problem := _overlap(wanted)):
        found["valid_from"] = problem
    return found


def _problem_of_people(wanted: Substitution, today: date) -> str:
    principal, substitute = wanted.principal, wanted.substitute
    if principal.pk == substitute.pk:
        return "Pejabat tidak menggantikan dirinya sendiri; pilih orang lain."
    if substitute.agency_id != principal.agency_id:
        return f"{substitute} bukan pegawai {principal.agency}; pilih pegawai perangkat daerah ini."
    if substitute.left_on is not None and substitute.left_on <= max(wanted.valid_from, today):
        return f"{substitute} sudah berhenti; pilih pegawai yang aktif."
    chain = _chain_to(principal, wanted)
    if chain:
        return (
            f"Penggantian melingkar: {' digantikan '.join(chain)}. Pilih pengganti yang tidak "
            "sedang digantikan, atau cabut penunjukan yang lain dahulu."
        )
    return ""


def _chain_to(principal: Employee, wanted: Substitution) -> list[str]:
    """Follow who stands in for the substitute meanwhile; name the ring back to the principal."""
    names, above = [principal.name, wanted.substitute.name], wanted.substitute
    seen = {above.pk}
    while True:
        row = _meanwhile(wanted).filter(principal=above).select_related("substitute").first()
        if row is None or (row.substitute_id in seen):
            return []
        above = row.substitute
        names.append(above.name)
        seen.add(above.pk)
        if above.pk == principal.pk:
            return names


def _meanwhile(wanted: Substitution) -> SubstitutionQuerySet:
    """Return the substitutions that hold on some day of this one."""
    rows = Substitution.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=wanted.valid_from), revoked_at=None
    )
    return rows.filter(valid_from__lte=wanted.valid_until) if wanted.valid_until else rows


def _overlap(wanted: Substitution) -> str:
    rows = _meanwhile(wanted).filter(principal=wanted.principal).select_related("substitute")
    other = rows.first()
    if other is None:
        return ""
    until = f"s.d. {date_text(other.valid_until)}" if other.valid_until else "tanpa akhir"
    return (
        f"{wanted.principal} sudah digantikan {other.substitute} "
        f"({other.get_capacity_display()}, {other.letter_number}) {date_text(other.valid_from)} "
        f"{until}. Cabut penunjukan itu dahulu, atau ubah tanggalnya."
    )


def _state(row: Substitution) -> dict[str, Any]:
    return {
        "principal": row.principal_id,
        "substitute": row.substitute_id,
        "capacity": row.capacity,
        "letter_number": row.letter_number,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "revoked_at": row.revoked_at,
    }
