"""Keeps the files of one `xdist_group` on one worker: an office is made once, races do not meet.

A file that is in no group stays on one worker as well: what its tests share is made once.
pytest-xdist tells groups by a private field of pytest's items, which pytest 9.2 has no more; here
they are told by the mark that stands in the file.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"xdist_group\(\"([\w-]+)\"\)")
# What takes minutes is begun first, so that both workers are busy to the end. The checks come
# before all: their types take longest and say soonest what is wrong.
FIRST = ("checks", "walks", "guide", "access-odd", "kills", "forty", "access-matrix", "races",
         "machine-door", "api-access", "bench", "device-storing", "door", "device-processes",
         "pulling-processes", "alarm-processes", "attendance-sheets", "event-log")  # fmt: skip
# Whose tests start whole offices and wait for them. One worker does these while the other computes:
# two that wait at once leave the machine idle, two offices at once keep each other waiting.
WAITING = frozenset(("walks", "guide", "kills", "forty", "races", "machine-door", "door",
                     "device-processes", "pulling-processes", "alarm-processes"))  # fmt: skip


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


def next_of(queue: Iterable[str], busy: Iterable[str]) -> str:
    """Return what comes next for a worker while the others do this: one group waits at a time."""
    waiting = [scope for scope in queue if scope in WAITING]
    others = (scope for scope in queue if scope not in WAITING)
    if waiting and not WAITING.intersection(busy):
        return waiting[0]
    return next(others, *waiting[:1])


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups, the long ones first; what is in none, file by file."""

    workqueue: OrderedDict[str, dict[str, bool]]  # tests by group, and whether each is done
    is_ordered = False

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return group_of(file) or file

    def _assign_work_unit(self, node: WorkerController) -> None:
        if not self.is_ordered:
            queue = self.workqueue
            self.workqueue = OrderedDict((scope, queue[scope]) for scope in in_order([*queue]))
            self.is_ordered = True
        busy = [
            scope
            for other, units in self.assigned_work.items()
            if other != node
            for scope, tests in units.items()
            if not all(tests.values())
        ]
        self.workqueue.move_to_end(next_of([*self.workqueue], busy), last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return GroupScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
