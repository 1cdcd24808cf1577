"""`python -m bench.outbox`: jobs a second, by one worker and by two, on PostgreSQL.

Two kinds of job: one that does nothing (what a job itself costs) and one that waits 20 ms for
something outside, as most of them do. Beside them, in the same rounds and on the same rows, the
least that any queue in this database needs: take with SKIP LOCKED, commit, mark as done, commit.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

WORKERS = (1, 2)
NAMES = {"nothing": "pekerjaan kosong", "outside": "menunggu 20 ms di luar", "floor": "SKIP LOCKED"}


def main() -> int:
    arguments = _arguments()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan di sini.", file=sys.stderr)
        return 0
    with environment("postgresql") as own:
        migrate(own)
        result = measure(own, arguments.rounds, arguments.jobs)
    print(json.dumps(result, indent=2) if arguments.json else table(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.outbox", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="putaran (5)")
    parser.add_argument("--jobs", type=int, default=1000, help="pekerjaan tiap ukuran (1000)")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def migrate(own: dict[str, str]) -> None:
    """Bring the copied tables to what the program expects."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], env=own, check=True)


def measure(own: dict[str, str], rounds: int, jobs: int) -> dict[str, Any]:
    """Return jobs a second by kind and number of workers, and the ratios of the same round."""
    rates: dict[str, list[float]] = {f"{kind} {n}": [] for kind in NAMES for n in WORKERS}
    for _ in range(rounds):
        for kind in NAMES:
            for workers in WORKERS:
                rates[f"{kind} {workers}"].append(_rate(own, kind, workers, jobs))
    pairs = {
        "nothing / floor": ("nothing 1", "floor 1"),
        "nothing: 2 / 1": ("nothing 2", "nothing 1"),
        "outside: 2 / 1": ("outside 2", "outside 1"),
    }
    return {
        "rounds": rounds,
        "jobs": jobs,
        "per_second": {name: _spread(found) for name, found in rates.items()},
        "ratio": {
            name: _spread([a / b for a, b in zip(rates[one], rates[other], strict=True)])
            for name, (one, other) in pairs.items()
        },
    }


def _rate(own: dict[str, str], kind: str, workers: int, jobs: int) -> float:
    """Return jobs a second of so many processes, from the first beginning to the last end."""
    child = [sys.executable, "-m", "bench.outbox_worker"]
    subprocess.run([*child, "fill", kind, str(jobs)], env=own, check=True)
    running = [
        subprocess.Popen(
            [*child, "work", kind],
            env=own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    for process in running:
        process.stdout.readline()  # type: ignore[union-attr]  # it has started
    begin = time.time()
    told = [json.loads(text) for text in _ended(running)]
    if sum(one["done"] for one in told) != jobs:
        raise RuntimeError(f"{kind}: {told}, {jobs} pekerjaan")
    ended: float = max(one["ended"] for one in told)
    return jobs / (ended - begin)


def _ended(running: list["subprocess.Popen[str]"]) -> list[str]:
    """Let all of them begin, and return what each said at its end."""
    for process in running:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    return [process.communicate()[0] for process in running]


def _spread(figures: list[float]) -> dict[str, float]:
    return {
        "median": statistics.median(figures), "lowest": min(figures), "highest": max(figures),
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """Return the figures as people read them."""
    lines = ["", f"postgresql: pekerjaan per detik, {result['rounds']} putaran"]
    for kind, label in NAMES.items():
        for workers in WORKERS:
            lines.append(f"{label:24} {workers} pekerja {_text(result, kind, workers)}")
    for name, ratio in result["ratio"].items():
        lines.append(
            f"{name:17} {ratio['median']:.2f} [{ratio['lowest']:.2f}-{ratio['highest']:.2f}]"
        )
    return "\n".join(lines)


def _text(result: dict[str, Any], kind: str, workers: int) -> str:
    rate = result["per_second"][f"{kind} {workers}"]
    return f"{rate['median']:8,.0f}  [{rate['lowest']:,.0f}-{rate['highest']:,.0f}]"


if __name__ == "__main__":
    sys.exit(main())
