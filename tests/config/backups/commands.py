"""The commands as somebody types them, in an office of the test."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.office import ROOT, Office
from tests.servers import scratch_database

LONG = 300  # seconds that a command may take on a slow machine


def manage(office: Office, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=office.environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )


def told(office: Office, *arguments: str, **more: str) -> dict[str, Any]:
    """Return what a command reports as JSON; it must have succeeded."""
    done = manage(office, *arguments, "--json", **more)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def refused(office: Office, *arguments: str, **more: str) -> str:
    """Return the sentence with which a command ends; it must have failed with one line."""
    done = manage(office, *arguments, **more)
    assert done.returncode, done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@contextmanager
def empty_place(like: Office, folder: Path) -> Iterator[Office]:
    """An installation that nobody has used: another folder, another database of the same kind."""
    folder.mkdir(mode=0o700, parents=True)
    if not like.database_url:
        yield Office(folder)
        return
    with scratch_database() as url:
        yield Office(folder, url)
