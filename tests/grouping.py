"""Keeps the files of one `xdist_group` on one worker: an office is made once, races do not meet.

pytest-xdist tells groups by a private field of pytest's items, which pytest 9.2 has no more; here
they are told by the mark that stands in the file.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"xdist_group\(\"([\w-]+)\"\)")


@cache
def group_of(file: str) -> str:
    """Return the group named in a file of tests (its path from the root), or an empty text."""
    path = ROOT / file
    found = MARK.search(path.read_text()) if path.is_file() else None
    return found[1] if found else ""


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups; what is in none, test by test."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.split("::", 1)[0]) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return GroupScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
