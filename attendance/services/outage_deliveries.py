"""The manual recap of each day of an outage: sent, received, typed, looked at by another person.

Pergub 67/2019 art. 13(4) and (5): both forms to BKD, the copy to Diskominfo, who alone types it.
All of it follows a task of the procedure, and may be repeated.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from attendance.evidence.outage_days import current_delivery
from attendance.evidence.outage_lists import problems_of, rows_of, typists
from attendance.exceptions import DataRefused, NotYoursToDecide
from attendance.models import Outage, OutageDelivery
from attendance.services.evidence_rows import record
from attendance.services.outage_rows import Deed, locked, make_whole
from foundation.actors import Actor
from foundation.indonesian import date_text
from processes.models import Attachment

Status = OutageDelivery.Status


@transaction.atomic
def send_recap(
    *,
    outage_id: int,
    task_id: int,
    day: date,
    softcopy: Attachment,
    hardcopy_number: str,
    deed: Deed,
    now: datetime,
) -> OutageDelivery:
    """Keep that the recap of a day was sent in both forms; sent again by the same task, once."""
    row = locked(outage_id)
    if known := row.deliveries.filter(task_id=task_id).first():
        return known
    sent = OutageDelivery.objects.create(
        outage=row, day=day, task_id=task_id, softcopy=softcopy, softcopy_sha256=softcopy.sha256,
        hardcopy_number=hardcopy_number[:100], sent_by=deed.user, sent_at=deed.at,
    )  # fmt: skip
    _note(row, sent, "outage_recap_sent", deed.actor, now)
    return sent


@transaction.atomic
def receive_recap(
    *, outage_id: int, accepted: bool, receipt_number: str, why: str, deed: Deed, now: datetime
) -> OutageDelivery | None:
    """Keep that BKD has both forms, or gave them back with a reason; None where none waits."""
    row = locked(outage_id)
    sent = current_delivery(row)
    if sent is None or sent.status != Status.SENT:
        return sent
    before = _state(sent)
    sent.status = Status.RECEIVED if accepted else Status.RETURNED
    sent.received_by, sent.received_at = deed.user, deed.at
    sent.receipt_number, sent.note = receipt_number[:100], "" if accepted else why[:300]
    sent.save()
    verb = "outage_recap_received" if accepted else "outage_recap_returned"
    _note(row, sent, verb, deed.actor, now, before)
    return sent


@transaction.atomic
def keep_copy(*, outage_id: int, deed: Deed, now: datetime) -> OutageDelivery | None:
    """Keep that the copy reached Diskominfo, with whoever typed from it."""
    row = locked(outage_id)
    received = current_delivery(row)
    if received is None or received.status != Status.RECEIVED:
        return received
    before = _state(received)
    received.copy_received_by, received.copy_received_at = deed.user, deed.at
    received.save()
    if _state(received) != before:
        _note(row, received, "outage_recap_typed", deed.actor, now, before)
    return received


@transaction.atomic
def check_day(
    *, outage_id: int, agrees: bool, ask_again: bool, why: str, deed: Deed, now: datetime
) -> OutageDelivery | None:
    """Keep that somebody who typed none of a day found its rows as they were signed.

    `ask_again`: the recap itself is wrong and is asked for anew. Raises NotYoursToDecide.
    """
    row = locked(outage_id)
    received = current_delivery(row)
    if received is None or received.status != Status.RECEIVED:
        return received
    before = _state(received)
    if agrees:
        if deed.user.pk in typists(row, received.day):
            raise NotYoursToDecide(typed_it(received.day))
        received.status = Status.CHECKED
        received.checked_by, received.checked_at = deed.user, deed.at
    elif ask_again:
        received.status, received.note = Status.REJECTED, why[:300]
    received.save()
    if _state(received) != before:
        verb = "outage_recap_checked" if agrees else "outage_recap_asked_again"
        _note(row, received, verb, deed.actor, now, before)
    return received


def typed_it(day: date) -> str:
    return (
        f"Anda ikut mengetik daftar {date_text(day)}; petugas lain yang mencocokkannya dengan "
        "daftar bertanda tangan."
    )


@transaction.atomic
def complete_checked_list(*, outage_id: int, actor: Actor, now: datetime) -> Outage:
    """Let the list be whole once each of its days was checked; nothing where it is already.

    Who checked the last day stands for it; without a list, who tested the machine. Raises
    DataRefused for a day that nobody checked.
    """
    row = locked(outage_id)
    if row.listed_at is not None:
        return row
    listed = rows_of(row)
    checked = {one.day: one for one in row.deliveries.filter(status=Status.CHECKED)}
    errors = problems_of(row, listed, now)
    for day in sorted({one.day for one in listed} - checked.keys()):
        errors[day.isoformat()] = f"Daftar {date_text(day)} belum dicocokkan."
    if errors:
        raise DataRefused(errors)
    last = max(checked.values(), key=lambda one: one.checked_at or one.sent_at, default=None)
    who = last.checked_by if last is not None else row.tested_by
    if who is None:
        raise DataRefused({"": "Belum ada yang menguji mesin atau mencocokkan daftar."})
    return make_whole(row, listed, who, actor, now)


def _state(row: OutageDelivery) -> dict[str, Any]:
    return {
        "day": row.day,
        "status": row.status,
        "softcopy": row.softcopy_sha256,
        "hardcopy": row.hardcopy_number,
        "receipt": row.receipt_number,
        "copy": row.copy_received_at is not None,
    }


def _note(
    outage: Outage,
    row: OutageDelivery,
    verb: str,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    record(
        outage.agency, actor, verb, f"outagedelivery:{row.pk}", now=now, before=before,
        after=_state(row),
    )  # fmt: skip
