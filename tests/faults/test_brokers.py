"""The broker is away, or comes back without its memory: the rows are the queue, nothing is lost.

Shown with Redis and with RabbitMQ. A node of RabbitMQ takes seconds to start: there is one for all
tests of this file, and one loss of its memory in each where Redis has two.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from foundation.outbox import MAX_ATTEMPTS
from tests.faults.own_rabbitmq import OwnRabbitMQ, own_rabbitmq
from tests.faults.own_servers import OwnRedis, own_redis
from tests.office import Clerk, Office, Service

pytestmark = [
    pytest.mark.xdist_group("kills"),
    pytest.mark.long,
    pytest.mark.timeout(900),
]

PATIENCE = 240  # seconds until work must be seen to go on
SETTINGS = {"SOPAN_LEASE_SECONDS": "2", "SOPAN_SWEEP_SECONDS": "1"}


@dataclass(frozen=True)
class BrokerOffice(Office):
    """An office that talks over this broker."""

    broker: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(CELERY_BROKER_URL=self.broker, **more)


@dataclass(frozen=True)
class Scene:
    office: BrokerOffice
    broker: OwnRedis | OwnRabbitMQ
    clerk: Clerk

    @property
    def losses(self) -> int:
        """Return how often the whole broker is to be lost."""
        return 2 if isinstance(self.broker, OwnRedis) else 1

    def serve(self) -> None:
        """Have the broker run; one that ran for a test before has lost what it held."""
        if self.broker.process is None:
            self.broker.start()

    def decide(self, count: int) -> int:
        label = f"broker {uuid4().hex[:6]}"
        return int(self.clerk.call("tests.faults.work:decide", count=count, label=label))

    def left(self) -> int:
        return int(self.clerk.call("tests.faults.work:left"))

    def wait_until_done(self) -> None:
        """Wait as long as something is getting less, however slow the machine is."""
        while before := self.left():
            self.wait_for("work", lambda: self.left() < before)

    def wait_for(self, what: str, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                raise AssertionError(f"nothing happens any more: {what}")
            time.sleep(0.05)

    def check(self, decisions: int) -> None:
        """Every decision was followed by its step, once."""
        told = self.clerk.call("tests.faults.work:effects")
        assert (told["twice"], told["incidents"]) == ([], 0)
        assert told["marks"] == told["steps"] >= decisions
        found = self.clerk.call("tests.faults.staging:disagreements", tasks=[], verb="task_opened")
        assert found == []


@pytest.fixture(scope="module")
def node() -> Iterator[OwnRabbitMQ]:
    with own_rabbitmq() as server:
        yield server


POSTGRESQL, REDIS, RABBITMQ = pytest.mark.postgresql, pytest.mark.redis, pytest.mark.rabbitmq
PAIRS = [
    pytest.param("sqlite", "redis", marks=REDIS, id="sqlite-redis"),
    pytest.param("postgresql", "redis", marks=[POSTGRESQL, REDIS], id="postgresql-redis"),
    pytest.param("postgresql", "rabbitmq", marks=[POSTGRESQL, RABBITMQ], id="postgresql-rabbitmq"),
    pytest.param("sqlite", "rabbitmq", marks=RABBITMQ, id="sqlite-rabbitmq"),
]


@pytest.fixture
def broker(request: pytest.FixtureRequest, kind: str) -> Iterator[OwnRedis | OwnRabbitMQ]:
    """Stand beside the office, without anything of tests before; a Redis does not run yet."""
    if kind == "redis":
        with own_redis() as server:
            yield server
    else:
        shared: OwnRabbitMQ = request.getfixturevalue("node")
        if shared.process is not None:
            shared.forget()
        yield shared


@pytest.fixture
def scene(
    database: str,
    broker: OwnRedis | OwnRabbitMQ,
    model_office: Callable[[str], Office],
    tmp_path: Path,
) -> Iterator[Scene]:
    from tests.servers import scratch_database

    model = model_office(database)
    shutil.copytree(model.folder, tmp_path, dirs_exist_ok=True)
    with ExitStack() as stack:
        url = ""
        if database == "postgresql":
            url = stack.enter_context(scratch_database(like=model.database_url))
        office = BrokerOffice(tmp_path, url, broker.url)
        yield Scene(office, broker, stack.enter_context(office.clerk()))


@pytest.mark.parametrize(("database", "kind"), PAIRS)
@pytest.mark.fault("F10")
def test_what_is_decided_while_the_broker_is_down_is_done_when_it_is_back(scene: Scene) -> None:
    scene.broker.kill()
    assert scene.decide(50) == 50  # nobody was told of any trouble
    scene.serve()
    services = [Service(scene.office, name, **SETTINGS) for name in ("worker", "clock")]
    try:
        for service in services:
            service.start()
        scene.wait_until_done()
    finally:
        for service in services:
            service.kill()
    scene.check(50)


@pytest.mark.parametrize(("database", "kind"), PAIRS)
@pytest.mark.fault("F11")
def test_a_broker_that_loses_its_memory_loses_no_work(scene: Scene) -> None:
    scene.serve()
    services = [Service(scene.office, name, **SETTINGS) for name in ("worker", "clock")]
    scene.decide(10)
    scene.broker.forget()  # every kick
    try:
        for service in services:
            service.start()
        scene.wait_until_done()
        for _ in range(scene.losses):  # the whole server, with all that waits for its workers
            done = scene.clerk.call("tests.faults.work:begun")
            scene.decide(10)
            scene.wait_for("work", lambda: scene.clerk.call("tests.faults.work:begun") > done)  # noqa: B023
            scene.broker.kill()
            scene.serve()
            scene.decide(5)
            scene.wait_until_done()
    finally:
        for service in services:
            service.kill()
    scene.check(10 + 15 * scene.losses)


@pytest.mark.parametrize(("database", "kind"), PAIRS)
@pytest.mark.fault("F12")
def test_a_job_that_outlasts_lease_and_sweeps_is_begun_once(scene: Scene) -> None:
    scene.serve()
    linger = scene.office.folder / "linger"
    linger.touch()
    # Long enough that no busy machine keeps a worker from renewing it in time.
    settings = SETTINGS | {"SOPAN_LEASE_SECONDS": "15"}
    services = [Service(scene.office, "worker", **settings) for _ in range(2)]
    services.append(Service(scene.office, "clock", **settings))
    scene.decide(1)
    try:
        for service in services:
            service.start()
        scene.wait_for("work", lambda: scene.clerk.call("tests.faults.work:begun") == 1)
        first = scene.clerk.call("tests.faults.work:lease")
        # Renewed four times: by then the lease that it began with ended long ago, and the clock
        # has offered the queue to the other worker again and again.
        for _ in range(4):
            scene.wait_for("lease", lambda: scene.clerk.call("tests.faults.work:lease") > first)  # noqa: B023
            first = scene.clerk.call("tests.faults.work:lease")
        linger.unlink()
        scene.wait_until_done()
        assert scene.clerk.call("tests.faults.work:begun") == 1
    finally:
        for service in services:
            service.kill()
    scene.check(1)


@pytest.mark.parametrize(("database", "kind"), PAIRS)
@pytest.mark.fault("F16")
def test_a_worker_killed_with_work_in_its_hands_is_followed_by_another(scene: Scene) -> None:
    scene.serve()
    workers = [Service(scene.office, "worker", **SETTINGS) for _ in range(2)]
    clock = Service(scene.office, "clock", **SETTINGS)
    scene.decide(25)
    try:
        for service in (*workers, clock):
            service.start()
        for number in range(4):
            begun = scene.clerk.call("tests.faults.work:begun")
            scene.wait_for("work", lambda: scene.clerk.call("tests.faults.work:begun") > begun)  # noqa: B023
            workers[number % 2].kill()
            workers[number % 2].start()
        scene.wait_until_done()
    finally:
        for service in (*workers, clock):
            service.kill()
    scene.check(25)


@pytest.mark.parametrize(("database", "kind"), PAIRS)
@pytest.mark.fault("F13")
def test_a_job_that_always_fails_becomes_an_incident_and_holds_up_nobody(scene: Scene) -> None:
    scene.serve()
    scene.decide(1)
    poisoned = scene.clerk.call("tests.faults.work:poison")
    scene.decide(10)
    services = [Service(scene.office, name, **SETTINGS) for name in ("worker", "clock")]

    def ended() -> bool:
        scene.clerk.call("tests.faults.work:hasten")
        return scene.left() == 0

    try:
        for service in services:
            service.start()
        scene.wait_for("tries", ended)
    finally:
        for service in services:
            service.kill()
    told = scene.clerk.call("tests.faults.work:effects")
    assert (told["incidents"], told["marks"], told["twice"]) == (1, 10, [])
    assert scene.clerk.call("tests.faults.work:tries", task=poisoned) == MAX_ATTEMPTS
