"""Which servers and programs stand beside the tests here, and what is left out without them.

A test that needs one is marked (`postgresql`, `redis`, `rabbitmq`, `browser`, `soffice`) and
skipped where it is missing; the end of the run says in one line what that was. `SOPAN_REQUIRE`
(comma separated: postgresql, redis, rabbitmq, chromium, soffice) turns a missing one into a refusal
to run.
"""

import importlib.util
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import uuid4

import dj_database_url
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

HOST = "127.0.0.1"
# Not the one in the search path, which changes to the account of the machine's own server.
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
CHROMIUM = ("/usr/bin/chromium", "chromium", "chromium-browser")


@dataclass(frozen=True)
class Server:
    """One thing that may stand here. `missing` is empty, or says why it cannot be used."""

    name: str  # as in SOPAN_REQUIRE
    mark: str
    label: str
    missing: str


@lru_cache(maxsize=1)
def postgresql_url() -> str:
    """Return the URL of a PostgreSQL where databases may be made, or an empty text."""
    configured = os.environ.get("DATABASE_URL", "")
    candidates = [configured] if configured.startswith("postgres") else []
    candidates.append(f"postgres://postgres@{HOST}:5432/postgres")
    candidates += [
        f"postgres://postgres@%2Fvar%2Frun%2Fpostgresql/{name}"
        for name in ("postgres", "template1")
    ]
    return next((url for url in candidates if _may_create_databases(url)), "")


def _may_create_databases(url: str) -> bool:
    try:
        with _connect(url) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    parts = dj_database_url.parse(url)
    given = {
        "host": parts["HOST"],
        "port": parts["PORT"],
        "user": parts["USER"],
        "password": parts["PASSWORD"],
        "dbname": parts["NAME"],
    }
    wanted = {name: value for name, value in given.items() if value}
    return psycopg.connect(make_conninfo("", connect_timeout=2, **wanted), autocommit=True)


@contextmanager
def scratch_database(prefix: str = "sopan_test", like: str = "") -> Iterator[str]:
    """Make a PostgreSQL database as `make_database` does; yields its URL, drops it after."""
    url = make_database(prefix, like)
    try:
        yield url
    finally:
        drop_database(url)


def make_database(prefix: str, like: str = "") -> str:
    """Make a PostgreSQL database with a name of its own; return its URL.

    Empty, or a copy of the database at the URL `like`, which nobody may be using then.
    """
    template = sql.Identifier(urlsplit(like).path[1:] if like else "template0")
    server = postgresql_url()
    name = f"{prefix}_{os.getpid()}_{uuid4().hex[:8]}"
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template)
    with _connect(server) as connection:
        connection.execute(command)
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop_database(url: str) -> None:
    """Drop a database that `make_database` made, also while somebody is connected to it."""
    name = sql.Identifier(urlsplit(url).path[1:])
    with _connect(postgresql_url()) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def chromium_path() -> str:
    """Return the Chromium to drive, or an empty text."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), "")


def _missing_postgresql() -> str:
    return "" if postgresql_url() else "tidak ada server di localhost"


def _missing_redis() -> str:
    try:
        with socket.create_connection((HOST, 6379), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            answer = connection.recv(64)
    except OSError:
        return "tidak ada server di localhost"
    return "" if answer.startswith(b"+PONG") else "yang menjawab di pangkalan 6379 bukan Redis"


def _missing_rabbitmq() -> str:
    return "" if shutil.which(RABBITMQ) else "tidak terpasang"


def _missing_chromium() -> str:
    if not chromium_path():
        return "tidak terpasang"
    return "" if importlib.util.find_spec("playwright") else "pustaka playwright tidak terpasang"


def _missing_soffice() -> str:
    return "" if shutil.which("soffice") else "tidak terpasang"


KINDS: dict[str, tuple[str, str, Callable[[], str]]] = {
    "postgresql": ("postgresql", "PostgreSQL", _missing_postgresql),
    "redis": ("redis", "Redis", _missing_redis),
    "rabbitmq": ("rabbitmq", "RabbitMQ", _missing_rabbitmq),
    "chromium": ("browser", "Chromium", _missing_chromium),
    "soffice": ("soffice", "LibreOffice", _missing_soffice),
}


@lru_cache(maxsize=1)
def servers() -> tuple[Server, ...]:
    """Look once at what stands here."""
    return tuple(Server(name, mark, label, probe()) for name, (mark, label, probe) in KINDS.items())


def refusal(required: str, found: tuple[Server, ...]) -> str:
    """Return why a run that requires these (comma separated) must not start, or an empty text."""
    wanted = {name.strip() for name in required.split(",") if name.strip()}
    unknown = sorted(wanted - {server.name for server in found})
    absent = [f"{s.label} ({s.missing})" for s in found if s.name in wanted and s.missing]
    if unknown:
        return f"SOPAN_REQUIRE menyebut yang tidak dikenal: {', '.join(unknown)}."
    return f"SOPAN_REQUIRE meminta yang tidak ada di sini: {', '.join(absent)}." if absent else ""


def left_out(found: tuple[Server, ...]) -> str:
    """Return the one line that says what is not tested here, or an empty text."""
    absent = [f"{server.label} ({server.missing})" for server in found if server.missing]
    return f"Tidak diuji di sini: {', '.join(absent)}." if absent else ""


def pytest_configure(config: pytest.Config) -> None:
    for server in servers():
        config.addinivalue_line("markers", f"{server.mark}: needs {server.label}")
    if reason := refusal(os.environ.get("SOPAN_REQUIRE", ""), servers()):
        raise pytest.UsageError(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = {server.mark: server for server in servers() if server.missing}
    for item in items:
        for mark in absent.keys() & {mark.name for mark in item.iter_markers()}:
            server = absent[mark]
            item.add_marker(pytest.mark.skip(reason=f"{server.label}: {server.missing}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := left_out(servers()):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture
def postgresql_database() -> Iterator[str]:
    """An empty PostgreSQL database of this test alone: its URL. Mark the test `postgresql`."""
    if not postgresql_url():
        pytest.skip(f"PostgreSQL: {_missing_postgresql()}")
    with scratch_database() as url:
        yield url
