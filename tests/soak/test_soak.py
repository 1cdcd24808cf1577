"""Mixed load while web, worker, clock, broker and database are killed and paused at random.

`SOPAN_SOAK_SECONDS` of load (half a minute without it; `make soak` gives it ten), the nemesis by
`SOPAN_SOAK_SEED`, the report into the page named by `SOPAN_SOAK_REPORT`; `SOPAN_TEST_BROKER` is
"redis" or begins with "amqp".
"""

import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.faults import own_rabbitmq
from tests.faults.own_servers import programs as postgres_programs
from tests.office import Clerk, Office
from tests.soak import checker, report
from tests.soak.fleet import Fleet
from tests.soak.history import History, read
from tests.soak.installation import BROKER, Installation, end, installation, start_all
from tests.soak.nemesis import Nemesis
from tests.soak.people import ByApi, ByPages, Person

SECONDS = float(os.environ.get("SOPAN_SOAK_SECONDS") or 30)
SEED = int(os.environ.get("SOPAN_SOAK_SEED") or secrets.randbelow(10**6))
TERMINALS, PUNCHES_PER_SECOND = 6, 5.0
AT_WORK = 40  # instances that run at once: more than wait while the broker is away
PATIENCE = 240  # seconds until something must have moved, however busy the machine is

pytestmark = [
    pytest.mark.xdist_group("kills"),
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.long,
    pytest.mark.timeout(SECONDS + 1500),
    pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL: initdb is not here"),
    pytest.mark.skipif(BROKER.startswith("amqp") and not own_rabbitmq.is_here(),
                       reason="RabbitMQ is not here"),
]  # fmt: skip


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the user postgres may enter: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="sopan-soak-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_what_was_acknowledged_is_there_once_whatever_was_killed(
    model_office: Callable[[str], Office], tmp_path: Path, place: Path
) -> None:
    print(f"\nseed {SEED}, {SECONDS:.0f} s")
    history = History(tmp_path / "history.jsonl")
    with installation(model_office("postgresql"), tmp_path / "office", place) as made:
        with made.office.clerk() as clerk:
            told = clerk.call(
                "tests.soak.staging:prepare",
                terminals=TERMINALS,
                people=["maria", "sari", "yohanes"],
            )
        start_all(made)
        at_work = threading.Event()
        people = _people(made, history, told, at_work)
        fleet = Fleet(made.port, history, count=TERMINALS, pins=told["pins"],
                      per_second=PUNCHES_PER_SECOND)  # fmt: skip
        nemesis = Nemesis(made, history, seed=SEED)
        try:
            at_work.set()
            for beginner in (*people, fleet, nemesis):
                beginner.start()
            nemesis.join(timeout=SECONDS)
            _wait_for_some_of_each(history)
            nemesis.stop.set()
            nemesis.join(timeout=PATIENCE)
            at_work.clear()
            fleet.no_more.set()
            assert nemesis.failure is None, (nemesis.failure, made.logs())
            assert fleet.failure is None, fleet.failure
            load = os.getloadavg()[0]
            with made.office.clerk() as clerk:
                drained = _drain(clerk, fleet, made)
        finally:
            # Also when something failed: nobody goes on killing what is being ended.
            threads: tuple[Nemesis | Fleet | Person, ...] = (nemesis, fleet, *people)
            for thread in threads:
                thread.stop.set()
            for thread in threads:
                if thread.is_alive():
                    thread.join(timeout=30)
        died = [*nemesis.died, *made.died_by_themselves()]
        for service in made.services:
            end(service)
        history.close()
        lines = read(history.path)
        with made.office.clerk() as clerk:
            clerk.call("tests.soak.staging:finish")
            facts = clerk.call("tests.soak.staging:facts")
            worked = clerk.call("tests.soak.staging:worked")
            sizes = clerk.call("tests.soak.staging:sizes")
        logs = made.logs()
    found = checker.check(lines, facts)
    figures = checker.figures(lines, worked)
    run = {
        "date": date.today().isoformat(), "seed": SEED, "seconds": SECONDS, "drained": drained,
        "load": f"{load:.1f}", "processors": os.cpu_count(), "broker": made.broker_name,
    }  # fmt: skip
    text = report.written(found, figures, sizes, run)
    print(f"\n{text}\n")
    if page := os.environ.get("SOPAN_SOAK_REPORT"):
        report.put(text, Path(page), broker=made.broker_name)
    assert {broken: cases for broken, cases in found.items() if cases} == {}, logs
    assert died == [], logs
    assert [odd for person in people for odd in person.odd] == [], logs
    assert figures.acts.total() > SECONDS / 30, figures.acts


def _people(
    made: Installation, history: History, told: dict[str, Any], at_work: threading.Event
) -> list[Person]:
    """Two who decide, one at a browser and one by a program; two who mend, have written, file."""

    def may_start() -> bool:
        """Say whether a head without a decision to make begins something new."""
        running = history.count("ok", of=("start",)) - history.count("ok", of=("file",))
        return at_work.is_set() and running < AT_WORK

    head: dict[str, Any] = {"seed": SEED, "may_start": may_start}
    operator: dict[str, Any] = {"seed": SEED, "may_start": lambda: False}
    programs = {"maria": head, "sari": operator, "yohanes": operator}
    return [
        ByPages(made.port, told["agency"], "ratna", history, **head),
        *(
            ByApi(made.port, told["code"], told["tokens"][name], name, history, **more)
            for name, more in programs.items()
        ),
    ]


def _wait_for_some_of_each(history: History) -> None:
    """Let a slow machine have the time until every kind of act was acknowledged once."""
    end = time.monotonic() + PATIENCE
    while not all(history.count("ok", of=(f,)) for f in report.WORDS):
        assert time.monotonic() < end, history.counted
        time.sleep(0.2)


def _drain(clerk: Clerk, fleet: Fleet, made: Installation) -> float:
    """Wait as long as something is getting less; return how many seconds it took."""
    begun = moved = time.monotonic()
    before = None
    while True:
        left = {**clerk.call("tests.soak.staging:left"), "punches": fleet.waiting()}
        if not any(left.values()):
            return time.monotonic() - begun
        if left != before:
            before, moved = left, time.monotonic()
        assert time.monotonic() < moved + PATIENCE, (left, made.logs())
        time.sleep(0.3)
