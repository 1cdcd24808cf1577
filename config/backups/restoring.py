"""Puts a backup into an empty place, and says how far it is the place that it was.

Everything that can be refused is refused before the first byte is written: a torn or changed
archive, a place that is not empty, a newer program's backup, missing keys. While it goes on a
marker stands in the data folder; a restore that was killed is told by it at the next command.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config.backups import manifest as described
from config.backups.aftermath import Aftermath, settle
from config.backups.checking import check_counts, check_place
from config.backups.databases import load, tables
from config.backups.evidence import Finding
from config.backups.failure import BackupError
from config.backups.keys import Keys, adopt_keys, check_keys, current_keys
from config.backups.manifest import Manifest
from config.backups.packing import examine, unpack
from config.backups.places import folders, occupied
from config.backups.snapshots import applied_migrations, known_migrations
from foundation.files import write_file

MARKER = "pemulihan-berjalan"
STAGING = ".pulih-"
Progress = Callable[[int, int], None]  # bytes done, bytes in all
ONLY_EMPTY = "cadangan hanya dipulihkan ke tempat yang kosong."
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What came of it. The recovery point is `made_at`; the recovery time `seconds`."""

    made_at: datetime
    age: timedelta
    seconds: float
    rows: int
    files: int
    findings: list[Finding]
    aftermath: Aftermath
    migrated: list[str] = field(default_factory=list)  # what the program has beyond the backup

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


def marker_path() -> Path:
    return Path(settings.DATA_DIR) / MARKER


def restore(*, archive: Path, keys: Keys | None, now: datetime, show: Progress) -> Restored:
    """Restore into this installation, which must be empty. Raises BackupError."""
    begun = time.monotonic()
    if marker_path().exists():
        raise BackupError(
            "Pemulihan sebelumnya di tempat ini terputus: kosongkan folder data dan basis datanya, "
            "lalu ulangi."
        )
    _refuse_occupied()
    manifest = examine(archive)
    _refuse_other_program(manifest)
    check_keys(manifest, keys or current_keys())
    if keys:
        adopt_keys(keys)
    write_file(marker_path(), f"{archive.name}\n".encode())
    written: list[Path] = []
    try:
        heads = _fill(archive, manifest, written, show)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        marker_path().unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise BackupError(f"Cadangan tidak dapat dipulihkan: {error.strerror}.") from error
        raise
    findings = [check_counts(manifest)]
    migrated = _migrate()
    findings += check_place(manifest, heads)
    aftermath = settle(manifest=manifest, archive=archive.name, now=now)
    marker_path().unlink()
    return Restored(
        made_at=manifest.made_at,
        age=now - manifest.made_at,
        seconds=round(time.monotonic() - begun, 2),
        rows=manifest.rows,
        files=sum(name.startswith(("files/", "archive/")) for name in manifest.members),
        findings=findings,
        aftermath=aftermath,
        migrated=migrated,
    )


def _refuse_occupied() -> None:
    if tables():
        raise BackupError(f"Basis data di sini tidak kosong; {ONLY_EMPTY}")
    if filled := occupied():
        raise BackupError(f"Folder {filled[0]} tidak kosong; {ONLY_EMPTY}")


def _refuse_other_program(manifest: Manifest) -> None:
    engine = manifest.contents.engine
    if engine != connection.vendor:
        raise BackupError(
            f"Cadangan ini dari {ENGINES.get(engine, engine)}, tempat ini memakai "
            f"{ENGINES.get(connection.vendor, connection.vendor)}."
        )
    if unknown := sorted(set(manifest.contents.migrations) - known_migrations()):
        raise BackupError(
            f"Cadangan ini dari program yang lebih baru ({unknown[-1]}); pasang versi itu dahulu."
        )


def _fill(archive: Path, manifest: Manifest, written: list[Path], show: Progress) -> str:
    """Write files and database; return the hash of the heads that came along."""
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=settings.DATA_DIR))
    roots, total = folders(), sum(member.size for member in manifest.members.values())
    done = 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        show(min(done, total), total)

    def place_of(name: str) -> Path:
        first, *rest = PurePosixPath(name).parts
        if not rest and name in (manifest.database, described.HEADS):
            return staging / name
        if first not in roots or not rest:
            raise BackupError(f"Cadangan memuat yang tidak semestinya: {name[:80]!r}.")
        return roots[first].joinpath(*rest)

    try:
        for path in unpack(archive, manifest, place_of, told):
            if path.exists():
                raise BackupError(f"{path} sudah ada; {ONLY_EMPTY}")
            written.append(path)
        heads = hashlib.sha256((staging / described.HEADS).read_bytes()).hexdigest()
        # Last: while it is missing nothing here can be taken for an office.
        load(staging / manifest.database)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return heads


def _migrate() -> list[str]:
    """Bring an older backup to the tables of this program."""
    before = set(applied_migrations("default"))
    if not known_migrations() - before:
        return []
    call_command("migrate", verbosity=0, interactive=False)
    return sorted(set(applied_migrations("default")) - before)
