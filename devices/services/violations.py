"""Suspected breaches of Pergub 67/2019 art. 9 and 14: noted, handed over, or found to be none.

Never a sanction: that belongs to another procedure.
"""

from datetime import datetime

from django.db import transaction

from devices.exceptions import NotAllowedNow
from devices.models import Alarm, Violation
from foundation import ledger
from foundation.actors import Actor
from foundation.cells import clean
from organization.models import Agency, Employee

ARTICLES = {
    "Pasal 9 ayat (1)": "memakai sidik jari sendiri atau orang lain atas nama pegawai",
    "Pasal 14": "merusak atau mengganggu mesin",
}
HANDED_TO, REFERENCE, REASON = 150, 80, 300  # characters that a row holds


@transaction.atomic
def note_violation(
    *,
    alarm: Alarm | None,
    article: str,
    facts: str,
    employee: Employee | None,
    actor: Actor,
    now: datetime,
    agency: Agency | None = None,
) -> Violation:
    """Note what an alarm showed, or what an agency tells without one; of whom may be unknown.

    NotAllowedNow for an article that names no breach, without facts, and for another agency's
    person or an alarm of no agency.
    """
    facts = facts.strip()
    if article not in ARTICLES:
        raise NotAllowedNow("Pilih pasal yang diduga dilanggar.")
    if not facts:
        raise NotAllowedNow("Tuliskan uraian kejadian.")
    where = alarm.agency if alarm is not None else agency
    if where is None or (employee and employee.agency_id != where.pk):
        raise NotAllowedNow("Peringatan dan pegawai bukan dari perangkat daerah yang sama.")
    violation = Violation.objects.create(
        agency=where,
        employee=employee,
        alarm=alarm,
        article=article,
        facts=facts,
        noted_at=now,
        noted_by_id=_person(actor),
    )
    _record(
        violation, "violation_noted", {"article": article, "alarm": alarm and alarm.pk}, actor, now
    )
    return violation


@transaction.atomic
def hand_over_violation(
    *, violation: Violation, handed_to: str, reference: str, actor: Actor, now: datetime
) -> Violation:
    """Give a noted violation to whom it belongs, by letter; NotAllowedNow when it is closed."""
    handed_to, reference = clean(handed_to)[:HANDED_TO], clean(reference)[:REFERENCE]
    if not handed_to or not reference:
        raise NotAllowedNow("Isi kepada siapa dan dengan surat nomor berapa diserahkan.")
    row = _noted(violation)
    row.state, row.handed_to, row.reference = Violation.State.HANDED_OVER, handed_to, reference
    return _close(row, "violation_handed_over", {"reference": reference}, actor, now)


@transaction.atomic
def dismiss_violation(
    *, violation: Violation, reason: str, actor: Actor, now: datetime
) -> Violation:
    """Close a noted violation as unfounded; NotAllowedNow when it is closed already."""
    reason = clean(reason)[:REASON]
    if not reason:
        raise NotAllowedNow("Tuliskan alasannya.")
    row = _noted(violation)
    row.state, row.reason = Violation.State.DISMISSED, reason
    return _close(row, "violation_dismissed", {}, actor, now)


def _noted(violation: Violation) -> Violation:
    rows = Violation.objects.select_for_update(of=("self",)).select_related("agency")
    ledger.lock(violation.agency)
    row = rows.get(pk=violation.pk)
    if row.state != Violation.State.NOTED:
        raise NotAllowedNow("Catatan ini sudah ditutup. Muat ulang halaman.")
    return row


def _close(
    row: Violation, verb: str, after: dict[str, object], actor: Actor, now: datetime
) -> Violation:
    row.closed_at, row.closed_by_id = now, _person(actor)
    row.save()
    _record(row, verb, after, actor, now)
    return row


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowedNow("Pelanggaran dicatat dan ditutup orang, bukan sistem.")
    return actor.user_id


def _record(
    row: Violation, verb: str, after: dict[str, object], actor: Actor, now: datetime
) -> None:
    # The facts are personal: they stay on the row, the ledger cannot forget.
    ledger.record(
        stream=row.agency,
        actor=actor,
        verb=verb,
        subject=f"devices.violation:{row.pk}",
        after=after,
        now=now,
    )
