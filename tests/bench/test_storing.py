"""The bench of storing runs on both databases and says what it compares with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.storing import table

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.xdist_group("bench")


@pytest.mark.parametrize(
    ("database", "limit"),
    [
        ("sqlite", "executemany"),
        pytest.param("postgresql", "COPY", marks=pytest.mark.postgresql),
    ],
)
def test_lines_are_stored_beside_the_limit_of_the_database(database: str, limit: str) -> None:
    command = [sys.executable, "-m", "bench.storing", "--database", database]
    command += ["--rounds", "1", "--bodies", "1", "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    (result,) = json.loads(done.stdout)
    rates = result["lines_per_second"]
    assert set(rates) == {"single", "single_limit", "many", "many_limit", "limit"}
    assert all(rate["median"] > 0 for rate in rates.values())
    assert limit in table(result)
    assert "tujuan >= 0.6" in table(result)
