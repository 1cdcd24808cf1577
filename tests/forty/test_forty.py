"""All agencies run the month's SOP at once; every ten seconds one of four workers is killed.

`make forty` does it with forty agencies, on Redis or, with `BROKER=amqp://...`, on RabbitMQ; the
long run of the tests with a few, on Redis.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import tables
from tests.forty.broker import BROKER, own_broker
from tests.office import Clerk, Office, Service
from tests.servers import scratch_database

pytestmark = [
    pytest.mark.xdist_group("forty"), pytest.mark.long, pytest.mark.timeout(3600),
    pytest.mark.postgresql, *([pytest.mark.redis] if BROKER == "redis" else []),
]  # fmt: skip

AGENCIES = int(os.environ.get("SOPAN_TEST_AGENCIES") or 3)
RUNS = 3  # of an agency: its month, and the two SOPs that receive what the month hands over
WORKERS = 4
BETWEEN_KILLS = 10.0  # seconds
PATIENCE = 240  # seconds until something must be seen to go on
BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Province(Office):
    """An office whose processes know the product's own SOPs and talk over a broker."""

    broker: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(
            DJANGO_SETTINGS_MODULE="tests.forty.settings",
            CELERY_BROKER_URL=self.broker,
            SOPAN_LEASE_SECONDS="5",
            SOPAN_SWEEP_SECONDS="2",
            **more,
        )


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    with ExitStack() as stack:
        broker = stack.enter_context(own_broker())
        tables_url = tables.postgresql_tables()
        url = stack.enter_context(scratch_database("sopan_forty", like=tables_url))
        yield Province(tmp_path, url, broker)


@contextmanager
def at_work(province: Province) -> Iterator[list[Service]]:
    """Let four workers and the clock run; yields the workers."""
    workers = [Service(province, "worker") for _ in range(WORKERS)]
    clock = Service(province, "clock")
    try:
        for service in (clock, *workers):
            service.start()
        yield workers
    finally:
        for service in (clock, *workers):
            service.kill()


def run_to_the_end(clerk: Clerk, workers: list[Service]) -> tuple[dict[str, Any], int]:
    """Let people work and kill a worker every ten seconds until nothing is left to do.

    Returns how it stands then, and how many kills there were.
    """
    chance, kills = random.Random("forty"), 0
    next_kill = time.monotonic() + BETWEEN_KILLS
    moved, standing = time.monotonic(), {"completed": 0}
    while True:
        before, standing = standing, clerk.call("tests.forty.people:work")
        if not standing["running"] and not standing["jobs"]:
            return standing, kills
        if standing["completed"] > before["completed"] or standing["jobs"] != before.get("jobs"):
            moved = time.monotonic()
        assert time.monotonic() < moved + PATIENCE, (standing, workers[0].log()[-3000:])
        if time.monotonic() >= next_kill:
            worker = chance.choice(workers)
            worker.kill()
            worker.start()
            kills += 1
            next_kill += BETWEEN_KILLS
        time.sleep(BETWEEN_LOOKS)


def test_every_agency_finishes_its_month_and_nothing_happens_twice(province: Province) -> None:
    began = time.monotonic()
    with province.clerk() as clerk:
        clerk.call("tests.forty.offices:prepare", agencies=AGENCIES)
        prepared = time.monotonic()
        with at_work(province) as workers:
            assert clerk.call("tests.forty.offices:start_everywhere") == AGENCIES
            standing, kills = run_to_the_end(clerk, workers)
            log = workers[0].log()
        ended = time.monotonic()
        assert standing["finished"] == RUNS * AGENCIES, (standing, log[-3000:])
        assert standing["incidents"] == []
        found = clerk.call("tests.forty.checker:check")
        assert {broken: cases for broken, cases in found.items() if cases} == {}
        figures = clerk.call("tests.forty.checker:figures")
    assert kills > 0
    print(
        f"{AGENCIES} PD, {kills} kill -9: {figures}; disiapkan {prepared - began:.0f} d,"
        f" berjalan {ended - prepared:.0f} d"
    )
