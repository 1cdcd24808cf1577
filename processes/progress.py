"""How far an instance is: the numbered steps of its SOP and the marks on its diagram."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processes.clocks import State
from processes.models import Task
from workflows.definitions import OutcomeKind, ProcessDefinition, TaskDefinition, TaskKind
from workflows.drawing.diagram import Mark, MarkKind

_OPEN = (Task.Status.READY, Task.Status.CLAIMED)
STATES = {
    "done": State("ok", "check", "Selesai"),
    "reused": State("reused", "reused", "Masih berlaku"),
    "current": State("info", "play", "Sedang berjalan"),
    "failed": State("failed", "error", "Gagal - perlu tindakan"),
    "again": State("returned", "return", "Diulang"),
    "waiting": State("", "clock", "Belum dimulai"),
    "skipped": State("", "close", "Tidak dijalankan"),
    "lapsed": State("", "cancel", "Tidak diselesaikan"),
}


@dataclass(frozen=True)
class StepProgress:
    """One numbered step of the SOP in one instance. `task_id` is its newest task."""

    number: int
    name: str
    lane: str
    key: str
    visits: int
    task_id: int | None

    @property
    def state(self) -> State:
        return STATES[self.key]


def progress(
    definition: ProcessDefinition, tasks: Sequence[Task], *, is_over: bool
) -> list[StepProgress]:
    """Return the numbered steps in order, each with its state; `tasks` oldest first."""
    returned = [t for t in tasks if t.outcome_kind == OutcomeKind.RETURN and t.submitted_at]
    found = []
    for step in definition.steps:
        own = [task for task in tasks if definition.step_of(task.step).id == step.id]
        people = [task for task in own if task.kind == TaskKind.USER]
        key = _key(definition, step, own, tasks, returned, is_over=is_over)
        found.append(
            StepProgress(
                number=step.number or 0,
                name=step.name,
                lane=step.lane,
                key=key,
                visits=len({task.visit for task in people}),
                task_id=(people or own)[-1].pk if own else None,
            )
        )
    return found


def _key(
    definition: ProcessDefinition,
    step: TaskDefinition,
    own: Sequence[Task],
    tasks: Sequence[Task],
    returned: Sequence[Task],
    *,
    is_over: bool,
) -> str:
    if any(task.status == Task.Status.FAILED and not task.was_left for task in own):
        return "failed"
    if any(task.status in _OPEN for task in own):
        return "current"
    done = [task for task in own if task.status == Task.Status.COMPLETED]
    if not done:
        return "skipped" if is_over else "waiting"
    if all(task.undone_at is not None for task in done):
        return "skipped" if is_over else "again"
    if not is_over and any(_undone(definition, step, done[-1], back, tasks) for back in returned):
        return "again"
    # What serves the step before its work (the check that it still holds) is not the work.
    if _lapsed(step, own):
        return "lapsed"
    if any(task.reused for task in done) and not any(t.kind == TaskKind.USER for t in done):
        return "reused"
    return "done"


def _lapsed(step: TaskDefinition, own: Sequence[Task]) -> bool:
    """Say whether the step's own work ended undone, whatever was done beside it."""
    ends = {task.status for task in own if task.step == step.id and task.kind == TaskKind.USER}
    return ends == {Task.Status.CANCELLED}


def _undone(
    definition: ProcessDefinition,
    step: TaskDefinition,
    last: Task,
    back: Task,
    tasks: Sequence[Task],
) -> bool:
    """Say whether a decision sent the process back to before this step, after its last work."""
    if last.submitted_at is None or back.submitted_at is None:
        return False
    targets = [
        definition.step_of(task.step).number or 0
        for task in tasks
        if task.returned_by_id == back.pk
    ]
    if not targets or (step.number or 0) < min(targets):
        return False
    last_number = definition.step_of(back.step).number or 0
    return (step.number or 0) <= last_number and last.submitted_at <= back.submitted_at


def marks(definition: ProcessDefinition, tasks: Iterable[Task]) -> dict[str, Mark]:
    """Return the marks of the diagram by BPMN id, newest visit last."""
    found: dict[str, Mark] = {}
    newest: dict[str, int] = {}
    for task in tasks:
        if task.step not in definition.tasks or task.status == Task.Status.CANCELLED:
            continue
        if task.undone_at is not None:
            continue
        before, kind = found.get(task.step), _mark(task)
        if before is not None and newest.get(task.step) == task.visit:
            # Another row of the same visit: the step is done when all of them are.
            kind = MarkKind.CURRENT if before.kind is MarkKind.CURRENT else kind
            found[task.step] = Mark(kind, before.visits)
        else:
            found[task.step] = Mark(kind, before.visits + 1 if before else 1)
        newest[task.step] = task.visit
        served = definition.step_of(task.step).id
        if task.reused and served not in found:
            found[served] = Mark(MarkKind.REUSED)
    return found


def _mark(task: Task) -> MarkKind:
    if task.status == Task.Status.COMPLETED:
        return MarkKind.REUSED if task.reused else MarkKind.DONE
    return MarkKind.DONE if task.was_left else MarkKind.CURRENT
