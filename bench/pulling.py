"""`python -m bench.pulling`: fetching whole logs on 4370, beside pyzk's bare transfer of the same.

A simulated machine holds the log, packed beforehand. Transfer and pulls follow each other in random
order, each in a process of its own, and the times of a round are compared. A pull is the log
fetched, complete, counted before and after; a first pull also has every record read into a line
of text. Stored it is measured apart.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
from typing import Any

from bench.__main__ import environment
from tests.devices.simulators import Simulator, simulator
from tests.servers import postgresql_url

GOAL = 1.5
GROWTH_MB = 4.0  # what either process may hold more for the longest log than for the shortest
SERIAL = "BENCH0001"
PULLS = ("pull", "first")


def main() -> int:
    arguments = _arguments()
    results: list[dict[str, Any]] = []
    for count in arguments.records:
        with simulator(SERIAL, punch_size=arguments.record_size) as machine:
            machine.tell(f"fill {count}")
            results.append(_measure(machine, count, arguments))
            if not arguments.json:
                print(_fetched(results[-1]), flush=True)
            for database in _databases() if arguments.store else []:
                results[-1][database] = _stored(machine, database)
                if not arguments.json:
                    print(_told(database, results[-1][database]), flush=True)
    if arguments.json:
        print(json.dumps(results, indent=2))
    else:
        print(_growth(results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pulling", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[50_000, 200_000])
    parser.add_argument("--record-size", type=int, choices=[8, 16, 40, 49], default=40)
    parser.add_argument("--udp", action="store_true", help="lewat UDP (bawaan: TCP)")
    parser.add_argument("--rounds", type=int, default=9, help="putaran berpasangan (9)")
    parser.add_argument("--store", action="store_true", help="juga simpan ke basis data")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def _measure(machine: Simulator, count: int, arguments: argparse.Namespace) -> dict[str, Any]:
    rounds = []
    for _ in range(arguments.rounds):
        acts = ["transfer", *PULLS]
        random.shuffle(acts)
        rounds.append({act: _child(act, machine, arguments.udp) for act in acts})
    assert len({row[act]["bytes"] for row in rounds for act in row}) == 1
    return {
        "records": count,
        "transfer_ms": _median(rounds, "transfer", "seconds"),
        "pull_ms": _median(rounds, "pull", "seconds"),
        "known_ms": _median(rounds, "pull", "known_seconds"),
        "first_ms": _median(rounds, "first", "seconds"),
        "ratio": _ratio(rounds, "pull"),
        "first_ratio": _ratio(rounds, "first"),
        "transfer_mb": max(row["transfer"]["parent_mb"] for row in rounds),
        "parent_mb": max(row[act]["parent_mb"] for row in rounds for act in PULLS),
        "agent_mb": max(row[act]["agent_mb"] for row in rounds for act in PULLS),
    }  # fmt: skip


def _child(act: str, machine: Simulator, over_udp: bool) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.pulling_child", act, str(machine.port)]
    command.append("udp" if over_udp else "tcp")
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _median(rounds: list[dict[str, dict[str, float]]], act: str, name: str) -> float:
    return 1000 * statistics.median(row[act][name] for row in rounds)


def _ratio(rounds: list[dict[str, dict[str, float]]], act: str) -> dict[str, float]:
    ratios = [row[act]["seconds"] / row["transfer"]["seconds"] for row in rounds]
    return {"median": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios)}


def _databases() -> list[str]:
    return ["sqlite", "postgresql"] if postgresql_url() else ["sqlite"]


def _stored(machine: Simulator, database: str) -> dict[str, Any]:
    """Let an installation of its own pull the log twice: all of it is new, then nothing."""
    with environment(database) as own:
        own["DJANGO_SETTINGS_MODULE"] = "config.settings"
        done = subprocess.run(
            [sys.executable, "-m", "bench.pulling_office", SERIAL, str(machine.port)],
            env=own, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _fetched(row: dict[str, Any]) -> str:
    return (
        f"{row['records']} catatan: pyzk saja {row['transfer_ms']:.0f} ms\n"
        f"  tarik {row['pull_ms']:.0f} ms: {_judged(row['ratio'])}\n"
        f"  tarik pertama, semua dibaca menjadi baris, {row['first_ms']:.0f} ms: "
        f"{_judged(row['first_ratio'])}\n"
        f"  mengenali yang sudah ada {row['known_ms']:.0f} ms\n"
        f"  memori puncak: induk {row['parent_mb']:.1f} MB, agen {row['agent_mb']:.1f} MB "
        f"(pyzk saja {row['transfer_mb']:.1f} MB)"
    )


def _judged(ratio: dict[str, float]) -> str:
    verdict = "tercapai" if ratio["median"] <= GOAL else "belum tercapai"
    return (
        f"rasio {ratio['median']:.2f} [{ratio['lowest']:.2f}-{ratio['highest']:.2f}], "
        f"tujuan <= {GOAL}: {verdict}"
    )


def _told(database: str, row: dict[str, Any]) -> str:
    return (
        f"  {database}: tarik dan simpan {row['first_seconds']:.1f} s ({row['accepted']} ketukan "
        f"baru), sekali lagi {row['again_seconds']:.2f} s ({row['again_accepted']} baru), "
        f"memori puncak {row['peak_mb']:.0f} MB"
    )


def _growth(results: list[dict[str, Any]]) -> str:
    shortest, longest = results[0], results[-1]
    grown = {name: longest[name] - shortest[name] for name in ("parent_mb", "agent_mb")}
    verdict = "rata" if max(grown.values()) <= GROWTH_MB else "tidak rata"
    return (
        f"dari {shortest['records']} ke {longest['records']} catatan: induk "
        f"{grown['parent_mb']:+.1f} MB, agen {grown['agent_mb']:+.1f} MB: {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
