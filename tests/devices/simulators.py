"""Simulated machines in processes of their own, and what our client makes of them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from devices.pull.client import ZkClient


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


def press(machine: Simulator, count: int, *, hour: int = 7) -> None:
    """Let one person press every second from that hour on."""
    for n in range(count):
        machine.tell(f"punch 1001 0 2026-04-01T{hour:02}:{n // 60:02}:{n % 60:02}")


def connect(
    machine: Simulator, comm_key: int = 0, call_timeout: float = 20, over_udp: bool = False
) -> ZkClient:
    """Return a client of a simulator that loses patience soon."""
    return ZkClient(
        "127.0.0.1", machine.port, comm_key, timeout=2, call_timeout=call_timeout, over_udp=over_udp
    )


def log_of(client: ZkClient) -> list[str]:
    """Return the lines of a log, which are the same read while it comes or afterwards."""
    lines: list[list[str]] = []
    for ahead in (True, False):
        with client.punches(part_lines=70, ahead=ahead) as log:
            parts = [part.decode().splitlines() for part in log.parts()]
            assert sum(map(len, parts)) == log.count
            assert all(len(part) == 70 for part in parts[:-1])
            lines.append([line for part in parts for line in part])
    assert lines[0] == lines[1]
    return lines[0]
