"""Writing letters of absence: entered, scanned, submitted, decided by the direct superior.

Events name the letter, its dates and states; what it says about a person stays on the row, and the
event carries only a hash of it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendance.codes import NAMES, OFFERED, Code
from attendance.exceptions import AlreadyDecided, InvalidLetter, LetterRefused, NotTheSuperior
from attendance.letter_texts import letter_title
from attendance.models import AbsenceLetter
from attendance.superiors import Superiors, employed
from foundation import ledger
from foundation.actors import Actor
from foundation.uploads import SCANS, UploadRefused, check_upload
from organization.models import Employee, User
from organization.permissions import actor_for, local_date, may, require

LONGEST = timedelta(days=1100)  # a semester, three years of unpaid leave
MAY_LEAVE_EARLY = frozenset({Code.SICK, Code.PERMISSION})  # art. 9(4)


@dataclass(frozen=True, kw_only=True)
class LetterData:
    """What a letter says. `before_leaving`: permission to go home early on one day (art. 9(4))."""

    kind: str
    first_on: date
    last_on: date
    number: str = ""
    issuer: str = ""
    reason: str = ""
    before_leaving: bool = False


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


_DECIDED = {
    Decision.APPROVE: (AbsenceLetter.Status.APPROVED, "letter_approved"),
    Decision.REJECT: (AbsenceLetter.Status.REJECTED, "letter_rejected"),
    Decision.RETURN: (AbsenceLetter.Status.RETURNED, "letter_returned"),
}


@transaction.atomic
def enter_letter(
    *, employee: Employee, data: LetterData, user: User, now: datetime
) -> AbsenceLetter:
    """Write a letter down, for oneself or as an officer who may; it excuses nothing yet.

    Raises InvalidLetter with a sentence per field, PermissionDenied.
    """
    _require_own_or_officer(employee, user, now)
    _check(employee, data)
    letter = AbsenceLetter.objects.create(
        employee=employee, entered_by=user, entered_at=now, **_columns(data)
    )
    _record(letter, "letter_entered", before={}, user=user, now=now)
    return letter


@transaction.atomic
def correct_letter(*, letter_id: int, data: LetterData, user: User, now: datetime) -> AbsenceLetter:
    """Change what a letter says while it is not submitted, or was returned."""
    letter = _locked(letter_id)
    _require_own_or_officer(letter.employee, user, now)
    _require_open(letter)
    _check(letter.employee, data, besides=letter.pk)
    before = _state(letter)
    for column, value in _columns(data).items():
        setattr(letter, column, value)
    letter.save()
    _record(letter, "letter_corrected", before=before, user=user, now=now)
    return letter


@transaction.atomic
def attach_scan(
    *, letter_id: int, file: IO[Any], name: str, user: User, now: datetime
) -> AbsenceLetter:
    """Keep the scan of a letter, a PDF, JPEG or PNG; the officer does it (art. 9(5)).

    Raises LetterRefused when the file is not a scan or the letter is decided already.
    """
    letter = _locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    _require_open(letter)
    try:
        scan = check_upload(file, name=name, allowed=SCANS)
    except UploadRefused as refusal:
        raise LetterRefused(str(refusal)) from refusal
    before = _state(letter)
    letter.scan.save(scan.stored_name, scan.as_file(), save=False)
    letter.scan_name, letter.scan_type = scan.label, scan.content_type
    letter.scan_sha256, letter.scan_size = scan.sha256, scan.size
    letter.scanned_by, letter.scanned_at = user, now
    letter.save()
    _record(letter, "letter_scanned", before=before, user=user, now=now)
    return letter


@transaction.atomic
def submit_letter(*, letter_id: int, user: User, now: datetime) -> AbsenceLetter:
    """Hand the letter to the direct superior. Without a scan it is refused (art. 9(5))."""
    letter = _locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    _require_open(letter)
    if not letter.scan_sha256:
        raise LetterRefused(
            f"{letter_title(letter)} belum dipindai: unggah pindaian suratnya lebih dahulu "
            "(Pasal 9 ayat 5)."
        )
    before = _state(letter)
    letter.status = AbsenceLetter.Status.SUBMITTED
    letter.save()
    _record(letter, "letter_submitted", before=before, user=user, now=now)
    return letter


@transaction.atomic
def decide_letter(
    *, letter_id: int, decision: Decision, note: str, user: User, now: datetime
) -> AbsenceLetter:
    """Approve, reject or return a letter, by the direct superior's own account and no other.

    Raises NotTheSuperior (also for one's own letter), AlreadyDecided, LetterRefused without a
    note where the letter is not approved.
    """
    letter = _locked(letter_id)
    _require_superior(letter, user, now)
    if letter.status != AbsenceLetter.Status.SUBMITTED:
        state = letter.get_status_display().lower()
        raise AlreadyDecided(f"{letter_title(letter)} sudah berstatus “{state}”; muat ulang.")
    note = note.strip()
    if decision is not Decision.APPROVE and not note:
        raise LetterRefused("Tuliskan alasan mengapa surat ini ditolak atau dikembalikan.")
    before = _state(letter)
    letter.status, verb = _DECIDED[decision]
    letter.decided_by, letter.decided_at, letter.note = user, now, note
    letter.decided_as = "Atasan langsung"
    letter.save()
    actor = Actor(user_id=user.pk, name=user.get_full_name()[:150], acting_as=letter.decided_as)
    _record(letter, verb, before=before, user=user, now=now, actor=actor)
    return letter


@transaction.atomic
def confirm_outside_approval(
    *, letter_id: int, official: str, user: User, now: datetime
) -> AbsenceLetter:
    """Note that an official outside the agency approved, for one whom nobody in it stands above.

    The head of an agency is sent by the Sekretaris Daerah: the scanned letter is the approval.
    Raises LetterRefused where a superior with an account could decide.
    """
    letter = _locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    if letter.employee_id == user.employee_id:
        raise NotTheSuperior("Surat sendiri tidak dapat Anda setujui.")
    if approver_of(letter, now) is not None:
        raise LetterRefused("Surat ini diputuskan oleh atasan langsung lewat akunnya sendiri.")
    if letter.status != AbsenceLetter.Status.SUBMITTED:
        raise AlreadyDecided("Surat ini belum diajukan atau sudah diputuskan; muat ulang.")
    if not official.strip():
        raise LetterRefused("Tuliskan jabatan pejabat yang menyetujui surat ini.")
    before = _state(letter)
    letter.status = AbsenceLetter.Status.APPROVED
    letter.decided_by, letter.decided_at = user, now
    letter.decided_as = f"Dicatat dari persetujuan tertulis {official.strip()}"[:200]
    letter.save()
    _record(letter, "letter_approval_noted", before=before, user=user, now=now)
    return letter


@transaction.atomic
def withdraw_letter(*, letter_id: int, user: User, now: datetime) -> AbsenceLetter:
    """Take back a letter that is not decided; one that is approved stays."""
    letter = _locked(letter_id)
    _require_own_or_officer(letter.employee, user, now)
    if not letter.is_undecided:
        raise AlreadyDecided("Surat yang sudah diputuskan tidak dapat dibatalkan di sini.")
    before = _state(letter)
    letter.status = AbsenceLetter.Status.WITHDRAWN
    letter.save()
    _record(letter, "letter_withdrawn", before=before, user=user, now=now)
    return letter


def approver_of(letter: AbsenceLetter, now: datetime) -> Employee | None:
    """Return who decides on a letter now; None where nobody in the house can."""
    superiors = Superiors.of_agency(letter.employee.agency_id)
    return superiors.approver(letter.employee_id, local_date(letter.employee.agency, now))


def _locked(letter_id: int) -> AbsenceLetter:
    rows = AbsenceLetter.objects.select_related("employee__agency")
    return rows.select_for_update(of=("self",)).get(pk=letter_id)


def _require_own_or_officer(employee: Employee, user: User, now: datetime) -> None:
    if user.employee_id != employee.pk and not may(user, "letters.enter", employee.agency_id, now):
        raise PermissionDenied("Anda tidak berwenang mencatat surat pegawai ini.")


def _require_superior(letter: AbsenceLetter, user: User, now: datetime) -> None:
    approver = approver_of(letter, now)
    if approver is not None and approver.pk == user.employee_id:
        return
    who = f"; yang berwenang: {approver.name}" if approver else ""
    if letter.employee_id == user.employee_id:
        raise NotTheSuperior(f"Surat sendiri tidak dapat Anda putuskan{who}.")
    raise NotTheSuperior(f"Surat ini hanya dapat diputuskan oleh atasan langsung{who}.")


def _require_open(letter: AbsenceLetter) -> None:
    if not letter.is_open_to_change:
        state = letter.get_status_display().lower()
        raise AlreadyDecided(f"{letter_title(letter)} sudah berstatus “{state}”; muat ulang.")


def _check(employee: Employee, data: LetterData, *, besides: int = 0) -> None:
    errors: dict[str, str] = {}
    if data.kind not in OFFERED:
        errors["kind"] = "Pilih jenis ketidakhadiran dari daftar."
    elif data.before_leaving and data.kind not in MAY_LEAVE_EARLY:
        errors["before_leaving"] = "Pulang sebelum waktunya hanya untuk izin atau sakit."
    if data.last_on < data.first_on:
        errors["last_on"] = "Tanggal akhir mendahului tanggal awal."
    elif data.last_on - data.first_on > LONGEST:
        errors["last_on"] = "Masa surat lebih dari tiga tahun; periksa tahunnya."
    elif data.before_leaving and data.first_on != data.last_on:
        errors["last_on"] = "Pulang sebelum waktunya berlaku untuk satu hari."
    elif not employed(employee, data.first_on):
        errors["first_on"] = f"{employee.name} tidak bekerja di sini pada tanggal itu."
    elif overlap := _overlap(employee, data, besides):
        errors["first_on"] = f"Bertumpuk dengan {letter_title(overlap)}."
    if errors:
        raise InvalidLetter(errors)


def _overlap(employee: Employee, data: LetterData, besides: int) -> AbsenceLetter | None:
    alive = AbsenceLetter.objects.filter(employee=employee).alive().exclude(pk=besides)
    return alive.overlapping(data.first_on, data.last_on).first()


def _columns(data: LetterData) -> dict[str, Any]:
    return {
        "kind": data.kind,
        "first_on": data.first_on,
        "last_on": data.last_on,
        "number": data.number.strip()[:100],
        "issuer": data.issuer.strip()[:150],
        "reason": data.reason.strip()[:300],
        "before_leaving": data.before_leaving,
    }


def _state(letter: AbsenceLetter) -> dict[str, Any]:
    """Return what an event keeps of the letter: nothing that tells why somebody was away."""
    said = [letter.kind, letter.number, letter.issuer, letter.reason, letter.before_leaving]
    text = json.dumps([*said, letter.note], ensure_ascii=False)
    return {
        "status": letter.status,
        "first_on": letter.first_on,
        "last_on": letter.last_on,
        "scan": letter.scan_sha256,
        "content": hashlib.sha256(text.encode()).hexdigest(),
    }


def _record(
    letter: AbsenceLetter,
    verb: str,
    *,
    before: dict[str, Any],
    user: User,
    now: datetime,
    actor: Actor | None = None,
) -> None:
    agency = letter.employee.agency
    ledger.record(
        stream=agency,
        actor=actor or actor_for(user, None, agency, now),
        verb=verb,
        subject=f"attendance.absenceletter:{letter.pk}",
        before=before,
        after=_state(letter),
        now=now,
    )


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of absence as a form offers them, in the order of the SOP."""
    return [(str(code), NAMES[code].capitalize()) for code in OFFERED]
