"""The same races through the pages: two servers, four windows, 302 for one and 409 for three."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import PASSWORD
from tests.faults.http_client import HttpClient, wait_until_served
from tests.faults.race import ANSWERS
from tests.faults.staging import HEADS
from tests.office import Clerk, Office, Service
from tests.ports import free_port

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.long, pytest.mark.timeout(600)]

TASKS = 100
SIGN_IN = "/accounts/login/"


@pytest.fixture(scope="module")
def ports(office: Office) -> Iterator[list[int]]:
    """Two servers of one office."""
    services = [Service(office, "web", SOPAN_PORT=str(free_port())) for _ in range(2)]
    for service in services:
        service.start()
    try:
        found = [int(service.environment["SOPAN_PORT"]) for service in services]
        for port in found:
            wait_until_served(port)
        yield found
    finally:
        for service in services:
            service.kill()


def windows(ports: list[int], people: list[str]) -> list[HttpClient]:
    """Open a window for each, in turn on one server and the other."""
    opened = []
    for number, person in enumerate(people):
        opened.append(HttpClient(ports[number % len(ports)]))
        opened[-1].sign_in(person)
    return opened


def race(
    clients: list[HttpClient], path: str, tasks: list[int], acts: list[str]
) -> list[list[int]]:
    """Post to every task from all windows at once; return the statuses per task."""
    together = threading.Barrier(len(clients), timeout=120)

    def run(client: HttpClient, act: str, window: int) -> list[int]:
        statuses = []
        for task in tasks:
            fields = {**ANSWERS.get(act, {}), "kunci": f"jendela {window} tugas {task}"}
            together.wait()
            statuses.append(client.post(path.format(task=task), fields).status)
        return statuses

    with ThreadPoolExecutor(len(clients)) as pool:
        numbers = range(len(clients))
        return [list(told) for told in zip(*pool.map(run, clients, acts, numbers), strict=True)]


@pytest.mark.fault("F1", "F4")
def test_deciding_over_http_has_one_winner_and_every_loser_is_told_409(
    clerk: Clerk, ports: list[int]
) -> None:
    tasks = clerk.call(
        "tests.faults.staging:start_decisions", count=TASKS, label="http", claimed_by=HEADS[0]
    )
    clients = windows(ports, [HEADS[0]] * 4)
    told = race(clients, "/tugas/{task}/selesai/", tasks, ["approve", "return"] * 2)
    assert [Counter(statuses) for statuses in told] == [Counter({302: 1, 409: 3})] * TASKS
    found = clerk.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_completed")
    assert found == []


def test_claiming_over_http_has_one_winner_and_every_loser_is_told_409(
    clerk: Clerk, ports: list[int]
) -> None:
    tasks = clerk.call("tests.faults.staging:start_decisions", count=TASKS, label="ambil")
    told = race(windows(ports, list(HEADS)), "/tugas/{task}/ambil/", tasks, ["claim"] * 4)
    assert [Counter(statuses) for statuses in told] == [Counter({302: 1, 409: 3})] * TASKS
    found = clerk.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_claimed")
    assert found == []


@pytest.mark.fault("F49")
def test_twenty_guesses_at_once_are_all_answered_and_lock(ports: list[int]) -> None:
    clients = [HttpClient(ports[number % len(ports)]) for number in range(20)]
    for client in clients:
        client.get(SIGN_IN)
    together = threading.Barrier(len(clients), timeout=120)

    def guess(client: HttpClient) -> int:
        together.wait()
        return client.post(SIGN_IN, {"username": HEADS[3], "password": "tebakan"}).status

    with ThreadPoolExecutor(len(clients)) as pool:
        told = Counter(pool.map(guess, clients))
    assert set(told) <= {200, 429}
    for port in ports:
        client = HttpClient(port)
        client.get(SIGN_IN)
        right = client.post(SIGN_IN, {"username": HEADS[3], "password": PASSWORD})
        assert right.status == 429
        other = HttpClient(port)
        other.sign_in(HEADS[2])
