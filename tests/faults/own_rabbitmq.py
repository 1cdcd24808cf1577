"""A RabbitMQ node that a test may kill: its own name, ports, data and cookie.

Only epmd, which tells nodes of each other, is that of the machine. A node takes some five seconds.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import kombu

from tests.faults.own_servers import HOST, PATIENCE
from tests.ports import free_port

# Not the one in the search path, which changes to the account of the machine's own server.
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
QUEUE = "celery"  # where the kicks of the outbox wait
untyped: Any = kombu


def is_here() -> bool:
    return PROGRAM.exists()


class OwnRabbitMQ:
    """A broker of this test alone. Its queues lie in its folder, until `kill` takes that too."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.distribution = folder, free_port(), free_port()
        self.url = f"amqp://guest:guest@{HOST}:{self.port}//"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it answers; RuntimeError with the end of its log if it does not."""
        log = self.folder / "log"
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                [str(PROGRAM)], env=self._environment(), cwd=self.folder, stdout=told, stderr=told,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"RabbitMQ does not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)

    def forget(self) -> None:
        """Lose every kick that waits, but stay."""
        with untyped.Connection(self.url) as connection:
            channel = connection.default_channel
            channel.queue_declare(QUEUE, durable=True, auto_delete=False)
            channel.queue_purge(QUEUE)

    def kill(self) -> None:
        """End it at once, and with it all that it kept."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
        shutil.rmtree(self.folder / "queues", ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return own | {
            "HOME": str(self.folder),  # where the cookie is made
            "RABBITMQ_NODENAME": f"uji{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": HOST,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "queues"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "ERL_EPMD_ADDRESS": HOST,
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _answers(self) -> bool:
        try:
            with untyped.Connection(self.url, connect_timeout=2) as connection:
                connection.connect()
        except (OSError, *untyped.Connection(self.url).connection_errors):
            return False
        return True


@contextmanager
def own_rabbitmq() -> Iterator[OwnRabbitMQ]:
    """A RabbitMQ that is not running yet."""
    with tempfile.TemporaryDirectory(prefix="sopan-rabbit-", ignore_cleanup_errors=True) as folder:
        server = OwnRabbitMQ(Path(folder))
        try:
            yield server
        finally:
            server.kill()
