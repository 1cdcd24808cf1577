"""The bench of the engine runs at every size and says what it found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.engine import table

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ("--rounds", "1", "--size", "5", "--size", "40", "--returns", "3", "--json")

pytestmark = [pytest.mark.xdist_group("bench"), pytest.mark.long, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.engine", *SMALL]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_size_is_measured_beside_the_smallest(result: dict[str, Any]) -> None:
    assert list(result["sizes"]) == ["5", "40"]
    assert {size: row["running"] for size, row in result["sizes"].items()} == {"5": 5, "40": 40}
    assert result["sizes"]["5"]["ratio"]["median"] == 1
    assert result["sizes"]["40"]["ms_per_task"]["median"] > 0


def test_an_instance_that_was_returned_often_keeps_its_small_state(result: dict[str, Any]) -> None:
    loop = result["loop"]
    assert loop["returns"] == 3
    assert 0 < loop["state_bytes"] < 1000
    assert loop["ratio"] > 0


def test_the_table_shows_figures_and_goals(result: dict[str, Any]) -> None:
    shown = table(result)
    assert "tujuan <= 1.2" in shown
    assert "3 pengembalian" in shown
    assert "tujuan <= 3.0" in shown
