"""Processes that begin as copies of one in which Django is set up.

Setting up takes more than a second of work, and the tests start hundreds of processes: each
installation has one process that does it and then nothing else. It has no connection and no second
thread; a copy of it knows as little of what happened before as a process that was just started.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBER = struct.Struct("!i")
STANDING = 3  # installations whose first process is kept
OF_A_TEST = "PYTEST_CURRENT_TEST"  # changes with each, and means nothing to a process


class Forked:
    """A copy, with the part of `subprocess.Popen` that the tests use."""

    def __init__(self, control: socket.socket) -> None:
        (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()
        self._status, theirs_status = os.pipe()
        self.stdin = os.fdopen(ours_in, "w", encoding="utf-8")
        self.stdout = os.fdopen(ours_out, encoding="utf-8")
        self.returncode: int | None = None
        theirs = [theirs_in, theirs_out, theirs_status]
        try:
            socket.send_fds(control, [b"1"], theirs)
        finally:
            for number in theirs:
                os.close(number)
        told = os.read(self._status, NUMBER.size)
        if not told:
            raise RuntimeError("a process of the office could not be set up")
        (self.pid,) = NUMBER.unpack(told)

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            return self.wait()
        return self.returncode

    def wait(self) -> int:
        if self.returncode is None:
            told = os.read(self._status, NUMBER.size)
            self.returncode = NUMBER.unpack(told)[0] if told else -signal.SIGKILL
            os.close(self._status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self) -> tuple[str, None]:
        """Say no more; return what was said until the end, and wait for that."""
        with contextlib.suppress(BrokenPipeError):  # what was not yet read there
            self.stdin.close()
        with self.stdout:
            said = self.stdout.read()
        self.wait()
        return said, None


class First:
    """The process of an installation that the others are copies of."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.control, theirs = socket.socketpair()
        self.copies: list[Forked] = []
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.inside", str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def copy(self) -> Forked:
        made = Forked(self.control)
        self.copies = [copy for copy in self.copies if copy.poll() is None] + [made]
        return made

    @property
    def is_needed(self) -> bool:
        """Say whether a copy is alive: who has ended is told by the first one."""
        return any(copy.poll() is None for copy in self.copies)

    def end(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()


_standing: OrderedDict[str, First] = OrderedDict()
_lock = threading.Lock()


def forked(environment: Mapping[str, str]) -> Forked:
    """Start a process with this environment; it reads from its standard input what to do."""
    own = {name: value for name, value in environment.items() if name != OF_A_TEST}
    key = json.dumps(own, sort_keys=True)
    with _lock:
        if key not in _standing or _standing[key].process.poll() is not None:
            _standing[key] = First(own)
        _standing.move_to_end(key)
        for old in [old for old, first in _standing.items() if not first.is_needed][:-STANDING]:
            if old != key:
                _standing.pop(old).end()
        return _standing[key].copy()


@atexit.register
def _end_all() -> None:
    while _standing:
        _standing.popitem()[1].end()


# In the first process -----------------------------------------------------------------------------


def stand_by(control: socket.socket) -> None:
    """Make a copy whenever one is asked for; returns in the copies only."""
    ended, told_of_end = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(told_of_end, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(told_of_end, warn_on_full_buffer=False)
    alive: dict[int, int] = {}  # the pipe on which the end of each is told
    while True:
        ready, _, _ = select.select([control.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _tell_of_the_dead(alive)
        if control.fileno() not in ready:
            continue
        asked, given, _, _ = socket.recv_fds(control, 1, 3)
        if not asked:
            sys.exit()
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(given[0], 0)
            os.dup2(given[1], 1)
            control.close()
            for number in (*given, *alive.values(), ended, told_of_end):
                os.close(number)
            return
        alive[pid] = given[2]
        os.write(given[2], NUMBER.pack(pid))
        os.close(given[0])
        os.close(given[1])


def _tell_of_the_dead(alive: dict[int, int]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        pipe = alive.pop(pid)
        with contextlib.suppress(BrokenPipeError):  # nobody asks any more
            os.write(pipe, NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os.close(pipe)
