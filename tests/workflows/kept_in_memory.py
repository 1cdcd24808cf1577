"""SpiffWorkflow by itself: a process in memory, never stored, moved by its own classes."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import TaskState

from workflows import engine, expressions
from workflows.definitions import ProcessDefinition
from workflows.engine.nodes import Parallel
from workflows.reading import reader
from workflows.reading.diagram import BOUNDARY, CATCH, END, EXCLUSIVE, PARALLEL, START, Trigger

NEVER = "P300D"
# What Spiff runs by itself as the house does; the rest it runs in its own way, or not at all.
ALIKE = {START, END, CATCH, BOUNDARY, EXCLUSIVE, PARALLEL, "userTask", "manualTask", "serviceTask"}


def runs_in_memory(definition: ProcessDefinition) -> bool:
    """Say whether Spiff alone, with nothing of the house's, comes to the same with this SOP."""
    nodes = reader.admitted(definition.bpmn).nodes.values()
    return all(
        node.element in ALIKE and not node.per_row and node.trigger in (Trigger.NONE, Trigger.TIMER)
        for node in nodes
    )


class _WaitingParser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {
        full_tag("serviceTask"): (TaskParser, UserTask),
        full_tag("intermediateCatchEvent"): (TaskParser, UserTask),
    }


class _JoiningParser(_WaitingParser):
    """Spiff's own join counts branches of an earlier round of a loop too; the house's does not."""

    OVERRIDE_PARSER_CLASSES = _WaitingParser.OVERRIDE_PARSER_CLASSES | {
        full_tag("parallelGateway"): (GatewayParser, Parallel),
    }


class _Conditions(PythonScriptEngine):  # type: ignore[misc]
    names: engine.Names = {}

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        if expression == NEVER:
            return expression
        return expressions.evaluate(expression, self.names)


class KeptInMemory:
    """A process with Spiff's own boundary events, splits and joins. No timer fires untold."""

    def __init__(
        self, definition: ProcessDefinition, names: engine.Names, *, own_joins: bool = True
    ) -> None:
        parser = _WaitingParser() if own_joins else _JoiningParser()
        parser.add_bpmn_str(_with_durations(definition.bpmn))
        self.conditions = _Conditions()
        self.conditions.names = names
        spec = parser.get_spec(definition.process_id)
        self.workflow = BpmnWorkflow(spec, script_engine=self.conditions)
        self.workflow.do_engine_steps()

    def complete(self, step: str, names: engine.Names) -> None:
        """Complete a task, or let a timer fire."""
        self.conditions.names = names
        task = next(task for task in self._ready() if task.task_spec.name == step)
        if isinstance(task.task_spec, BoundaryEvent):
            task._set_internal_data(event_fired=True)
            task.task_spec._update(task)
        else:
            task.run()
        self.workflow.do_engine_steps()

    def _ready(self) -> list[Any]:
        tasks = list(self.workflow.get_tasks(state=TaskState.READY, manual=True))
        waiting = self.workflow.get_tasks(state=TaskState.WAITING)
        return tasks + [task for task in waiting if isinstance(task.task_spec, BoundaryEvent)]

    @property
    def steps(self) -> list[str]:
        return sorted(task.task_spec.name for task in self._ready())

    @property
    def ended(self) -> bool:
        return bool(self.workflow.is_completed())


def _with_durations(bpmn: bytes) -> bytes:
    """Spiff wants a time in every timer, ours may have theirs in sop.toml; none may come here."""
    root = etree.fromstring(bpmn)
    for timer in root.iter(full_tag("timerEventDefinition")):
        for written in list(timer):
            timer.remove(written)
        etree.SubElement(timer, full_tag("timeDuration")).text = NEVER
    return etree.tostring(root)
