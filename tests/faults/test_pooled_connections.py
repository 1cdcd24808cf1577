"""Behind pgbouncer: four windows of two servers, and a clerk, share two connections."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.http_client import wait_until_served
from tests.faults.own_servers import PGBOUNCER, own_pgbouncer
from tests.faults.staging import HEADS
from tests.faults.test_races_over_http import race, windows
from tests.office import Office, Service
from tests.ports import free_port

pytestmark = [
    pytest.mark.xdist_group("races"),
    pytest.mark.long,
    pytest.mark.postgresql,
    pytest.mark.parametrize("office", ["postgresql"], indirect=True, scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path(PGBOUNCER).exists(), reason="pgbouncer is not here"),
]
TASKS, CONNECTIONS = 40, 2


class PooledOffice(Office):
    """An office that is told of the pool before its database."""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(SOPAN_DATABASE_POOLED="true", **more)


@pytest.fixture(scope="module")
def pooled(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PooledOffice]:
    folder = tmp_path_factory.mktemp("pool")
    with own_pgbouncer(folder, office.database_url, CONNECTIONS) as url:
        yield PooledOffice(office.folder, url)


@pytest.fixture(scope="module")
def ports(pooled: PooledOffice) -> Iterator[list[int]]:
    services = [Service(pooled, "web", SOPAN_PORT=str(free_port())) for _ in range(2)]
    try:
        for service in services:
            service.start()
        found = [int(service.environment["SOPAN_PORT"]) for service in services]
        for port in found:
            wait_until_served(port)
        yield found
    finally:
        for service in services:
            service.kill()


def test_deciding_through_a_pool_has_one_winner_and_the_record_reads_whole(
    pooled: PooledOffice, ports: list[int]
) -> None:
    with pooled.clerk() as clerk:
        tasks = clerk.call(
            "tests.faults.staging:start_decisions", count=TASKS, label="pool", claimed_by=HEADS[0]
        )
        clients = windows(ports, [HEADS[0]] * 4)
        told = race(clients, "/tugas/{task}/selesai/", tasks, ["approve", "return"] * 2)
        assert [Counter(statuses) for statuses in told] == [Counter({302: 1, 409: 3})] * TASKS
        wrong = clerk.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_completed")
        assert wrong == []
