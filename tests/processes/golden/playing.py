"""An instance on the engine alone, from its begin or from a state that was stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows import engine
from workflows.definitions import ProcessDefinition, TaskKind
from workflows.files.scenario_file import raced

ONE_ROW = ("1",)


class Play:
    """What the system does by itself is done when it is its turn; all other steps are told."""

    def __init__(
        self,
        definition: ProcessDefinition,
        facts: dict[str, Any],
        *,
        rows: Mapping[str, Sequence[str]] | None = None,
        state: bytes = b"",
        form: dict[str, Any] | None = None,
    ) -> None:
        self.definition, self.facts, self.state = definition, facts, state
        self.form: dict[str, Any] = dict(form or {})
        self.rows = {
            task.id: (rows or {}).get(task.id, ONE_ROW)
            for task in definition.tasks.values()
            if task.rows
        }
        self.visits: dict[str, int] = {}
        self.end = ""

    @property
    def ready(self) -> list[str]:
        """Return the steps that wait, in the order in which they opened."""
        return [task.step for task in engine.ready(self.definition, self.state)]

    def start(self) -> None:
        self._after(engine.start(self.definition, self._names()))

    def do(self, step: dict[str, Any]) -> None:
        """Do a step: {"task", "form", "facts", "fails"}; the facts hold from here on."""
        self.wait_for(step)
        self.form |= step.get("form", {})
        self.facts |= step.get("facts", {})
        self._leave(step["task"], fails=step.get("fails", False))

    def wait_for(self, step: dict[str, Any]) -> None:
        """Let the system work until this step waits."""
        while step["task"] not in self.ready and self._system_works():
            pass

    def finish(self) -> None:
        """Let the system work as long as it can."""
        while not self.end and self._system_works():
            pass

    def _names(self) -> engine.Names:
        return {"form": self.form, "facts": self.facts, "rows": self.rows}

    def _leave(self, step: str, *, fails: bool = False) -> None:
        waiting = engine.ready(self.definition, self.state)
        engine_id = next(task.engine_id for task in waiting if task.step == step)
        leave = engine.fail if fails else engine.complete
        self._after(leave(self.definition, self.state, engine_id, self._names()))

    def _after(self, snapshot: engine.Snapshot) -> None:
        self.state, self.end = snapshot.state, snapshot.end_event
        for step in dict.fromkeys(task.step for task in snapshot.opened):
            self.visits[step] = self.visits.get(step, 0) + 1

    def _system_works(self) -> bool:
        """Complete the first task that goes on by itself; say whether there was one."""
        for step in self.ready:
            task = self.definition.tasks[step]
            by_itself = task.kind in (TaskKind.AUTOMATIC, TaskKind.TIMER)
            if by_itself and task.attached_to is None and step not in raced(self.definition):
                self._leave(step)
                return True
        return False
