"""What reads bytes from outside stands what a fuzzer found, and what it finds in a moment."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import FOUND, TARGETS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_once_broke_a_reader_are_read(name: str) -> None:
    run, seeds = TARGETS[name].load()
    assert seeds
    for seed in [b"", *seeds]:
        run(seed)
        run(seed[: len(seed) // 2])


def test_everything_found_belongs_to_a_reader() -> None:
    assert {folder.name for folder in FOUND.glob("*")} <= set(TARGETS)


@pytest.mark.long
@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_of_the_fuzzer_finds_nothing(name: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.one", name, str(tmp_path), "-seed=1", "-runs=1500"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-4000:]
