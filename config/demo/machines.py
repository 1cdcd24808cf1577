"""The demo's fingerprint machines: simulators in processes of their own, with a memory."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from devices.simulator.control import tell


@dataclass(frozen=True)
class SimulatedMachine:
    serial: str
    port: int
    control_port: int

    def tell(self, line: str) -> None:
        """Do what a person at the machine does; see `manage.py simulate_device --help`."""
        answer = tell(self.control_port, line)
        if "error" in answer:
            raise RuntimeError(f"{self.serial}: {answer['error']}")


def state_file(serial: str) -> Path:
    folder = Path(settings.DATA_DIR) / "demo-machines"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{serial}.json"


def command(serial: str, *, port: int, control_port: int) -> list[str]:
    """Return the command line that runs a machine which takes up where it stopped."""
    return [*_simulator(serial, control_port), "--port", str(port)]


def terminal_command(serial: str, *, server: str, control_port: int) -> list[str]:
    """Return the command line that runs a terminal which calls this server (ADMS)."""
    return [*_simulator(serial, control_port), "--protocol", "adms", "--server", server]


def _simulator(serial: str, control_port: int) -> list[str]:
    return [
        sys.executable, "-m", "devices.simulator", "--serial", serial,
        "--control-port", str(control_port), "--state", str(state_file(serial)), "--stdin",
    ]  # fmt: skip


@contextmanager
def running(
    serials: Sequence[str], *, first_port: int = 0
) -> Iterator[dict[str, SimulatedMachine]]:
    """Run machines that are called, while the block lasts; `first_port` 0: on ports that are free.

    The control port of a machine with a fixed port is a hundred higher.
    """
    with ExitStack() as stack:
        machines = {}
        for index, serial in enumerate(serials):
            port = first_port + index if first_port else 0
            line = command(serial, port=port, control_port=port + 100 if port else 0)
            machines[serial] = stack.enter_context(_process(serial, line))
        yield machines


@contextmanager
def calling(serial: str, *, server: str, control_port: int) -> Iterator[SimulatedMachine]:
    """Run a terminal that calls this server, while the block lasts."""
    line = terminal_command(serial, server=server, control_port=control_port)
    with _process(serial, line) as machine:
        yield machine


@contextmanager
def _process(serial: str, line: Sequence[str]) -> Iterator[SimulatedMachine]:
    # A machine whose stdin ends goes off: also when whoever runs it here was killed.
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    )
    try:
        if process.stdout is None or not (told := process.stdout.readline()):
            raise RuntimeError(f"Mesin simulasi {serial} tidak dapat dijalankan.")
        said = json.loads(told)
        yield SimulatedMachine(serial, said["port"] or 0, said["control_port"])
    finally:
        process.terminate()
        process.wait(timeout=10)
