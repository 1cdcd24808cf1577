"""Corrections: an agency asks, BKD alone decides (Pergub NTT 67/2019 art. 6(2)b).

No punch is edited. What a granted request changes follows from its row: a punch that no machine
told stands beside the others, one is not used, a machine's clock is put right, a letter is revoked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from attendance.evidence import corrected_days
from attendance.evidence.corrected_days import Concerned, Verdicts, concerned, judged
from attendance.evidence.correction_rules import CorrectionData, Kind, check, columns, there
from attendance.exceptions import AlreadyDecided, DataRefused, NotYoursToDecide
from attendance.models import AbsenceLetter, Correction
from attendance.services import correction_runs, letter_rows
from attendance.services.correction_days import AT_ONCE, order_count
from attendance.services.evidence_rows import content_hash, judge_again, record
from attendance.services.outage_rows import Deed
from devices.models import Punch
from devices.services.other_punches import ToldPunch, tell_punches
from foundation import ledger
from foundation.actors import Actor
from foundation.uploads import SCANS, UploadRefused, check_upload
from organization.models import Agency, User
from organization.permissions import actor_allowed

REQUEST, DECIDE = "corrections.request", "corrections.decide"
Status = Correction.Status


class _OnlyTried(Exception):
    """Takes back what was applied to see what it would change."""


@transaction.atomic
def request_correction(
    *,
    agency: Agency,
    data: CorrectionData,
    evidence: IO[Any] | None,
    evidence_name: str,
    user: User,
    now: datetime,
) -> Correction:
    """Ask BKD to mend something, with a reason and its evidence (PDF, JPEG or PNG).

    The row keeps the days as they are judged and as they would be. Raises DataRefused with a
    sentence per field, PermissionDenied.
    """
    actor = actor_allowed(user, REQUEST, agency, now)
    ledger.lock(agency)
    check(agency, data, now)
    if evidence is None:
        raise DataRefused({"evidence": "Unggah bukti: surat keterangan, foto, atau berita acara."})
    try:
        file = check_upload(evidence, name=evidence_name, allowed=SCANS)
    except UploadRefused as refusal:
        raise DataRefused({"evidence": str(refusal)}) from refusal
    row = Correction(agency=agency, requested_by=user, requested_at=now, **columns(data))
    row.evidence.save(file.stored_name, file.as_file(), save=False)
    row.evidence_name, row.evidence_type = file.label, file.content_type
    row.evidence_sha256 = file.sha256
    row.save()
    about = concerned(row, now)
    if len(about.people) > AT_ONCE:
        order_count(row, len(about.people), now)
    else:
        before = judged(about, now)
        _keep_days(row, before, _tried(row, about, actor, now))
    _note(row, "correction_requested", actor, now, before={})
    return row


@transaction.atomic
def hand_in_correction(
    *,
    agency: Agency,
    data: CorrectionData,
    evidence: IO[Any] | None,
    evidence_name: str,
    user: User,
    now: datetime,
) -> Correction:
    """Ask BKD, and begin the procedure of the request; refusals are those of
    `request_correction`."""
    row = request_correction(
        agency=agency, data=data, evidence=evidence, evidence_name=evidence_name, user=user, now=now
    )
    correction_runs.begin(row, user=user, now=now)
    return row


@transaction.atomic
def withdraw_correction(*, correction_id: int, user: User, now: datetime) -> Correction:
    """Take a request back, as the one who asked for it, while nobody has decided.

    Raises AlreadyDecided, NotYoursToDecide, PermissionDenied.
    """
    agency = Correction.objects.select_related("agency").get(pk=correction_id).agency
    actor = actor_allowed(user, REQUEST, agency, now)
    correction_runs.lock_run(correction_id)  # before the agency, as every step does
    ledger.lock(agency)
    row = _row(correction_id)
    _require_undecided(row)
    if row.requested_by_id != user.pk:
        raise NotYoursToDecide("Hanya yang meminta dapat menarik kembali permintaan ini.")
    correction_runs.stop(row, reason="Permintaan ditarik kembali.", actor=actor, now=now)
    _withdraw(row, user, actor, now)
    return row


@transaction.atomic
def decide_correction(
    *, correction_id: int, approve: bool, note: str, user: User, now: datetime
) -> Correction:
    """Grant a request or turn it down, as BKD; never the one who asked, nor whom it is about.

    What is granted holds at once, and its days are judged anew; frozen months get late findings.
    A request that has a procedure is decided by its task. Raises AlreadyDecided, NotYoursToDecide,
    DataRefused (no note when turned down, or what was asked no longer fits), PermissionDenied.
    """
    agency = Correction.objects.select_related("agency").get(pk=correction_id).agency
    actor = actor_allowed(user, DECIDE, agency, now)
    ledger.lock(agency)
    row = _row(correction_id)
    _require_undecided(row)
    if correction_runs.is_under_way(row):
        raise AlreadyDecided("Permintaan ini diputuskan pada tugasnya; buka berkasnya.")
    return _decide(row, approve, note, Deed(user=user, actor=actor, at=now), now)


# What the steps of the procedure keep: the task was the permission. All may be repeated. ----------


@transaction.atomic
def decide_by_step(
    *, correction_id: int, approve: bool, note: str, deed: Deed, now: datetime
) -> Correction:
    """Keep what BKD decided in a task; raises NotYoursToDecide, DataRefused."""
    row = _locked(correction_id)
    if row.status != Status.REQUESTED:
        return row
    return _decide(row, approve, note, deed, now)


@transaction.atomic
def supplement_by_step(*, correction_id: int, words: str, deed: Deed, now: datetime) -> Correction:
    """Add to the reason what was asked for; what stood there stays."""
    row = _locked(correction_id)
    added = f"Dilengkapi {deed.actor.name}: {words.strip()}" if words.strip() else ""
    if row.status != Status.REQUESTED or not added or added in row.reason:
        return row
    previous = _state(row)
    row.reason = f"{row.reason}\n{added}"
    row.save(update_fields=["reason"])
    _note(row, "correction_supplemented", deed.actor, now, before=previous)
    return row


@transaction.atomic
def withdraw_by_step(*, correction_id: int, deed: Deed, now: datetime) -> Correction:
    """Take a request back that BKD had returned."""
    row = _locked(correction_id)
    if row.status == Status.REQUESTED:
        _withdraw(row, deed.user, deed.actor, now)
    return row


@transaction.atomic
def correct_finding(
    *,
    agency: Agency,
    data: CorrectionData,
    found_by: User | None,
    note: str,
    user: User,
    now: datetime,
) -> Correction:
    """Mend what the system found by itself, as BKD: nobody had to ask for it.

    `found_by` stands as who asked: whose evidence differs, None for BKD itself. Raises
    NotYoursToDecide for one's own day, DataRefused, PermissionDenied.
    """
    actor = actor_allowed(user, DECIDE, agency, now)
    ledger.lock(agency)
    check(agency, data, now)
    row = Correction(
        agency=agency, requested_by=found_by or user, requested_at=now, **columns(data)
    )
    if row.employee_id is not None and row.employee_id == user.employee_id:
        raise _own_day()
    row.save()
    row.decided_by, row.decided_at, row.note = user, now, note.strip()
    _grant(row, actor, now)
    _note(row, "correction_granted", actor, now, before={})
    return row


def _decide(row: Correction, approve: bool, note: str, deed: Deed, now: datetime) -> Correction:
    require_another(row, deed.user)
    if not approve and not note.strip():
        raise DataRefused({"note": "Tuliskan mengapa permintaan ini ditolak."})
    previous = _state(row)
    row.decided_by, row.decided_at, row.note = deed.user, deed.at, note.strip()
    if approve:
        _grant(row, deed.actor, now)
    else:
        row.status = Status.REJECTED
        row.save()
    verb = "correction_granted" if approve else "correction_rejected"
    _note(row, verb, deed.actor, now, before=previous)
    return row


def _withdraw(row: Correction, user: User, actor: Actor, now: datetime) -> None:
    previous = _state(row)
    row.status, row.decided_by, row.decided_at = Status.WITHDRAWN, user, now
    row.save(update_fields=["status", "decided_by", "decided_at"])
    _note(row, "correction_withdrawn", actor, now, before=previous)


def _own_day() -> NotYoursToDecide:
    return NotYoursToDecide("Koreksi absensi sendiri diputuskan oleh petugas BKD yang lain.")


def _require_undecided(row: Correction) -> None:
    if row.status != Status.REQUESTED:
        state = row.get_status_display().lower()
        raise AlreadyDecided(f"Permintaan ini sudah {state}; muat ulang halaman.")


def require_another(row: Correction, user: User) -> None:
    if row.requested_by_id == user.pk:
        raise NotYoursToDecide(
            "Permintaan ini Anda ajukan sendiri; keputusannya oleh petugas BKD yang lain."
        )
    if row.employee_id is not None and row.employee_id == user.employee_id:
        raise _own_day()


def _grant(row: Correction, actor: Actor, now: datetime) -> None:
    try:
        check(row.agency, CorrectionData.of(row), now, besides=row.pk)
    except DataRefused as refusal:
        text = f"Keadaannya sudah berubah: {refusal.message} Tolak permintaan ini."
        raise DataRefused({"": text}) from refusal
    about = concerned(row, now)
    if len(about.people) > AT_ONCE:
        _apply(row, actor, now)
        order_count(row, len(about.people), now)
    else:
        before = judged(about, now)
        _apply(row, actor, now)
        _keep_days(row, before, judged(about, now))
    cause = f"Koreksi BKD nomor {row.pk}: {row.get_kind_display().lower()}"
    for people in about.by_agency().values():
        judge_again(
            people[0].agency,
            [person.pk for person in people],
            about.first,
            about.last,
            cause=cause,
            now=now,
        )


def _apply(row: Correction, actor: Actor, now: datetime) -> None:
    """Let the request hold: its row says so, and two kinds write something else too."""
    row.status = Status.APPROVED
    row.save()
    if row.kind == Kind.ADD_PUNCH:
        key = f"correction:{row.pk}"
        told = ToldPunch(employee=there(row.employee), at=there(row.at), source_key=key)
        tell_punches(told=[told], channel=Punch.Channel.CORRECTION)
    if row.kind == Kind.REVOKE_LETTER:
        _revoke(there(row.letter_id), row, actor, now)


def _revoke(letter_id: int, row: Correction, actor: Actor, now: datetime) -> None:
    letter = letter_rows.locked(letter_id)
    before = letter_rows.state(letter)
    letter.status = AbsenceLetter.Status.REVOKED
    # Whom it is about reads on the letter where the reason stands.
    letter.note = "\n".join(filter(None, (letter.note, f"Dicabut dengan koreksi nomor {row.pk}.")))
    letter.save(update_fields=["status", "note"])
    letter_rows.record(letter, "letter_revoked", before=before, actor=actor, now=now)


def _tried(row: Correction, about: Concerned, actor: Actor, now: datetime) -> Verdicts:
    """Return the days as they would be judged if the request were granted; nothing stays."""
    try:
        with transaction.atomic():
            _apply(row, actor, now)
            after = judged(about, now)
            raise _OnlyTried
    except _OnlyTried:
        row.status = Status.REQUESTED
        return after


def _keep_days(row: Correction, before: Verdicts, after: Verdicts) -> None:
    row.before, row.after = corrected_days.kept(before, after)
    row.save(update_fields=["before", "after"])


def _locked(correction_id: int) -> Correction:
    """Return the row under the lock of its agency."""
    ledger.lock(Correction.objects.select_related("agency").get(pk=correction_id).agency)
    return _row(correction_id)


def _row(correction_id: int) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related(
        "agency", "employee__agency", "punch__employee__agency", "letter__employee__agency",
        "device",
    )  # fmt: skip
    return rows.get(pk=correction_id)


def _state(row: Correction) -> dict[str, Any]:
    """Return what an event keeps: what is asked and how far it is, nothing that tells why."""
    return {
        "kind": row.kind,
        "status": row.status,
        "day": row.day,
        "device": row.device_id,
        "minutes": row.minutes,
        "evidence": row.evidence_sha256,
        "content": content_hash(row.employee_id, row.at, row.punch_id, row.letter_id, row.reason),
        "note": content_hash(row.note) if row.note else "",
        "days": len(row.after),
    }


def _note(
    row: Correction, verb: str, actor: Actor, now: datetime, *, before: Mapping[str, Any]
) -> None:
    record(
        row.agency, actor, verb, f"correction:{row.pk}", now=now, before=dict(before),
        after=_state(row),
    )  # fmt: skip
