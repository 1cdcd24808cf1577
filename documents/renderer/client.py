"""The program's side of the renderer: starts it when it is needed, again when it died.

Safe in threads, and after a fork: a forked process forgets the renderer of its parent and starts
its own. One renderer serves the whole process; as many jobs run at once as there are processors.
"""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from documents.renderer.wire import STARTED, Limits, packed_job, unpacked_answer

SCRIPT = Path(__file__).with_name("__main__.py")
START_SECONDS = 60  # until a job begins: the first one waits for the modules to load
GRACE_SECONDS = 10  # after its time the kernel has ended a child; beyond that something is wrong
MAX_ANSWER_BYTES = 64 * 1024 * 1024
CHUNK = 1024 * 1024


class Unavailable(Exception):
    """The renderer could not be started."""


class Killed(Exception):
    """The job went over its memory or processor time."""


class TimedOut(Exception):
    """The job went over its time on the clock."""


class Oversized(Exception):
    """The answer is larger than any document may be."""


class Zygote:
    """A running renderer and the socket on which it takes jobs."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(SCRIPT), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a traceback would carry data of people
                env={"LANG": "C.UTF-8"},  # no secret of ours
                cwd="/",
                start_new_session=True,
            )

    def end(self) -> None:
        """End it and whatever it still works on."""
        self.control.close()
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def forget(self) -> None:
        """Let go of it in a forked process: it belongs to the parent."""
        self.control.close()
        self.process.returncode = 0


class Renderer:
    """Runs jobs in children of a zygote that is started with the first of them."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
        self._zygote: Zygote | None = None

    def run(
        self, head: dict[str, Any], blobs: list[bytes], limits: Limits
    ) -> tuple[dict[str, Any], bytes]:
        """Return head and file of the answer. Raises Unavailable, Killed, TimedOut, Oversized."""
        message = packed_job(head, *blobs)
        with self._slots:
            for _ in range(2):
                submitted = time.monotonic()
                ours, theirs = socket.socketpair()
                with ours:
                    with theirs:
                        zygote = self._submit(theirs, limits)
                    if zygote and _started(ours):
                        return self._talk(ours, message, limits, zygote, submitted)
                self._discard(zygote)
        raise Unavailable

    @property
    def pid(self) -> int | None:
        """The process id of the zygote, None while there is none."""
        return self._zygote.process.pid if self._zygote else None

    def end(self) -> None:
        self._discard(self._zygote)

    def forget(self) -> None:
        """Begin anew in a forked process."""
        if self._zygote:
            self._zygote.forget()
        self._reset()

    def _submit(self, job: socket.socket, limits: Limits) -> Zygote | None:
        """Hand the job's socket over; return who took it, None if it was dead."""
        with self._lock:
            if self._zygote is None or self._zygote.process.poll() is not None:
                self._drop()
                try:
                    self._zygote = Zygote()
                except OSError as error:
                    raise Unavailable from error
            zygote = self._zygote
            try:
                socket.send_fds(zygote.control, [limits.pack()], [job.fileno()])
            except OSError:
                self._drop()
                return None
            return zygote

    def _discard(self, zygote: Zygote | None) -> None:
        with self._lock:
            if zygote is not None and zygote is self._zygote:
                self._drop()

    def _drop(self) -> None:
        if self._zygote is not None:
            self._zygote.end()
            self._zygote = None

    def _talk(
        self,
        job: socket.socket,
        message: list[bytes],
        limits: Limits,
        zygote: Zygote,
        submitted: float,
    ) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + limits.wall_seconds + GRACE_SECONDS
        try:
            answer = _exchange(job, message, deadline)
        except TimeoutError:
            self._discard(zygote)  # the kernel should have ended the child long ago
            raise TimedOut from None
        except OSError:
            answer = b""
        try:
            head, content = unpacked_answer(answer)
        except ValueError:
            head = None
        except Exception as error:
            raise _why(submitted, limits) from error
        if head is None or len(content) != head.get("size", 0):
            raise _why(submitted, limits)
        return head, bytes(content)


def _why(submitted: float, limits: Limits) -> Exception:
    """Return what a child that ended without an answer went over.

    Its clock began between the submission and the word that it has the job.
    """
    return TimedOut() if time.monotonic() - submitted >= limits.wall_seconds else Killed()


def _started(job: socket.socket) -> bool:
    """Wait until a child has the job; False if nobody will."""
    job.settimeout(START_SECONDS)
    try:
        return job.recv(1) == STARTED
    except OSError:
        return False


def _exchange(job: socket.socket, message: list[bytes], deadline: float) -> bytes:
    """Send the job, return the answer. Raises TimeoutError after the deadline, OSError, Oversized.

    A child that ends while it is sent to may still have answered why.
    """
    for piece in message:
        job.settimeout(max(0.001, deadline - time.monotonic()))
        job.sendall(piece)
    job.shutdown(socket.SHUT_WR)
    answer = bytearray()
    while True:
        job.settimeout(max(0.001, deadline - time.monotonic()))
        piece = job.recv(CHUNK)
        if not piece:
            return bytes(answer)
        answer += piece
        if len(answer) > MAX_ANSWER_BYTES:
            raise Oversized


RENDERER = Renderer()
os.register_at_fork(after_in_child=RENDERER.forget)
atexit.register(RENDERER.end)
