"""Keeps the files of one `xdist_group` on one worker: an office is made once, races do not meet.

pytest-xdist tells groups by a private field of pytest's items, which pytest 9.2 has no more; here
they are told by the mark that stands in the file.
"""

import re
from collections import OrderedDict
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"xdist_group\(\"([\w-]+)\"\)")
# What takes minutes is begun first, so that both workers are busy to the end. Beside the walks,
# which need a browser and a whole office, stands what needs one process only: the checks, whose
# types take longest and say soonest what is wrong.
FIRST = ("checks", "walks", "guide", "access-odd", "races", "kills", "forty", "access-matrix",
         "machine-door", "bench", "device-storing", "door", "device-processes", "pulling-processes",
         "alarm-processes", "attendance-sheets")  # fmt: skip


@cache
def group_of(file: str) -> str:
    """Return the group named in a file of tests (its path from the root), or an empty text."""
    path = ROOT / file
    found = MARK.search(path.read_text()) if path.is_file() else None
    return found[1] if found else ""


def in_order(scopes: list[str]) -> list[str]:
    """Return the groups of `FIRST` in their order, then the others, those of many tests before."""
    place = {group: number for number, group in enumerate(FIRST)}
    return sorted(scopes, key=lambda scope: place.get(scope, len(place)))


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups, the long ones first; what is in none, test by test."""

    workqueue: OrderedDict[str, dict[str, bool]]  # tests by group, and whether each is done
    is_ordered = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.split("::", 1)[0]) or nodeid

    def _assign_work_unit(self, node: WorkerController) -> None:
        if not self.is_ordered:
            queue = self.workqueue
            self.workqueue = OrderedDict((scope, queue[scope]) for scope in in_order([*queue]))
            self.is_ordered = True
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return GroupScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
