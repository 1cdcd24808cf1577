"""Simulated machines in processes of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast


@dataclass
class Simulator:
    """A running machine: its port, and what a person does at it."""

    process: "subprocess.Popen[str]"
    serial: str
    port: int
    control_port: int | None

    def tell(self, line: str) -> Any:
        """Do something at the machine; a refusal is a mistake of the test."""
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write(line + "\n")
        stdin.flush()
        answer = json.loads(cast("IO[str]", self.process.stdout).readline())
        assert "ok" in answer, answer
        return answer["ok"]


@contextmanager
def simulator(serial: str = "SIM0000000001", **options: object) -> Iterator[Simulator]:
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "devices.simulator", "--stdin", "--port=0"),
            f"--serial={serial}",
            *arguments,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ready = json.loads(cast("IO[str]", process.stdout).readline())
        yield Simulator(process, serial, ready["port"], ready["control_port"])
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
