"""`python -m bench`: milliseconds and queries per task, ours beside viewflow's, per database."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import tables
from tests.servers import postgresql_url, scratch_database

GOAL = 0.6


def main() -> int:
    arguments = _arguments()
    results = []
    for database in arguments.database:
        if database == "postgresql" and not postgresql_url():
            print("PostgreSQL tidak ditemukan di sini; hanya SQLite yang diukur.", file=sys.stderr)
            continue
        if not arguments.json:
            print(f"Mengukur di {database} ...", file=sys.stderr)
        results.append(_measure(database, arguments))
    if arguments.json:
        print(json.dumps(results, indent=2))
    else:
        for result in results:
            print(table(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="putaran berpasangan (9)")
    parser.add_argument("--instances", type=int, default=8, help="proses tiap putaran (8)")
    parser.add_argument("--returns", type=int, default=0, help="pengembalian tiap proses (0)")
    parser.add_argument(
        "--database",
        action="append",
        choices=["sqlite", "postgresql"],
        help="basis data yang diukur; boleh diulang (bawaan: keduanya)",
    )
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    arguments = parser.parse_args()
    arguments.database = arguments.database or ["sqlite", "postgresql"]
    return arguments


def _measure(database: str, arguments: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.measure"]
    command += [str(n) for n in (arguments.rounds, arguments.instances, arguments.returns)]
    with environment(database) as own:
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """An installation of its own: a data folder, and on PostgreSQL a database, both thrown away."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("SOPAN_")}
    own |= {"SOPAN_LOG_LEVEL": "WARNING", "CELERY_BROKER_URL": "memory://"}
    own.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="sopan-bench-") as folder:
        own["SOPAN_DATA"] = folder
        if database == "sqlite":
            tables.lay(Path(folder))
            yield own
            return
        with scratch_database("sopan_bench", like=tables.postgresql_tables()) as url:
            yield own | {"DATABASE_URL": url}


def table(result: dict[str, Any]) -> str:
    """Return the figures of one database as people read them."""
    head = (
        f"{'':10} {'ambil':>8} {'selesai':>8} {'per tugas':>10}   kueri (ambil + selesai)  commit"
    )
    shape = (
        f"{result['rounds']} putaran x {result['instances_per_round']} proses, "
        f"{result['returns']} pengembalian"
    )
    lines = ["", f"{result['database']}: sembilan tugas, {shape}; milidetik, median", head]
    for name in ("sopan", "viewflow"):
        row = result["variants"][name]
        claim, complete = row["claim"], row["complete"]
        queries = f"{claim['queries']} + {complete['queries']}"
        commits = f"{claim['commits']} + {complete['commits']}"
        lines.append(
            f"{name:10} {row['claim_ms']:8.2f} {row['complete_ms']:8.2f} "
            f"{row['ms_per_task']:10.2f}   {queries:23}  {commits}"
        )
    ratio, cpu = result["ratio"], result["cpu_probe_ms"]
    verdict = "tercapai" if ratio["median"] <= GOAL else "belum tercapai"
    lines.append(
        f"rasio sopan/viewflow {ratio['median']:.2f} "
        f"[{ratio['lowest']:.2f}-{ratio['highest']:.2f}], tujuan <= {GOAL}: {verdict}"
    )
    lines.append(
        f"kerja tetap CPU {cpu['median']:.1f} ms [{cpu['lowest']:.1f}-{cpu['highest']:.1f}]"
        " (bila rentangnya lebar, mesin sedang sibuk)"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
