"""kill -9 of web, worker and clock while people work: nothing is lost, nothing happens twice."""

import random
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.clerks import Clerk, History
from tests.faults.http_client import wait_until_served
from tests.faults.staging import HEADS
from tests.office import Office, Service
from tests.ports import free_port

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.long, pytest.mark.timeout(1200)]

KILLED = {"web": 28, "worker": 28, "clock": 4}
PEOPLE = (*HEADS[:2], "sari", "yohanes")  # two who decide, two who mend and file
AT_WORK = 12  # instances that run at once; the worker must not fall far behind
PATIENCE = 180  # seconds until work must be seen to go on


def wait_for(what: str, happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"nothing happens any more: {what}")
        time.sleep(0.02)


class Nemesis(threading.Thread):
    """Kills one service again and again, each time in the middle of its work."""

    def __init__(self, service: Service, kills: int, work_done: Callable[[], int]) -> None:
        super().__init__(name=f"nemesis-{service.name}", daemon=True)
        self.service, self.kills, self.work_done = service, kills, work_done
        self.random = random.Random(service.name)
        self.killed = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(self.kills):
                before = self.work_done()
                wait_for(self.service.name, lambda: self.work_done() > before + 2)  # noqa: B023
                time.sleep(self.random.uniform(0, 0.3))
                self.service.kill()
                self.killed += 1
                time.sleep(self.random.uniform(0, 0.3))
                self.service.start()
        except BaseException as failure:  # told by the test, not by a thread's traceback
            self.failure = failure


def lines_of(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0


RUNNING = "(SELECT count(*) FROM processes_instance WHERE status = 'running')"
WAITING = "(SELECT count(*) FROM foundation_outboxjob WHERE state = 'waiting')"


def running_instances(office: Office) -> int:
    return counted(office, f"SELECT {RUNNING}")


def work_left(office: Office) -> int:
    """Return how many instances and jobs of the outbox have not come to their end."""
    return counted(office, f"SELECT {RUNNING} + {WAITING}")


def counted(office: Office, sql: str) -> int:
    uri = f"file:{office.folder / 'sopan.sqlite3'}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=10)
    try:
        return int(connection.execute(sql).fetchone()[0])
    finally:
        connection.close()


@pytest.mark.fault("F7", "F16")
def test_nothing_is_lost_and_nothing_happens_twice_when_servers_are_killed(
    model_office: Callable[[str], Office], tmp_path: Path
) -> None:
    shutil.copytree(model_office("sqlite").folder, tmp_path, dirs_exist_ok=True)
    office = Office(tmp_path)
    agency = office.call("tests.faults.staging:agency_id")
    port = free_port()
    settings = {
        "SOPAN_PORT": str(port),
        "SOPAN_LEASE_SECONDS": "2",
        "SOPAN_SWEEP_SECONDS": "1",
    }
    services = {name: Service(office, name, **settings) for name in KILLED}
    history = History()
    at_work = threading.Event()
    at_work.set()
    clerks = [
        Clerk(
            port,
            person,
            history,
            start={"agency": str(agency)},
            may_start=lambda: at_work.is_set() and running_instances(office) < AT_WORK,
        )
        for person in PEOPLE
    ]
    work = {
        "web": history.acknowledged,
        "worker": lambda: lines_of(tmp_path / "attempts"),
        "clock": history.acknowledged,
    }
    nemeses = [Nemesis(services[name], kills, work[name]) for name, kills in KILLED.items()]
    try:
        for service in services.values():
            service.start()
        wait_until_served(port)
        for clerk in clerks:
            clerk.start()
        for nemesis in nemeses:
            nemesis.start()
        for nemesis in nemeses:
            nemesis.join()
        failures = [nemesis.failure for nemesis in nemeses if nemesis.failure]
        assert not failures, (failures, {name: s.log()[-2000:] for name, s in services.items()})
        at_work.clear()
        while left := work_left(office):
            wait_for("the last of the work", lambda: work_left(office) < left)
    finally:
        for clerk in clerks:
            clerk.stop.set()
        for clerk in clerks:
            clerk.join(timeout=15)
        for service in services.values():
            service.kill()
    assert {nemesis.service.name: nemesis.killed for nemesis in nemeses} == KILLED
    told = [one.as_json() for one in history.told]
    found = office.call("tests.faults.checker:check", history=told)
    assert {broken: cases for broken, cases in found.items() if cases} == {}
    statuses = Counter(one.status for one in history.told)
    assert not [status for status in statuses if status >= 500], statuses
    figures = office.call("tests.faults.checker:figures")
    assert statuses[0] > 0, "no request was ever cut off: the kills hit nothing"
    assert figures["operations begun again"] > 0, "no operation was ever cut off"
    print(figures, dict(statuses))
