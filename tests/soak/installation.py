"""An installation of the soak's own: database, broker, web, workers, clock, all to be killed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.http_client import wait_until_served
from tests.faults.own_rabbitmq import OwnRabbitMQ, own_rabbitmq
from tests.faults.own_servers import OwnPostgres, OwnRedis, own_postgres, own_redis
from tests.office import Office, Service
from tests.ports import free_port

# "redis", or what begins with "amqp": a RabbitMQ. Either way a server of the soak's own.
BROKER = os.environ.get("SOPAN_TEST_BROKER") or "redis"
PATIENCE = 240  # seconds until a server runs again on a machine that is busy
WEB_WORKERS = 2
WORKERS = 2
# Leases that a pause outlasts: who slept through his is no longer the one who may finish.
LEASE, SWEEP = 3, 1


@dataclass(frozen=True)
class SoakOffice(Office):
    broker: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(
            CELERY_BROKER_URL=self.broker,
            SOPAN_WEB_WORKERS=str(WEB_WORKERS),
            SOPAN_LEASE_SECONDS=str(LEASE),
            SOPAN_SWEEP_SECONDS=str(SWEEP),
            SOPAN_PUSH_DELAY_SECONDS="10",
            SOPAN_API_REQUESTS="1000000",
            **more,
        )


@dataclass(frozen=True)
class Installation:
    office: SoakOffice
    port: int
    postgres: OwnPostgres
    broker: OwnRedis | OwnRabbitMQ
    web: Service
    workers: tuple[Service, ...]
    clock: Service

    @property
    def services(self) -> tuple[Service, ...]:
        return (self.web, *self.workers, self.clock)

    @property
    def broker_name(self) -> str:
        return "RabbitMQ" if isinstance(self.broker, OwnRabbitMQ) else "Redis"

    def died_by_themselves(self) -> list[str]:
        """Return the services that ended though nobody killed them."""
        return [
            service.name
            for service in self.services
            if service.process is not None and service.process.poll() is not None
        ]

    def logs(self) -> str:
        parts = [f"--- {name}\n{self._log(name)}" for name in ("web", "worker", "clock")]
        return "\n".join(parts)

    def _log(self, name: str) -> str:
        path = self.office.folder / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""


@contextmanager
def installation(model: Office, folder: Path, place: Path) -> Iterator[Installation]:
    """Start everything as a copy of this office; whatever happens, all of it ends."""
    shutil.copytree(model.folder, folder)
    with ExitStack() as stack:
        postgres = stack.enter_context(own_postgres(place))
        broker: OwnRedis | OwnRabbitMQ
        if BROKER.startswith("amqp"):
            broker = stack.enter_context(own_rabbitmq())
        else:
            broker = stack.enter_context(own_redis())
        broker.start()
        office = SoakOffice(folder, postgres.copy_from(model.database_url), broker.url)
        port = free_port()
        web = Service(office, "web", SOPAN_PORT=str(port))
        workers = tuple(Service(office, "worker") for _ in range(WORKERS))
        made = Installation(office, port, postgres, broker, web, workers, Service(office, "clock"))
        for service in made.services:
            stack.callback(end, service)
        yield made


def end(service: Service) -> None:
    """Kill a group of processes, also one that ended by itself and left some behind."""
    if service.process is not None:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
        service.process = None


def start_all(made: Installation) -> None:
    for service in made.services:
        service.start()
    wait_until_served(made.port, seconds=PATIENCE)


def children_of(pid: int) -> list[int]:
    """Return the processes that this one started and that still run."""
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def family_of(pid: int) -> list[int]:
    """Return this process and all that it and its children started."""
    return [pid, *(member for child in children_of(pid) for member in family_of(child))]


def postmaster(postgres: OwnPostgres) -> int:
    return int((postgres.data / "postmaster.pid").read_text().split()[0])


def start_again(postgres: OwnPostgres) -> None:
    """Start a database whose processes may still be ending."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            postgres.start()
            return
        except subprocess.CalledProcessError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)
