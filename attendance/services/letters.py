"""Writing letters of absence: entered, corrected, scanned, withdrawn, cut short.

What its procedure does with a letter stands in `letter_decisions`, the procedure's run in
`letter_runs`.
"""

from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db import transaction

from attendance.exceptions import AlreadyDecided, InvalidLetter, LetterRefused
from attendance.letters.rules import LetterData, check, columns
from attendance.letters.scans import count_pages
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from attendance.services import letter_runs
from attendance.services.letter_rows import (
    actor_of,
    already,
    judge_again,
    locked,
    record,
    require_open,
    require_own_or_officer,
    state,
)
from foundation.uploads import SCANS, CheckedUpload, UploadRefused, check_upload
from organization.models import Employee, User
from organization.permissions import require


@transaction.atomic
def enter_letter(
    *, employee: Employee, data: LetterData, user: User, now: datetime
) -> AbsenceLetter:
    """Write a letter down, for oneself or as an officer who may; it excuses nothing yet.

    Raises InvalidLetter with a sentence per field, PermissionDenied.
    """
    require_own_or_officer(employee, user, now)
    check(employee, data)
    letter = AbsenceLetter.objects.create(
        employee=employee, entered_by=user, entered_at=now, **columns(data)
    )
    record(letter, "letter_entered", before={}, actor=actor_of(user, letter, now), now=now)
    judge_again(letter, now)
    return letter


@transaction.atomic
def correct_letter(*, letter_id: int, data: LetterData, user: User, now: datetime) -> AbsenceLetter:
    """Change what a letter says while it is not submitted, or was returned."""
    letter = locked(letter_id, with_run=True)
    require_own_or_officer(letter.employee, user, now)
    require_open(letter)
    check(letter.employee, data, besides=letter.pk)
    before = state(letter)
    days = (min(letter.first_on, data.first_on), max(letter.last_on, data.last_on))
    for column, value in columns(data).items():
        setattr(letter, column, value)
    letter.save()
    record(letter, "letter_corrected", before=before, actor=actor_of(user, letter, now), now=now)
    letter_runs.retitle(letter)
    judge_again(letter, now, span=days)
    return letter


@transaction.atomic
def attach_scan(
    *, letter_id: int, file: IO[Any], name: str, user: User, now: datetime
) -> AbsenceLetter:
    """Keep the scan of a letter, a PDF, JPEG or PNG; the officer does it (art. 9(5)).

    Raises LetterRefused when the file is not a scan, AlreadyDecided when the letter is not open.
    """
    letter = locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    require_open(letter)
    try:
        scan = check_upload(file, name=name, allowed=SCANS)
    except UploadRefused as refusal:
        raise LetterRefused(str(refusal)) from refusal
    before = state(letter)
    put_scan(letter, scan, user=user, at=now)
    letter.save()
    record(letter, "letter_scanned", before=before, actor=actor_of(user, letter, now), now=now)
    return letter


def put_scan(
    letter: AbsenceLetter, scan: CheckedUpload, *, user: User | None, at: datetime
) -> None:
    """Set the columns of the scan; the caller saves the row and records it."""
    letter.scan.save(scan.stored_name, scan.as_file(), save=False)
    letter.scan_name, letter.scan_type = scan.label, scan.content_type
    letter.scan_sha256, letter.scan_size = scan.sha256, scan.size
    letter.scan_pages = count_pages(scan)
    letter.scanned_by, letter.scanned_at = user, at


@transaction.atomic
def hand_in(*, letter_id: int, user: User, now: datetime) -> AbsenceLetter:
    """Begin the procedure of a letter, as its employee or an officer who may.

    Without a scan its first step is the scanning. Raises AlreadyDecided where it runs already.
    """
    letter = locked(letter_id, with_run=True)
    require_own_or_officer(letter.employee, user, now)
    if not letter.is_undecided or letter_runs.is_running(letter):
        raise already(letter)
    return letter_runs.begin(letter, user=user, actor=actor_of(user, letter, now), now=now)


@transaction.atomic
def withdraw_letter(*, letter_id: int, user: User, now: datetime) -> AbsenceLetter:
    """Take back a letter that is not decided, and stop its run; one that is approved stays."""
    letter = locked(letter_id, with_run=True)
    require_own_or_officer(letter.employee, user, now)
    if not letter.is_undecided:
        raise AlreadyDecided("Surat yang sudah diputuskan tidak dapat dibatalkan di sini.")
    actor = actor_of(user, letter, now)
    letter_runs.stop(letter, reason="Surat dibatalkan.", actor=actor, now=now)
    before = state(letter)
    letter.status = AbsenceLetter.Status.WITHDRAWN
    letter.save()
    record(letter, "letter_withdrawn", before=before, actor=actor, now=now)
    judge_again(letter, now)
    return letter


@transaction.atomic
def shorten_letter(
    *, letter_id: int, last_on: date, reason: str, user: User, now: datetime
) -> AbsenceLetter:
    """Cut the end of an approved letter: the person came back early.

    The days after it are judged by punches again, and the superior reads it on his page of
    letters. Raises InvalidLetter, LetterRefused, AlreadyDecided for a letter not approved.
    """
    letter = locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    if letter.employee_id == user.employee_id:
        raise LetterRefused("Surat sendiri dipersingkat oleh petugas lain.")
    if letter.status != AbsenceLetter.Status.APPROVED:
        raise AlreadyDecided("Hanya surat yang sudah disetujui yang dipersingkat; muat ulang.")
    if not letter.first_on <= last_on < letter.last_on:
        first, last = (
            f"{letter.first_on:%d-%m-%Y}",
            f"{letter.last_on - timedelta(days=1):%d-%m-%Y}",
        )
        text = f"{letter_title(letter)} hanya dapat diakhiri antara {first} dan {last}."
        raise InvalidLetter({"last_on": text})
    if not reason.strip():
        raise LetterRefused("Tuliskan mengapa surat ini dipersingkat.")
    before = state(letter)
    cut = (last_on + timedelta(days=1), letter.last_on)
    letter.last_on = last_on
    told = f"Dipersingkat sampai {last_on:%d-%m-%Y}: {reason.strip()}"
    letter.note = "\n".join(filter(None, (letter.note, told)))
    letter.save()
    record(letter, "letter_shortened", before=before, actor=actor_of(user, letter, now), now=now)
    judge_again(letter, now, span=cut)
    return letter
