"""PostgreSQL dies in the middle of requests: 503 at worst, and no step by half."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.clerks import Clerk, History
from tests.faults.http_client import wait_until_served
from tests.faults.own_servers import own_postgres, programs
from tests.faults.staging import HEADS
from tests.office import Office, Service
from tests.ports import free_port

pytestmark = [
    pytest.mark.xdist_group("kills"),
    pytest.mark.postgresql,
    pytest.mark.long,
    pytest.mark.timeout(900),
]

CRASHES = 3
PATIENCE = 240


@pytest.mark.skipif(programs() is None, reason="PostgreSQL: initdb is not here")
@pytest.mark.fault("F17")
def test_postgresql_that_dies_in_mid_request_leaves_no_half_step(
    model_office: Callable[[str], Office], tmp_path: Path, place: Path
) -> None:
    model = model_office("postgresql")
    folder = tmp_path / "office"
    shutil.copytree(model.folder, folder)
    history = History()
    with own_postgres(place) as server:
        office = Office(folder, server.copy_from(model.database_url))
        agency = office.call("tests.faults.staging:agency_id")
        port = free_port()
        web = Service(office, "web", SOPAN_PORT=str(port))
        people = [
            Clerk(port, name, history, start={"agency": str(agency)}, may_start=lambda: True)
            for name in HEADS
        ]
        try:
            web.start()
            wait_until_served(port, seconds=PATIENCE)
            for person in people:
                person.start()
            for _ in range(CRASHES):
                _wait_for_more(history)
                server.crash()
                server.start()
            _wait_for_more(history)
        finally:
            for person in people:
                person.stop.set()
            for person in people:
                person.join(timeout=30)
            web.kill()
        told = [one.as_json() for one in history.told]
        found = office.call("tests.faults.checker:check", history=told)
    broken = ("acknowledged but missing", "refused but done", "ledger")
    assert {name: found[name] for name in broken} == {name: [] for name in broken}
    statuses = Counter(one.status for one in history.told)
    assert 500 not in statuses, (statuses, web.log()[-2000:])


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the user postgres may enter: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="sopan-cluster-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def _wait_for_more(history: History) -> None:
    before, end = history.acknowledged(), time.monotonic() + PATIENCE
    while history.acknowledged() < before + 3:
        assert time.monotonic() < end, "nothing is acknowledged any more"
        time.sleep(0.05)
