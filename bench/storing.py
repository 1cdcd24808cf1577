"""`python -m bench.storing`: attendance lines stored per second, beside the limit of the database.

Each round stores fresh lines in bodies of 1 (eight at a time, as a busy worker gets them) and of
500, and writes as many ready rows into the same table by what is fastest there: COPY on PostgreSQL,
`executemany` on SQLite, body by body and all at once. Every body is durable before the next begins.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

GOAL = 0.6
NAMES = {
    "single": "kiriman 1 baris, 8 sekaligus",
    "single_limit": "  baris siap, 8 per transaksi",
    "many": "kiriman 500 baris",
    "many_limit": "  baris siap, 500 per transaksi",
    "limit": "  baris siap, semua sekaligus",
}


def main() -> int:
    arguments = _arguments()
    results = []
    for database in arguments.database or ["sqlite", "postgresql"]:
        if database == "postgresql" and not postgresql_url():
            print("PostgreSQL tidak ditemukan di sini; hanya SQLite yang diukur.", file=sys.stderr)
            continue
        command = [sys.executable, "-m", "bench.storing_measure"]
        command += [str(arguments.rounds), str(arguments.bodies)]
        with environment(database) as own:
            done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
        results.append(json.loads(done.stdout))
    print(json.dumps(results, indent=2) if arguments.json else "\n".join(map(table, results)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.storing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="putaran berpasangan (15)")
    parser.add_argument("--bodies", type=int, default=20, help="kiriman tiap putaran (20)")
    parser.add_argument(
        "--database",
        action="append",
        choices=["sqlite", "postgresql"],
        help="basis data yang diukur; boleh diulang (bawaan: keduanya)",
    )
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def table(result: dict[str, Any]) -> str:
    """Return the figures of one database as people read them."""
    fastest = "COPY" if result["database"] == "postgresql" else "executemany"
    lines = [
        "",
        f"{result['database']}: baris absensi per detik, {result['rounds']} putaran, median",
    ]
    for name, label in NAMES.items():
        rate = result["lines_per_second"][name]
        lines.append(
            f"{label:32} {rate['median']:10,.0f}  [{rate['lowest']:,.0f}-{rate['highest']:,.0f}]"
        )
    per_body, ratio = result["microseconds_per_single_body"], result["ratio"]
    lines.append(f"satu kiriman 1 baris: {per_body:.0f} mikrodetik")
    for name, beside in (("single", "8 per transaksi"), ("many", "500 per transaksi")):
        lines.append(_compared(ratio[name], f"{NAMES[name]} / {fastest} {beside}"))
    verdict = "tercapai" if ratio["many_to_one_go"]["median"] >= GOAL else "belum tercapai"
    whole = _compared(ratio["many_to_one_go"], f"{NAMES['many']} / {fastest} sekaligus")
    lines.append(f"{whole}, tujuan >= {GOAL}: {verdict}")
    return "\n".join(lines)


def _compared(ratio: dict[str, float], label: str) -> str:
    return f"{label}: {ratio['median']:.2f} [{ratio['lowest']:.2f}-{ratio['highest']:.2f}]"


if __name__ == "__main__":
    sys.exit(main())
