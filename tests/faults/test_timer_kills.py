"""kill -9 of worker and clock while timers on the edge of decisions fire: each fires once."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_kills import lines_of
from tests.office import Clerk, Office, Service

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.long, pytest.mark.timeout(600)]

KILLS = 3
EACH = 8  # decisions a day over the reminder, and as many over the end
PATIENCE = 150  # seconds until work must be seen to go on
SETTINGS = {"SOPAN_LEASE_SECONDS": "2", "SOPAN_SWEEP_SECONDS": "1"}


def wait_for(what: str, happened: Callable[[], bool]) -> None:
    """Starting a worker alone takes its time where the machine is slow or busy."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"nothing happens any more: {what}")
        time.sleep(0.05)


def until_done(clerk: Clerk) -> None:
    """Wait as long as something is getting less, however slow the machine is."""

    def left() -> int:
        return int(clerk.call("tests.faults.overdue:work_due"))

    while before := left():
        wait_for("the last of the timers", lambda: left() < before)


@pytest.mark.fault("F16")
def test_timers_of_the_edge_fire_once_when_servers_are_killed(
    model_office: Callable[[str], Office], tmp_path: Path
) -> None:
    shutil.copytree(model_office("sqlite").folder, tmp_path, dirs_exist_ok=True)
    office = Office(tmp_path)
    worker, clock = (Service(office, name, **SETTINGS) for name in ("worker", "clock"))
    chance = random.Random("timers")
    attempts, linger = tmp_path / "attempts", tmp_path / "linger"
    try:
        with office.clerk() as clerk:
            late = {
                days: clerk.call("tests.faults.overdue:start_overdue", count=EACH, days=days)
                for days in (2, 4)
            }
            linger.touch()
            clock.start()
            worker.start()
            for kill in range(KILLS):
                before = lines_of(attempts)
                wait_for("the worker", lambda: lines_of(attempts) > before)  # noqa: B023
                time.sleep(chance.uniform(0, 0.2))
                worker.kill()
                if kill == 0:  # this one hit an operation for sure, the others whatever goes on
                    linger.unlink()
                    clock.kill()
                    clock.start()
                worker.start()
            until_done(clerk)
            worker.kill()
            clock.kill()
            for days, tasks in late.items():
                told = clerk.call("tests.faults.overdue:overdue_faults", tasks=tasks, days=days)
                assert told == [], (told, worker.log()[-2000:])
            figures = clerk.call("tests.faults.checker:figures")
    finally:
        worker.kill()
        clock.kill()
    assert figures["operations begun again"] > 0, "the kills hit nothing"
