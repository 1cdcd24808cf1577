"""An installation of its own for a walk: a clean copy of the project, started by `make run`."""

import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from devices.simulator.control import tell
from tests.ports import free_port, free_ports

ROOT = Path(__file__).resolve().parents[2]
MACHINE_PORTS = 110  # in a row: of the simulated machines, their control ports a hundred higher
START = 180.0  # seconds until the login page must be there


@dataclass(frozen=True)
class Installation:
    folder: Path
    data: Path
    port: int
    machines_port: int  # of the first simulated machine

    @property
    def url(self) -> str:
        # Not by name: the server listens on this address, a browser may try another one first.
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What everything that `make run` started has said."""
        return self.data.with_name("run.log")

    def pins(self) -> list[str]:
        """Return the numbers under which people are known to machines."""
        with closing(sqlite3.connect(self.data / "sopan.sqlite3", timeout=60)) as database:
            rows = database.execute("SELECT number FROM devices_devicepin ORDER BY number")
            return [row[0] for row in rows]

    def wait_for_machines(self, since: date, seconds: float = 120) -> None:
        """Return when every machine was heard on this day or later; no month is final before."""
        end = time.monotonic() + seconds
        with closing(sqlite3.connect(self.data / "sopan.sqlite3", timeout=60)) as database:
            sql = "SELECT MIN(COALESCE(last_contact_at, '')) FROM devices_device"
            while (heard := database.execute(sql).fetchone()[0]) < since.isoformat():
                assert time.monotonic() < end, f"a machine was last heard {heard}"
                time.sleep(0.2)

    def wait_for_fingers(self, seconds: float = 60) -> None:
        """Return when everybody has pressed a finger at the first machine, or after this time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            there = tell(self.machines_port + 100, "fingers", timeout=60).get("ok")
            if isinstance(there, list) and len(there) >= len(self.pins()):
                return
            time.sleep(0.2)

    def last_words(self) -> str:
        return f"run.log ends with:\n{self.log.read_text(errors='replace')[-3000:]}"

    @property
    def password(self) -> str:
        """The password of the demo accounts, where `make run` says it is kept."""
        return (self.data / "demo-password").read_text().strip()


def clean_copy(target: Path) -> Path:
    """Copy what git would clone, with the packages that are installed already."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    packages = ROOT / ".venv"
    (target / ".venv").symlink_to(packages)
    return target


@cache
def _machines_port(data: Path) -> int:
    """Return the same for the same data: the machines are registered under their ports."""
    return free_ports(MACHINE_PORTS)


@contextmanager
def running(copy: Path, data: Path, *, demo: str, clock: str) -> Iterator[Installation]:
    """Type `make run` in a clean copy and wait for its login page; stop all of it afterwards.

    `clock` is the office's time at the start ("2026-10-01T08:00"), in the zone of Kupang. What
    fails meanwhile tells the last words of the office as well.
    """
    installation = Installation(copy, data, free_port(), _machines_port(data))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))},
        "SOPAN_DATA": str(installation.data),
        "SOPAN_PORT": str(installation.port),
        "SOPAN_DEMO": demo,
        "SOPAN_DEMO_PORT": str(installation.machines_port),
        "SOPAN_SWEEP_SECONDS": "2",
        "SOPAN_EXTRA_APPS": "tests.e2e.clock",
        "SOPAN_TEST_CLOCK": f"{clock}:00+08:00",
        "SOPAN_TEST_CLOCK_SINCE": str(time.time()),
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CELERY_BROKER_URL", None)
    log = installation.log.open("a")
    process = subprocess.Popen(
        ["make", "run"], cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for_login(installation, process)
        yield installation
    except Exception as failure:
        ended = process.poll()
        failure.add_note(f"`make run` {'runs' if ended is None else f'ended with {ended}'}")
        failure.add_note(installation.last_words())
        raise
    finally:
        # What Ctrl-C does at a terminal: the whole foreground group gets the signal.
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=30)
        finally:
            _kill_group(process.pid)
            log.close()


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_for_login(installation: Installation, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError("`make run` ended by itself")
        try:
            if _login_status(installation.port) == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise AssertionError(f"no login page after {START:.0f} s")


def _login_status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status
    finally:
        connection.close()
