"""The backup of each day: ordered by the clock, done once by a job of the outbox, by itself.

A large one takes longer than a worker's task may. So the work is a process of its own that holds
the folder's lock; the job begins it, looks again until the evidence is there, and begins it anew
where it died. The day's backup is restored for trial right after, and old ones make room.
"""

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from config.backups.evidence import Evidence, kept
from config.backups.keeping import alarm, is_due, rotate, scheduled, sweep
from config.backups.places import alone, backup_folder, is_held
from foundation import outbox
from foundation.incidents import About, describe
from organization.models import Agency
from organization.permissions import ROLES, users_with_role
from processes.services.notices import ALARM, notify

MAKE, TRY = "config.backup", "config.try_backup"
LOOK_AGAIN = timedelta(seconds=30)
PATIENCE = 12.0  # seconds that a job waits for its process; a small backup is done within
CAPABILITY = "backups.view"


def make_if_due(*, now: datetime) -> None:
    """Order the backup of this day unless it is there; and tell people when it is late."""
    rows = kept(backup_folder())
    # One that somebody made by hand, or another clock, is tried like ours.
    if is_due(now) or rows[0].trial is None:
        outbox.enqueue(
            kind=MAKE,
            key=f"{MAKE}:{scheduled(now):%Y-%m-%d}:{_turn(now)}",
            payload={},
            run_after=now,
        )
    tell_alarm(now=now)


def _turn(now: datetime) -> str:
    """Return the part of the day: a backup that failed for good is tried again in the next."""
    return f"{timezone.localtime(now).hour // 6}"


@outbox.handles(MAKE)
def make(payload: Mapping[str, Any]) -> None:
    """Have the day's backup made; safe to repeat: there is one after each scheduled moment."""
    now = timezone.now()
    if is_due(now):
        _go_on("Cadangan sedang dibuat", "backup")
        if is_due(timezone.now()):
            raise outbox.Postponed("Cadangan belum selesai", LOOK_AGAIN)
    with alone(backup_folder()):
        sweep()
        rotate(now=now)
    newest = kept(backup_folder())[0]
    if newest.trial is None:
        outbox.enqueue(
            kind=TRY, key=f"{TRY}:{newest.name}", payload={"name": newest.name}, run_after=now
        )


@outbox.handles(TRY)
def try_newest(payload: Mapping[str, Any]) -> None:
    """Have a backup restored for trial: {"name"}; nothing to do where it was, or is rotated."""
    row = _row(payload["name"])
    if row is None or row.trial is not None:
        return
    _go_on("Cadangan sedang dicoba", "verify_backup", str(backup_folder() / row.name))
    row = _row(payload["name"])
    if row is not None and row.trial is None:
        raise outbox.Postponed("Percobaan belum selesai", LOOK_AGAIN)


def _row(name: str) -> Evidence | None:
    return next((row for row in kept(backup_folder()) if row.name == name), None)


def _go_on(progress: str, *command: str) -> None:
    """Begin the process unless one is at work; Postponed while it is, its sentence if it fails."""
    if is_held(backup_folder()):
        raise outbox.Postponed(progress, LOOK_AGAIN)
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command, "--json"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # it outlives the worker's task
    )
    try:
        _, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise outbox.Postponed(progress, LOOK_AGAIN) from None
    if process.returncode:
        lines = errors.strip().splitlines() or [f"berakhir dengan {process.returncode}"]
        raise RuntimeError(lines[-1].removeprefix("CommandError: ")[:300])


def tell_alarm(*, now: datetime) -> int:
    """Tell those who look after the installation, once a day, what is wrong with the backups."""
    reason = alarm(now)
    return sum(_tell(agency, reason, now) for agency in Agency.objects.all()) if reason else 0


def _tell(agency: Agency, reason: str, now: datetime) -> int:
    roles = [role for role, may in ROLES.items() if CAPABILITY in may]
    people = {user.pk for role in roles for user in users_with_role(role, agency, now)}
    if not people:
        return 0
    return notify(
        user_ids=people,
        agency=agency,
        kind=ALARM,
        key=f"backup-alarm:{timezone.localdate(now)}",
        text=f"{reason} Lihat Cadangan.",
        link="/cadangan/",
        now=now,
    )


def _about(payload: Mapping[str, Any]) -> About:
    return About(text="Cadangan harian", agency_id=None, link="/cadangan/")


describe({MAKE: "Membuat cadangan", TRY: "Mencoba cadangan"}, _about)
