"""`python -m bench.engine`: a task taken and completed beside 10, 1,000 and 100,000 others running.

Each size is a PostgreSQL database of its own with a process of its own; a round takes instances
from start to end in each of them, in random order, and the ratio is that of the same round. Then
one instance, among the most, is returned 200 times: its last tasks beside its first.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.__main__ import environment
from tests.servers import postgresql_url

GOAL_RATIO, GOAL_LOOP = 1.2, 3.0
SIZES = (10, 1_000, 100_000)
RETURNS = 200


class Child:
    """A process that measures in one database; told what to do line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, *words: object) -> Any:
        """Let it do something and return what it found; RuntimeError if it ended instead."""
        self.tell(*words)
        return self.answer()

    def tell(self, *words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{' '.join(map(str, words))}\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"an office of the bench ended with {self.process.wait()}")
        return json.loads(line)


def main() -> int:
    arguments = _arguments()
    if not postgresql_url():
        print("PostgreSQL tidak ditemukan di sini; tidak ada yang diukur.", file=sys.stderr)
        return 0
    result = measure(arguments.size or list(SIZES), arguments.rounds, arguments.returns)
    print(json.dumps(result, indent=2) if arguments.json else table(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help="putaran berpasangan (25)")
    parser.add_argument("--size", type=int, action="append", help="berkas berjalan; boleh diulang")
    parser.add_argument("--returns", type=int, default=RETURNS, help="pengembalian (200)")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def measure(sizes: list[int], rounds: int, returns: int) -> dict[str, Any]:
    """Return the milliseconds per task at each size, the ratios to the smallest, and the loop."""
    sizes = sorted(sizes)
    with ExitStack() as stack:
        children = {size: stack.enter_context(_office()) for size in sizes}
        running = {}
        for size, child in children.items():
            print(f"Menyiapkan {size} berkas berjalan ...", file=sys.stderr)
            running[size] = child.ask("fill", size)
        taken: dict[int, list[float]] = {size: [] for size in sizes}
        for _ in range(rounds):
            for size in random.sample(sizes, len(sizes)):
                taken[size].append(children[size].ask("round"))
        loop = children[sizes[-1]].ask("loop", returns)
        probe = children[sizes[0]].ask("probe")
    smallest = taken[sizes[0]]
    return {
        "rounds": rounds,
        "sizes": {
            str(size): {
                "running": running[size],
                "ms_per_task": spread(taken[size]),
                "ratio": spread([a / b for a, b in zip(taken[size], smallest, strict=True)]),
            }
            for size in sizes
        },
        "loop": loop,
        "cpu_probe_ms": probe,
    }


@contextmanager
def _office() -> Iterator[Child]:
    command = [sys.executable, "-m", "bench.engine_measure"]
    with environment("postgresql") as own:
        process = subprocess.Popen(
            command, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield Child(process)
        finally:
            process.kill()
            process.communicate()


def spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def table(result: dict[str, Any]) -> str:
    """Return the figures as people read them."""
    rounds = result["rounds"]
    lines = [
        "",
        f"Mesin SOP di PostgreSQL; milidetik per tugas (ambil + selesai), {rounds} putaran",
    ]
    for size, row in result["sizes"].items():
        time = row["ms_per_task"]
        lines.append(
            f"  {int(size):>9,} berkas berjalan {time['median']:6.2f}"
            f" [{time['lowest']:.2f}-{time['highest']:.2f}]"
        )
    *_, (largest, row) = result["sizes"].items()
    ratio = row["ratio"]
    lines.append(
        f"  rasio {int(largest):,} terhadap yang paling sedikit {ratio['median']:.2f}"
        f" [{ratio['lowest']:.2f}-{ratio['highest']:.2f}], tujuan <= {GOAL_RATIO}:"
        f" {_verdict(ratio['median'] <= GOAL_RATIO)}"
    )
    loop = result["loop"]
    lines.append(
        f"  {loop['returns']} pengembalian: tugas pertama {loop['first_ms']:.2f}, terakhir"
        f" {loop['last_ms']:.2f}, rasio {loop['ratio']:.2f}, tujuan <= {GOAL_LOOP}:"
        f" {_verdict(loop['ratio'] <= GOAL_LOOP)}; keadaan {loop['state_bytes']} B"
    )
    lines.append(f"  kerja tetap CPU {result['cpu_probe_ms']:.1f} ms (tenang: sekitar 20)")
    return "\n".join(lines)


def _verdict(met: bool) -> str:
    return "tercapai" if met else "belum tercapai"


if __name__ == "__main__":
    sys.exit(main())
