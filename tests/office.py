"""An installation of its own: a data folder, a database, and processes that work in it.

What is tested here happens between processes, so nothing of it can be done inside the test's own:
`call` runs a function in a process of the office and returns what it answers, `begin` starts one
that waits for a signal.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import tables
from tests.forks import Forked, forked
from tests.servers import postgresql_url, scratch_database

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Office:
    folder: Path
    database_url: str = ""  # empty: SQLite in the folder

    def environment(self, **more: str) -> dict[str, str]:
        """Return what every process of this office is started with."""
        own = {k: v for k, v in os.environ.items() if not k.startswith(("SOPAN_", "DJANGO_"))}
        own.pop("DATABASE_URL", None)
        own.pop("CELERY_BROKER_URL", None)
        if self.database_url:
            own["DATABASE_URL"] = self.database_url
        return own | {
            "DJANGO_SETTINGS_MODULE": "tests.office_settings",
            "SOPAN_DATA": str(self.folder),
            "SOPAN_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
            **more,
        }

    def call(self, function: str, **arguments: Any) -> Any:
        """Run a function ("tests.faults.staging:prepare") in a process; return its answer."""
        return self.begin(function, **arguments).answer()

    @contextmanager
    def clerk(self) -> Iterator["Clerk"]:
        """Keep one process of the office for many calls."""
        process = self._process(None)
        try:
            yield Clerk(process)
        finally:
            process.kill()
            process.communicate()

    def begin(self, function: str, **arguments: Any) -> "Child":
        return Child(self._process([function, arguments]))

    def _process(self, once: list[Any] | None) -> Forked:
        """Start a process that makes this one call, or all that it is asked for."""
        process = forked(self.environment())
        process.stdin.write(f"{json.dumps(once)}\n")
        process.stdin.flush()
        return process


class Clerk:
    """A process of an office that does one call after the other."""

    def __init__(self, process: Forked) -> None:
        self.process = process

    def call(self, function: str, **arguments: Any) -> Any:
        """Run a function there and return its answer; RuntimeError if the process ended by it."""
        self.begin(function, **arguments)
        return self.answer()

    def begin(self, function: str, **arguments: Any) -> None:
        """Begin a function that waits for signals; its `answer` must be taken before the next."""
        self.go(json.dumps([function, arguments]))

    def wait_until_ready(self) -> None:
        self._line("READY")

    def go(self, message: str) -> None:
        self.process.stdin.write(f"{message}\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        return json.loads(self._line("ANSWER ").removeprefix("ANSWER "))

    def _line(self, beginning: str) -> str:
        for line in self.process.stdout:
            if line.startswith(beginning):
                return line
        raise RuntimeError(f"a process of the office ended with {self.process.wait()}")


class Child:
    """A process of an office: waits to be ready, is told to go, answers once."""

    def __init__(self, process: Forked) -> None:
        self.process = process

    def wait_until_ready(self) -> None:
        for line in self.process.stdout:
            if line == "READY\n":
                return
        raise RuntimeError(f"a process of the office ended with {self.process.wait()}")

    def go(self, message: str) -> None:
        self.process.stdin.write(f"{message}\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        output, _ = self.process.communicate()
        if self.process.returncode:
            raise RuntimeError(f"a process of the office ended with {self.process.returncode}")
        return json.loads(output.rpartition("ANSWER ")[2])


class Service:
    """A line of the Procfile as a group of processes that can be killed as one."""

    def __init__(self, office: Office, name: str, **environment: str) -> None:
        self.office, self.name, self.environment = office, name, environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.office.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {self._command()}"],
                cwd=ROOT,
                env=self.office.environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End every process of the group at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        return (self.office.folder / f"{self.name}.log").read_text(errors="replace")

    def _command(self) -> str:
        lines = dict(
            line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line
        )
        return lines[self.name].replace(".venv/bin/", f"{PROGRAMS}/")


@pytest.fixture(scope="session")
def model_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Office]]:
    """What makes, once for each database, an office with its people that nobody works in.

    Making the people takes seconds; an office of a test is a copy of this one.
    """
    with ExitStack() as stack:

        @cache
        def made(database: str) -> Office:
            folder, url = tmp_path_factory.mktemp("model-office"), ""
            if database == "postgresql":
                url = stack.enter_context(scratch_database(like=tables.postgresql_tables()))
            else:
                tables.lay(folder)
            office = Office(folder, url)
            office.call("tests.faults.staging:prepare")
            return office

        yield made


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def office(
    request: pytest.FixtureRequest,
    model_office: Callable[[str], Office],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Office]:
    """An office with its people, on SQLite (a file) and on PostgreSQL where there is one."""
    if request.param == "postgresql" and not postgresql_url():
        pytest.skip("PostgreSQL: tidak ada server di localhost")
    model = model_office(request.param)
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(model.folder, folder, dirs_exist_ok=True)
    if not model.database_url:
        yield Office(folder)
        return
    with scratch_database(like=model.database_url) as url:
        yield Office(folder, url)


@pytest.fixture(scope="module")
def clerk(office: Office) -> Iterator[Clerk]:
    """A process of the office for what is prepared before and looked at after."""
    with office.clerk() as process:
        yield process


@pytest.fixture(scope="module")
def clerks(office: Office) -> Iterator[list[Clerk]]:
    """Four processes of the office, for what happens at once."""
    with ExitStack() as stack:
        yield [stack.enter_context(office.clerk()) for _ in range(4)]
