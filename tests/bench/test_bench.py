"""The bench runs, both ways of doing the nine tasks end, and the product knows nothing of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from bench.__main__ import table

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ("--rounds", "1", "--instances", "1", "--returns", "1", "--json")

pytestmark = [pytest.mark.xdist_group("bench"), pytest.mark.long]


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def result(request: pytest.FixtureRequest) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench", "--database", request.param, *SMALL]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    (measured,) = json.loads(done.stdout)
    found: dict[str, Any] = measured
    return found


def test_both_variants_are_measured_in_one_run(result: dict[str, Any]) -> None:
    assert set(result["variants"]) == {"sopan", "viewflow"}
    assert all(row["ms_per_task"] > 0 for row in result["variants"].values())
    assert result["ratio"]["lowest"] <= result["ratio"]["median"] <= result["ratio"]["highest"]


def test_both_variants_are_two_acts_of_one_commit_each(result: dict[str, Any]) -> None:
    for row in result["variants"].values():
        assert (row["claim"]["commits"], row["complete"]["commits"]) == (1, 1)


def test_ours_asks_the_database_less_often(result: dict[str, Any]) -> None:
    ours, theirs = result["variants"]["sopan"], result["variants"]["viewflow"]
    assert ours["claim"]["queries"] <= 4 < theirs["claim"]["queries"]
    assert ours["complete"]["queries"] <= 8 < theirs["complete"]["queries"]


def test_the_table_shows_the_figures_and_the_goal(result: dict[str, Any]) -> None:
    shown = table(result)
    assert "rasio sopan/viewflow" in shown
    assert "tujuan <= 0.6" in shown
    assert "kerja tetap CPU" in shown


def test_the_product_does_not_install_viewflows_engine() -> None:
    assert not apps.is_installed("viewflow.workflow")
    assert not [name for name in settings.INSTALLED_APPS if name.startswith("bench")]
