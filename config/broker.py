"""The broker in files, which `make run` uses: kombu's, made whole for several processes and kills.

A message is only a hint that wakes a worker; losing one costs the seconds until the next sweep. A
message or a table that is read while somebody is still writing it would end the worker, though.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import kombu.transport.filesystem
import kombu.utils.json

untyped: Any = kombu  # it tells no types


class Channel(untyped.transport.filesystem.Channel):  # type: ignore[misc]
    """Messages come into the folder whole; nobody reads a table that another is writing."""

    data_folder_out: str
    control_folder: Path

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        # Named by kombu's rule, whose clock orders the messages; unread until it has that name.
        name = f"{round(1000 * time.monotonic())}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.new"
        unfinished.write_text(untyped.utils.json.dumps(payload), encoding="utf-8")
        unfinished.replace(folder / name)

    def _get(self, queue: str) -> Any:
        while True:
            try:
                return super()._get(queue)
            except JSONDecodeError:
                continue  # what an earlier version left unfinished; it is out of the folder now

    def get_table(self, exchange: str) -> Any:
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        with self._alone():
            super()._queue_bind(exchange, routing_key, pattern, queue)

    def _delete(self, queue: str, exchange: str, *args: Any, **kwargs: Any) -> None:
        with self._alone():
            super()._delete(queue, exchange, *args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time at the tables, and find those of who was killed in form."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go by the system when its holder is killed
            for path in self.control_folder.glob("*.exchange"):
                if not path.stat().st_size:
                    path.write_text("[]")
            yield


class Transport(untyped.transport.filesystem.Transport):  # type: ignore[misc]
    Channel = Channel


def use_files() -> None:
    """Let the addresses "filesystem://" mean this broker."""
    untyped.transport.TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
