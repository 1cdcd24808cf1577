"""The bench of load counts right: its report by planted figures, all of it on a small province."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any
from uuid import uuid4

import pytest

from bench.load import KEPT, province_url
from bench.load_pages import LOOKED_AT, MIX
from bench.load_report import growth, kinds, missed, passed, percentile, table, wilson
from tests.servers import drop_database

ROOT = Path(__file__).resolve().parent.parent.parent


def seen(**changed: Any) -> dict[str, Any]:
    """A run in which all went well, but for what is changed."""
    good = {
        "people": {
            "seconds": {"kotak masuk": [0.1] * 40},
            "statuses": {"kotak masuk": {"200": 40}},
            "processor_seconds": 1.0,
        },
        "machines": {
            "summary": {
                "replies": {"200": 90},
                "unacknowledged": 0,
                "milliseconds": {"ATTLOG": {"count": 90, "p50": 5.0, "p95": 9.0, "p99": 12.0}},
            },
            "processor_seconds": 1.0,
        },
        "memory": [(10.0 * n, {"web": 100_000_000}) for n in range(1, 60)],
        "processor": {"web": 5.0},
        "connections": 20,
        "punches": {"acknowledged": 90, "stored": 90, "lost": 0, "twice": 0},
        "tasks": {"acknowledged": 4, "lost": 0, "twice": 0},
        "jobs": {"waiting": 0, "failed": 0},
        "size": {"agencies": 40, "employees": 12_000, "people": 50, "machines": 150},
        "asked": {"punches": 41.0, "think": 5.0, "workers": 1},
        "seconds": 600.0,
    }
    return good | changed


def test_a_run_in_which_all_went_well_has_reached_its_goals() -> None:
    assert passed(seen())
    assert "tercapai" in table(seen())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"punches": {"acknowledged": 9, "stored": 8, "lost": 1, "twice": 0}}, "ketukan hilang: 1"),
        ({"punches": {"acknowledged": 9, "stored": 9, "lost": 0, "twice": 2}}, "ketukan ganda: 2"),
        ({"tasks": {"acknowledged": 4, "lost": 3, "twice": 0}}, "tugas hilang: 3"),
        ({"jobs": {"waiting": 0, "failed": 1}}, "1 pekerjaan gagal"),
        (
            {"memory": [(10.0 * n, {"web": 10**8 + n * 10**6}) for n in range(1, 60)]},
            "memori web tumbuh 40 %",
        ),
    ],
)
def test_what_went_wrong_is_named(changed: dict[str, Any], sentence: str) -> None:
    assert missed(seen(**changed)) == [sentence]
    assert sentence in table(seen(**changed))


@pytest.mark.parametrize(
    ("statuses", "seconds", "sentence"),
    [
        ({"200": 39, "500": 1}, [0.1] * 40, "1 jawaban 5xx atau tanpa jawaban"),
        ({"200": 39, "ConnectionResetError": 1}, [0.1] * 40, "1 jawaban 5xx atau tanpa jawaban"),
        ({"200": 39, "403": 1}, [0.1] * 40, "1 penolakan yang tidak diharapkan"),
        ({"200": 40}, [0.1] * 37 + [0.4] * 3, "kotak masuk: p95 400 ms"),
    ],
)
def test_a_page_that_failed_was_refused_or_was_slow_is_named(
    statuses: dict[str, int], seconds: list[float], sentence: str
) -> None:
    people = seen()["people"] | {
        "seconds": {"kotak masuk": seconds}, "statuses": {"kotak masuk": statuses},
    }  # fmt: skip
    assert missed(seen(people=people)) == [sentence]


def test_who_comes_too_late_for_a_task_is_no_fault() -> None:
    people = seen()["people"] | {
        "seconds": {"ambil tugas": [0.1] * 40}, "statuses": {"ambil tugas": {"302": 38, "409": 2}},
    }  # fmt: skip
    assert passed(seen(people=people))


def test_an_answer_that_never_came_counts_as_a_bad_one() -> None:
    assert kinds({"200": 3, "302": 1, "404": 2, "502": 1, "TimeoutError": 1}) == {
        "good": 4, "refused": 2, "bad": 2,
    }  # fmt: skip


def test_memory_is_compared_from_the_second_minute_on() -> None:
    samples = [(10.0 * n, {"web": 300 if n < 12 else 100}) for n in range(1, 60)]
    assert growth(samples) == {"web": (100, 100)}


def test_a_percentile_is_that_of_the_answers() -> None:
    assert percentile([number / 1000 for number in range(100)], 0.95) == pytest.approx(95)


def test_no_fault_in_a_few_answers_still_leaves_some_likely() -> None:
    low, high = wilson(0, 100)
    assert low == 0
    assert high == pytest.approx(0.037, abs=0.001)


def test_every_role_of_the_mix_has_pages_and_all_are_fifty() -> None:
    assert MIX.keys() == LOOKED_AT.keys()
    assert sum(MIX.values()) == 50


@pytest.fixture
def small_province() -> Iterator[str]:
    name = f"sopan_load_test_{uuid4().hex[:8]}"
    try:
        yield name
    finally:
        drop_database(province_url(name))
        rmtree(KEPT / name, ignore_errors=True)


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.redis
def test_a_short_run_on_a_small_province_keeps_every_punch_and_sees_no_fault(
    small_province: str,
) -> None:
    command = [
        sys.executable,
        "-m",
        "bench.load",
        "--database",
        small_province,
        "--employees",
        "400",
    ]
    command += ["--minutes", "0.25", "--people", "3", "--machines", "3", "--think", "0.5"]
    command += ["--punches-per-second", "3", "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    result = json.loads(done.stdout)  # whether it was fast enough is no matter here
    assert result["size"] == {"agencies": 40, "employees": 400, "people": 3, "machines": 3}
    assert result["punches"]["acknowledged"] >= 3
    assert (result["punches"]["lost"], result["punches"]["twice"]) == (0, 0)
    assert (result["tasks"]["lost"], result["tasks"]["twice"]) == (0, 0)
    statuses = result["people"]["statuses"].values()
    assert sum(kinds(found)["bad"] for found in statuses) == 0
    assert sum(map(len, result["people"]["seconds"].values())) >= 6
    assert result["memory"]
