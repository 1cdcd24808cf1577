"""The servers that `bench.load` loads, started as the units in deploy/systemd start them.

Pages with `SOPAN_WEB_WORKERS=2`, a door of its own with one process, workers, one clock; Redis as
broker and cache. Left out is nginx: what it hands out itself is not the program's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.faults.http_client import wait_until_served
from tests.faults.own_servers import own_redis
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
PASSWORD = "beban-provinsi-2026"
SAMPLE_SECONDS = 10
SERVE = ["gunicorn", "config.asgi", "--config", "python:config.serving"]
WORK = [
    "celery", "--quiet", "--app", "config.celery", "worker", "--pool", "solo", "--loglevel",
    "warning", "--without-gossip", "--without-mingle", "--without-heartbeat",
]  # fmt: skip
CLOCK = ["celery", "--quiet", "--app", "config.celery", "beat", "--loglevel", "warning"]


def settings(database_url: str, folder: Path, broker: str = "memory://") -> dict[str, str]:
    """Return the environment of the installation; nothing of ours slips in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database_url,
        "SOPAN_DATA": str(folder),
        "SOPAN_SOPS": str(ROOT / "bench" / "sops"),
        "SOPAN_DEMO": "none",
        "SOPAN_DEMO_PASSWORD": PASSWORD,
        "SOPAN_WEB_WORKERS": "2",
        "SOPAN_PUSH_DELAY_SECONDS": "10",
        "SOPAN_LOG_LEVEL": "WARNING",
        "MALLOC_ARENA_MAX": "2",  # as the units have it
        "CELERY_BROKER_URL": broker,
    }


def run_program(environment: Mapping[str, str], *arguments: str) -> str:
    """Run Python to its end with these settings; return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    return done.stdout


class Servers:
    """What runs, by the name of its unit."""

    def __init__(self, port: int, door_port: int, database_url: str) -> None:
        self.port, self.door_port, self.database_url = port, door_port, database_url
        self.running: dict[str, list[subprocess.Popen[bytes]]] = {}

    def memory(self) -> dict[str, int]:
        """Return the resident bytes of each unit, its children included."""
        children = _children()
        return {
            name: sum(_resident(pid) for one in processes for pid in _family(one.pid, children))
            for name, processes in self.running.items()
        }

    def processor_seconds(self) -> dict[str, float]:
        children = _children()
        return {
            name: sum(_processor(pid) for one in processes for pid in _family(one.pid, children))
            for name, processes in self.running.items()
        }

    def connections(self) -> int:
        """Return how many connections the database has from the installation."""
        name = urlsplit(self.database_url).path[1:]
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
                " AND pid <> pg_backend_pid()", [name],
            ).fetchone()  # fmt: skip
        return int(row[0]) if row else 0


@contextmanager
def servers(database_url: str, folder: Path, workers: int) -> Iterator[Servers]:
    """All of them, until the block is left; what they say goes to `server.log` in the folder."""
    with ExitStack() as stack:
        redis = stack.enter_context(own_redis())
        redis.start()
        environment = settings(database_url, folder, redis.url)
        environment["CACHE_URL"] = redis.url[:-1] + "1"
        environment["HOME"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="sopan-load-"))
        log = stack.enter_context((folder / "server.log").open("ab"))
        found = Servers(free_port(), free_port(), database_url)
        web = environment | {"SOPAN_PORT": str(found.port)}
        door = [*SERVE, "--workers", "1", "--bind", f"127.0.0.1:{found.door_port}"]
        units: dict[str, list[tuple[list[str], dict[str, str]]]] = {
            "web": [(SERVE, web)],
            "machines": [(door, environment)],
            "worker": [(WORK, environment)] * workers,
            "clock": [(CLOCK, environment)],
        }
        for name, commands in units.items():
            found.running[name] = [
                stack.enter_context(_process(command, given, log.fileno()))
                for command, given in commands
            ]
        for port in (found.port, found.door_port):
            wait_until_served(port, seconds=180)
        yield found


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], log: int
) -> Iterator["subprocess.Popen[bytes]"]:
    program = [str(PROGRAMS / command[0]), *command[1:]]
    process = subprocess.Popen(program, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Sampler(threading.Thread):
    """Looks at memory and connections every few seconds until it is told to stop."""

    def __init__(self, looked_at: Servers, every: float = SAMPLE_SECONDS) -> None:
        super().__init__(daemon=True)
        self.servers, self.every = looked_at, every
        self.samples: list[tuple[float, dict[str, int]]] = []  # seconds since begun, bytes by unit
        self.connections = 0
        self.ended = threading.Event()

    def run(self) -> None:
        begun = time.monotonic()
        while not self.ended.wait(self.every):
            self.samples.append((time.monotonic() - begun, self.servers.memory()))
            self.connections = max(self.connections, self.servers.connections())

    def stop(self) -> None:
        self.ended.set()
        self.join()


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
        found.setdefault(parent, []).append(int(folder.name))
    return found


def _family(pid: int, children: Mapping[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, []):
        yield from _family(child, children)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _processor(pid: int) -> float:
    """Return the seconds of the processor that a process and its ended children took."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    ticks: int = os.sysconf("SC_CLK_TCK")
    return sum(map(int, fields[11:15])) / ticks


def copy_folder(source: Path, into: Path) -> None:
    shutil.copytree(source, into, dirs_exist_ok=True)
