"""The tables are made once for a whole run of the tests: each of its databases begins as a copy.

All migrations together take a quarter of a minute of work, and a run needs some twenty databases.
The first process that wants the tables (each xdist worker is one) runs the real migrations in a
database that nobody works in; the others wait for it. Who has copied them runs `migrate` all the
same, which then finds only what this database has beyond the product's, mostly nothing.

Without a run of the tests (`python -m bench`) nothing is shared, and `migrate` does all of it.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.servers import drop_database, make_database

ROOT = Path(__file__).resolve().parent.parent
SHARED = "TESTS_SHARED_FOLDER"  # names the folder to all processes of a run
SQLITE = "sopan.sqlite3"  # as in an installation
# All connections of one process share it, and it is there while one of them is open.
IN_MEMORY = "file:tests?mode=memory&cache=shared"


def begin_run() -> bool:
    """Make the folder that a run shares; False in a worker, which has it from its parent."""
    if SHARED in os.environ:
        return False
    os.environ[SHARED] = tempfile.mkdtemp(prefix="sopan-tables-")
    return True


def end_run() -> None:
    """Remove what the run shared; for the process that made it, after all the others."""
    folder = Path(os.environ.pop(SHARED))
    databases = folder / "databases"
    for url in databases.read_text().splitlines() if databases.exists() else []:
        drop_database(url)
    shutil.rmtree(folder, ignore_errors=True)


def lay(folder: Path) -> None:
    """Put the tables where an installation with this data folder looks for its SQLite file."""
    if made := once("sqlite", _make_sqlite):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(made, folder / SQLITE)


def postgresql_tables() -> str:
    """Return the URL of a PostgreSQL database with the tables, to be copied; empty without run."""
    return once("postgresql", _make_postgresql)


@contextmanager
def in_test_database() -> Iterator[None]:
    """Let the database that Django makes for this process of tests begin with the tables."""
    settings = connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        settings["TEMPLATE"] = urlsplit(postgresql_tables()).path[1:]
        yield
        return
    settings["NAME"] = IN_MEMORY
    with closing(sqlite3.connect(IN_MEMORY, uri=True)) as kept:
        with closing(sqlite3.connect(once("sqlite", _make_sqlite))) as made:
            made.backup(kept)
        yield


@contextmanager
def in_file(folder: Path) -> Iterator[None]:
    """Let this process work in a file with the tables as long as this lasts, if it is in SQLite."""
    if connection.vendor != "sqlite":
        yield
        return
    lay(folder)
    in_memory, named = connection.connection, connection.settings_dict["NAME"]
    connection.connection = None
    connection.settings_dict["NAME"] = str(folder / SQLITE)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = named
        connection.connection = in_memory


def once(name: str, make: Callable[[Path], str]) -> str:
    """Return what `make` returned to the first process of the run that asked."""
    if SHARED not in os.environ:
        return ""
    folder = Path(os.environ[SHARED])
    told = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go by the system when its holder is killed
        if not told.exists():
            told.write_text(make(folder))
    return told.read_text()


def _make_sqlite(folder: Path) -> str:
    data = Path(tempfile.mkdtemp(prefix="sqlite-", dir=folder))
    _migrate(data)
    with closing(sqlite3.connect(data / SQLITE)) as made:
        # One file that can be copied, also into memory; an installation turns it back into WAL.
        assert made.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    return str(data / SQLITE)


def _make_postgresql(folder: Path) -> str:
    url = make_database("sopan_tables")
    with (folder / "databases").open("a") as made:
        made.write(f"{url}\n")
    _migrate(Path(tempfile.mkdtemp(prefix="postgresql-", dir=folder)), DATABASE_URL=url)
    return url


def _migrate(data: Path, **more: str) -> None:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))}
    own.pop("DATABASE_URL", None)
    own |= {"SOPAN_DATA": str(data), "SOPAN_LOG_LEVEL": "WARNING", **more}
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=own, check=True)
