"""Terminals that push unique punches until each is answered, in a thread of the test."""

import argparse
import asyncio
import threading
from collections.abc import Iterable

from devices.simulator.__main__ import add_arguments
from devices.simulator.adms.command_line import build
from devices.simulator.adms.figures import Figures
from devices.simulator.adms.people import punch_steadily
from devices.simulator.adms.terminal import Terminal
from devices.simulator.tables import Punch, time_text
from tests.soak.history import History

HURRY = 5  # all waiting of a terminal is divided by this
SERIAL = "SOAK0001"


class NotedFigures(Figures):
    """What every terminal tells of its punches, written into the history."""

    history: History

    def press(self, serial: str, punch: Punch) -> None:
        super().press(serial, punch)
        self.history.add(serial, "invoke", "punch", {"punch": key_of(serial, punch)})

    def acknowledge(self, serial: str, punches: Iterable[Punch]) -> None:
        told = list(punches)
        super().acknowledge(serial, told)
        for punch in told:
            self.history.add(serial, "ok", "punch", {"punch": key_of(serial, punch)})


def key_of(serial: str, punch: Punch) -> str:
    return f"{serial} {punch.pin} {time_text(punch.time)}"


class Fleet(threading.Thread):
    """So many terminals, at which all these people press a finger again and again."""

    def __init__(self, port: int, history: History, *, count: int, pins: list[str],
                 per_second: float) -> None:  # fmt: skip
        super().__init__(name="fleet", daemon=True)
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        chosen = parser.parse_args(
            ["--protocol", "adms", "--serial", SERIAL, "--count", str(count),
             "--server", f"http://127.0.0.1:{port}", "--hurry", str(HURRY), "--timeout", "10"]
        )  # fmt: skip
        self.terminals = build(chosen)
        self.figures = NotedFigures()
        self.figures.history = history
        for terminal in self.terminals:
            terminal.figures = self.figures
            for pin in pins:
                if not terminal.machine.find(pin):
                    terminal.machine.add_user(pin)
            terminal.journal.operations_sent = len(terminal.machine.operations)
        self.per_second = per_second
        self.no_more, self.stop = threading.Event(), threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as failure:  # told by the test, not by a thread's traceback
            self.failure = failure

    def waiting(self) -> int:
        """Return how many records no server has acknowledged yet."""
        return sum(terminal.journal.waiting for terminal in self.terminals)

    async def _live(self) -> None:
        lives = [asyncio.create_task(terminal.run()) for terminal in self.terminals]
        pressing = asyncio.create_task(self._press())
        while not self.stop.is_set():
            await asyncio.sleep(0.1)
            for life in (*lives, *([pressing] if pressing.done() else [])):
                if life.done():
                    life.result()  # raises what ended it; none ends by itself
        for life in (*lives, pressing):
            life.cancel()

    async def _press(self) -> None:
        ready: list[Terminal] = self.terminals
        while not self.no_more.is_set():
            await punch_steadily(ready, per_second=self.per_second, seconds=5.0)
