"""What the managers of presences do through the day: answer tickets, contact who is missing."""

from datetime import date, datetime

from django.db import transaction

from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import ContactNote, HelpTicket
from attendance.models.checkins import WATCH
from attendance.services.evidence_rows import content_hash, record
from foundation import ledger
from organization.models import Employee, User
from organization.permissions import actor_allowed, local_date


@transaction.atomic
def answer_ticket(*, ticket_id: int, answer: str, user: User, now: datetime) -> HelpTicket:
    """Say how a problem was handled. Raises DataRefused, AlreadyDecided, PermissionDenied."""
    agency = HelpTicket.objects.select_related("agency").get(pk=ticket_id).agency
    actor = actor_allowed(user, WATCH, agency, now)
    ledger.lock(agency)
    row = HelpTicket.objects.select_for_update().get(pk=ticket_id)
    if not row.is_open:
        raise AlreadyDecided("Tiket ini sudah dijawab.")
    if not answer.strip():
        raise DataRefused({"answer": "Tuliskan bagaimana masalahnya ditangani."})
    row.answer, row.answered_at, row.answered_by = answer.strip()[:500], now, user
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    record(
        agency, actor, "ticket_answered", f"helpticket:{row.pk}", now=now,
        after={"content": content_hash(row.answer)},
    )  # fmt: skip
    return row


@transaction.atomic
def note_contact(
    *, employee: Employee, day: date, channel: str, result: str, answer: str, user: User,
    now: datetime,
) -> ContactNote:  # fmt: skip
    """Keep that somebody without presence was contacted, how, and what he said.

    Raises DataRefused with a sentence per field, PermissionDenied.
    """
    agency = employee.agency
    actor = actor_allowed(user, WATCH, agency, now)
    ledger.lock(agency)
    errors = {}
    if channel not in ContactNote.Channel.values:
        errors["channel"] = "Pilih cara menghubungi."
    if result not in ContactNote.Result.values:
        errors["result"] = "Pilih hasilnya."
    if result == ContactNote.Result.CLARIFIED and not answer.strip():
        errors["answer"] = "Tuliskan klarifikasinya."
    if day > local_date(agency, now):
        errors["day"] = "Hari ini belum tiba."
    if errors:
        raise DataRefused(errors)
    row = ContactNote.objects.create(
        agency=agency, employee=employee, day=day, at=now, by=user, channel=channel,
        result=result, answer=answer.strip()[:500],
    )  # fmt: skip
    record(
        agency, actor, "contact_noted", f"contactnote:{row.pk}", now=now,
        after={"employee": employee.pk, "day": day, "channel": channel, "result": result,
               "content": content_hash(row.answer)},
    )  # fmt: skip
    return row
