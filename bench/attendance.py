"""`python -m bench.attendance`: a province's month judged and kept, beside reading its punches.

12,000 people of forty agencies and October 2026, on each database in a process of its own. A round
reads the punches with one plain SELECT into Python and rebuilds all sheets, each written anew; the
ratio is that of the same round. Then as many people less, one late punch until its sheet is right,
and the page of an agency's month.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

GOAL_RATIO, GOAL_MEGABYTES, GOAL_LATE_MS, GOAL_PAGE_MS = 3, 500, 50, 300
PEOPLE = (1_000, 12_000)


def main() -> int:
    arguments = _arguments()
    results = []
    for database in arguments.database:
        if database == "postgresql" and not postgresql_url():
            print("PostgreSQL tidak ditemukan di sini; hanya SQLite yang diukur.", file=sys.stderr)
            continue
        for people in arguments.people:
            print(f"Mengukur {people} pegawai di {database} ...", file=sys.stderr)
            results.append(_measure(database, people, arguments.rounds))
    if arguments.json:
        print(json.dumps(results, indent=2))
    else:
        print("\n".join(table(result) for result in results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.attendance", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, action="append", help="bawaan: 1000 dan 12000")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    arguments = parser.parse_args()
    arguments.database = arguments.database or ["sqlite", "postgresql"]
    arguments.people = arguments.people or list(PEOPLE)
    return arguments


def _measure(database: str, people: int, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.attendance_measure", str(people), str(rounds)]
    with environment(database) as own:
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def table(result: dict[str, Any]) -> str:
    """Return the figures of one database and size as people read them."""
    ratio, late, page = result["ratio"], result["late_ms"], result["page_ms"]
    days = result["people"] * result["days"]
    shape = f"{result['people']} pegawai x {result['days']} hari, {result['punches']} absen"
    each = f"{1e6 * result['rebuild_s'] / days:.1f} us per hari pegawai"
    memory = f"  memori puncak {result['megabytes']:.0f} MB (bertambah {result['grown']:.0f})"
    lines = [
        "",
        f"{result['database']}: {shape}, {result['rounds']} putaran; detik, median",
        f"  baca semua absen (SELECT)    {result['read_s']:7.2f}",
        f"  susun ulang, semua ditulis   {result['rebuild_s']:7.2f}   ({each})",
        f"  susun ulang, tidak berubah   {result['again_s']:7.2f}",
        _goal(f"  rasio {_spread(ratio, 2)}", f"<= {GOAL_RATIO}", ratio["median"] <= GOAL_RATIO),
        _goal(memory, f"< {GOAL_MEGABYTES} MB", result["megabytes"] < GOAL_MEGABYTES),
        _goal(
            f"  absen susulan {_spread(late, 0)} ms",
            f"< {GOAL_LATE_MS} ms",
            late["median"] < GOAL_LATE_MS,
        ),
    ]
    if page:
        lines.append(
            _goal(f"  halaman {page['people']} pegawai {page['median']:.0f} ms",
                  f"< {GOAL_PAGE_MS} ms", page["median"] < GOAL_PAGE_MS)
        )  # fmt: skip
    lines.append(f"  kerja tetap CPU {result['cpu_probe_ms']:.1f} ms (tenang: sekitar 20)")
    return "\n".join(lines)


def _spread(values: dict[str, float], digits: int) -> str:
    lowest, highest = (f"{values[name]:.{digits}f}" for name in ("lowest", "highest"))
    return f"{values['median']:.{digits}f} [{lowest}-{highest}]"


def _goal(text: str, goal: str, met: bool) -> str:
    return f"{text}, tujuan {goal}: {'tercapai' if met else 'belum tercapai'}"


if __name__ == "__main__":
    sys.exit(main())
