"""The one door to SpiffWorkflow: start a process, complete a task, what is ready now.

Pure: no Django, no tables. The stored state holds the tokens and nothing else; the diagram is
parsed once per version of a definition and shared by all its instances.
"""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import ProcessDefinition
from workflows.engine_errors import (
    ConditionFailed,
    EngineError,
    NotReady,
    StateRefused,
    StepBudgetExceeded,
    TooDeep,
)
from workflows.engine_specs import Parallel, parse_diagram

__all__ = [
    "STEP_BUDGET",
    "ConditionFailed",
    "EngineError",
    "Names",
    "NotReady",
    "ReadyTask",
    "Snapshot",
    "StateRefused",
    "StepBudgetExceeded",
    "TooDeep",
    "complete",
    "parse",
    "ready",
    "start",
]

# What Spiff gathers for its log lines walks the whole tree at every change of state, and would put
# data into logs. Neither is wanted.
for _logger in ("spiff.workflow", "spiff.task"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

Names = Mapping[str, Mapping[str, Any]]

STEP_BUDGET = 500
"""Engine steps (events and gateways) in one call. Spiff stops seeing tasks below depth 1000."""

STATE_FORMAT = 1
SPECS_KEPT = 128


@dataclass(frozen=True)
class ReadyTask:
    """A task that waits for a person, a worker or the clock. `engine_id` is new for each visit."""

    engine_id: str
    step: str


@dataclass(frozen=True)
class Snapshot:
    """Where a process stands. `opened` are those of `ready` that this call brought about.

    `withdrawn` waited before and wait no longer, though nobody completed them: the timers of a task
    that is done, or the task that an interrupting timer ended.
    """

    state: bytes
    ready: tuple[ReadyTask, ...]
    opened: tuple[ReadyTask, ...]
    ended: bool
    end_event: str
    withdrawn: tuple[ReadyTask, ...] = ()


def start(definition: ProcessDefinition, names: Names) -> Snapshot:
    """Return a new process of this definition, run to its first wait states."""
    with _clear_errors():
        workflow = BpmnWorkflow(_spec(definition), script_engine=_Conditions(names))
        return _run(definition, workflow, _Tokens())


def complete(definition: ProcessDefinition, state: bytes, engine_id: str, names: Names) -> Snapshot:
    """Return the process after this task is done, run to the next wait states.

    `names` are what conditions may read on the way; nothing of it is kept. Raises NotReady,
    ConditionFailed, StepBudgetExceeded, TooDeep or StateRefused; `state` then still holds.
    """
    tokens = _Tokens.load(definition, state)
    if engine_id not in tokens.ready:
        raise NotReady("Tugas ini tidak sedang menunggu: sudah diselesaikan atau belum gilirannya.")
    with _clear_errors():
        spec = _spec(definition)
        withdrawn = tokens.withdraw(spec, engine_id)
        workflow = tokens.restore(spec, _Conditions(names))
        task = workflow.tasks[UUID(engine_id)]
        # Only the token that moves needs to know what comes next.
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        task.run()
        return _run(definition, workflow, tokens, withdrawn)


def ready(definition: ProcessDefinition, state: bytes) -> tuple[ReadyTask, ...]:
    """Return the tasks that wait in a stored state."""
    tokens = _Tokens.load(definition, state)
    return tuple(ReadyTask(engine_id, step) for engine_id, step in tokens.ready.items())


def parse(definition: ProcessDefinition) -> None:
    """Parse the diagram now rather than at the first start. Raises EngineError."""
    with _clear_errors():
        _spec(definition)


def _run(
    definition: ProcessDefinition,
    workflow: BpmnWorkflow,
    before: "_Tokens",
    withdrawn: tuple[ReadyTask, ...] = (),
) -> Snapshot:
    steps = 0
    end_event = before.end
    beside = workflow.spec.ends_beside

    def count(task: Task) -> None:
        nonlocal steps, end_event
        steps += 1
        if steps > STEP_BUDGET:
            raise StepBudgetExceeded(
                f"Alur berputar tanpa tugas: lebih dari {STEP_BUDGET} langkah mesin, "
                f"terakhir di '{task.task_spec.name}'. Periksa gerbang pada diagram."
            )
        if isinstance(task.task_spec, EndEvent) and task.task_spec.name not in beside:
            end_event = task.task_spec.name

    workflow.do_engine_steps(did_complete_task=count)
    _begin_timers(workflow, before)
    tokens = _Tokens.of(workflow, end_event)
    ended = not tokens.ready
    if ended and not workflow.is_completed():
        gateways = ", ".join(sorted({gateway for gateway, _ in tokens.arrivals}))
        raise EngineError(
            f"Proses buntu di {gateways or 'awal'}: yang ditunggu di sana tidak akan pernah tiba."
        )
    everything = tuple(ReadyTask(engine_id, step) for engine_id, step in tokens.ready.items())
    return Snapshot(
        state=tokens.dump(definition),
        ready=everything,
        opened=tuple(task for task in everything if task.engine_id not in before.ready),
        ended=ended,
        end_event=end_event if ended else "",
        withdrawn=withdrawn,
    )


def _begin_timers(workflow: BpmnWorkflow, before: "_Tokens") -> None:
    """Let the boundary timers of each task that was just entered begin to run."""
    for task in list(workflow.tasks.values()):
        if task.state == TaskState.READY and task.id.hex not in before.ready:
            for name in task.task_spec.timers:
                Task(workflow, workflow.spec.task_specs[name], workflow.task_tree, TaskState.READY)


@dataclass(frozen=True)
class _Tokens:
    """All that a process must remember: which tasks wait, which branches wait at a join.

    A boundary timer that runs is a token like any other; whose it is, the diagram says. `end` is
    what the process came to while something beside it is still at work.

    What is behind them decides nothing any more, so it is not kept: the state does not grow with
    the rounds of a process, and a tree that starts anew in each call is never too deep for Spiff.
    """

    # engine id -> BPMN id, in the order in which they opened
    ready: dict[str, str] = field(default_factory=dict)
    arrivals: tuple[tuple[str, str], ...] = ()  # parallel gateway, the node the token came from
    end: str = ""

    @classmethod
    def of(cls, workflow: BpmnWorkflow, end: str) -> "_Tokens":
        open_tasks = [t for t in workflow.tasks.values() if t.state == TaskState.READY]
        waiting = [t for t in workflow.tasks.values() if t.state == TaskState.WAITING]
        return cls(
            ready={t.id.hex: t.task_spec.name for t in open_tasks},
            arrivals=tuple(
                (t.task_spec.name, t.parent.task_spec.name)
                for t in waiting
                if isinstance(t.task_spec, Parallel)
            ),
            end=end,
        )

    @classmethod
    def load(cls, definition: ProcessDefinition, state: bytes) -> "_Tokens":
        try:
            stored = json.loads(state)
            kept_format, version = stored["format"], stored["version"]
            tokens = cls(
                ready={UUID(hex=engine_id).hex: str(step) for engine_id, step in stored["ready"]},
                arrivals=tuple((str(g), str(source)) for g, source in stored["arrivals"]),
                end=str(stored.get("end", "")),
            )
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
            | ({"end": self.end} if self.end else {}),
            separators=(",", ":"),
        ).encode()

    def withdraw(self, spec: Any, engine_id: str) -> tuple[ReadyTask, ...]:
        """Take away and return what ends with a task: its timers, or what its timer interrupts.

        By name, since in a diagram that passed the gate no task is entered twice at a time.
        """
        try:
            done = spec.task_specs[self.ready[engine_id]]
            gone = set(done.timers)
            if done.interrupts:
                gone |= {done.host, *spec.task_specs[done.host].timers}
        except KeyError as error:
            raise _unknown_part(error) from None
        found = tuple(
            ReadyTask(other, step)
            for other, step in self.ready.items()
            if step in gone and other != engine_id
        )
        for task in found:
            del self.ready[task.engine_id]
        return found

    def restore(self, spec: Any, conditions: "_Conditions") -> BpmnWorkflow:
        """Return a workflow whose tree is one finished root with the tokens right below it."""
        workflow = BpmnWorkflow(spec, script_engine=conditions, deserializing=True)
        root = Task(workflow, spec.start, state=TaskState.COMPLETED)
        workflow.task_tree = root
        try:
            for gateway, source in self.arrivals:
                before = Task(workflow, spec.task_specs[source], root, state=TaskState.COMPLETED)
                Task(workflow, spec.task_specs[gateway], before, state=TaskState.WAITING)
            for engine_id, step in self.ready.items():
                Task(workflow, spec.task_specs[step], root, TaskState.READY, UUID(engine_id))
        except KeyError as error:
            raise _unknown_part(error) from None
        return workflow


def _unknown_part(error: KeyError) -> StateRefused:
    return StateRefused(f"Keadaan proses menyebut {error}, yang tidak ada di diagram.")


class _Conditions(PythonScriptEngine):
    """Evaluates conditions by the house's own rules; runs nothing."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        try:
            return expressions.evaluate(expression, self.names)
        except (expressions.ExpressionError, expressions.EvaluationError) as error:
            raise ConditionFailed(
                f"Syarat '{expression}' di '{task.task_spec.name}' tidak dapat dinilai: {error}."
            ) from error

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        raise EngineError("Skrip di dalam diagram tidak dijalankan.")

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        raise EngineError("Layanan dipanggil oleh pekerja, tidak oleh mesin proses.")


_specs: "OrderedDict[tuple[str, bytes], Any]" = OrderedDict()
_specs_lock = threading.Lock()


def _spec(definition: ProcessDefinition) -> Any:
    key = (definition.version, definition.bpmn)
    with _specs_lock:
        if key in _specs:
            _specs.move_to_end(key)
            return _specs[key]
    spec = parse_diagram(definition)
    with _specs_lock:
        _specs[key] = spec
        while len(_specs) > SPECS_KEPT:
            _specs.popitem(last=False)
    return spec


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Say in the house's words what Spiff could not do; errors of facts pass through unchanged."""
    try:
        yield
    except RecursionError:
        raise TooDeep(
            "Diagram terlalu panjang atau berputar di dalam dirinya; bagi SOP ini menjadi beberapa."
        ) from None
    except WorkflowException as error:
        where = getattr(error.task_spec, "name", "")
        raise ConditionFailed(
            f"Tidak ada jalur keluar yang berlaku di gerbang '{where}'. "
            "Lengkapi syaratnya atau beri jalur bawaan."
        ) from error
