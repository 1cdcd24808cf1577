"""All that a process remembers between two calls of the engine, and its few bytes in a table."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.definitions import ProcessDefinition
from workflows.engine.errors import StateRefused
from workflows.engine.nodes import Inclusive, Parallel

STATE_FORMAT = 1


@dataclass(frozen=True)
class ReadyTask:
    """What waits for a person, a worker, the clock or a message. `engine_id` is new for each visit.

    `row` is the key of the row that it is done for, where a task is done once per row.
    """

    engine_id: str
    step: str
    row: str = ""


@dataclass(frozen=True)
class Tokens:
    """Which tasks wait, for which rows, and which branches wait at a join.

    An event on an edge that waits is a token like any other; whose it is, the diagram says. `end`
    is what the process came to while something beside it is still at work.

    What is behind them decides nothing any more, so it is not kept: the state does not grow with
    the rounds of a process, and a tree that starts anew in each call is never too deep for Spiff.
    """

    # engine id -> BPMN id, in the order in which they opened
    ready: dict[str, str] = field(default_factory=dict)
    arrivals: tuple[tuple[str, str], ...] = ()  # joining gateway, the node the token came from
    end: str = ""
    rows: dict[str, str] = field(default_factory=dict)  # engine id -> key of its row

    @property
    def tasks(self) -> tuple[ReadyTask, ...]:
        return tuple(ReadyTask(i, step, self.rows.get(i, "")) for i, step in self.ready.items())

    @classmethod
    def of(cls, workflow: BpmnWorkflow, end: str, rows: dict[str, str]) -> "Tokens":
        open_tasks = [t for t in workflow.tasks.values() if t.state == TaskState.READY]
        waiting = [t for t in workflow.tasks.values() if t.state == TaskState.WAITING]
        return cls(
            ready={t.id.hex: t.task_spec.name for t in open_tasks},
            arrivals=tuple(
                (t.task_spec.name, t.parent.task_spec.name)
                for t in waiting
                if isinstance(t.task_spec, Parallel | Inclusive)
            ),
            end=end,
            rows={t.id.hex: rows[t.id.hex] for t in open_tasks if t.id.hex in rows},
        )

    @classmethod
    def load(cls, definition: ProcessDefinition, state: bytes) -> "Tokens":
        try:
            stored = json.loads(state)
            kept_format, version = stored["format"], stored["version"]
            tokens = cls(
                ready={UUID(hex=engine_id).hex: str(step) for engine_id, step in stored["ready"]},
                arrivals=tuple((str(g), str(source)) for g, source in stored["arrivals"]),
                end=str(stored.get("end", "")),
                rows={str(i): str(key) for i, key in stored.get("rows", {}).items()},
            )
            if tokens.rows.keys() - tokens.ready.keys():
                raise KeyError("rows")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StateRefused(
                "Keadaan proses yang tersimpan rusak; pulihkan dari cadangan."
            ) from error
        if kept_format != STATE_FORMAT:
            raise StateRefused(
                f"Keadaan proses berformat {kept_format}; yang dapat dibaca: {STATE_FORMAT}."
            )
        if version != definition.version:
            raise StateRefused(
                f"Keadaan proses milik versi SOP {str(version)[:12]}, "
                f"bukan versi {definition.version[:12]}."
            )
        return tokens

    def dump(self, definition: ProcessDefinition) -> bytes:
        return json.dumps(
            {
                "format": STATE_FORMAT,
                "version": definition.version,
                "ready": list(self.ready.items()),
                "arrivals": self.arrivals,
            }
            | ({"end": self.end} if self.end else {})
            | ({"rows": self.rows} if self.rows else {}),
            separators=(",", ":"),
        ).encode()

    def withdraw(self, spec: Any, engine_id: str) -> tuple[ReadyTask, ...]:
        """Take away and return what ends with a task.

        That are the events on its edge, its rivals, or what it interrupts. By name, since in a
        diagram that passed the gate no task is entered twice at a time.
        """
        try:
            done = spec.task_specs[self.ready[engine_id]]
            gone = {*done.events, *done.rivals}
            if done.interrupts:
                gone |= {done.host, *spec.task_specs[done.host].events}
        except KeyError as error:
            raise _unknown_part(error) from None
        found = tuple(t for t in self.tasks if t.step in gone and t.engine_id != engine_id)
        for task in found:
            self.remove(task.engine_id)
        return found

    def remove(self, engine_id: str) -> None:
        self.rows.pop(engine_id, None)
        del self.ready[engine_id]

    def has_other_rows(self, engine_id: str) -> bool:
        """Say whether the task of this row is still to be done for another."""
        step = self.ready[engine_id]
        return any(self.ready[other] == step for other in self.rows if other != engine_id)

    def restore(self, spec: Any, conditions: Any) -> BpmnWorkflow:
        """Return a workflow whose tree is one finished root with the tokens right below it."""
        workflow = BpmnWorkflow(spec, script_engine=conditions, deserializing=True)
        root = Task(workflow, spec.start, state=TaskState.COMPLETED)
        workflow.task_tree = root
        try:
            for gateway, source in self.arrivals:
                join, part = spec.task_specs[gateway], spec.task_specs[source]
                if part not in join.inputs:
                    raise KeyError(f"{source} → {gateway}")
                before = Task(workflow, part, root, state=TaskState.COMPLETED)
                Task(workflow, join, before, state=TaskState.WAITING)
            for engine_id, step in self.ready.items():
                Task(workflow, spec.task_specs[step], root, TaskState.READY, UUID(engine_id))
        except KeyError as error:
            raise _unknown_part(error) from None
        return workflow


def _unknown_part(error: KeyError) -> StateRefused:
    return StateRefused(f"Keadaan proses menyebut {error}, yang tidak ada di diagram.")
