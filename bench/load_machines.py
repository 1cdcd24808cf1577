"""Terminals at the morning peak: a process of its own, started by `python -m bench.load`.

They are the simulated ones that the tests use: each calls on connections of its own, asks for
work as often as the server told it to, and sends a punch as soon as a finger was pressed.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from devices.simulator.adms.figures import Figures
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.people import punch_steadily
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.terminal import Terminal
from devices.simulator.adms.wire import Line
from devices.simulator.clock import Clock
from devices.simulator.machine import Machine

PATIENCE = 60.0  # seconds until all are connected, or all is told
SWITCHED_ON = 10.0  # seconds in which all are


def build(spec: dict[str, Any]) -> list[Terminal]:
    """Make the terminals; on each are people of its agency, whom the server knows."""
    figures, terminals = Figures(), []
    for number, row in enumerate(spec["machines"]):
        machine = Machine(serial=row["serial"], clock=Clock(row["time_zone"]))
        for pin in row["pins"]:
            machine.add_user(str(pin))
        journal = Journal(machine, Profile())
        journal.operations_sent = len(machine.operations)
        line = Line(f"http://127.0.0.1:{spec['door_port']}")
        terminal = Terminal(journal, line, figures=figures)
        terminal.address = f"192.168.{1 + number // 250}.{1 + number % 250}"
        terminals.append(terminal)
    return terminals


async def live(spec: dict[str, Any]) -> dict[str, Any]:
    """Let them call for `spec["seconds"]`; return what became of every request and punch."""
    begun = time.monotonic()
    terminals = build(spec)
    figures = terminals[0].figures
    lives = [
        asyncio.create_task(_later(terminal, n * SWITCHED_ON / len(terminals)))
        for n, terminal in enumerate(terminals)
    ]
    await _until_at_rest(terminals)
    figures.seconds.clear()  # how long a start takes is another question
    left = spec["seconds"] - (time.monotonic() - begun)
    await punch_steadily(terminals, per_second=spec["punches_per_second"], seconds=max(left, 1.0))
    await _until_at_rest(terminals)
    for one in lives:
        one.cancel()
    return {
        "summary": figures.summary(),
        "acknowledged": [list(key) for key in figures.acknowledged],
        "processor_seconds": time.process_time(),
    }


async def _later(terminal: Terminal, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await terminal.run()


async def _until_at_rest(terminals: list[Terminal]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not all(
        terminal.connected and not terminal.journal.waiting for terminal in terminals
    ):
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(live(told))), encoding="utf-8")
