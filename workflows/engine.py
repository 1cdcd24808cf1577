"""The one door to SpiffWorkflow: start a process, complete a task, what is ready now.

Pure: no Django, no tables. The stored state holds the tokens and nothing else; the diagram is
parsed once per version of a definition and shared by all its instances.
"""

import json
import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask, SimpleBpmnTask, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent,
    ExclusiveGateway,
    ParallelGateway,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import ProcessDefinition

# What Spiff gathers for its log lines walks the whole tree at every change of state, and would put
# data into logs. Neither is wanted.
for _logger in ("spiff.workflow", "spiff.task"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

Names = Mapping[str, Mapping[str, Any]]

STEP_BUDGET = 500
"""Engine steps (events and gateways) in one call. Spiff stops seeing tasks below depth 1000."""

STATE_FORMAT = 1
SPECS_KEPT = 128


class EngineError(Exception):
    """The engine refuses; the state that was given stays valid."""


class NotReady(EngineError):
    """The task does not wait in this state: done already, not reached, or of another process."""


class StepBudgetExceeded(EngineError):
    """Gateways lead on to gateways without ever meeting a task."""


class TooDeep(EngineError):
    """The diagram is too long, or runs around in itself, for the engine to follow."""


class ConditionFailed(EngineError):
    """A condition cannot be evaluated, or no way out of a gateway holds."""


class StateRefused(EngineError):
    """The stored state is damaged, or belongs to another version of the definition."""


@dataclass(frozen=True)
class ReadyTask:
    """A task that waits for a person, a worker or the clock. `engine_id` is new for each visit."""

    engine_id: str
    step: str


@dataclass(frozen=True)
class Snapshot:
    """Where a process stands. `opened` are those of `ready` that this call brought about."""

    state: bytes
    ready: tuple[ReadyTask, ...]
    opened: tuple[ReadyTask, ...]
    ended: bool
    end_event: str


def start(definition: ProcessDefinition, names: Names) -> Snapshot:
    """Return a new process of this definition, run to its first wait states."""
    with _clear_errors():
        workflow = BpmnWorkflow(_spec(definition), script_engine=_Conditions(names))
        return _run(definition, workflow, waiting=())


def complete(definition: ProcessDefinition, state: bytes, engine_id: str, names: Names) -> Snapshot:
    """Return the process after this task is done, run to the next wait states.

    `names` are what conditions may read on the way; nothing of it is kept. Raises NotReady,
    ConditionFailed, StepBudgetExceeded, TooDeep or StateRefused; `state` then still holds.
    """
    tokens = _Tokens.load(definition, state)
    if engine_id not in tokens.ready:
        raise NotReady("Tugas ini tidak sedang menunggu: sudah diselesaikan atau belum gilirannya.")
    with _clear_errors():
        workflow = tokens.restore(_spec(definition), _Conditions(names))
        task = workflow.tasks[UUID(engine_id)]
        # Only the token that moves needs to know what comes next.
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        task.run()
        return _run(definition, workflow, waiting=tuple(tokens.ready))


def ready(definition: ProcessDefinition, state: bytes) -> tuple[ReadyTask, ...]:
    """Return the tasks that wait in a stored state."""
    tokens = _Tokens.load(definition, state)
    return tuple(ReadyTask(engine_id, step) for engine_id, step in tokens.ready.items())


def parse(definition: ProcessDefinition) -> None:
    """Parse the diagram now rather than at the first start. Raises EngineError."""
    with _clear_errors():
        _spec(definition)


def _run(
    definition: ProcessDefinition, workflow: BpmnWorkflow, waiting: tuple[str, ...]
) -> Snapshot:
    steps = 0
    end_event = ""

    def count(task: Task) -> None:
        nonlocal steps, end_event
        steps += 1
        if steps > STEP_BUDGET:
            raise StepBudgetExceeded(
                f"Alur berputar tanpa tugas: lebih dari {STEP_BUDGET} langkah mesin, "
                f"terakhir di '{task.task_spec.name}'. Periksa gerbang pada diagram."
            )
        if isinstance(task.task_spec, EndEvent):
            end_event = task.task_spec.name

    workflow.do_engine_steps(did_complete_task=count)
    tokens = _Tokens.of(workflow)
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
        opened=tuple(task for task in everything if task.engine_id not in waiting),
        ended=ended,
        end_event=end_event if ended else "",
    )


@dataclass(frozen=True)
class _Tokens:
    """All that a process must remember: which tasks wait, which branches wait at a join.

    What is behind them decides nothing any more, so it is not kept: the state does not grow with
    the rounds of a process, and a tree that starts anew in each call is never too deep for Spiff.
    """

    ready: dict[str, str]  # engine id -> BPMN id, in the order in which they opened
    arrivals: tuple[tuple[str, str], ...]  # parallel gateway, the node that the token came from

    @classmethod
    def of(cls, workflow: BpmnWorkflow) -> "_Tokens":
        open_tasks = [t for t in workflow.tasks.values() if t.state == TaskState.READY]
        waiting = [t for t in workflow.tasks.values() if t.state == TaskState.WAITING]
        return cls(
            ready={t.id.hex: t.task_spec.name for t in open_tasks},
            arrivals=tuple(
                (t.task_spec.name, t.parent.task_spec.name)
                for t in waiting
                if isinstance(t.task_spec, _Parallel)
            ),
        )

    @classmethod
    def load(cls, definition: ProcessDefinition, state: bytes) -> "_Tokens":
        try:
            stored = json.loads(state)
            kept_format, version = stored["format"], stored["version"]
            tokens = cls(
                ready={UUID(hex=engine_id).hex: str(step) for engine_id, step in stored["ready"]},
                arrivals=tuple((str(g), str(source)) for g, source in stored["arrivals"]),
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
            },
            separators=(",", ":"),
        ).encode()

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
            raise StateRefused(
                f"Keadaan proses menyebut {error}, yang tidak ada di diagram."
            ) from None
        return workflow


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


class _Wait(BpmnSpecMixin):
    """A task that somebody else moves on: a person, a worker, the clock."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = True

    def _predict_hook(self, my_task: Task) -> None:
        # Nothing behind a task matters before it is done: trees stay a few nodes small.
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)


class _Exclusive(ExclusiveGateway):
    """A decision. It makes its one child when it runs, so it need not guess before."""

    def _predict_hook(self, my_task: Task) -> None:
        pass


class _Parallel(ParallelGateway):
    """Takes one token from each incoming flow, as BPMN says.

    Spiff's own join also counts branches of an earlier round of a loop, and so could go on with one
    branch still at work.
    """

    def _update_hook(self, my_task: Task) -> bool:
        my_task._set_state(TaskState.WAITING)
        arrived = [
            t
            for t in my_task.workflow.tasks.values()
            if t.task_spec is self and t.state == TaskState.WAITING
        ]
        missing: Counter[str] = Counter(self._inputs)
        taken = []
        for task in arrived:
            source = task.parent.task_spec.name
            if missing[source]:
                missing[source] -= 1
                taken.append(task)
        if missing.total():
            return False
        for task in taken:
            if task is not my_task:
                task.cancel()
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("userTask"): (TaskParser, _Wait),
        full_tag("manualTask"): (TaskParser, _Wait),
        full_tag("serviceTask"): (TaskParser, _Wait),
        full_tag("sendTask"): (TaskParser, _Wait),
        full_tag("intermediateCatchEvent"): (TaskParser, _Wait),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, _Exclusive),
        full_tag("parallelGateway"): (GatewayParser, _Parallel),
    }


_OWN = (_Wait, _Exclusive, _Parallel, StartEvent, EndEvent)
_SPIFFS = (BpmnStartTask, _EndJoin, SimpleBpmnTask)

_specs: "OrderedDict[tuple[str, bytes], Any]" = OrderedDict()
_specs_lock = threading.Lock()


def _spec(definition: ProcessDefinition) -> Any:
    key = (definition.version, definition.bpmn)
    with _specs_lock:
        if key in _specs:
            _specs.move_to_end(key)
            return _specs[key]
    spec = _parse(definition)
    with _specs_lock:
        _specs[key] = spec
        while len(_specs) > SPECS_KEPT:
            _specs.popitem(last=False)
    return spec


def _parse(definition: ProcessDefinition) -> Any:
    # No entities, no network, no depth: the gate refuses such files, this refuses to follow them.
    xml = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    parser = _Parser()
    try:
        document = etree.fromstring(definition.bpmn, xml)
        parser.add_bpmn_xml(document, filename=f"{definition.key}/process.bpmn")
        spec = parser.get_spec(definition.process_id)
    except (etree.LxmlError, ValidationException) as error:
        if "RecursionError" in str(error):  # Spiff wraps it
            raise RecursionError from error
        raise EngineError(f"Diagram SOP '{definition.key}' tidak dapat dibaca: {error}") from error
    _refuse_unknown_parts(definition, document, spec)
    return spec


def _refuse_unknown_parts(definition: ProcessDefinition, document: Any, spec: Any) -> None:
    """Spiff knows many more elements than the house has thought through; none slips in here."""
    kinds = {
        name: type(part) for name, part in spec.task_specs.items() if type(part) not in _SPIFFS
    }
    unknown = sorted(name for name, kind in kinds.items() if kind not in _OWN)
    # A start that waits for something would never be asked again: nobody sends events here.
    unknown += [
        name
        for name, kind in kinds.items()
        if kind is StartEvent
        and not isinstance(spec.task_specs[name].event_definition, NoneEventDefinition)
    ]
    # Spiff gives these names to nodes of its own and would mistake ours for them.
    reserved = {"Start", "End", f"{definition.process_id}.EndJoin"}
    taken = sorted(reserved.intersection(document.xpath("//@id")))
    if unknown or taken:
        raise EngineError(
            f"Diagram SOP '{definition.key}' memakai unsur yang tidak dijalankan: "
            f"{', '.join(unknown + taken)}."
        )


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
