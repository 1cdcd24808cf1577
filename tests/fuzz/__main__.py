"""`make fuzz`: every reader under the fuzzer for so many seconds, two at a time.

`python -m tests.fuzz SECONDS [NAME ...]`; what is found lies in build/fuzz, where the next run
begins with what the last one learned. Exit 1 where a reader broke its promise.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.targets import TARGETS

FOLDER = Path("build/fuzz")
AT_ONCE = 2


def main(seconds: int, names: Sequence[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(lambda name: fuzz(name, seconds), names))
    return int(any(ended))


def fuzz(name: str, seconds: int) -> int:
    """Return the exit code of the fuzzer, and say how it ended."""
    log = FOLDER / f"{name}.log"
    with log.open("wb") as told:
        code = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", name, str(FOLDER),
             f"-max_total_time={seconds}", "-print_final_stats=1"],
            stdout=told, stderr=told,
        ).returncode  # fmt: skip
    lines = log.read_text(errors="replace").splitlines()
    tried = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
    found = sorted(path.name for path in FOLDER.glob(f"{name}-*"))
    how = "nothing found" if not code else f"FOUND {', '.join(found)}; see {log}"
    print(f"{name}: {tried} inputs in {seconds} s, {how}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:] or tuple(TARGETS)))
