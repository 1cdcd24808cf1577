"""Supervision: a recorded finger counts once its supervisor has confirmed it (art. 8(3)).

Whoever supervises does it with an own account, and is neither who recorded nor who was recorded.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from devices.events import record_all
from devices.exceptions import NotAllowedNow, OldFingerRemains
from devices.models import Enrolment, RerecordingPermit
from devices.services.enrolments import subject_of, withdraw_excuses, withdraw_recordings
from devices.services.recording_removal import old_copies
from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Agency, User

SUPERVISE = "enrolment.supervise"


@transaction.atomic
def confirm_enrolments(
    *, enrolments: Iterable[Enrolment], actor: Actor, now: datetime
) -> list[Enrolment]:
    """Confirm that these fingers were recorded under the actor's eyes; return those that waited.

    Rows that wait no more are passed over. Raises NotAllowedNow, and confirms none, when the actor
    recorded one of them or is the person himself; OldFingerRemains while a machine in service has
    an earlier recording of one of these fingers, which must be gone before the new one counts.
    """
    waiting = _waiting([row.pk for row in enrolments])
    for row in waiting:
        _check_supervisor(row, actor)
    _check_old_are_gone(waiting)
    for row in waiting:
        row.supervised_by_id, row.supervised_at = actor.user_id, now
    Enrolment.objects.bulk_update(waiting, ["supervised_by", "supervised_at"])
    people = {row.employee_id for row in waiting}
    withdraw_excuses(people, now)
    _withdraw_notes(waiting, people, now)
    _close_permits(waiting, people, now)
    for agency, rows in _by_agency(waiting).items():
        record_all(agency, [_entry(row, "finger_confirmed", actor) for row in rows], now=now)
    return waiting


@transaction.atomic
def refuse_enrolment(
    *, enrolment: Enrolment, reason: str, actor: Actor, now: datetime
) -> Enrolment:
    """Withdraw a recording that waits; its finger is dropped and deleted from the machines."""
    reason = " ".join(reason.split())
    if not reason:
        raise NotAllowedNow("Tuliskan alasan penolakan.")
    waiting = _waiting([enrolment.pk])
    if not waiting:
        raise NotAllowedNow("Rekaman ini sudah disahkan atau ditarik. Muat ulang halaman.")
    (row,) = waiting
    _check_supervisor(row, actor)
    withdraw_recordings([row], now)
    row.withdrawn_at, row.reason = now, reason[:200]
    row.save(update_fields=["withdrawn_at", "reason"])
    record_all(row.employee.agency, [_entry(row, "finger_refused", actor)], now=now)
    return row


def may_supervise(row: Enrolment, user: User) -> bool:
    """Say whether this person, who holds the right to supervise, may confirm this recording."""
    return row.recorded_by_id != user.pk and (
        user.employee_id is None or row.employee_id != user.employee_id
    )


def waits_for(user: User, agencies: Iterable[Agency]) -> Mapping[int, int]:
    """Return by agency how many recordings wait and may be confirmed by this person; one query."""
    rows = Enrolment.objects.waiting().filter(employee__agency__in=agencies)
    own = Q(recorded_by=user) | Q(employee__user=user)
    others = rows.exclude(pk__in=rows.filter(own).values("pk")).order_by()
    return Counter(others.values_list("employee__agency_id", flat=True))


def _waiting(keys: Sequence[int]) -> list[Enrolment]:
    # Fingers come in under the agency's lock: taken first here too, nobody waits for the other.
    people = Enrolment.objects.filter(pk__in=keys).values("employee")
    for agency in Agency.objects.filter(employees__in=people).distinct().order_by("pk"):
        ledger.lock(agency)
    rows = Enrolment.objects.waiting().select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.select_related("employee__agency", "device").order_by("pk"))


def _check_supervisor(row: Enrolment, actor: Actor) -> None:
    user = User.objects.filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotAllowedNow("Pengawas mengesahkan perekaman dengan akunnya sendiri.")
    if not may_supervise(row, user):
        who = row.employee.name
        raise NotAllowedNow(
            f"Perekaman {who} harus disahkan pengawas lain: bukan perekam dan bukan pegawai itu "
            "sendiri."
        )


def _check_old_are_gone(waiting: Sequence[Enrolment]) -> None:
    fresh = {(row.employee_id, row.finger): row.employee for row in waiting}
    for copy in old_copies(row.employee_id for row in waiting):
        person = fresh.get((copy.template.employee_id, copy.template.finger))
        if person is not None:
            raise OldFingerRemains(
                f"Sidik jari lama {person} masih ada di {copy.device.name} dan harus dihapus di "
                "sana dahulu; tekan “Perbaiki”, lalu sahkan lagi. Mesin yang rusak dapat "
                "dinonaktifkan sementara."
            )


def _withdraw_notes(waiting: Sequence[Enrolment], people: set[int], now: datetime) -> None:
    """A finger that was read takes the place of what was noted by hand about it."""
    read = {(row.employee_id, row.finger) for row in waiting if row.template_id}
    notes = Enrolment.objects.counting().filter(employee__in=people, template=None)
    fresh = {row.pk for row in waiting}
    old = [r for r in notes if (r.employee_id, r.finger) in read and r.pk not in fresh]
    withdraw_recordings(old, now)


def _close_permits(waiting: Sequence[Enrolment], people: set[int], now: datetime) -> None:
    permits = RerecordingPermit.objects.filter(employee__in=people, closed_at=None)
    used = [
        permit.pk
        for permit in permits
        if any(r.employee_id == permit.employee_id and r.at >= permit.given_at for r in waiting)
    ]
    RerecordingPermit.objects.filter(pk__in=used).update(closed_at=now)


def _by_agency(rows: Sequence[Enrolment]) -> dict[Agency, list[Enrolment]]:
    found: dict[Agency, list[Enrolment]] = {}
    for row in rows:
        found.setdefault(row.employee.agency, []).append(row)
    return found


def _entry(row: Enrolment, verb: str, actor: Actor) -> Entry:
    device = row.device.serial if row.device else ""
    return Entry(
        actor=actor,
        verb=verb,
        subject=subject_of(row.employee_id),
        after={"finger": row.finger, "device": device},
    )
