"""The bench of outgoing work does every job once, by one worker and by two."""

import pytest

from bench.__main__ import environment
from bench.outbox import NAMES, measure, migrate, table

pytestmark = [pytest.mark.long, pytest.mark.postgresql]


def test_every_job_is_done_by_one_worker_and_by_two() -> None:
    with environment("postgresql") as own:
        migrate(own)
        result = measure(own, rounds=1, jobs=20)
    assert all(rate["median"] > 0 for rate in result["per_second"].values())
    assert set(result["ratio"]) == {"nothing / floor", "nothing: 2 / 1", "outside: 2 / 1"}
    assert all(label in table(result) for label in NAMES.values())
