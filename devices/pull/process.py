"""The child process in which the agent runs: started with nothing of ours, asked, killed."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

if sys.platform == "linux":
    import fcntl

ROOT = Path(__file__).resolve().parents[2]
# Whatever the environment says of Python is not for the agent.
AGENT = (sys.executable, "-E", "-s", "-m", "devices.pull.agent")
# What a Python may need to start; nothing else of our environment goes over.
LOADER = ("LD_LIBRARY_PATH", "SYSTEMROOT")
PIPE_BYTES = 1 << 20  # what any user's process may ask for
RHYTHM = 1.0  # seconds; how often a long read gives a sign of life


class AgentHung(Exception):
    """Nothing came for too long; the process is killed."""


class AgentDied(Exception):
    """The process ended in the middle of a call."""


class AgentFault(Exception):
    """What the agent says went wrong: `kind` is unreachable, refused or mismatch."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class AgentProcess:
    """An agent with its pipes. Nothing secret stands on its command line or in its environment."""

    def __init__(self, at_work: Callable[[], None] | None = None) -> None:
        """`at_work` is called about every `RHYTHM` while a long read makes progress."""
        self._at_work = at_work or (lambda: None)
        self._last_id = 0
        self.process = subprocess.Popen(
            AGENT,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in LOADER if name in os.environ},
        )
        self._requests = cast("IO[bytes]", self.process.stdin)
        self._answers = cast("IO[bytes]", self.process.stdout)
        _widen(self._answers)

    def ask(
        self,
        call: str,
        arguments: dict[str, Any],
        *,
        patience: float,
        take: Callable[[bytes], None] | None = None,
    ) -> Any:
        """Return the answer to a call; `take` gets the parts that come before it.

        `patience` is how many seconds nothing may come. Raises AgentHung, AgentDied, AgentFault.
        """
        self._last_id += 1
        request = {"id": self._last_id, "call": call, "arguments": arguments}
        # pyzk may wait for ever: only a kill helps.
        with _Deadline(self.process, patience) as deadline:
            try:
                self._requests.write(json.dumps(request).encode() + b"\n")
                self._requests.flush()
                while (message := self._message()) and "part" in message:
                    part = self._answers.read(message["part"])
                    if take and len(part) == message["part"]:
                        take(part)
                    if deadline.put_off():
                        self._at_work()
            except BrokenPipeError:
                message = {}
        if not message:
            raise AgentHung if deadline.missed else AgentDied
        if "error" in message:
            raise AgentFault(message["error"]["kind"], message["error"]["detail"])
        return message["ok"]

    def _message(self) -> dict[str, Any]:
        """Return the next line of the agent; an empty one when it is gone."""
        line = self._answers.readline()
        message: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        return message

    def end(self) -> None:
        self.process.kill()
        for pipe in (self._requests, self._answers):
            with suppress(BrokenPipeError):  # a request that the dead agent never read
                pipe.close()
        self.process.wait()


def _widen(pipe: IO[bytes]) -> None:
    """Let the agent run ahead while its parent is busy reading what came.

    Only where the system can; one that has no memory left for it works with less.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


class _Deadline:
    """Kills a process from which nothing comes for so many seconds."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self.missed = False
        self._process, self._seconds = process, seconds

    def __enter__(self) -> "_Deadline":
        self._arm()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def put_off(self) -> bool:
        """Begin to count anew, once per `RHYTHM`; say whether that was now."""
        if time.monotonic() - self._armed_at < min(RHYTHM, self._seconds / 4):
            return False
        self._timer.cancel()
        self._arm()
        return True

    def _arm(self) -> None:
        self._armed_at = time.monotonic()
        self._timer = threading.Timer(self._seconds, self._kill)
        self._timer.daemon = True
        self._timer.start()

    def _kill(self) -> None:
        self.missed = True
        self._process.kill()
