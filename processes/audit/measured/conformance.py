"""Whether an instance went as its SOP says: what the BPMN did not lead to, and what is remarkable.

Pure: rows in memory in, plain values out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from processes.models import Task, VisitTiming
from workflows.definitions import ProcessDefinition
from workflows.replay import avoidable, replay


class Kind(StrEnum):
    """What can be said of an instance. The first two break conformity, the others are remarks."""

    SKIPPED = "skipped"
    OUT_OF_ORDER = "out_of_order"
    FORCED = "forced"
    BY_SUBSTITUTE = "by_substitute"
    OUTSIDE_HOURS = "outside_hours"
    BACKDATED = "backdated"
    CLOCK_BACK = "clock_back"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def breaks(self) -> bool:
        """Say whether it means that the BPMN was not followed."""
        return self in (Kind.SKIPPED, Kind.OUT_OF_ORDER)


LABELS: Mapping[Kind, str] = {
    Kind.SKIPPED: "Dilewati",
    Kind.OUT_OF_ORDER: "Di luar urutan",
    Kind.FORCED: "Dipaksa",
    Kind.BY_SUBSTITUTE: "Oleh pengganti",
    Kind.OUTSIDE_HOURS: "Di luar jam kerja",
    Kind.BACKDATED: "Berlaku mundur",
    Kind.CLOCK_BACK: "Jam mundur",
    Kind.UNDONE: "Dimundurkan",
}
# The remarks that stand on a visit as a flag of the same name.
FLAGS = (
    Kind.OUT_OF_ORDER,
    Kind.FORCED,
    Kind.BY_SUBSTITUTE,
    Kind.OUTSIDE_HOURS,
    Kind.BACKDATED,
    Kind.CLOCK_BACK,
    Kind.UNDONE,
)


@dataclass(frozen=True)
class Deviation:
    """One thing that was found. `step` is empty, `task` None, where it is about the whole."""

    kind: Kind
    step: str = ""
    task: int | None = None

    @property
    def stored(self) -> dict[str, Any]:
        """Return it as `InstanceAudit.deviations` keeps it."""
        return {"kind": str(self.kind), "step": self.step, "task": self.task}


@dataclass(frozen=True)
class Played:
    """The completed tasks of an instance played on its BPMN.

    `out_of_order` are tasks that were not what the BPMN offered next; `complete` says that nothing
    waits any more.
    """

    out_of_order: frozenset[int]
    complete: bool


def in_order(tasks: Iterable[Task], completions: Mapping[int, int]) -> list[Task]:
    """Return the tasks from which the process went on, in the order in which it did.

    They are completed, or failed and were left by the way for errors. `completions` are the numbers
    of those events by task id: clocks may be set back and two tasks be done in one moment, numbers
    not. Tasks without any go by their moment.
    """
    done = [task for task in tasks if task.status == Task.Status.COMPLETED or task.was_left]
    if all(task.pk in completions for task in done):
        return sorted(done, key=lambda task: completions[task.pk])
    return sorted(done, key=lambda task: (_ended_at(task), task.pk))


def _ended_at(task: Task) -> datetime:
    return task.submitted_at or task.effective_at or task.offered_at


def course(tasks: Iterable[Task], done: Sequence[Task]) -> list[Task]:
    """Return what the tasks of an instance were to its diagram.

    `done` is `in_order` of all `tasks`. A step that is done once per row is told once, by the last
    of its rows; what the instance went back before is not told at all.
    """
    rows = Counter((task.step, task.visit) for task in tasks if task.row_key)
    found = []
    for task in done:
        rows[task.step, task.visit] -= 1
        if rows[task.step, task.visit] <= 0 and task.undone_at is None:
            found.append(task)
    return found


def played(definition: ProcessDefinition, told: Sequence[Task]) -> Played:
    """Play the tasks of an instance as they were to its diagram (`course`)."""
    found = replay(definition, [task.step for task in told])
    return Played(frozenset(told[place].pk for place in found.out_of_order), found.complete)


def deviations(
    definition: ProcessDefinition,
    visits: Sequence[VisitTiming],
    course: Played,
    *,
    finished: bool,
    clock_back: bool = False,
) -> list[Deviation]:
    """Return everything to be said of one instance, what breaks conformity first.

    `visits` are all its finished visits with their flags; `clock_back` says that a moment of the
    instance itself, not of a visit, lies before the one it follows.
    """
    found = [
        Deviation(Kind.SKIPPED, step) for step in _skipped(definition, visits, course, finished)
    ]
    for flag in FLAGS:
        for visit in sorted(visits, key=lambda visit: (visit.submitted_at, visit.task_id)):
            if getattr(visit, flag):
                found.append(Deviation(flag, visit.step, visit.task_id))
    if clock_back:
        found.append(Deviation(Kind.CLOCK_BACK))
    return found


def conforms(found: Iterable[Deviation]) -> bool:
    """Say whether the instance went as the BPMN leads."""
    return not any(deviation.kind.breaks for deviation in found)


def _skipped(
    definition: ProcessDefinition, visits: Sequence[VisitTiming], course: Played, finished: bool
) -> list[str]:
    """Return the numbered steps that a finished instance should have visited and did not.

    Where the whole run is one that the BPMN allows, a decision led past them; else a step counts
    that no way to an end leaves out.
    """
    if not finished or (course.complete and not course.out_of_order):
        return []
    visited = {visit.step for visit in visits}
    return [
        step.id
        for step in definition.steps
        if step.id not in visited and not avoidable(definition, _standing_for(definition, step.id))
    ]


def _standing_for(definition: ProcessDefinition, step: str) -> list[str]:
    """Return the step and what serves it: one of them may pass it as "masih berlaku"."""
    return [task.id for task in definition.tasks.values() if step in (task.id, task.serves)]
