"""Whether enough officers serve: an agency's need is noted, told once, and taken back when mended.

Pergub NTT 67/2019 art. 7(1) wants two; whoever of them moves, retires or comes to the end of his
letter leaves a gap. The SOP that appoints others is begun by a message about the need's row, and
told when somebody else filled the gap meanwhile.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import date_text
from organization.exceptions import OfficersRefused
from organization.mandates.duties import MINIMUM, officer_roles
from organization.models import Agency, Appointment, Employee, OfficerNeed, User
from organization.permissions import actor_allowed, local_date
from organization.questions import officers_of, officers_problem
from workflows.registry import Request, tells
from workflows.requests import request_operation

logger = logging.getLogger(__name__)

# What a SOP about officers waits for: at its start, while it waits for a choice, for a signature.
NEEDED, MENDED, LEFT = "petugas_dibutuhkan", "petugas_lengkap", "petugas_berhenti"
APPOINT = "officers.appoint"
FIRST = "Petugas pertama ditetapkan pada periode pertama instansi ini, bukan dari halaman ini."
ASKED = "Pimpinan atau admin meminta penggantian petugas."


@tells("Penugasan petugas")
def messages() -> Sequence[str]:
    return NEEDED, MENDED, LEFT


def shortage(agency: Agency, now: datetime) -> str:
    """Return what is wrong with who serves now, as a sentence; "" where enough do."""
    roles = officer_roles()
    officers = officers_of(agency, now, roles=roles)
    return officers_problem(officers, roles, MINIMUM, local_date(agency, now))


def watch_officers(*, now: datetime) -> int:
    """Look at every agency that ever had officers; return in how many something changed.

    Called by the clock, as often as one likes: letters end at midnight of the agency's own zone.
    """
    return sum(_watched(agency, now) for agency in staffed_agencies())


def staffed_agencies() -> QuerySet[Agency]:
    """Return the agencies in which every role of an officer was filled once.

    The first officers are appointed by the first period; and an office of another government, whose
    SOP knows an admin and no operator, is not held to this rule.
    """
    agencies = Agency.objects.order_by("pk")
    for role in officer_roles():
        ever = Appointment.objects.filter(role=role)
        agencies = agencies.filter(pk__in=ever.values("agency"))
    return agencies


def is_staffed(agency: Agency) -> bool:
    return staffed_agencies().filter(pk=agency.pk).exists()


def _watched(agency: Agency, now: datetime) -> bool:
    """Look at one agency; one that fails keeps no other from its officers."""
    try:
        is_told = OfficerNeed.objects.shortages().filter(agency=agency).exists()
        if bool(shortage(agency, now)) == is_told:
            return False
        with transaction.atomic():
            look_again(ledger.lock(agency), actor=SYSTEM, now=now)
    except Exception as error:
        logger.error("officers of agency %s not looked at: %s", agency.pk, type(error).__name__)
        return False
    return True


def look_again(
    agency: Agency,
    *,
    actor: Actor,
    now: datetime,
    left: Iterable[Appointment] = (),
    may_open: bool = True,
) -> None:
    """Note what the officers of an agency lack now, or no longer lack; the caller has locked it.

    `left` are appointments that have just ended: nobody waits for their signatures any more.
    """
    problem, need = shortage(agency, now), open_need(agency)
    may_open = may_open and is_staffed(agency)
    if not problem and need is not None and need.kind == OfficerNeed.Kind.SHORTAGE:
        mend(agency, need, actor=actor, now=now)
    elif problem and may_open and need is None:
        _open(agency, OfficerNeed.Kind.SHORTAGE, problem, actor=actor, now=now)
    elif problem and may_open and need is not None and need.kind == OfficerNeed.Kind.REQUEST:
        need.kind, need.reason = OfficerNeed.Kind.SHORTAGE, problem
        need.save(update_fields=["kind", "reason"])
        _record(agency, need, "officer_need_urgent", actor=actor, now=now)
        ask_for_choice(need, actor=actor, now=now)
    tell_left(left, actor=actor, now=now)


def ended_at(person: Employee, now: datetime) -> list[Appointment]:
    """Return the appointments of a person that ended at this very moment."""
    return list(Appointment.objects.filter(user__employee=person, revoked_at=now))


def open_need(agency: Agency) -> OfficerNeed | None:
    return OfficerNeed.objects.open().filter(agency=agency).first()


@transaction.atomic
def request_officers(*, agency: Agency, user: User, now: datetime) -> OfficerNeed:
    """Ask for officers, whether or not too few serve. Raises PermissionDenied, OfficersRefused.

    Where a need is open already its SOP is asked for again: it may have been cancelled.
    """
    actor = actor_allowed(user, APPOINT, agency, now)
    if not is_staffed(agency):
        raise OfficersRefused([FIRST])
    return need_of(ledger.lock(agency), ASKED, actor=actor, now=now)


def need_of(agency: Agency, reason: str, *, actor: Actor, now: datetime) -> OfficerNeed:
    """Return the open need of a locked agency, opened for this reason if there is none; tell it."""
    need = open_need(agency)
    if need is None:
        return _open(agency, OfficerNeed.Kind.REQUEST, reason, actor=actor, now=now)
    ask_for_choice(need, actor=actor, now=now)
    return need


def mend(
    agency: Agency, need: OfficerNeed, *, actor: Actor, now: datetime, tell: bool = True
) -> None:
    """Note that officers serve again; with `tell`, the SOP that waits for a choice ends."""
    need.mended_at = now
    need.save(update_fields=["mended_at"])
    _record(agency, need, "officer_need_mended", actor=actor, now=now)
    if tell:
        finish(need, now=now)
        _tell(need, MENDED, f"{MENDED}:{need.pk}", actor=actor, now=now)


def finish(need: OfficerNeed, *, now: datetime) -> None:
    """Note that nobody's signature is waited for any more."""
    if need.finished_at is None:
        need.finished_at = now
        need.save(update_fields=["finished_at"])


def tell_left(left: Iterable[Appointment], *, actor: Actor, now: datetime) -> None:
    """Tell the SOPs that wait for the signatures of those who have just left."""
    for appointment in _unsigned(left):
        if appointment.need is not None and appointment.need.finished_at is None:
            key = f"{LEFT}:{appointment.pk}"
            _tell(appointment.need, LEFT, key, actor=actor, now=now)


def _unsigned(left: Iterable[Appointment]) -> Sequence[Appointment]:
    ids = [row.pk for row in left if row.need_id and row.integrity_pact_signed_at is None]
    if not ids:
        return []
    return list(Appointment.objects.filter(pk__in=ids).select_related("need"))


def ask_for_choice(need: OfficerNeed, *, actor: Actor, now: datetime) -> None:
    """Have the SOP begun about this need; where it runs already, nothing begins."""
    need.times_told += 1
    need.save(update_fields=["times_told"])
    _tell(need, NEEDED, f"{NEEDED}:{need.pk}:{need.times_told}", actor=actor, now=now)


def _open(
    agency: Agency, kind: OfficerNeed.Kind, reason: str, *, actor: Actor, now: datetime
) -> OfficerNeed:
    need = OfficerNeed.objects.create(
        agency=agency, kind=kind, reason=reason, opened_at=now, opened_by_id=actor.user_id
    )
    _record(agency, need, "officer_need_opened", actor=actor, now=now)
    ask_for_choice(need, actor=actor, now=now)
    return need


def _tell(need: OfficerNeed, name: str, key: str, *, actor: Actor, now: datetime) -> None:
    """Have a message sent about this need: the room of messages stands above this one."""
    opened = local_date(need.agency, need.opened_at)
    request_operation(
        name="processes.send_message",
        key=key,
        request=Request(
            agency_id=need.agency_id,
            subject=str(need.pk),
            actor=actor,
            now=now,
            parameters={"message": name, "key": key, "about": f"sejak {date_text(opened)}"},
        ),
    )


def _record(agency: Agency, need: OfficerNeed, verb: str, *, actor: Actor, now: datetime) -> None:
    ledger.record(
        stream=agency,
        actor=actor,
        verb=verb,
        subject=f"organization.officerneed:{need.pk}",
        after={"kind": str(need.kind), "reason": need.reason},
        now=now,
    )
