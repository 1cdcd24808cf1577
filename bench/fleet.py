"""`python -m bench.fleet`: a thousand terminals that poll, and punches that must all arrive.

The terminals are simulated ones in one process; each does what a real one does, on a connection of
its own. Afterwards every punch that was pressed is looked for in the database, once.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench.door import ROOT, inside, installation, server
from tests.ports import free_port
from tests.servers import postgresql_url

GOAL_P99_MS = 250


def measure(database: str, terminals: int, per_second: float, seconds: float) -> dict[str, Any]:
    with (
        installation(database, machines=terminals) as environment,
        tempfile.TemporaryDirectory(prefix="sopan-fleet-") as folder,
    ):
        port, told = free_port(), Path(folder) / "acknowledged"
        door = ["gunicorn", "config.asgi", "--worker-class", "uvicorn_worker.UvicornWorker"]
        with server(door, port, environment):
            done = subprocess.run(
                [
                    sys.executable, "-m", "devices.simulator", "--protocol", "adms",
                    "--serial", "BENCH0000", "--server", f"http://127.0.0.1:{port}",
                    "--count", str(terminals), "--punches-per-second", str(per_second),
                    "--seconds", str(seconds), "--acknowledged", str(told),
                ],
                cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        figures = json.loads(done.stdout.splitlines()[-1])
        acknowledged = Counter(tuple(row.split("\t")) for row in told.read_text().splitlines())
        stored = Counter(tuple(row) for row in inside("stored", environment))
    return {
        "database": database,
        "figures": figures,
        "acknowledged": sum(acknowledged.values()),
        "stored": sum(stored.values()),
        "lost": len(acknowledged.keys() - stored.keys()),
        "twice": sum(count - 1 for count in stored.values()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=__doc__)
    parser.add_argument("--terminals", type=int, default=1000)
    parser.add_argument("--punches-per-second", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    for database in arguments.database or ["postgresql"]:
        if database == "postgresql" and not postgresql_url():
            print("PostgreSQL tidak ditemukan; tidak diukur.", file=sys.stderr)
            continue
        result = measure(
            database, arguments.terminals, arguments.punches_per_second, arguments.seconds
        )
        print(json.dumps(result, indent=2))
    print(f"tujuan: hilang 0, ganda 0, p99 ketukan <= {GOAL_P99_MS} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
