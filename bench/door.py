"""`python -m bench.door`: machines over HTTP, beside an empty Django view of gunicorn.

Needs wrk (Debian: `apt-get install wrk`). Floor and door run at the same time and are asked in
turn, in random order; compared are the figures of a round. Every answered punch is looked up.
Beside bodies of 500 lines stands what the same table takes of ready rows at one go, by COPY on
PostgreSQL and by `executemany` on SQLite.
"""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.servers import postgresql_url, scratch_database

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(__file__).with_name("wrk")
PROGRAMS = Path(sys.executable).parent
WORKERS = 2
GOALS = {"one": 1.4, "many": 0.6}
LINES = 500  # of a body of "many"
LIMIT_LINES = 50_000  # ready rows at one go
CONNECTIONS = {"floor": 16, "one": 16, "many": 4, "poll": 16}


@dataclass(frozen=True)
class Rate:
    per_second: float
    p99_ms: float
    errors: int


class Target:
    """A server and what it is asked."""

    def __init__(self, name: str, port: int, script: str) -> None:
        self.name, self.script = name, script
        self.url = f"http://127.0.0.1:{port}/iclock/cdata"
        self.asked = 0

    def ask(self, seconds: int) -> Rate:
        self.asked += 1
        base = self.asked * 200_000 + (1_000_000 if self.script == "many" else 4_000_000)
        connections = CONNECTIONS[self.script]
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        if self.script != "floor":
            command += ["-s", str(SCRIPTS / f"{self.script}.lua")]
        told = subprocess.run(
            [*command, self.url, "--", str(base)], capture_output=True, text=True, check=True
        ).stdout
        return Rate(_figure(told, r"Requests/sec:\s+([\d.]+)"), _percentile(told), _errors(told))


def _figure(text: str, pattern: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def _percentile(text: str) -> float:
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return float(found[1]) * scale[found[2]] if found else 0.0


def _errors(text: str) -> int:
    socket = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return (sum(map(int, socket.groups())) if socket else 0) + (int(other[1]) if other else 0)


@contextmanager
def server(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [str(PROGRAMS / command[0]), *command[1:], "--bind", f"127.0.0.1:{port}",
         "--workers", str(WORKERS), "--log-level", "error"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/iclock/ping?SN=BENCH0001").read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def installation(database: str, machines: int = 500) -> Iterator[dict[str, str]]:
    """A migrated installation with machines in service and a thousand numbers.

    So many that none calls oftener than the door lets one machine call.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))}
    environment |= {"SOPAN_LOG_LEVEL": "ERROR", "CELERY_BROKER_URL": "memory://"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sopan-bench-"))
        environment["SOPAN_DATA"] = folder
        if database == "postgresql":
            environment["DATABASE_URL"] = stack.enter_context(scratch_database("sopan_bench"))
        inside("prepare", environment, machines)
        yield environment


def inside(function: str, environment: dict[str, str], *arguments: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bench.door_office", function, *map(str, arguments)],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measure(database: str, rounds: int, seconds: int) -> dict[str, Any]:
    with ExitStack() as stack:
        environment = stack.enter_context(installation(database))
        floor_port, door_port = free_port(), free_port()
        floor = ["gunicorn", "bench.floor"]
        door = ["gunicorn", "config.asgi", "--worker-class", "uvicorn_worker.UvicornWorker"]
        stack.enter_context(server(floor, floor_port, environment))
        stack.enter_context(server(door, door_port, environment))
        targets = [Target("floor", floor_port, "floor")]
        targets += [Target(name, door_port, name) for name in ("one", "many", "poll")]
        for target in targets:
            target.ask(1)  # warms up
        before = inside("count", environment)
        rates: dict[str, list[Rate]] = {target.name: [] for target in targets}
        limits: list[float] = []
        for number in range(rounds):
            random.shuffle(targets)
            for target in targets:
                rates[target.name].append(target.ask(seconds))
            # Alone, in a process of its own: the limit is the database's, not this moment's.
            limits.append(inside("limit", environment, LIMIT_LINES, number))
        after = inside("count", environment) - rounds * LIMIT_LINES
    answered = sum(r.per_second for r in rates["one"]) * seconds
    answered += sum(r.per_second for r in rates["many"]) * seconds * LINES
    return {
        "database": database,
        "rounds": rounds,
        "seconds": seconds,
        "rates": {
            name: {
                "per_second": statistics.median(r.per_second for r in found),
                "p99_ms": statistics.median(r.p99_ms for r in found),
                "errors": sum(r.errors for r in found),
            }
            for name, found in rates.items()
        },
        "ratio_to_floor": {
            name: statistics.median(
                ours.per_second / empty.per_second
                for ours, empty in zip(rates[name], rates["floor"], strict=True)
            )
            for name in ("one", "poll")
        },
        "limit_per_second": statistics.median(limits),
        "many_to_limit": statistics.median(
            ours.per_second * LINES / limit
            for ours, limit in zip(rates["many"], limits, strict=True)
        ),
        "punches_answered": round(answered),
        "punches_stored": after - before,
    }


def table(result: dict[str, Any]) -> str:
    labels = {
        "floor": "tampilan kosong Django, gunicorn",
        "one": "satu ketukan per kiriman",
        "many": "500 ketukan per kiriman",
        "poll": "mesin bertanya, tidak ada perintah",
    }
    lines = ["", f"{result['database']}: {WORKERS} pekerja, {result['rounds']} putaran"]
    for name, label in labels.items():
        row = result["rates"][name]
        ratio = result["ratio_to_floor"].get(name)
        beside = f"   {ratio:.2f} x lantai" if ratio else ""
        if name == "many":
            beside = f"   {row['per_second'] * LINES:,.0f} ketukan/detik"
        lines.append(
            f"{label:36} {row['per_second']:9,.0f}/detik  p99 {row['p99_ms']:6.1f} ms"
            f"  galat {row['errors']}{beside}"
        )
    lines.append(
        f"ketukan dijawab {result['punches_answered']:,}, tersimpan {result['punches_stored']:,}"
        " (yang tersimpan boleh lebih: yang sedang berjalan saat ukuran berakhir)"
    )
    fastest = "COPY" if result["database"] == "postgresql" else "executemany"
    lines.append(f"baris siap, {fastest} sekaligus: {result['limit_per_second']:,.0f} baris/detik")
    lines.append(_goal("satu ketukan / lantai", result["ratio_to_floor"]["one"], GOALS["one"]))
    lines.append(_goal(f"500 ketukan / {fastest}", result["many_to_limit"], GOALS["many"]))
    return "\n".join(lines)


def _goal(label: str, ratio: float, goal: float) -> str:
    reached = "tercapai" if ratio >= goal else "belum tercapai"
    return f"{label}: {ratio:.2f}, tujuan >= {goal}: {reached}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.door", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk tidak ditemukan; pasang dulu (Debian: apt-get install wrk).", file=sys.stderr)
        return 1
    results = []
    for database in arguments.database or ["sqlite", "postgresql"]:
        if database == "postgresql" and not postgresql_url():
            print("PostgreSQL tidak ditemukan; tidak diukur.", file=sys.stderr)
            continue
        results.append(measure(database, arguments.rounds, arguments.seconds))
        if not arguments.json:
            print(table(results[-1]))
    if arguments.json:
        print(json.dumps(results, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
