"""A check of the whole record that a person asked for: done by a worker, slice by slice."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.incidents import About, describe
from foundation.indonesian import moment_text
from foundation.ledger.anchors import MAIL_JOB
from foundation.ledger.checks import Fault
from foundation.models import Anchor, Verification

VERIFY_JOB = "foundation.verify_ledger"
TURN = 10.0  # seconds of work before other jobs have their turn
MOST_FAULTS = 200  # streams named


@transaction.atomic
def ask_verification(*, actor: Actor, now: datetime) -> Verification:
    """Have the whole record checked; who asks while a check goes on gets that one."""
    going_on = Verification.objects.filter(finished_at=None).first()
    if going_on is not None:
        return going_on
    verification = Verification.objects.create(
        asked_at=now, asked_by_id=actor.user_id, asked_by_name=actor.name
    )
    outbox.enqueue(
        kind=VERIFY_JOB,
        key=job_key(verification),
        payload={"verification": verification.pk},
        run_after=now,
    )
    return verification


def job_key(verification: Verification) -> str:
    return f"verification:{verification.pk}"


@outbox.handles(VERIFY_JOB)
def verify(payload: Mapping[str, Any]) -> None:
    go_on(verification=Verification.objects.get(pk=payload["verification"]), seconds=TURN)


@outbox.on_incident(VERIFY_JOB)
def fail(payload: Mapping[str, Any], error: str) -> None:
    """End a check that could not be done: whoever asks again gets a new one."""
    verification = Verification.objects.get(pk=payload["verification"])
    _keep(verification, [Fault("", 0, f"Pemeriksaan tidak selesai: {error}")])
    verification.finished_at = timezone.now()
    verification.save()


def go_on(*, verification: Verification, seconds: float) -> None:
    """Check slice after slice and keep how far it is; Postponed when the turn is over."""
    end = time.monotonic() + seconds
    checks = {check.name: check for check in ledger.all_checks()}
    names = list(checks)
    while verification.finished_at is None:
        name = verification.stage or names[0]
        counts = verification.counts.setdefault(
            name, {"things": checks[name].things, "of": checks[name].total(), "seen": 0}
        )
        part = checks[name].look(verification.after)
        counts["seen"] += part.seen
        _keep(verification, part.faults)
        verification.stage, verification.after = name, part.after or ""
        if part.after is None:
            following = names[names.index(name) + 1 :]
            verification.stage = following[0] if following else ""
            verification.finished_at = None if following else timezone.now()
        verification.save()
        if verification.finished_at is None and time.monotonic() > end:
            raise outbox.Postponed(progress_text(verification), timedelta())


def _keep(verification: Verification, faults: list[Fault]) -> None:
    """Remember the first bad place of each stream, and how many there were."""
    verification.fault_count += len(faults)
    kept = [Fault(**told) for told in verification.faults]
    named = ledger.firsts([*kept, *faults])[:MOST_FAULTS]
    verification.faults = [asdict(fault) for fault in named]


def progress_text(verification: Verification) -> str:
    """Return how far a check is, in words: "20000 dari 51000 peristiwa diperiksa"."""
    parts = [f"{c['seen']} dari {c['of']} {c['things']}" for c in verification.counts.values()]
    return f"{', '.join(parts)} diperiksa" if parts else "Menunggu giliran"


@outbox.handles(MAIL_JOB)
def mail_anchor(payload: Mapping[str, Any]) -> None:
    """Send number, moment and digest of an anchor to those who keep them."""
    anchor = Anchor.objects.get(number=payload["anchor"])
    lines = [
        f"Jangkar nomor {anchor.number}",
        f"Waktu: {moment_text(anchor.at, settings.TIME_ZONE)}",
        f"Peristiwa: {anchor.events}",
        f"Sidik (SHA-256): {anchor.digest}",
        f"Sidik sebelumnya: {anchor.previous_digest or '-'}",
        "",
        "Simpan surel ini. Halaman Audit - Catatan memuat sidik yang sama selama catatan",
        "tidak diubah.",
    ]
    send_mail(f"SOPan: jangkar {anchor.number}", "\n".join(lines), None, list(settings.ANCHOR_MAIL))


def _about_record(payload: Mapping[str, Any]) -> About:
    return About(text="Catatan peristiwa seluruh instalasi", agency_id=None, link="/audit/catatan/")


describe({VERIFY_JOB: "Memeriksa catatan", MAIL_JOB: "Mengirim sidik jangkar"}, _about_record)
