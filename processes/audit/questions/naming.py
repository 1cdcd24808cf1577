"""What the steps of a scope are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from processes.audit.scope import Scope
from processes.audit.versions import newest_tasks, versions
from workflows.definitions import TaskDefinition


@dataclass(frozen=True)
class StepNames:
    """The steps of every version in a scope, each as its newest version has it."""

    tasks: Mapping[str, TaskDefinition]

    def label(self, step: str) -> str:
        """Return "7. Teliti resume"; the id itself of a step that no version has."""
        task = self.tasks.get(step)
        if task is None:
            return step or "-"
        return task.name if task.number is None else f"{task.number}. {task.name}"

    def place(self, step: str) -> tuple[int, int, str]:
        """Return what puts steps in the order of the SOP, those of no version last."""
        task = self.tasks.get(step)
        number = task.number if task and task.number is not None else 999
        return number, 0 if task else 1, step

    @property
    def numbered(self) -> list[TaskDefinition]:
        """Return the numbered steps in their order."""
        found = [task for task in self.tasks.values() if task.number is not None]
        return sorted(found, key=lambda task: self.place(task.id))


def step_names(scope: Scope) -> StepNames:
    """Return the names of the steps that ran in this scope; two queries, three at most."""
    return StepNames(newest_tasks(versions(scope)))
