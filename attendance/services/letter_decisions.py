"""What becomes of a letter: scanned, checked, decided, by operations of its procedure.

A function that takes an `actor` is called when a task of the procedure was completed: the task was
the permission, its guards asked the rest. All may be repeated: a state that is there already stays.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from attendance.exceptions import AlreadyDecided, LetterRefused, NotTheSuperior
from attendance.letters.deciders import Decider, approver_of, decider_for, deciders_of
from attendance.letters.texts import NOTED, letter_title
from attendance.models import AbsenceLetter
from attendance.services.letter_rows import (
    actor_of,
    already,
    judge_again,
    locked,
    record,
    require_open,
    state,
)
from attendance.services.letter_runs import is_running
from attendance.services.letters import put_scan
from foundation.actors import Actor
from foundation.uploads import SCANS, check_bytes
from organization.models import User
from organization.permissions import require
from processes.models import Attachment
from workflows.definitions import OutcomeKind

Status = AbsenceLetter.Status
DECIDABLE = (Status.SUBMITTED, Status.CHECKED)


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"

    @classmethod
    def of(cls, kind: OutcomeKind | str) -> "Decision":
        return cls(str(kind))


_DECIDED = {
    Decision.APPROVE: (Status.APPROVED, "letter_approved"),
    Decision.REJECT: (Status.REJECTED, "letter_rejected"),
    Decision.RETURN: (Status.RETURNED, "letter_returned"),
}


@transaction.atomic
def submit_letter(*, letter_id: int, user: User, now: datetime) -> AbsenceLetter:
    """Hand on a letter that has no run. Without a scan it is refused (art. 9(5))."""
    letter = locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    _require_no_run(letter)
    require_open(letter)
    if not letter.scan_sha256:
        raise LetterRefused(
            f"{letter_title(letter)} belum dipindai: unggah pindaian suratnya lebih dahulu "
            "(Pasal 9 ayat 5)."
        )
    return _submit(letter, actor_of(user, letter, now), now)


@transaction.atomic
def keep_scan(
    *,
    letter_id: int,
    instance_id: int,
    attachment: Attachment | None,
    actor: Actor,
    now: datetime,
) -> AbsenceLetter:
    """Keep the file of the scanning task as the letter's scan, and hand the letter on.

    A run that somebody began by hand becomes the letter's here. Raises LetterRefused where there
    is neither a file nor an earlier scan.
    """
    letter = locked(letter_id)
    if letter.instance_id != instance_id:
        letter.instance_id = instance_id
        letter.save(update_fields=["instance"])
    if not letter.is_open_to_change:
        return letter
    if attachment is not None and attachment.sha256 != letter.scan_sha256:
        before = state(letter)
        with attachment.file.open("rb") as file:
            scan = check_bytes(file.read(), name=attachment.original_name, allowed=SCANS)
        put_scan(letter, scan, user=attachment.uploaded_by, at=attachment.uploaded_at)
        letter.save()
        record(letter, "letter_scanned", before=before, actor=actor, now=now)
    if not letter.scan_sha256:
        raise LetterRefused(f"{letter_title(letter)} belum dipindai (Pasal 9 ayat 5).")
    return _submit(letter, actor, now)


def _submit(letter: AbsenceLetter, actor: Actor, now: datetime) -> AbsenceLetter:
    before = state(letter)
    letter.status = Status.SUBMITTED
    letter.save()
    record(letter, "letter_submitted", before=before, actor=actor, now=now)
    return letter


@transaction.atomic
def record_check(
    *, letter_id: int, complete: bool, note: str, actor: Actor, now: datetime
) -> AbsenceLetter:
    """Note that a letter is complete and waits for the superior, or goes back with a reason."""
    letter = locked(letter_id)
    if letter.status != Status.SUBMITTED:
        return letter
    before = state(letter)
    letter.status = Status.CHECKED if complete else Status.RETURNED
    letter.note = "" if complete else note
    letter.escalated_at = None
    letter.save()
    verb = "letter_checked" if complete else "letter_sent_back"
    record(letter, verb, before=before, actor=actor, now=now)
    return letter


@transaction.atomic
def decide_letter(
    *, letter_id: int, decision: Decision, note: str, user: User, now: datetime
) -> AbsenceLetter:
    """Decide on a letter that has no run, by the direct superior's own account and no other.

    One with a run is decided in its task. Raises NotTheSuperior (also for one's own letter),
    AlreadyDecided, LetterRefused without a note where the letter is not approved.
    """
    letter = locked(letter_id)
    decider = decider_for(letter, user, now)
    _require_no_run(letter)
    if letter.status not in DECIDABLE:
        raise already(letter)
    note = note.strip()
    if decision is not Decision.APPROVE and not note:
        raise LetterRefused("Tuliskan alasan mengapa surat ini ditolak atau dikembalikan.")
    actor = Actor(user_id=user.pk, name=user.get_full_name()[:150])
    return _decide(letter, decision, decider.acting_as, note, user, actor, now)


@transaction.atomic
def record_decision(
    *, letter_id: int, kind: OutcomeKind, note: str, user: User, actor: Actor, now: datetime
) -> AbsenceLetter:
    """Apply what the superior answered in his task: the state of the letter, and its days."""
    letter = locked(letter_id)
    if letter.status not in DECIDABLE:
        return letter
    # He was the one when he answered; the mandate may have ended since.
    mine = [one for one in deciders_of(letter, now) if one.person.pk == user.employee_id]
    title = mine[0].acting_as if mine else actor.acting_as
    return _decide(letter, Decision.of(kind), title, note, user, actor, now)


def _decide(
    letter: AbsenceLetter,
    decision: Decision,
    acting_as: str,
    note: str,
    user: User,
    actor: Actor,
    now: datetime,
) -> AbsenceLetter:
    before = state(letter)
    letter.status, verb = _DECIDED[decision]
    letter.decided_by, letter.decided_at, letter.note = user, now, note
    letter.decided_as, letter.escalated_at = acting_as[:200], None
    letter.save()
    actor = replace(actor, acting_as=letter.decided_as[:150])
    record(letter, verb, before=before, actor=actor, now=now)
    judge_again(letter, now)
    return letter


@transaction.atomic
def confirm_outside_approval(
    *, letter_id: int, official: str, user: User, now: datetime
) -> AbsenceLetter:
    """Note, on a letter without a run, that an official outside the agency approved.

    The head of an agency is sent by the Sekretaris Daerah: the scanned letter is the approval.
    Raises LetterRefused where a superior with an account could decide.
    """
    letter = locked(letter_id)
    require(user, "letters.enter", letter.employee.agency_id, now)
    if letter.employee_id == user.employee_id:
        raise NotTheSuperior("Surat sendiri tidak dapat Anda setujui.")
    if approver_of(letter, now) is not None:
        raise LetterRefused("Surat ini diputuskan oleh atasan langsung lewat akunnya sendiri.")
    _require_no_run(letter)
    if letter.status not in DECIDABLE:
        raise AlreadyDecided("Surat ini belum diajukan atau sudah diputuskan; muat ulang.")
    if not official.strip():
        raise LetterRefused("Tuliskan jabatan pejabat yang menyetujui surat ini.")
    return _note_approval(letter, official, user, actor_of(user, letter, now), now)


@transaction.atomic
def record_outside(
    *,
    letter_id: int,
    kind: OutcomeKind,
    official: str,
    note: str,
    user: User,
    actor: Actor,
    now: datetime,
) -> AbsenceLetter:
    """Apply what the officer answered about the official outside; a return is checked again."""
    letter = locked(letter_id)
    if letter.status != Status.CHECKED:
        return letter
    if kind is OutcomeKind.APPROVE:
        return _note_approval(letter, official, user, actor, now)
    if kind is OutcomeKind.REJECT:
        title = f"Dicatat dari keputusan tertulis {official.strip() or 'pejabat di luar'}"
        return _decide(letter, Decision.REJECT, title, note, user, actor, now)
    before = state(letter)
    letter.status, letter.note = Status.SUBMITTED, note
    letter.save()
    record(letter, "letter_checked_again", before=before, actor=actor, now=now)
    return letter


def _note_approval(
    letter: AbsenceLetter, official: str, user: User, actor: Actor, now: datetime
) -> AbsenceLetter:
    before = state(letter)
    letter.status = Status.APPROVED
    letter.decided_by, letter.decided_at, letter.note = user, now, ""
    letter.decided_as = f"{NOTED}{official.strip()}"[:200]
    letter.save()
    record(letter, "letter_approval_noted", before=before, actor=actor, now=now)
    judge_again(letter, now)
    return letter


@transaction.atomic
def remind_superior(*, letter_id: int, actor: Actor, now: datetime) -> list[Decider]:
    """Note that the superior was reminded; his inbox and his page of letters say so."""
    letter = locked(letter_id)
    if letter.status != Status.CHECKED:
        return []
    record(letter, "letter_reminded", before=state(letter), actor=actor, now=now)
    return deciders_of(letter, now)


@transaction.atomic
def escalate_letter(*, letter_id: int, actor: Actor, now: datetime) -> list[Decider]:
    """Let the next superior decide too; return who may from now on."""
    letter = locked(letter_id)
    if letter.status != Status.CHECKED:
        return []
    if letter.escalated_at is None:
        before = state(letter)
        letter.escalated_at = now
        letter.save(update_fields=["escalated_at"])
        record(letter, "letter_escalated", before=before, actor=actor, now=now)
    return deciders_of(letter, now)


def _require_no_run(letter: AbsenceLetter) -> None:
    if is_running(letter):
        raise AlreadyDecided(f"{letter_title(letter)} diproses lewat tugasnya; buka kotak masuk.")
