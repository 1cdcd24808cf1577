"""The database of a backup: one snapshot, while others write; and loaded into an empty one.

SQLite copies itself (`VACUUM INTO`) in one read transaction, which holds nobody up in WAL mode and
is never begun anew by writers, as copying page by page would be. PostgreSQL: `pg_dump` reads the
snapshot that a transaction of ours exports, so that what we count in it is what it dumps.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from psycopg import IsolationLevel

from config.backups.failure import BackupError
from foundation.files import sync_folder

ALIAS = "snapshot"  # what is asked of this connection is answered as of the snapshot
SERVER_PROGRAMS = Path("/usr/lib/postgresql")  # Debian keeps every major version here
# How libpq is told where to connect: never on a command line, where anybody could read it.
ENVIRONMENT = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "service": "PGSERVICE",
}  # fmt: skip


@contextmanager
def snapshot(dump: Path) -> Iterator[str]:
    """Write the database to `dump`; yield the alias of a connection that sees exactly that."""
    if connection.vendor == "sqlite":
        with _sqlite_snapshot(dump) as alias:
            yield alias
    else:
        with _postgresql_snapshot(dump) as alias:
            yield alias


def tables() -> list[str]:
    """Return the tables of this installation's database; none in an empty one."""
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def load(dump: Path) -> None:
    """Load a dump into this installation's empty database: all of it or nothing."""
    if connection.vendor == "sqlite":
        _load_sqlite(dump)
        return
    connection.close()
    # --single-transaction: whoever is killed in between leaves an empty database.
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        "--dbname", _parameters()["dbname"], str(dump),
    )  # fmt: skip


@contextmanager
def _second_connection(**changes: Any) -> Iterator[str]:
    known: dict[str, Any] = connections.databases
    known[ALIAS] = known["default"] | {"CONN_MAX_AGE": 0} | changes
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del known[ALIAS]


@contextmanager
def _sqlite_snapshot(dump: Path) -> Iterator[str]:
    name = str(connection.settings_dict["NAME"])
    try:
        with closing(sqlite3.connect(name, timeout=60, uri=name.startswith("file:"))) as source:
            source.execute("VACUUM INTO ?", [str(dump)])
    except sqlite3.Error as error:
        raise BackupError(f"Basis data tidak dapat disalin: {error}.") from error
    with _second_connection(NAME=str(dump), OPTIONS={}) as alias:
        yield alias


def _load_sqlite(dump: Path) -> None:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("", "-wal", "-shm"):  # an empty file that a look made
        Path(f"{path}{ending}").unlink(missing_ok=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(dump, path)
    sync_folder(path.parent)


@contextmanager
def _postgresql_snapshot(dump: Path) -> Iterator[str]:
    programs_for(_server_version(), "pg_dump")
    options = connection.settings_dict["OPTIONS"] | {
        "isolation_level": IsolationLevel.REPEATABLE_READ
    }
    with _second_connection(OPTIONS=options) as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            exported = cursor.fetchone()[0]
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={exported}", f"--file={dump}",
        )  # fmt: skip
        yield alias


def _run(program: str, *arguments: str) -> None:
    found = programs_for(_server_version(), program)
    connection.close()
    done = subprocess.run(
        [str(found), "--no-password", *arguments],
        env=os.environ | libpq_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # Of several lines the first says what is wrong; none of them holds a password.
        lines = done.stderr.strip().splitlines() or [f"berakhir dengan {done.returncode}"]
        raise BackupError(f"{program} gagal: {lines[0][:300]}")


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def libpq_environment() -> dict[str, str]:
    given = _parameters()
    return {name: str(given[key]) for key, name in ENVIRONMENT.items() if given.get(key)}


def _parameters() -> dict[str, Any]:
    return dict(connection.get_connection_params())


def programs_for(server: int, program: str) -> Path:
    """Return the program of that major version or a later one.

    Raises BackupError: an older `pg_dump` cannot read a newer server, and refuses halfway.
    """
    named = shutil.which(program)
    places = [Path(named)] if named else []
    places += sorted(SERVER_PROGRAMS.glob(f"*/bin/{program}"), key=_folder_version)
    versions = [(_version(place), place) for place in places]
    for version, place in versions:
        if version >= server:
            return place
    if not versions:
        raise BackupError(
            f"{program} tidak ditemukan; pasang postgresql-client-{server} di mesin ini."
        )
    newest = max(version for version, _ in versions)
    raise BackupError(
        f"{program} di sini versi {newest}, lebih tua dari server PostgreSQL {server}; pasang "
        f"postgresql-client-{server}."
    )


def _folder_version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


def _version(program: Path) -> int:
    told = subprocess.run(
        [str(program), "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)(\.\d+)*", told)
    return int(found[1]) if found else 0
