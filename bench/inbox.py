"""`python -m bench.inbox`: the lists of tasks with 10,000 to 1,000,000 task rows in PostgreSQL.

One person is operator of four agencies. First her queue grows with the rows (1.6 of 100 wait, at a
million 16,000); then, in a database of its own, 8,000 wait among 10,000 rows. Measured is the time
of the server, without a network; the ratio is that of the largest to the slower of the smallest.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

GOAL_MS, GOAL_QUERIES, GOAL_BYTES, GOAL_RATIO = 15, 8, 60_000, 1.5
GROWING = ("10000:160", "100000:1600", "1000000:16000")
CROWDED = ("10000:8000",)
NAMES = {
    "queue": "antrean",
    "inbox": "tugas saya",
    "archive": "riwayat",
    "page_40": "antrean, halaman 40",
    "search": "antrean, cari",
}
Result = dict[str, Any]


def main() -> int:
    arguments = _arguments()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan di sini; tidak ada yang diukur.", file=sys.stderr)
        return 0
    series = [arguments.size] if arguments.size else [CROWDED, GROWING]
    results = [row for sizes in series for row in _measure(arguments.rounds, sizes)]
    print(json.dumps(results, indent=2) if arguments.json else table(results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--size", action="append", help="baris tugas:antrean; boleh diulang")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def _measure(rounds: int, sizes: "list[str] | tuple[str, ...]") -> list[Result]:
    print(f"Mengukur kotak tugas dengan {' dan '.join(sizes)} baris ...", file=sys.stderr)
    command = [sys.executable, "-m", "bench.inbox_measure", str(rounds), *sizes]
    with environment("postgresql") as own:
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    rows: list[Result] = json.loads(done.stdout.splitlines()[-1])
    return rows


def table(results: list[Result]) -> str:
    """Return the figures of all sizes as people read them."""
    lines = ["", "Kotak tugas di PostgreSQL; milidetik di server, median [terendah-tertinggi]"]
    for row in results:
        lines.append(f"  {row['tasks']} tugas, antrean {row['queue']}")
        for name, page in row["pages"].items():
            spread = f"[{page['lowest']:.1f}-{page['highest']:.1f}]"
            lines.append(
                f"    {NAMES[name]:20} {page['median']:6.1f} {spread:14}"
                f" {page['queries']:3} kueri {page['bytes'] / 1000:5.0f} kB"
            )
        lines.append(f"    kerja tetap CPU {row['cpu_probe_ms']:.1f} ms (tenang: sekitar 20)")
    lines += _goals(results)
    return "\n".join(lines)


def _goals(results: list[Result]) -> list[str]:
    ordered = sorted(results, key=lambda row: row["tasks"])
    largest, smallest = ordered[-1], ordered[0]["tasks"]
    few = [row for row in ordered if row["tasks"] <= 1.1 * smallest]
    lines = []
    for name in ("queue", "inbox"):
        page = largest["pages"][name]
        ratio = page["median"] / max(row["pages"][name]["median"] for row in few)
        met = (
            page["median"] <= GOAL_MS
            and page["queries"] <= GOAL_QUERIES
            and page["bytes"] <= GOAL_BYTES
            and ratio <= GOAL_RATIO
        )
        lines.append(
            f"  {NAMES[name]}: rasio terhadap {smallest} tugas {ratio:.2f}; tujuan"
            f" <= {GOAL_MS} ms, {GOAL_QUERIES} kueri, {GOAL_BYTES // 1000} kB, rasio"
            f" {GOAL_RATIO}: {'tercapai' if met else 'belum tercapai'}"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
