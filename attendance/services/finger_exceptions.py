"""People whose fingers no machine can read: registered by letter (Pergub NTT 67/2019 art. 8(1)).

Their punches without a finger are no longer listed for review; nothing else changes.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from attendance.exceptions import DataRefused
from attendance.models import FingerException
from attendance.services.evidence_rows import content_hash, judge_again, record
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.mandates.superiors import employed
from organization.models import Employee, User
from organization.permissions import actor_allowed

REGISTER = "fingers.except"


@transaction.atomic
def register_exception(
    *,
    employee: Employee,
    reason: str,
    letter_number: str,
    valid_from: date,
    valid_until: date | None,
    user: User,
    now: datetime,
) -> FingerException:
    """Register that a person may use another way than the finger, by which letter and how long.

    Raises DataRefused with a sentence per field, PermissionDenied.
    """
    actor = actor_allowed(user, REGISTER, employee.agency, now)
    ledger.lock(employee.agency)
    wanted = FingerException(
        employee=employee,
        reason=reason.strip()[:300],
        letter_number=letter_number.strip()[:100],
        valid_from=valid_from,
        valid_until=valid_until,
        registered_by=user,
        registered_at=now,
    )
    if errors := _problems(wanted):
        raise DataRefused(errors)
    wanted.save()
    _note(wanted, "finger_exception_registered", actor, now)
    _judge(wanted, valid_until, now)
    return wanted


@transaction.atomic
def end_exception(
    *, exception_id: int, valid_until: date, user: User, now: datetime
) -> FingerException:
    """Let an exception hold up to a day and no longer; not longer than it was granted for."""
    agency = FingerException.objects.get(pk=exception_id).employee.agency
    actor = actor_allowed(user, REGISTER, agency, now)
    ledger.lock(agency)
    rows = FingerException.objects.select_related("employee__agency")
    row = rows.select_for_update(of=("self",)).get(pk=exception_id)
    if valid_until < row.valid_from:
        text = f"Akhir mendahului awal, {date_text(row.valid_from)}; periksa tanggalnya."
        raise DataRefused({"valid_until": text})
    if row.valid_until is not None and valid_until > row.valid_until:
        text = f"Suratnya berlaku sampai {date_text(row.valid_until)}; daftarkan surat yang baru."
        raise DataRefused({"valid_until": text})
    before, ended = _state(row), row.valid_until
    row.valid_until = valid_until
    row.save(update_fields=["valid_until"])
    _note(row, "finger_exception_ended", actor, now, before=before)
    _judge(row, ended, now)
    return row


def _problems(wanted: FingerException) -> dict[str, str]:
    errors = {}
    if not wanted.reason:
        errors["reason"] = "Tuliskan mengapa sidik jarinya tidak terbaca."
    if not wanted.letter_number:
        errors["letter_number"] = "Isi nomor surat yang menjadi dasar pengecualian."
    if wanted.valid_until is not None and wanted.valid_until < wanted.valid_from:
        errors["valid_until"] = "Akhir mendahului awal; periksa kedua tanggalnya."
    if not employed(wanted.employee, wanted.valid_from):
        errors["valid_from"] = (
            f"{wanted.employee.name} tidak bekerja di sini pada {date_text(wanted.valid_from)}."
        )
    if not errors and (twin := _overlapping(wanted)):
        until = date_text(twin.valid_until) if twin.valid_until else "seterusnya"
        errors["valid_from"] = (
            f"Sudah terdaftar dengan surat {twin.letter_number}, {date_text(twin.valid_from)} "
            f"sampai {until}. Akhiri dahulu yang itu."
        )
    return errors


def _overlapping(wanted: FingerException) -> FingerException | None:
    rows = FingerException.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=wanted.valid_from), employee=wanted.employee
    )
    if wanted.valid_until is not None:
        rows = rows.filter(valid_from__lte=wanted.valid_until)
    return rows.first()


def _judge(row: FingerException, last: date | None, now: datetime) -> None:
    judge_again(
        row.employee.agency, [row.employee_id], row.valid_from, last,
        cause="Pengecualian sidik jari", now=now,
    )  # fmt: skip


def _state(row: FingerException) -> dict[str, Any]:
    """Return what an event keeps; why fingers cannot be read is nobody's business there."""
    return {
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "content": content_hash(row.employee_id, row.letter_number, row.reason),
    }


def _note(
    row: FingerException,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    record(
        row.employee.agency, actor, verb, f"fingerexception:{row.pk}", now=now, before=before,
        after=_state(row),
    )  # fmt: skip
