"""What the engine makes of a diagram: SpiffWorkflow's parser with kinds of nodes of our own."""

from collections import Counter
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask, SimpleBpmnTask, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent,
    ExclusiveGateway,
    ParallelGateway,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.definitions import ProcessDefinition
from workflows.engine_errors import EngineError


class Wait(BpmnSpecMixin):
    """A task that somebody else moves on: a person, a worker, the clock.

    `timers` are the names of the timers on its edge. A timer on an edge knows its `host`; it is an
    output of nothing, so that the tree knows it only while it runs.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = True
        self.timers: tuple[str, ...] = ()
        self.host = ""
        self.interrupts = False

    def _predict_hook(self, my_task: Task) -> None:
        # Nothing behind a task matters before it is done: trees stay a few nodes small.
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)


class Exclusive(ExclusiveGateway):
    """A decision. It makes its one child when it runs, so it need not guess before."""

    def _predict_hook(self, my_task: Task) -> None:
        pass


class Parallel(ParallelGateway):
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


class _HostParser(TaskParser):
    """Reads a task of a person with the timers on its edge.

    Spiff would put a split before the task and a join behind it, which remember in the tree who
    fired. The house keeps tokens: a timer is one more, begun and withdrawn with its task.
    """

    def _add_boundary_event(self, children: list[Any]) -> Any:
        for element in children:
            if element.find(full_tag("timerEventDefinition")) is None:
                self.raise_validation_exception(f"'{element.get('id')}' is no timer")
            timer = self.process_parser.parse_node(element)
            timer.host = self.task.name
            timer.interrupts = element.get("cancelActivity") != "false"
            self.task.timers += (timer.name,)
        return self.task


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("userTask"): (_HostParser, Wait),
        full_tag("manualTask"): (_HostParser, Wait),
        full_tag("serviceTask"): (TaskParser, Wait),
        full_tag("sendTask"): (TaskParser, Wait),
        full_tag("intermediateCatchEvent"): (TaskParser, Wait),
        full_tag("boundaryEvent"): (TaskParser, Wait),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, Exclusive),
        full_tag("parallelGateway"): (GatewayParser, Parallel),
    }


_OWN = (Wait, Exclusive, Parallel, StartEvent, EndEvent)
_SPIFFS = (BpmnStartTask, _EndJoin, SimpleBpmnTask)


def parse_diagram(definition: ProcessDefinition) -> Any:
    """Return the spec of a definition; EngineError, or RecursionError where it is too long."""
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
    spec.ends_beside = _ends_beside(spec)
    return spec


def _ends_beside(spec: Any) -> frozenset[str]:
    """Return the ends that only a timer beside a task leads to: they are not how a process ends."""
    reached = {spec.start.name: spec.start}
    queue = [spec.start]
    for part in queue:
        timers = [spec.task_specs[name] for name in getattr(part, "timers", ())]
        for following in (*part.outputs, *(timer for timer in timers if timer.interrupts)):
            if following.name not in reached:
                reached[following.name] = following
                queue.append(following)
    ends = (name for name, part in spec.task_specs.items() if isinstance(part, EndEvent))
    return frozenset(ends) - reached.keys()


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
