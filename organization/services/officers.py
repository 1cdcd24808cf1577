"""The officers of an agency: appointed together by letter, and their predecessors released."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.exceptions import OfficersRefused
from organization.mandates.duties import MINIMUM, officer_roles
from organization.models import Agency, Appointment, Employee, OfficerNeed, User
from organization.permissions import local_date
from organization.questions import officers_of
from organization.services.accounts import account_of
from organization.services.employees import append, revoke
from organization.services.officer_needs import look_again, mend, open_need, tell_left


@dataclass(frozen=True)
class Chosen:
    """A person chosen for a role."""

    employee_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class AppointmentLetter:
    """What a letter says of everybody whom it appoints; `source` is what made it."""

    number: str = ""
    attachment: int | None = None
    qualifications: Sequence[str] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    need: OfficerNeed | None = None


def refusals(
    *,
    agency: Agency,
    chosen: Sequence[Chosen],
    roles: Sequence[str],
    minimum: int = MINIMUM,
    on: date,
) -> list[str]:
    """Return what speaks against these people, a sentence each; empty if nothing does.

    Only active PNS of the agency (art. 1(10)), at least `minimum` distinct persons (art. 7(1)),
    every role filled, nobody in two roles.
    """
    reasons = [
        f"Belum ada pegawai yang dipilih sebagai {role}."
        for role in roles
        if all(choice.role != role for choice in chosen)
    ]
    ids = {choice.employee_id for choice in chosen}
    people = Employee.objects.filter(agency=agency).in_bulk(list(ids))
    eligible = set(
        Employee.objects.filter(agency=agency)
        .eligible_as_officer(on)
        .filter(pk__in=ids)
        .values_list("pk", flat=True)
    )
    if ids - people.keys():
        reasons.append("Ada pilihan yang bukan pegawai perangkat daerah ini.")
    for pk, person in people.items():
        if pk not in eligible:
            reasons.append(f"{person.name} {_ineligible(person, on)}.")
        held = {choice.role for choice in chosen if choice.employee_id == pk}
        if len(held) > 1:
            reasons.append(f"{person.name} dipilih untuk lebih dari satu peran.")
    if len(ids) < minimum:
        reasons.append(
            f"Petugas paling sedikit {minimum} orang yang berbeda; baru {len(ids)} dipilih."
        )
    return reasons


def _ineligible(person: Employee, on: date) -> str:
    if person.left_on is not None and person.left_on <= on:
        return "sudah berhenti"
    if person.joined_on is not None and person.joined_on > on:
        return "belum mulai bekerja"
    return f"berstatus {person.get_status_display()}; petugas harus PNS"


@transaction.atomic
def appoint_officers(
    *,
    agency: Agency,
    chosen: Sequence[Chosen],
    actor: Actor,
    now: datetime,
    letter_number: str = "",
    letter_attachment: int | None = None,
    qualifications: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    source: str = "",
    minimum: int = MINIMUM,
) -> list[Appointment]:
    """Appoint these people, open their accounts, and release who held the roles before.

    Valid from today unless told. The same `source` appoints once: called again it returns what it
    made. Raises OfficersRefused.
    """
    locked = ledger.lock(agency)
    made = Appointment.objects.filter(agency=agency, source=source) if source else None
    if made is not None and made.exists():
        return list(made)
    today = local_date(agency, now)
    roles = list(dict.fromkeys(choice.role for choice in chosen))
    reasons = refusals(agency=agency, chosen=chosen, roles=roles, minimum=minimum, on=today)
    if reasons:
        raise OfficersRefused(reasons)
    earlier = list(Appointment.objects.filter(agency=agency, role__in=roles, revoked_at=None))
    entries = [revoke(appointment, actor=actor, now=now) for appointment in earlier]
    letter = AppointmentLetter(
        number=letter_number,
        attachment=letter_attachment,
        qualifications=qualifications,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
    )
    appointments, told = _give(chosen, letter, agency=agency, actor=actor, now=now)
    append(locked, [*entries, *told], now=now)
    need = open_need(locked)
    if need is not None and set(officer_roles()) <= set(roles):
        mend(locked, need, actor=actor, now=now)
    tell_left(earlier, actor=actor, now=now)
    return appointments


def addition_refusals(
    *, agency: Agency, added: Sequence[Chosen], released: Collection[int], now: datetime
) -> list[str]:
    """Return what speaks against these changes; `released` are ids of appointments that end.

    Held to the same rules as a choice of all: who stays and who comes are looked at together.
    """
    serving = officers_of(agency, now, roles=officer_roles())
    staying = [row for row in serving if row.pk not in released]
    kept = [Chosen(row.user.employee_id or 0, row.role) for row in staying]
    reasons = [] if added else ["Pilih sekurang-kurangnya satu petugas baru."]
    reasons += [
        f"{row.user.get_full_name()} sudah bertugas sebagai {row.title}."
        for row, held in zip(staying, kept, strict=True)
        if held in added
    ]
    return reasons + refusals(
        agency=agency,
        chosen=[*kept, *added],
        roles=officer_roles(),
        on=local_date(agency, now),
    )


@transaction.atomic
def add_officers(
    *,
    need: OfficerNeed,
    added: Sequence[Chosen],
    released: Collection[int],
    letter: AppointmentLetter,
    actor: Actor,
    now: datetime,
) -> list[Appointment]:
    """Appoint people beside those who serve, release some of these, and mend the agency's need.

    The letter's `source` appoints once: called again it returns what it made. Raises
    OfficersRefused.
    """
    locked = ledger.lock(need.agency)
    made = Appointment.objects.filter(agency=locked, source=letter.source)
    if letter.source and made.exists():
        return list(made)
    reasons = addition_refusals(agency=locked, added=added, released=released, now=now)
    if reasons:
        raise OfficersRefused(reasons)
    serving = officers_of(locked, now, roles=officer_roles())
    ended = [row for row in serving if row.pk in released]
    entries = [revoke(row, actor=actor, now=now) for row in ended]
    appointments, told = _give(added, letter, agency=locked, actor=actor, now=now)
    append(locked, [*entries, *told], now=now)
    standing = OfficerNeed.objects.get(pk=need.pk)
    if standing.mended_at is None:
        mend(locked, standing, actor=actor, now=now, tell=False)
    other = open_need(locked)
    if other is not None:
        mend(locked, other, actor=actor, now=now)
    tell_left(ended, actor=actor, now=now)
    return appointments


def _give(
    chosen: Sequence[Chosen],
    letter: AppointmentLetter,
    *,
    agency: Agency,
    actor: Actor,
    now: datetime,
) -> tuple[list[Appointment], list[Entry]]:
    """Make the rows of a letter, opening accounts; the caller has locked the agency."""
    people = Employee.objects.in_bulk([choice.employee_id for choice in chosen])
    appointments, entries = [], []
    for choice in dict.fromkeys(chosen):
        user, opened = account_of(people[choice.employee_id], agency=agency, actor=actor, now=now)
        appointment = Appointment.objects.create(
            agency=agency,
            user=user,
            role=choice.role,
            letter_number=letter.number,
            letter_attachment=letter.attachment,
            qualifications=list(letter.qualifications),
            valid_from=letter.valid_from or local_date(agency, now),
            valid_until=letter.valid_until,
            appointed_by_id=actor.user_id,
            source=letter.source,
            need=letter.need,
            created_at=now,
        )
        entries += [*opened, entry_of(appointment, actor)]
        appointments.append(appointment)
    return appointments, entries


@transaction.atomic
def appoint(
    *,
    agency: Agency,
    user: User,
    role: str,
    letter_number: str,
    actor: Actor,
    now: datetime,
    capacity: str = Appointment.Capacity.DEFINITIVE,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Appointment:
    """Give one person a role by letter, beside whoever holds it; acting officers have an end.

    For the officers of e-absensi use `appoint_officers`, which holds them to the regulation.
    """
    locked = ledger.lock(agency)
    if capacity != Appointment.Capacity.DEFINITIVE and not (letter_number and valid_until):
        raise OfficersRefused(["Plt. dan Plh. memerlukan nomor surat dan tanggal akhir."])
    appointment = Appointment.objects.create(
        agency=agency,
        user=user,
        role=role,
        capacity=capacity,
        letter_number=letter_number,
        valid_from=valid_from or local_date(agency, now),
        valid_until=valid_until,
        appointed_by_id=actor.user_id,
        created_at=now,
    )
    append(locked, [entry_of(appointment, actor)], now=now)
    look_again(locked, actor=actor, now=now, may_open=False)
    return appointment


@transaction.atomic
def revoke_appointment(*, appointment: Appointment, actor: Actor, now: datetime) -> None:
    """End one appointment at once; a second time changes nothing."""
    agency = ledger.lock(appointment.agency)
    row = Appointment.objects.get(pk=appointment.pk)
    if row.revoked_at is None:
        append(agency, [revoke(row, actor=actor, now=now)], now=now)
        look_again(agency, actor=actor, now=now, left=[row])
    appointment.revoked_at = row.revoked_at


def entry_of(appointment: Appointment, actor: Actor) -> Entry:
    return Entry(
        actor=actor,
        verb="officer_appointed",
        subject=f"organization.appointment:{appointment.pk}",
        after={
            "user": appointment.user_id,
            "role": appointment.role,
            "capacity": appointment.capacity,
            "letter_number": appointment.letter_number,
            "letter_attachment": appointment.letter_attachment,
            "valid_from": appointment.valid_from,
            "valid_until": appointment.valid_until,
            "qualifications": appointment.qualifications,
            "source": appointment.source,
        },
    )
