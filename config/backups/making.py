"""Makes a backup: the database first, then the files.

The database first, because of the order in which SOPan writes: a file is on the disk, whole, before
the row that names it commits, and is never changed. So every file that the snapshot names was there
when the snapshot was made, and files that come later only add what no row asks for. Taken the other
way round, a document issued in between would have its row and not its file. What may happen is that
a file is withdrawn in between (a new photo replaces the old, an order expires): then its row in the
running database no longer names it either, which is looked at; anything else is a fault, and named.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import transaction

from config.backups import manifest as described
from config.backups.databases import snapshot
from config.backups.evidence import ENDING, Evidence, evidence_path, write_evidence
from config.backups.failure import BackupError
from config.backups.keys import current_keys
from config.backups.manifest import Contents, Manifest, Member
from config.backups.packing import Packer
from config.backups.places import alone, backup_folder, kept_files
from config.backups.snapshots import NamedFile, contents, named_files
from foundation import ledger
from foundation.actors import Actor
from foundation.files import sync_folder
from foundation.ledger.anchors import anchor_path
from organization.models import Agency

STAGING = ".cadangan-"  # a folder of what is unfinished; swept when nobody is at work
Progress = Callable[[int, int], None]  # bytes done, bytes in all


def backup_name(now: datetime) -> str:
    return f"sopan-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{ENDING}"


def make_backup(*, target: Path | None, actor: Actor, now: datetime, show: Progress) -> Evidence:
    """Write a backup to `target` (None: the folder of backups) and leave an event.

    Nothing has its final name before it is whole and on the disk. Raises BackupError.
    """
    archive = (target or backup_folder() / backup_name(now)).absolute()
    if not archive.name.endswith(ENDING):
        raise BackupError(f"Nama berkas cadangan berakhir dengan {ENDING}.")
    with alone(archive.parent):
        if archive.exists():
            raise BackupError(f"{archive} sudah ada; cadangan lama tidak ditimpa.")
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=archive.parent))
        try:
            evidence = _make(archive, staging, now, show)
        except OSError as error:
            raise BackupError(f"Cadangan tidak dapat ditulis: {error.strerror}.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    _record(evidence, actor, now)
    return evidence


def _make(archive: Path, staging: Path, now: datetime, show: Progress) -> Evidence:
    begun = time.monotonic()
    dump, heads = staging / "database", staging / described.HEADS
    # All that is asked of the snapshot is asked here: PostgreSQL keeps no old rows for us while
    # the files are packed.
    with snapshot(dump) as alias:
        held = contents(alias, heads)
        named = list(named_files(alias))
    unfinished = staging / archive.name
    with unfinished.open("xb") as stream:
        unfinished.chmod(0o600)
        manifest, whole = _pack(stream, dump, heads, held, named, now, show)
        stream.flush()
        os.fsync(stream.fileno())
    evidence = Evidence(
        name=archive.name,
        made_at=manifest.made_at,
        seconds=round(time.monotonic() - begun, 2),
        engine=held.engine,
        size=whole.size,
        sha256=whole.sha256,
        rows=manifest.rows,
        tables=len(held.counts),
        files=sum(name.startswith(("files/", "archive/")) for name in manifest.members),
        streams=held.streams,
        heads_sha256=manifest.members[described.HEADS].sha256,
        field_keys=manifest.field_keys,
        faults=manifest.faults,
        removed=len(manifest.removed),
    )
    write_evidence(archive, evidence)
    try:
        unfinished.rename(archive)
    except BaseException:
        evidence_path(archive).unlink(missing_ok=True)
        raise
    sync_folder(archive.parent)
    return evidence


def _pack(
    stream: IO[bytes],
    dump: Path,
    heads: Path,
    held: Contents,
    named: list[NamedFile],
    now: datetime,
    show: Progress,
) -> tuple[Manifest, Member]:
    listed = [(name, path) for name, path in kept_files() if not _is_later_anchor(path, held)]
    total = dump.stat().st_size + heads.stat().st_size + sum(_size(path) for _, path in listed)
    done = 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        show(min(done, total), total)

    packer = Packer(stream, told)
    keys = current_keys()
    database = "database.sqlite3" if held.engine == "sqlite" else "database.dump"
    packer.add(database, dump)
    packer.add(described.HEADS, heads)
    for name, path in listed:
        try:
            packer.add(name, path)
        except FileNotFoundError:
            continue  # withdrawn a moment ago; `_compare` says whether it may be
    faults, removed = _compare(named, packer.members)
    manifest = Manifest(
        made_at=now,
        contents=held,
        members=packer.members,
        field_keys=keys.field_fingerprints,
        secret_key=keys.secret_fingerprint,
        faults=faults,
        removed=removed,
    )
    whole = packer.finish(manifest.to_bytes())
    show(total, total)
    return manifest, whole


def _is_later_anchor(path: Path, held: Contents) -> bool:
    """An anchor written after the snapshot would stand there without its row."""
    first_later = anchor_path(held.anchors + 1)
    return path.parent == first_later.parent and path.name >= first_later.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _compare(named: list[NamedFile], members: dict[str, Member]) -> tuple[list[str], list[str]]:
    """Return what is wrong with the files that rows name, and those withdrawn meanwhile."""
    faults, removed = [], []
    for file in named:
        packed = members.get(file.member)
        if packed is None:
            rows = file.model._default_manager.filter(**{file.column: file.value})
            if rows.exists():
                faults.append(f"{file.member}: berkas hilang")
            else:
                removed.append(file.member)
        elif file.sha256 and packed.sha256 != file.sha256:
            faults.append(f"{file.member}: isi berkas berubah")
    # Several rows may name one file.
    return list(dict.fromkeys(faults)), list(dict.fromkeys(removed))


@transaction.atomic
def _record(evidence: Evidence, actor: Actor, now: datetime) -> None:
    if owner := first_agency():
        ledger.record(
            stream=owner,
            actor=actor,
            verb="backup_made",
            subject=owner.stream,
            after={
                "name": evidence.name,
                "made_at": evidence.made_at.isoformat(),
                "sha256": evidence.sha256,
                "size": evidence.size,
                "rows": evidence.rows,
                "files": evidence.files,
                "faults": len(evidence.faults),
            },
            now=now,
        )


def first_agency() -> Agency | None:
    """Return the agency in whose chain stands what concerns the whole installation."""
    return Agency.objects.filter(parent=None).order_by("pk").first()
