"""The bench of lists and audit runs; what no machine can change about a list is held here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import audit, inbox

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [pytest.mark.xdist_group("bench"), pytest.mark.long, pytest.mark.postgresql]


def run(module: str, *arguments: str) -> Any:
    command = [sys.executable, "-m", module, "--rounds", "1", "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def sizes() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("bench.inbox", "--size", "1000:40", "--size", "6000:1200")
    return found


def test_the_database_is_filled_as_it_was_asked_for(sizes: list[dict[str, Any]]) -> None:
    assert [row["queue"] for row in sizes] == [40, 1200]
    assert [round(row["tasks"], -2) for row in sizes] == [1000, 6000]


def test_a_list_asks_at_most_eight_times_and_weighs_at_most_sixty_kilobytes(
    sizes: list[dict[str, Any]],
) -> None:
    for row in sizes:
        for page in row["pages"].values():
            assert page["queries"] <= inbox.GOAL_QUERIES
            assert page["bytes"] <= inbox.GOAL_BYTES


def test_the_table_shows_figures_and_goals(sizes: list[dict[str, Any]]) -> None:
    shown = inbox.table(sizes)
    assert "antrean: rasio terhadap" in shown
    assert "tujuan <= 15 ms, 8 kueri, 60 kB, rasio 1.5" in shown


def test_every_page_of_the_audit_is_measured_in_every_scope() -> None:
    result = run("bench.audit", "--tasks", "2000")
    assert set(result["scopes"]) == set(audit.SCOPES)
    for pages in result["scopes"].values():
        assert set(pages) == set(audit.NAMES)
        assert all(page["median"] > 0 for page in pages.values())
    assert "tujuan < 500 ms" in audit.table(result)
