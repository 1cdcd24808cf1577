"""One letter under its lock, its events, and the days that it bears on.

Events name the letter, its dates and states; what it says about a person stays on the row, and the
event carries only a hash of it.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from attendance.exceptions import AlreadyDecided
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from attendance.services.sheets import rejudge
from foundation import ledger
from foundation.actors import Actor
from organization.models import Employee, User
from organization.permissions import actor_for, may


def locked(letter_id: int, *, with_run: bool = False) -> AbsenceLetter:
    """Return the letter under the lock of its agency, until the transaction ends.

    Use `with_run` where the letter's run is touched too: a step holds its run before the letter.
    """
    rows = AbsenceLetter.objects.select_related("employee__agency", "instance")
    found = rows.get(pk=letter_id)
    if with_run and found.instance is not None:
        ledger.lock(found.instance)
    ledger.lock(found.employee.agency)
    return rows.select_for_update(of=("self",)).get(pk=letter_id)


def require_own_or_officer(employee: Employee, user: User, now: datetime) -> None:
    if user.employee_id != employee.pk and not may(user, "letters.enter", employee.agency_id, now):
        raise PermissionDenied("Anda tidak berwenang mencatat surat pegawai ini.")


def require_open(letter: AbsenceLetter) -> None:
    if not letter.is_open_to_change:
        raise already(letter)


def already(letter: AbsenceLetter) -> AlreadyDecided:
    """Return the refusal that tells how far the letter has come."""
    state = letter.get_status_display().lower()
    return AlreadyDecided(f"{letter_title(letter)} sudah berstatus “{state}”; muat ulang.")


def actor_of(user: User, letter: AbsenceLetter, now: datetime) -> Actor:
    return actor_for(user, None, letter.employee.agency, now)


def state(letter: AbsenceLetter) -> dict[str, Any]:
    """Return what an event keeps of the letter: nothing that tells why somebody was away."""
    said: list[Any] = [
        letter.kind, letter.number, letter.issuer, letter.reason, letter.before_leaving,
    ]  # fmt: skip
    if letter.from_time is not None:
        said += [str(letter.from_time), str(letter.to_time)]
    text = json.dumps([*said, letter.note], ensure_ascii=False)
    return {
        "status": letter.status,
        "first_on": letter.first_on,
        "last_on": letter.last_on,
        "scan": letter.scan_sha256,
        "content": hashlib.sha256(text.encode()).hexdigest(),
    }


def record(
    letter: AbsenceLetter, verb: str, *, before: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Append what happened to the letter to the ledger of its agency."""
    ledger.record(
        stream=letter.employee.agency,
        actor=actor,
        verb=verb,
        subject=subject_of(letter.pk),
        before=before,
        after=state(letter),
        now=now,
    )


def subject_of(letter_id: int) -> str:
    """Return what events call a letter."""
    return f"attendance.absenceletter:{letter_id}"


def judge_again(
    letter: AbsenceLetter, now: datetime, *, span: tuple[date, date] | None = None
) -> None:
    """Have the days that this letter bears on judged anew, once the transaction has committed."""
    first, last = span or (letter.first_on, letter.last_on)
    rejudge(
        employees=[letter.employee_id],
        first=first,
        last=last,
        cause=f"{letter_title(letter)}: {letter.get_status_display().lower()}",
        now=now,
        agency_id=letter.employee.agency_id,
    )
