"""`python -m bench.audit`: the pages of the audit with 1,000,000 task rows in PostgreSQL.

Forty agencies and ten years of one SOP, each visit measured. Every page is opened by who audits all
agencies: twelve months of all of them (what the page begins with), twelve months of one, and all
ten years of all.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

GOAL_MS = 500
NAMES = {
    "summary": "ringkasan",
    "heat": "peta",
    "returns": "pengembalian",
    "waiting": "menunggu",
    "trends": "tren",
    "conformance": "kepatuhan",
    "rows": "baris",
}
SCOPES = {"year": "12 bulan, semua", "agency": "12 bulan, satu", "everything": "10 tahun, semua"}
Result = dict[str, Any]


def main() -> int:
    arguments = _arguments()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan di sini; tidak ada yang diukur.", file=sys.stderr)
        return 0
    print(f"Mengukur audit atas {arguments.tasks} tugas ...", file=sys.stderr)
    result = _measure(arguments.rounds, arguments.tasks)
    print(json.dumps(result, indent=2) if arguments.json else table(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.audit", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def _measure(rounds: int, tasks: int) -> Result:
    command = [sys.executable, "-m", "bench.audit_measure", str(rounds), str(tasks)]
    with environment("postgresql") as own:
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def table(result: Result) -> str:
    """Return the figures as people read them."""
    scopes = result["scopes"]
    shape = f"{result['tasks']} tugas, {result['visits']} kunjungan orang"
    lines = [
        "",
        f"Audit di PostgreSQL: {shape}; milidetik di server, median",
        f"  {'':14}" + "".join(f"{SCOPES[scope]:>18}" for scope in scopes),
    ]
    for name in scopes["year"]:
        cells = "".join(f"{scopes[scope][name]['median']:18.0f}" for scope in scopes)
        lines.append(f"  {NAMES[name]:14}{cells}")
    for scope, pages in scopes.items():
        slowest = max(page["median"] for page in pages.values())
        verdict = "tercapai" if slowest < GOAL_MS else "belum tercapai"
        lines.append(
            f"  {SCOPES[scope]}: paling lambat {slowest:.0f} ms, tujuan < {GOAL_MS} ms: {verdict}"
        )
    lines.append(f"  kerja tetap CPU {result['cpu_probe_ms']:.1f} ms (tenang: sekitar 20)")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
