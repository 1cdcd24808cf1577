"""Servers that a test may stop and kill: a Redis and a PostgreSQL of its own on free ports."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from tests.ports import free_port

HOST = "127.0.0.1"
PGBOUNCER = "/usr/sbin/pgbouncer"
PATIENCE = 120  # seconds until a server answers on a machine that is busy


class OwnRedis:
    """A Redis that keeps nothing on disk: whoever kills it empties it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", HOST, "--save", "",
             "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + PATIENCE
        with closing(redis.Redis.from_url(self.url)) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.05)

    def forget(self) -> None:
        """Lose every message, as a restart without a disk would, but stay."""
        with closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    """A Redis that is not running yet."""
    server = OwnRedis()
    try:
        yield server
    finally:
        server.kill()


def programs() -> Path | None:
    """Return where initdb and pg_ctl lie; None where there is no server to be started."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def own_pgbouncer(folder: Path, url: str, connections: int) -> Iterator[str]:
    """Put a pool before a database, so many connections for everybody; yields the way through it.

    Each transaction gets whatever connection is free, as on a server with very many processes.
    """
    parts, port = urlsplit(url), free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={parts.hostname} port={parts.port or 5432} user={parts.username}\n"
        f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\npool_mode = transaction\ndefault_pool_size = {connections}\n"
        "max_client_conn = 200\nuser = postgres\n"
    )
    process = subprocess.Popen([PGBOUNCER, "-q", str(settings)], stderr=subprocess.DEVNULL)
    pooled = parts._replace(netloc=f"{parts.username}@{HOST}:{port}").geturl()
    try:
        _wait_until_connected(pooled)
        yield pooled
    finally:
        process.kill()
        process.wait()


def _wait_until_connected(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(url, connect_timeout=2).close()
        except psycopg.Error:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class OwnPostgres:
    """A PostgreSQL of this test alone, run by the user postgres where we are root."""

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found is not None
        self.bin, self.data, self.port = found, folder / "cluster", free_port()
        self.as_root = os.geteuid() == 0
        if self.as_root:
            folder.chmod(0o755)
            self.data.mkdir()
            account = pwd.getpwnam("postgres")
            os.chown(self.data, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--no-sync", "--locale=C.UTF-8")  # fmt: skip

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories="
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", str(PATIENCE), "-l",
                  str(self.data / "log"), "-o", options, "start")  # fmt: skip

    def crash(self) -> None:
        """End every process at once, without a checkpoint, as a failing server would."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def url(self, name: str = "postgres") -> str:
        return f"postgres://postgres@{HOST}:{self.port}/{name}"

    def copy_from(self, url: str) -> str:
        """Make a database with everything of another; return its URL."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            connection.execute("CREATE DATABASE sopan TEMPLATE template0")
        dumped = subprocess.run(
            [str(self.bin / "pg_dump"), "--no-owner", url], check=True, capture_output=True
        )
        subprocess.run(
            [str(self.bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1", self.url("sopan")],
            input=dumped.stdout, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return self.url("sopan")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        if self.as_root:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnPostgres]:
    server = OwnPostgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.crash()
