"""Ports for what the tests start, which nobody else is given in the meantime.

A port that the system calls free may be given to a passing connection, or to another run of tests,
before the server that was meant has bound it. So ports are handed out from blocks below those of
passing connections (32768 and up); a block is this process's for as long as it lives.
"""

import fcntl
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

FIRST, SIZE, BLOCKS = 20_000, 1_000, 12
_held: list[TextIO] = []  # a lock lasts as long as its file is open


def free_port() -> int:
    return free_ports(1)


def free_ports(count: int) -> int:
    """Return the first of so many ports in a row; none is handed out twice by this process."""
    for _ in range(SIZE):
        first = next(_PORTS)
        run = [first, *(next(_PORTS) for _ in range(count - 1))]
        if run == list(range(first, first + count)) and all(map(_is_free, run)):
            return first
    raise RuntimeError("no ports are free for the tests")


def _ports() -> Iterator[int]:
    while True:
        start = FIRST + SIZE * _own_block()
        yield from range(start, start + SIZE)


def _own_block() -> int:
    """Lock a block that no living process holds, this one included; return its number."""
    for number in range(BLOCKS):
        path = Path(tempfile.gettempdir(), f"sopan-test-ports-{number}")
        file = path.open("a")  # stays open, with its lock, for as long as the process lives
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
        else:
            _held.append(file)
            return number
    raise RuntimeError("too many runs of tests at once: no block of ports is left")


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


_PORTS = _ports()
