"""A pile of paper letters written down at once: each row succeeds or fails by itself.

A scan that came with a refused row is held for the one who sent it, so that he need not look for
the file again; what nobody comes back for is thrown away after a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.core import signing
from django.core.files.storage import default_storage
from django.db import transaction

from attendance.exceptions import AttendanceError, InvalidLetter, LetterRefused
from attendance.letters.rules import LetterData
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from attendance.services.letters import attach_scan, enter_letter, hand_in
from foundation.uploads import SCANS, UploadRefused, check_upload
from organization.models import Employee, User
from organization.nip import display

SALT = "attendance.held-scan"
HELD_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class PileRow:
    """One letter of the pile. `scan` and `name` are the file as it came."""

    person: str
    data: LetterData
    scan: IO[Any] | None = None
    name: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a row: the letter, or a sentence per field ("" for the row as a whole)."""

    letter: AbsenceLetter | None = None
    errors: dict[str, str] | None = None

    @property
    def title(self) -> str:
        return letter_title(self.letter) if self.letter else ""


def enter_row(*, row: PileRow, people: Sequence[Employee], user: User, now: datetime) -> Outcome:
    """Enter, scan and hand in one letter, all or nothing; say what is wrong with a refused one."""
    try:
        employee = find_person(row.person, people)
        return Outcome(letter=_enter(row, employee, user, now))
    except InvalidLetter as refusal:
        return Outcome(errors=refusal.errors)
    except AttendanceError as refusal:
        return Outcome(errors={"scan": refusal.message})


@transaction.atomic
def _enter(row: PileRow, employee: Employee, user: User, now: datetime) -> AbsenceLetter:
    letter = enter_letter(employee=employee, data=row.data, user=user, now=now)
    if row.scan is not None:
        attach_scan(letter_id=letter.pk, file=row.scan, name=row.name, user=user, now=now)
    return hand_in(letter_id=letter.pk, user=user, now=now)


def person_text(employee: Employee) -> str:
    """Return what the list of people offers: "19850312 201001 1 003 - Petrus Nahak"."""
    return f"{display(employee.number)} - {employee.name}"


def find_person(text: str, people: Sequence[Employee]) -> Employee:
    """Return whom a row names by number or by full name; raise InvalidLetter where it is not one.

    Two of the same name are not guessed between.
    """
    asked = " ".join(text.split())
    number = "".join(asked.partition(" - ")[0].split())
    for person in people:
        if person.number == number:
            return person
    named = [person for person in people if person.name.casefold() == asked.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        numbers = ", ".join(display(person.number) for person in named)
        raise InvalidLetter(
            {"person": f"Ada {len(named)} pegawai bernama itu; tulis NIP: {numbers}."}
        )
    raise InvalidLetter({"person": f"Pegawai “{asked[:60]}” tidak ada; pilih dari daftar."})


def hold_scan(*, file: IO[Any], name: str, user: User) -> str:
    """Keep a scan for its sender and return the token that brings it back.

    Raises LetterRefused when the file is not a scan.
    """
    try:
        scan = check_upload(file, name=name, allowed=SCANS)
    except UploadRefused as refusal:
        raise LetterRefused(str(refusal)) from refusal
    path = default_storage.save(f"{_folder(user)}/{scan.stored_name}", scan.as_file())
    return signing.dumps({"user": user.pk, "path": path, "name": scan.label}, salt=SALT)


def held_scan(*, token: str, user: User) -> tuple[IO[Any], str] | None:
    """Return the held file and its name; None for a token that is old, foreign or made up."""
    held = _read(token, user)
    if held is None or not default_storage.exists(held["path"]):
        return None
    return default_storage.open(held["path"]), held["name"]


def held_name(*, token: str, user: User) -> str:
    """Return the name of a held file, "" where there is none."""
    held = _read(token, user)
    return held["name"] if held is not None and default_storage.exists(held["path"]) else ""


def drop_scan(*, token: str, user: User) -> None:
    """Throw a held file away: its letter has it, or another took its place."""
    held = _read(token, user)
    if held is not None:
        default_storage.delete(held["path"])


def drop_old_scans(*, user: User, now: datetime) -> None:
    """Throw away what this person never came back for."""
    folder = _folder(user)
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if default_storage.get_modified_time(path) < now - HELD_FOR:
            default_storage.delete(path)


def _folder(user: User) -> str:
    return f"letters/held/{user.pk}"


def _read(token: str, user: User) -> dict[str, str] | None:
    try:
        held: dict[str, Any] = signing.loads(token, salt=SALT, max_age=HELD_FOR)
    except signing.BadSignature:
        return None
    return held if held.get("user") == user.pk else None
