"""`python -m bench.load`: a province in its morning, on PostgreSQL and this machine's processors.

Fifty people at work, 150 machines that ask every ten seconds and send 41 punches a second, the
servers as deploy/ starts them. The province is made once (`--prepare`, some minutes) and copied
for each run. People and machines come from processes of their own on the same processors: what
those take is told, and the seconds of an answer hold it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.load_report import passed, table
from bench.load_servers import (
    ROOT,
    Sampler,
    Servers,
    copy_folder,
    run_program,
    servers,
    settings,
)
from tests.servers import drop_database, make_database, postgresql_url

PROVINCE = "sopan_load_province"
KEPT = ROOT / "var" / "load"
PEOPLE, MACHINES, PUNCHES = 50, 150, 41.0
THINK = 5.0  # seconds between two clicks, on average


def province_url(name: str) -> str:
    return urlsplit(postgresql_url())._replace(path=f"/{name}").geturl()


def exists(name: str) -> bool:
    with closing(psycopg.connect(postgresql_url())) as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None and _folder(name).exists()


def _folder(name: str) -> Path:
    """Return where the files of a province lie: its keys open what its database holds sealed."""
    return KEPT / name


def prepare(name: str, employees: int) -> float:
    """Make the province that runs are copied from; return the seconds it took."""
    begun = time.monotonic()
    folder = _folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    with closing(psycopg.connect(postgresql_url(), autocommit=True)) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
    environment = settings(province_url(name), folder)
    run_program(environment, "manage.py", "migrate", "--verbosity", "0")
    _inside(environment, "found", employees)
    return time.monotonic() - begun


def measure(name: str, seconds: float, people: int, machines: int, **asked: Any) -> dict[str, Any]:
    """Load a copy of the province for so long; return everything that was seen.

    `asked`: `punches` a second of all machines, `think` seconds between clicks, `workers`.
    """
    database_url = make_database("sopan_load", province_url(name))
    try:
        with tempfile.TemporaryDirectory(prefix="sopan-load-") as place:
            folder = Path(place)
            copy_folder(_folder(name), folder)
            environment = settings(database_url, folder)
            run_program(environment, "manage.py", "migrate", "--verbosity", "0")
            spec = {
                "people": json.loads(_inside(environment, "staff", people)),
                "machines": json.loads(_inside(environment, "machines", machines)),
                "password": (folder / "demo-password").read_text().strip(),
                "punches_per_second": asked["punches"],
                "think": asked["think"],
                "seconds": seconds,
            }
            before = json.loads(_inside(environment, "facts", -1))
            with closing(psycopg.connect(database_url, autocommit=True)) as connection:
                connection.execute("VACUUM ANALYZE")  # a copy has no statistics, a server has
            with servers(database_url, folder, asked["workers"]) as running:
                seen = _load(running, spec, folder)
            after = json.loads(_inside(environment, "facts", before["last_punch"]))
            seen["server_log"] = (folder / "server.log").read_text(errors="replace")[-4000:]
    finally:
        drop_database(database_url)
    return (
        seen
        | {"asked": asked, "seconds": seconds, "size": _size(after, spec)}
        | _held(seen, before, after)
    )


def _load(running: Servers, spec: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let people and machines work side by side; return what they and the sampler saw."""
    told = folder / "asked.json"
    spec |= {"port": running.port, "door_port": running.door_port}
    told.write_text(json.dumps(spec), encoding="utf-8")
    sampler = Sampler(running, every=min(10.0, spec["seconds"] / 6))
    taken = running.processor_seconds()
    sampler.start()
    clients = {
        name: subprocess.Popen(
            [sys.executable, "-m", f"bench.load_{name}", str(told), str(folder / f"{name}.json")],
            cwd=ROOT,
        )
        for name in ("people", "machines")
    }
    try:
        for client in clients.values():
            client.wait()
    finally:
        for client in clients.values():
            client.kill()
            client.wait()
    sampler.stop()
    processors = running.processor_seconds()
    return {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in clients
    } | {
        "memory": sampler.samples,
        "connections": sampler.connections,
        "processor": {unit: processors[unit] - taken[unit] for unit in processors},
    }


def _inside(environment: dict[str, str], function: str, argument: int) -> str:
    return run_program(environment, "-m", "bench.load_office", function, str(argument))


def _size(after: dict[str, Any], spec: dict[str, Any]) -> dict[str, int]:
    return {
        "agencies": after["agencies"],
        "employees": after["people"],
        "people": len(spec["people"]),
        "machines": len(spec["machines"]),
    }


def _held(seen: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Compare what was acknowledged with what is stored."""
    acknowledged = Counter(tuple(row) for row in seen["machines"]["acknowledged"])
    stored = Counter(tuple(row) for row in after["punches"])
    completed, done = Counter(seen["people"]["completed"]), set(after["completed"])
    return {
        "punches": {
            "acknowledged": acknowledged.total(),
            "stored": stored.total(),
            "lost": len(acknowledged.keys() - stored.keys()),
            "twice": sum(count - 1 for count in stored.values()),
        },
        "tasks": {
            "acknowledged": completed.total(),
            "lost": len(completed.keys() - done),
            "twice": sum(count - 1 for count in completed.values()),
        },
        "jobs": {
            "waiting": after["jobs_waiting"],
            "failed": after["jobs_failed"] - before["jobs_failed"],
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--machines", type=int, default=MACHINES)
    parser.add_argument("--punches-per-second", type=float, default=PUNCHES)
    parser.add_argument("--think", type=float, default=THINK, help="seconds between two clicks")
    parser.add_argument("--workers", type=int, default=1, help="processes of sopan-worker")
    parser.add_argument("--database", default=PROVINCE, help="the province to copy; kept")
    parser.add_argument("--employees", type=int, default=12_000, help="of a province made anew")
    parser.add_argument("--prepare", action="store_true", help="make that province anew, only that")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan; tidak diukur.", file=sys.stderr)
        return 1
    if arguments.prepare or not exists(arguments.database):
        took = prepare(arguments.database, arguments.employees)
        print(f"provinsi dibuat dalam {took:.0f} detik", file=sys.stderr)
        if arguments.prepare:
            return 0
    result = measure(
        arguments.database, arguments.minutes * 60, arguments.people, arguments.machines,
        punches=arguments.punches_per_second, think=arguments.think, workers=arguments.workers,
    )  # fmt: skip
    print(json.dumps(result, indent=2) if arguments.json else table(result))
    return 0 if passed(result) else 1


if __name__ == "__main__":
    sys.exit(main())
