"""What breaks a running installation: kills and pauses at random, written into the history.

The seed decides the order and the waits; every act comes once before any comes again.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from tests.faults.http_client import wait_until_served
from tests.soak.history import NEMESIS, History
from tests.soak.installation import (
    LEASE,
    PATIENCE,
    Installation,
    children_of,
    end,
    family_of,
    postmaster,
    start_again,
)

REST = (0.5, 3.5)  # seconds between two acts, so that work goes on in between


class Nemesis(threading.Thread):
    """Breaks one thing after the other until it is told to stop; leaves everything running."""

    def __init__(self, made: Installation, history: History, *, seed: int) -> None:
        super().__init__(name="nemesis", daemon=True)
        self.made, self.history = made, history
        self.random = random.Random(seed)
        self.stop = threading.Event()
        self.died: list[str] = []
        self.failure: BaseException | None = None
        self.acts: tuple[Callable[[], None], ...] = (
            self.kill_web_worker,
            self.kill_web,
            self.kill_worker,
            self.kill_clock,
            self.kill_broker,
            self.stop_database,
            self.kill_database,
            self.pause_web_worker,
            self.pause_worker,
            self.pause_broker,
            self.pause_database,
        )

    def run(self) -> None:
        try:
            for act in self._endlessly():
                if self.stop.wait(self.random.uniform(*REST)):
                    return
                self._mend()
                name = act.__name__
                self.history.add(NEMESIS, "invoke", name, {"at": time.time()})
                act()
                self.history.add(NEMESIS, "info", name, {})
        except BaseException as failure:  # told by the test, not by a thread's traceback
            self.failure = failure

    def _endlessly(self) -> Iterator[Callable[[], None]]:
        while True:
            yield from self.random.sample(self.acts, len(self.acts))

    def _mend(self) -> None:
        """Do what a supervisor would: start again whatever ended by itself, and note it."""
        for service in self.made.services:
            if service.process is not None and service.process.poll() is not None:
                self.died.append(f"{service.name}: {service.process.returncode}")
                self.history.add(NEMESIS, "info", "died_by_itself", {"service": service.name})
                end(service)
                service.start()

    def _pause(self) -> None:
        self.stop.wait(self.random.uniform(0.2, 2.5))

    # Kills

    def kill_web_worker(self) -> None:
        os.kill(self._web_worker(), signal.SIGKILL)

    def kill_web(self) -> None:
        end(self.made.web)
        self.made.web.start()
        wait_until_served(self.made.port, seconds=PATIENCE)

    def kill_worker(self) -> None:
        worker = self.random.choice(self.made.workers)
        end(worker)
        self._pause()
        worker.start()

    def kill_clock(self) -> None:
        end(self.made.clock)
        self._pause()
        self.made.clock.start()

    def kill_broker(self) -> None:
        """Its memory is empty afterwards."""
        self.made.broker.kill()
        self._pause()
        self.made.broker.start()

    def stop_database(self) -> None:
        """Every process of it at once, as `pg_ctl stop -m immediate` does."""
        self.made.postgres.crash()
        self._pause()
        start_again(self.made.postgres)

    def kill_database(self) -> None:
        """The first process only: the others find out by themselves."""
        os.kill(postmaster(self.made.postgres), signal.SIGKILL)
        self._pause()
        start_again(self.made.postgres)

    # Pauses: whoever slept goes on as if nothing had happened

    def pause_web_worker(self) -> None:
        self._freeze([self._web_worker()], 1, 4)

    def pause_worker(self) -> None:
        """For longer than its lease: another has taken over when it wakes."""
        process = self.random.choice(self.made.workers).process
        assert process is not None
        self._freeze([process.pid], LEASE + 1, LEASE + 3)

    def pause_broker(self) -> None:
        process = self.made.broker.process
        assert process is not None
        self._freeze(family_of(process.pid), 1, 4)

    def pause_database(self) -> None:
        self._freeze(family_of(postmaster(self.made.postgres)), 1, 4)

    def _freeze(self, processes: Iterable[int], shortest: float, longest: float) -> None:
        frozen = list(processes)
        try:
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            time.sleep(self.random.uniform(shortest, longest))
        finally:
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def _web_worker(self) -> int:
        """Wait until the server has a worker again, choose one."""
        process = self.made.web.process
        assert process is not None
        limit = time.monotonic() + PATIENCE
        while not (found := children_of(process.pid)):
            if time.monotonic() > limit:
                raise TimeoutError("the web server starts no workers any more")
            time.sleep(0.05)
        return self.random.choice(found)
