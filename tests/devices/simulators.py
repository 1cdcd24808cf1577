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
    """Run one machine while the block lasts; options as on its command line, `fill=10`."""
    with simulators(serial, 1, **options) as (machine,):
        yield machine


@contextmanager
def simulators(serial: str, count: int, /, **options: object) -> Iterator[list[Simulator]]:
    """Run several machines in one process; lines go to the first unless `@SERI` stands before."""
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "devices.simulator", "--stdin", "--port=0"),
            *(f"--serial={serial}", f"--count={count}"),
            *arguments,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        told = [json.loads(cast("IO[str]", process.stdout).readline()) for _ in range(count)]
        yield [
            Simulator(process, ready["serial"], ready["port"], ready["control_port"])
            for ready in told
        ]
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
