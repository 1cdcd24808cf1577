"""Start a process, complete or fail a task, what is ready now."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import ProcessDefinition
from workflows.engine.errors import (
    ConditionFailed,
    EngineError,
    NotReady,
    StepBudgetExceeded,
    TooDeep,
)
from workflows.engine.joins import fire_a_join
from workflows.engine.parser import parse_diagram
from workflows.engine.rows import open_rows
from workflows.engine.tokens import ReadyTask, Tokens

# What Spiff gathers for its log lines walks the whole tree at every change of state, and would put
# data into logs. Neither is wanted.
for _logger in ("spiff.workflow", "spiff.task"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

# "form" and "facts" for conditions; "rows" by BPMN id, asked when a task per row is entered.
Names = Mapping[str, Mapping[str, Any]]

STEP_BUDGET = 500
"""Engine steps (events and gateways) in one call. Spiff stops seeing tasks below depth 1000."""

SPECS_KEPT = 128


@dataclass(frozen=True)
class Snapshot:
    """Where a process stands. `opened` are those of `ready` that this call brought about.

    `withdrawn` waited before and wait no longer, though nobody completed them: the events on the
    edge of a task that is done, the rivals of one that happened, what an interrupting one ended.
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
        return _run(definition, workflow, Tokens(), names)


def complete(definition: ProcessDefinition, state: bytes, engine_id: str, names: Names) -> Snapshot:
    """Return the process after this task is done, run to the next wait states.

    `names` are what conditions may read on the way; nothing of it is kept. Raises NotReady,
    ConditionFailed, StepBudgetExceeded, TooDeep or StateRefused; `state` then still holds.
    """
    tokens = _waiting(definition, state, engine_id)
    if tokens.has_other_rows(engine_id):
        tokens.remove(engine_id)
        return Snapshot(tokens.dump(definition), tokens.tasks, (), ended=False, end_event="")
    with _clear_errors():
        spec = _spec(definition)
        withdrawn = tokens.withdraw(spec, engine_id)
        workflow = tokens.restore(spec, _Conditions(names))
        task = workflow.tasks[UUID(engine_id)]
        return _run(definition, workflow, tokens, names, moving=task, withdrawn=withdrawn)


def fail(definition: ProcessDefinition, state: bytes, engine_id: str, names: Names) -> Snapshot:
    """Return the process after this task failed for good, gone on by its error way.

    Raises EngineError where the task has none (`TaskDefinition.error_way`), else as `complete`.
    """
    tokens = _waiting(definition, state, engine_id)
    with _clear_errors():
        spec = _spec(definition)
        step = tokens.ready[engine_id]
        way = getattr(spec.task_specs.get(step), "error_way", "")
        if not way:
            raise EngineError(f"Tugas '{step}' tidak mempunyai jalan kegagalan di diagram.")
        tokens.remove(engine_id)
        workflow = tokens.restore(spec, _Conditions(names))
        failure = Task(workflow, spec.task_specs[way], workflow.task_tree, TaskState.READY)
        return _run(definition, workflow, tokens, names, moving=failure)


def enter(definition: ProcessDefinition, step: str, names: Names) -> Snapshot:
    """Return the process with this task entered anew and nothing else: one that goes back to it.

    Whether it ever stood so is not asked here (`workflows.going_back`).
    """
    with _clear_errors():
        spec = _spec(definition)
        workflow = Tokens().restore(spec, _Conditions(names))
        Task(workflow, spec.task_specs[step], workflow.task_tree, TaskState.READY)
        return _run(definition, workflow, Tokens(), names)


def _waiting(definition: ProcessDefinition, state: bytes, engine_id: str) -> Tokens:
    tokens = Tokens.load(definition, state)
    if engine_id not in tokens.ready:
        raise NotReady("Tugas ini tidak sedang menunggu: sudah diselesaikan atau belum gilirannya.")
    return tokens


def _move(task: Task) -> None:
    """Let a token leave its task. Only the one that moves needs to know what comes next."""
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    task.run()


def ready(definition: ProcessDefinition, state: bytes) -> tuple[ReadyTask, ...]:
    """Return the tasks that wait in a stored state."""
    return Tokens.load(definition, state).tasks


def parse(definition: ProcessDefinition) -> None:
    """Parse the diagram now rather than at the first start. Raises EngineError."""
    with _clear_errors():
        _spec(definition)


def _run(
    definition: ProcessDefinition,
    workflow: BpmnWorkflow,
    before: Tokens,
    names: Names,
    *,
    moving: Task | None = None,
    withdrawn: tuple[ReadyTask, ...] = (),
) -> Snapshot:
    """Move one token, then all that moves by itself, and return where the process stands."""
    steps = 0
    rows = dict(before.rows)
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
        if getattr(task.task_spec, "ends", False) and task.task_spec.name not in beside:
            end_event = task.task_spec.name

    still = False
    while not still:
        if moving is not None:
            _move(moving)
            count(moving)
        workflow.do_engine_steps(did_complete_task=count)
        moving = next(open_rows(workflow, before, names.get("rows", {}), rows), None)
        still = moving is None and not fire_a_join(workflow)
    _begin_events(workflow, before)
    tokens = Tokens.of(workflow, end_event, rows)
    ended = not tokens.ready
    if ended and not workflow.is_completed():
        gateways = ", ".join(sorted({gateway for gateway, _ in tokens.arrivals}))
        raise EngineError(
            f"Proses buntu di {gateways or 'awal'}: yang ditunggu di sana tidak akan pernah tiba."
        )
    return Snapshot(
        state=tokens.dump(definition),
        ready=tokens.tasks,
        opened=tuple(task for task in tokens.tasks if task.engine_id not in before.ready),
        ended=ended,
        end_event=end_event if ended else "",
        withdrawn=withdrawn,
    )


def _begin_events(workflow: BpmnWorkflow, before: Tokens) -> None:
    """Let what is on the edge of each task that was just entered begin to wait, once for all rows.

    In the order of the tasks: so that who reads the tokens finds them in the order of opening.
    """
    entered = {
        task.task_spec.name: task.task_spec
        for task in workflow.tasks.values()
        if task.state == TaskState.READY and task.id.hex not in before.ready
    }
    for name in [name for spec in entered.values() for name in spec.events]:
        Task(workflow, workflow.spec.task_specs[name], workflow.task_tree, TaskState.READY)


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
