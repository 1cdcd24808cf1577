"""A backup is tried: restored into a throwaway place by a process of its own, and checked there.

The process gets the keys by its environment, a folder beside the backups, and on PostgreSQL a
database of its own; all of it is taken away again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from config.backups.databases import ENVIRONMENT
from config.backups.evidence import Finding, Trial, kept, note_trial
from config.backups.failure import BackupError
from config.backups.keys import check_keys, current_keys
from config.backups.making import STAGING, first_agency
from config.backups.packing import Told, examine
from config.backups.places import alone, backup_folder
from foundation import ledger
from foundation.actors import Actor

# What belongs to the real place: where its data, broker, mail and own folders are.
NOT_HANDED_ON = (
    "SOPAN_DATA", "SOPAN_ANCHORS", "SOPAN_SOPS", "SOPAN_BACKUPS", "SOPAN_EMAIL_URL",
    "SOPAN_ANCHOR_MAIL", "SOPAN_DEMO", "CELERY_BROKER_URL", "DATABASE_URL",
)  # fmt: skip


def try_backup(*, archive: Path, actor: Actor, now: datetime, told: Told) -> Trial:
    """Restore it and check it; keep what was found beside it and in the ledger.

    Raises BackupError where it cannot be tried at all: another is at work, a key is not here.
    """
    with alone(archive.parent):
        begun = time.monotonic()
        try:
            manifest = examine(archive, told)
        except BackupError as error:
            if not archive.exists():
                raise
            findings = [Finding("isi", False, str(error))]
        else:
            check_keys(manifest, current_keys())
            seen = f"{len(manifest.members)} berkas sama dengan daftar isinya"
            findings = [Finding("isi", True, seen), *_restored(archive)]
        trial = Trial(now, round(time.monotonic() - begun, 2), findings)
        note_trial(archive, trial)
    _record(archive.name, trial, actor, now)
    return trial


def _restored(archive: Path) -> list[Finding]:
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=archive.parent))
    try:
        with _throwaway_database() as url:
            return _restore_apart(archive, folder / "data", url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _restore_apart(archive: Path, data: Path, url: str) -> list[Finding]:
    keys = current_keys()
    own = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    own |= {
        "SOPAN_DATA": str(data),
        "SOPAN_FIELD_KEYS": ",".join(keys.field_keys),
        "SOPAN_SECRET_KEY": keys.secret_key,
    }
    if url:
        own["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(archive), "--json"],
        cwd=settings.BASE_DIR,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines() or [f"berakhir dengan {done.returncode}"]
        return [Finding("pemulihan", False, lines[-1].removeprefix("CommandError: ")[:300])]
    told = f"{report['rows']} baris dan {report['files']} berkas dalam {report['seconds']} detik"
    return [Finding("pemulihan", True, told), *(Finding(**row) for row in report["findings"])]


@contextmanager
def _throwaway_database() -> Iterator[str]:
    """Make an empty database beside ours; yields its URL, "" on SQLite, which makes a file."""
    if connection.vendor == "sqlite":
        yield ""
        return
    given = dict(connection.get_connection_params())
    wanted = {name: given[name] for name in ENVIRONMENT if given.get(name)}
    prefix = _prefix()
    name = f"{prefix}{uuid4().hex[:8]}"
    try:
        with psycopg.connect(**wanted, autocommit=True) as server:
            # Left by a trial that was killed: we hold the folder, so nobody is in them.
            for (left,) in server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
            ).fetchall():
                _drop(server, left)
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
            )
    except psycopg.errors.InsufficientPrivilege as error:
        raise BackupError(
            "Pemakai basis data tidak boleh membuat basis data uji; beri hak CREATEDB, atau coba "
            "cadangan ini di server lain."
        ) from error
    try:
        yield _url(wanted | {"dbname": name})
    finally:
        with psycopg.connect(**wanted, autocommit=True) as server:
            _drop(server, name)


def _prefix() -> str:
    """Return how the throwaway databases of this installation begin."""
    place = hashlib.sha256(str(settings.DATA_DIR).encode()).hexdigest()[:8]
    return f"sopan_uji_{place}_"


def _drop(server: "psycopg.Connection[Any]", name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    server.execute(drop)


def _url(given: dict[str, Any]) -> str:
    person = quote(str(given.get("user", "")), safe="")
    if password := given.get("password"):
        person += f":{quote(str(password), safe='')}"
    place = quote(str(given.get("host", "")), safe="")
    place += f":{given['port']}" if given.get("port") else ""
    options = "&".join(
        f"{name}={quote(str(given[name]), safe='')}"
        for name in ("sslmode", "sslrootcert", "sslcert", "sslkey")
        if given.get(name)
    )
    url = f"postgres://{person}@{place}/{given['dbname']}"
    return f"{url}?{options}" if options else url


@transaction.atomic
def _record(name: str, trial: Trial, actor: Actor, now: datetime) -> None:
    if owner := first_agency():
        ledger.record(
            stream=owner,
            actor=actor,
            verb="backup_tried",
            subject=owner.stream,
            after={
                "name": name,
                "ok": trial.ok,
                "failed": [finding.name for finding in trial.findings if not finding.ok],
            },
            now=now,
        )


def newest() -> Path:
    """Return the newest backup of the folder; BackupError where there is none."""
    rows = kept(backup_folder())
    if not rows:
        raise BackupError(f"Belum ada cadangan di {backup_folder()}.")
    return backup_folder() / rows[0].name
