"""Which backups are kept, what is swept away, and when somebody must be told.

Kept are the newest of the last days, weeks and months on which there is one: a server that stood
still for a week still has seven. The newest good one is never taken away.
"""

import shutil
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.backups.evidence import (
    BESIDE,
    ENDING,
    Evidence,
    all_evidence,
    evidence_path,
    kept,
    last_good,
    note_rotation,
)
from config.backups.making import STAGING
from config.backups.places import backup_folder

LATE = timedelta(hours=26)  # a day, and two hours for the backup itself
OURS = f"sopan-*Z{ENDING}"  # what the clock made; what somebody named himself is his
Bucket = Callable[[datetime], Hashable]
BUCKETS: Sequence[Bucket] = (
    lambda at: timezone.localdate(at),
    lambda at: timezone.localdate(at).isocalendar()[:2],
    lambda at: (timezone.localdate(at).year, timezone.localdate(at).month),
)


def numbers_kept() -> tuple[int, int, int]:
    """Return how many days, weeks and months are kept; ValueError for a setting that is none."""
    days, weeks, months = (int(part) for part in settings.BACKUPS_KEPT.split(","))
    if min(days, weeks, months) < 0:
        raise ValueError(settings.BACKUPS_KEPT)
    return days, weeks, months


def to_keep(rows: Sequence[Evidence], numbers: Sequence[int]) -> set[str]:
    """Return the names of those to keep; `rows` newest first. A good one stands before a bad."""
    wanted: set[str] = set()
    for bucket, number in zip(BUCKETS, numbers, strict=True):
        chosen: dict[Hashable, Evidence] = {}
        for row in rows:
            held = chosen.setdefault(bucket(row.made_at), row)
            if row.is_good and not held.is_good:
                chosen[bucket(row.made_at)] = row
        wanted.update(row.name for row in list(chosen.values())[:number])
    if newest := last_good(rows):
        wanted.add(newest.name)
    return wanted


def rotate(*, now: datetime) -> list[str]:
    """Take away what need not be kept any more; its evidence stays and says so."""
    folder = backup_folder()
    rows = [row for row in kept(folder) if Path(row.name).match(OURS)]
    gone = [row.name for row in rows if row.name not in to_keep(rows, numbers_kept())]
    for name in gone:
        note_rotation(folder / name, now=now)
        (folder / name).unlink()
    return gone


def sweep() -> list[str]:
    """Take away what a process left that was killed; for who holds the folder alone."""
    gone = []
    for path in sorted(backup_folder().iterdir()):
        if path.name.startswith(STAGING):
            shutil.rmtree(path, ignore_errors=True)
        elif _is_torn(path):
            path.unlink()
        else:
            continue
        gone.append(path.name)
    return gone


def _is_torn(path: Path) -> bool:
    """Say whether this is an archive of ours without evidence, or evidence that has none."""
    if path.match(OURS):
        return not evidence_path(path).exists()
    if not path.match(OURS + BESIDE):
        return False
    archive = path.with_name(path.name.removesuffix(BESIDE))
    return not archive.exists() and _still_kept(archive)


def _still_kept(archive: Path) -> bool:
    return all(row.name != archive.name for row in all_evidence(archive.parent))


def scheduled(now: datetime) -> datetime:
    """Return the last moment at which a backup was due."""
    local = timezone.localtime(now)
    due = local.replace(hour=settings.BACKUP_HOUR % 24, minute=0, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)


def is_due(now: datetime) -> bool:
    """Say whether none was made since; at whatever hour the server is there."""
    rows = kept(backup_folder())
    return not rows or rows[0].made_at < scheduled(now)


def alarm(now: datetime) -> str:
    """Return why somebody must look after the backups, in a sentence; "" while all is well."""
    rows = kept(backup_folder())
    good = last_good(rows)
    if good is None:
        began = _installed_at()
        young = began is not None and now - began < LATE
        return "" if young else "Belum ada cadangan yang utuh."
    if now - good.made_at > LATE:
        hours = int((now - good.made_at) / timedelta(hours=1))
        return f"Cadangan utuh terakhir sudah berumur {hours} jam."
    if rows[0].faults:
        return "Cadangan terbaru tidak utuh: ada berkas yang hilang atau berubah."
    if rows[0].trial and not rows[0].trial.ok:
        return "Cadangan terbaru gagal saat dicoba dipulihkan."
    return ""


def _installed_at() -> datetime | None:
    """Return when this installation was begun: its secret is as old as it is."""
    try:
        made = (Path(settings.DATA_DIR) / "secret-key").stat().st_mtime
    except FileNotFoundError:
        return None
    return datetime.fromtimestamp(made, tz=timezone.get_current_timezone())
