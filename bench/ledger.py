"""`python -m bench.ledger`: what the proof of the record costs, on PostgreSQL.

Writing: a transaction with one business write and a chained event, beside the same with a plain
log row, by one writer. `chain` is what every task does: the row that carries the head of its chain
is written anyway. `record` writes an event to the chain of another row. Checking: the whole record
beside hashing alone, hashlib over the same bytes that lie in memory already.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

WRITING_GOAL, CHECKING_GOAL = 0.85, 3.0
NAMES = {
    "chain": "peristiwa terantai, barisnya toh ditulis",
    "chain_plain": "  baris log biasa",
    "record": "peristiwa pada rantai baris lain",
    "record_plain": "  baris log biasa",
}


def main() -> int:
    arguments = _arguments()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan di sini.", file=sys.stderr)
        return 0
    command = [sys.executable, "-m", "bench.ledger_measure"]
    command += [str(n) for n in (arguments.rounds, arguments.transactions, arguments.events)]
    with environment("postgresql") as own:
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    print(json.dumps(result, indent=2) if arguments.json else table(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("--rounds", type=int, default=80, help="putaran berpasangan (80)")
    parser.add_argument("--transactions", type=int, default=25, help="tiap putaran (25)")
    parser.add_argument("--events", type=int, default=1_000_000, help="yang diperiksa (1.000.000)")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def table(result: dict[str, Any]) -> str:
    """Return the figures as people read them."""
    lines = ["", f"postgresql: transaksi per detik, satu penulis, {result['rounds']} putaran"]
    for name, label in NAMES.items():
        rate = result["per_second"][name]
        lines.append(f"{label:42} {rate['median']:8,.0f}  [{_spread(rate, 0)}]")
    for name in ("chain", "record"):
        ratio = result["ratio"][name]
        verdict = "tercapai" if ratio["median"] >= WRITING_GOAL else "belum tercapai"
        lines.append(
            f"{name} / log biasa {ratio['median']:.2f} [{_spread(ratio, 2)}], "
            f"tujuan >= {WRITING_GOAL}: {verdict}"
        )
    checking = result["checking"]
    ratio = checking["ratio"]
    verdict = "tercapai" if ratio["median"] <= CHECKING_GOAL else "belum tercapai"
    lines += [
        f"{checking['events']:,} peristiwa pada {checking['streams']:,} rantai, detik",
        f"periksa semuanya {checking['verify']['median']:.2f} [{_spread(checking['verify'], 2)}]",
        f"hanya menghitung sidik {checking['hash']['median']:.2f} [{_spread(checking['hash'], 2)}]",
        f"rasio {ratio['median']:.2f} [{_spread(ratio, 2)}], tujuan <= {CHECKING_GOAL}: {verdict}",
    ]
    return "\n".join(lines)


def _spread(figure: dict[str, float], digits: int) -> str:
    return f"{figure['lowest']:,.{digits}f}-{figure['highest']:,.{digits}f}"


if __name__ == "__main__":
    sys.exit(main())
