"""The demo's fingerprint machines: simulators in processes of their own, with a memory."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    return [
        sys.executable, "-m", "devices.simulator", "--serial", serial, "--port", str(port),
        "--control-port", str(control_port), "--state", str(state_file(serial)),
    ]  # fmt: skip


@contextmanager
def running(
    serials: Sequence[str], *, first_port: int = 0
) -> Iterator[dict[str, SimulatedMachine]]:
    """Run the machines while the block lasts; with `first_port` 0 on ports that are free.

    The control port of a machine with a fixed port is a hundred higher.
    """
    processes: list[subprocess.Popen[str]] = []
    machines = {}
    try:
        for index, serial in enumerate(serials):
            port = first_port + index if first_port else 0
            line = command(serial, port=port, control_port=port + 100 if port else 0)
            process = subprocess.Popen(
                line, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
            )
            processes.append(process)
            if process.stdout is None or not (told := process.stdout.readline()):
                raise RuntimeError(
                    f"Mesin simulasi {serial} tidak dapat dijalankan di port {port}."
                )
            said = json.loads(told)
            machines[serial] = SimulatedMachine(serial, said["port"], said["control_port"])
        yield machines
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=10)
