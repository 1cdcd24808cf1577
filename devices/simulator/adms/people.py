"""Who presses fingers: a script, chance, or a whole province at once."""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

from devices.simulator.adms.control import execute
from devices.simulator.adms.terminal import Terminal

SCRIPT_LINE = re.compile(r"\+(\d+(?:\.\d+)?)\s+(\S.*)")
RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/min)?")


def read_script(path: Path) -> list[tuple[float, str]]:
    """Return waits in seconds and control lines: `+5 punch 1001`; # begins a comment."""
    steps = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = SCRIPT_LINE.fullmatch(line.strip())
        if not match:
            raise ValueError(f"{path}:{number}: bukan '+DETIK PERINTAH'")
        steps.append((float(match[1]), match[2]))
    return steps


def read_rate(text: str) -> float:
    """Return punches per minute from `6/min` or `6`."""
    match = RATE.fullmatch(text.strip())
    if not match:
        raise ValueError("laju ditulis seperti 6/min")
    return float(match[1])


async def follow(terminals: Sequence[Terminal], steps: Sequence[tuple[float, str]]) -> None:
    """Do what a script says, at the pace of the terminals."""
    for seconds, line in steps:
        await asyncio.sleep(seconds / terminals[0].hurry)
        execute(terminals, line)


async def punch_at_random(terminal: Terminal, per_minute: float) -> None:
    """Let whoever the machine knows press a finger now and then, for ever."""
    chance = random.Random(terminal.machine.serial)  # noqa: S311  no secret hangs on it
    while True:
        await asyncio.sleep(chance.expovariate(per_minute / 60) / terminal.hurry)
        pins = [user.pin for user in terminal.machine.users.values()]
        if pins:
            terminal.machine.punch(chance.choice(pins), state=chance.choice((0, 1)))


def populate(terminals: Sequence[Terminal], *, per_second: float) -> None:
    """Put so many people on each machine that nobody need press twice within a second.

    They were there all along: the server is not told of them.
    """
    count = max(10, round(2 * per_second / len(terminals)) + 1)
    for terminal in terminals:
        for number in range(count):
            if not terminal.machine.find(str(1001 + number)):
                terminal.machine.add_user(str(1001 + number))
        terminal.journal.operations_sent = len(terminal.machine.operations)


async def punch_steadily(
    terminals: Sequence[Terminal], *, per_second: float, seconds: float
) -> None:
    """Press fingers at an even rate, whatever the server does; everybody in turn."""
    started = time.monotonic()
    for number in range(round(per_second * seconds)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
        machine = terminals[number % len(terminals)].machine
        pins = [user.pin for user in machine.users.values()]
        if pins:  # the server may have deleted them meanwhile
            machine.punch(pins[number // len(terminals) % len(pins)])
