"""Packages for the SOPs that follow a frozen recap: made, handed over, received or given back.

The steps of the SOPs ask for each of these; which steps, their files say. All may be repeated.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from attendance.exceptions import RecapRefused
from attendance.models import Handover, HandoverPackage, Recap
from attendance.models.handovers import LONGEST_RECEIPT
from attendance.recaps.handover_sheets import Sheet, compose
from attendance.recaps.seals import is_intact
from attendance.services.evidence_rows import content_hash
from attendance.services.outage_rows import Deed
from documents.models import Document
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import period_label

FOLDER = "handovers"
Status = Handover.Status
# What may still be handed over, received or given back.
WAITING = (Status.PREPARED, Status.HANDED, Status.RETURNED)


def prepare(*, recap: Recap, kind: str, actor: Actor, now: datetime) -> HandoverPackage:
    """Make the first package of a frozen version; the one that is there where it was made.

    It names what the last version before this one handed over. Raises RecapRefused for a recap that
    is not frozen, or not what its hash says. Never call it in a transaction or a web request: it
    writes a file.
    """
    if known := HandoverPackage.objects.filter(handover__recap=recap, handover__kind=kind).first():
        return known
    if not recap.is_frozen or not is_intact(recap):
        raise RecapRefused(
            f"Rekap {period_label(recap.subject)} belum dibekukan atau tidak cocok dengan sidik"
            " SHA-256-nya; bahannya belum dapat diserahkan."
        )
    sheet = compose(recap, kind, 1)
    path = _store(recap, sheet)
    with transaction.atomic():
        ledger.lock(recap.agency)
        handover, created = Handover.objects.get_or_create(
            recap=recap,
            kind=kind,
            defaults={"agency": recap.agency, "replaces": _last_before(recap, kind)},
        )
        if not created:
            return newest(handover)
        return _add(handover, 1, sheet, path, actor=actor, now=now)


def make_again(*, handover: Handover, answer: str, deed: Deed, now: datetime) -> HandoverPackage:
    """Make the next package of one that came back; the next one where it was made already.

    `answer` is what the agency says to the reason. Never call it in a transaction or a web request.
    """
    last = newest(handover)
    if last.returned_at is None:
        return last
    sheet = compose(handover.recap, handover.kind, last.round + 1)
    path = _store(handover.recap, sheet)
    with transaction.atomic():
        handover = locked(handover.pk)
        again = newest(handover)
        if again.pk != last.pk:
            return again
        answered = {"answer": answer[:500]}
        return _add(handover, last.round + 1, sheet, path, actor=deed.actor, now=now, more=answered)


@transaction.atomic
def hand_over(*, handover_id: int, actor: Actor, now: datetime) -> HandoverPackage:
    """Note that the newest package lies before whoever receives it, with the letter that names it.

    Raises RecapRefused for one that a later version of the recap has replaced.
    """
    handover = locked(handover_id)
    package = newest(handover)
    if package.handed_at is not None:
        return package
    if handover.status not in WAITING:
        raise RecapRefused(f"{handover} sudah {handover.get_status_display().lower()}.")
    package.document, package.handed_at = document_of(package), now
    package.save(update_fields=["document", "handed_at"])
    _move(handover, Status.HANDED)
    told = {"document": package.document.sha256 if package.document else ""}
    record(package, "handover_handed", actor=actor, now=now, more=told)
    return package


@transaction.atomic
def receive(
    *, handover_id: int, receipt_number: str, note: str, deed: Deed, now: datetime
) -> Handover:
    """Note who received the newest package, when, and under which number of his own."""
    handover = locked(handover_id)
    if handover.status == Status.RECEIVED:
        return handover
    _require_handed(handover)
    handover.receipt_number = receipt_number.strip()[:LONGEST_RECEIPT]
    handover.note = note.strip()[:500]
    handover.received_by, handover.received_at = deed.user, deed.at
    handover.status = Status.RECEIVED
    handover.save()
    told = {"receipt": handover.receipt_number}
    record(newest(handover), "handover_received", actor=deed.actor, now=now, more=told)
    return handover


@transaction.atomic
def give_back(*, handover_id: int, reason: str, deed: Deed, now: datetime) -> HandoverPackage:
    """Note why the newest package was not taken; it stays as it was. The next one is another."""
    handover = locked(handover_id)
    package = newest(handover)
    if package.returned_at is not None:
        return package
    _require_handed(handover)
    package.reason, package.returned_by, package.returned_at = reason[:500], deed.user, deed.at
    package.save(update_fields=["reason", "returned_by", "returned_at"])
    _move(handover, Status.RETURNED)
    told = {"reason": content_hash(reason)}
    record(package, "handover_returned", actor=deed.actor, now=now, more=told)
    return package


def newest(handover: Handover) -> HandoverPackage:
    """Return the package of the last round."""
    package = handover.packages.select_related("document").order_by("round").last()
    if package is None:
        raise LookupError(f"{handover} tidak mempunyai berkas.")
    package.handover = handover
    return package


def document_of(package: HandoverPackage) -> Document | None:
    """Return the letter that names this package's sheet by its hash; None before it is written."""
    instance = package.handover.recap.instance_id
    rows = Document.objects.filter(instance=instance, context__bahan__sidik=package.sha256)
    return rows.defer("context").filter(withdrawn_at=None).order_by("pk").last()


def locked(handover_id: int) -> Handover:
    """Return the row under the lock of its agency."""
    found = Handover.objects.select_related("agency").get(pk=handover_id)
    ledger.lock(found.agency)
    rows = Handover.objects.select_for_update(of=("self",))
    return rows.select_related("agency", "recap__agency", "recap__instance").get(pk=handover_id)


def record(
    package: HandoverPackage,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Leave an event in the stream of the agency; no name and no word about a person."""
    handover = package.handover
    ledger.record(
        stream=handover.agency,
        actor=actor,
        verb=verb,
        subject=f"attendance.handover:{handover.pk}",
        after={
            "kind": handover.kind,
            "recap": handover.recap_id,
            "round": package.round,
            "status": handover.status,
            "sha256": package.sha256,
            **(more or {}),
        },
        now=now,
    )


def _last_before(recap: Recap, kind: str) -> Handover | None:
    """Return what an earlier version of the same month handed over last."""
    rows = Handover.objects.filter(agency=recap.agency_id, kind=kind, recap__month=recap.month)
    return rows.filter(recap__version__lt=recap.version).order_by("recap__version").last()


def _store(recap: Recap, sheet: Sheet) -> str:
    """Write the sheet under its own hash, so that two workers never overwrite each other."""
    path = f"{FOLDER}/{recap.agency.code}/{sha256_of(sheet.content)}.xlsx"
    write_file(stored_path(path), sheet.content)
    return path


def _add(
    handover: Handover,
    number: int,
    sheet: Sheet,
    path: str,
    *,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> HandoverPackage:
    package = HandoverPackage.objects.create(
        handover=handover,
        round=number,
        path=path,
        name=_name(handover, number),
        size=len(sheet.content),
        sha256=sha256_of(sheet.content),
        figures=sheet.figures,
        made_at=now,
        **(more or {}),
    )
    record(package, "handover_prepared", actor=actor, now=now)
    return package


def _name(handover: Handover, number: int) -> str:
    what = {Handover.Kind.DISCIPLINE: "disiplin", Handover.Kind.PERFORMANCE: "kinerja"}
    recap = handover.recap
    kind = what[Handover.Kind(handover.kind)]
    return f"bahan-{kind}-{recap.agency.code}-{recap.subject}-v{recap.version}-p{number}.xlsx"


def _move(handover: Handover, status: Handover.Status) -> None:
    handover.status = status
    handover.save(update_fields=["status"])


def _require_handed(handover: Handover) -> None:
    if handover.status != Status.HANDED:
        raise RecapRefused(
            f"{handover} tidak sedang menunggu diterima ({handover.get_status_display().lower()})."
        )
