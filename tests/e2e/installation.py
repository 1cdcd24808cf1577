"""An installation of its own for a walk: a clean copy of the project, started by `make run`."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of the simulated machines (control ports a hundred higher): away from a demo that may run beside,
# and below the ports that passing connections are given.
DEMO_PORT = 23801
START = 180.0  # seconds until the login page must be there


@dataclass(frozen=True)
class Installation:
    folder: Path
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

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


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(copy: Path, data: Path, *, demo: str, clock: str) -> Iterator[Installation]:
    """Type `make run` in a clean copy and wait for its login page; stop all of it afterwards.

    `clock` is the office's time at the start ("2026-10-01T08:00"), in the zone of Kupang.
    """
    installation = Installation(copy, data, free_port())
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))},
        "SOPAN_DATA": str(installation.data),
        "SOPAN_PORT": str(installation.port),
        "SOPAN_DEMO": demo,
        "SOPAN_DEMO_PORT": str(DEMO_PORT),
        "SOPAN_SWEEP_SECONDS": "2",
        "SOPAN_EXTRA_APPS": "tests.e2e.clock",
        "SOPAN_TEST_CLOCK": f"{clock}:00+08:00",
        "SOPAN_TEST_CLOCK_SINCE": str(time.time()),
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CELERY_BROKER_URL", None)
    log = data.with_name("run.log").open("a")
    process = subprocess.Popen(
        ["make", "run"], cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for_login(installation, process, data.with_name("run.log"))
        yield installation
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


def _wait_for_login(
    installation: Installation, process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"`make run` ended by itself:\n{log.read_text()[-3000:]}")
        try:
            if _login_status(installation.port) == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"no login page after {START:.0f} s:\n{log.read_text()[-3000:]}")


def _login_status(port: int) -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status
    finally:
        connection.close()
