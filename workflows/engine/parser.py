"""From a diagram to what the engine runs: SpiffWorkflow's parser, with the house's own nodes.

Of Spiff's ways to run events, loops and calls none is taken: each is a token that waits, and what
moves it on is found outside.
"""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask, SimpleBpmnTask, _EndJoin

from workflows.definitions import ProcessDefinition
from workflows.engine.errors import EngineError
from workflows.engine.nodes import EventBased, Exclusive, Inclusive, Parallel, Pass, Wait

TIMER, MESSAGE, ERROR = "timerEventDefinition", "messageEventDefinition", "errorEventDefinition"
_OF_PEOPLE = {full_tag("userTask"), full_tag("manualTask")}


class _Activity(TaskParser):
    """Reads a task with the events on its edge.

    Spiff would put a split before the task and a join behind it, which remember in the tree who
    fired. The house keeps tokens: an event is one more, begun and withdrawn with its task.
    """

    def _add_boundary_event(self, children: list[Any]) -> Any:
        for element in children:
            definition = _definition(self, element)
            event = self.process_parser.parse_node(element)
            if definition == ERROR and self.node.tag not in _OF_PEOPLE:
                self.task.error_way = event.name
            elif definition in (TIMER, MESSAGE) and self.node.tag in _OF_PEOPLE:
                event.host = self.task.name
                event.interrupts = element.get("cancelActivity") != "false"
                self.task.events += (event.name,)
            else:
                self.raise_validation_exception(f"'{event.name}' may not stand on this task")
        return self.task

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        if len(loop_characteristics) or loop_characteristics.get("isSequential") == "true":
            self.raise_validation_exception("only rows that a room names, all at a time")
        if self.node.tag != full_tag("userTask"):
            self.raise_validation_exception("only people work row by row")
        self.task.per_row = True


class _Event(TaskParser):
    """Reads an event as the one thing that it is about, and refuses what the house does not run."""

    known: tuple[str, ...] = ()

    def create_task(self) -> Any:
        definition = _definition(self, self.node)
        if definition not in self.known:
            self.raise_validation_exception(
                f"'{definition or 'nothing'}' may not stand in '{self.bpmn_id}'"
            )
        self.spec_class = self._class_for(definition)
        return super().create_task()

    def _class_for(self, definition: str) -> Any:
        return Wait


class _Start(_Event):
    known = ("", MESSAGE)

    def _class_for(self, definition: str) -> Any:
        return Pass

    def create_task(self) -> Any:
        task = super().create_task()
        self.spec.start.connect(task)
        return task


class _End(_Event):
    known = ("", MESSAGE)

    def _class_for(self, definition: str) -> Any:
        return Wait if definition else Pass

    def create_task(self) -> Any:
        task = super().create_task()
        task.ends = True
        task.connect(self.spec.end)
        return task


class _Catch(_Event):
    known = (TIMER, MESSAGE)


class _Throw(_Event):
    known = (MESSAGE,)


class _Boundary(_Event):
    known = (TIMER, MESSAGE, ERROR)

    def _class_for(self, definition: str) -> Any:
        return Pass if definition == ERROR else Wait


def _definition(parser: TaskParser, element: Any) -> str:
    """Return what an event is about, "" for nothing."""
    ending = "EventDefinition"
    names = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
    found = [name for name in names if name.endswith(ending)]
    if len(found) > 1:
        parser.raise_validation_exception("several events in one")
    return found[0] if found else ""


class _Race(GatewayParser):
    """Reads an event-based gateway; behind it nothing but events that wait."""

    def parse_node(self) -> Any:
        task = super().parse_node()
        names = tuple(event.name for event in task.outputs)
        for event in task.outputs:
            catches = self.process_parser.get_node_by_id(event.name).tag == full_tag(
                "intermediateCatchEvent"
            )
            if not catches or len(event.inputs) > 1:
                self.raise_validation_exception(f"'{event.name}' is no event of this gateway alone")
            event.rivals = tuple(name for name in names if name != event.name)
        return task


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("startEvent"): (_Start, Pass),
        full_tag("endEvent"): (_End, Pass),
        full_tag("userTask"): (_Activity, Wait),
        full_tag("manualTask"): (_Activity, Wait),
        full_tag("serviceTask"): (_Activity, Wait),
        full_tag("sendTask"): (_Activity, Wait),
        full_tag("receiveTask"): (TaskParser, Wait),
        full_tag("callActivity"): (_Activity, Wait),
        full_tag("intermediateCatchEvent"): (_Catch, Wait),
        full_tag("intermediateThrowEvent"): (_Throw, Wait),
        full_tag("boundaryEvent"): (_Boundary, Wait),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, Exclusive),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, Inclusive),
        full_tag("parallelGateway"): (GatewayParser, Parallel),
        full_tag("eventBasedGateway"): (_Race, EventBased),
    }


_OWN = (Wait, Pass, Exclusive, Inclusive, Parallel, EventBased)
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
    spec.before = {
        name: _leading_to(spec, part)
        for name, part in spec.task_specs.items()
        if isinstance(part, Inclusive)
    }
    return spec


def onward(spec: Any, part: Any) -> list[Any]:
    """Return what a token may come to next: the outputs, and the ways of what may end a task."""
    edges = [spec.task_specs[name] for name in getattr(part, "events", ())]
    following = [*part.outputs, *(event for event in edges if event.interrupts)]
    if getattr(part, "error_way", ""):
        following.append(spec.task_specs[part.error_way])
    return following


def _ends_beside(spec: Any) -> frozenset[str]:
    """Return the ends that only an event beside a task leads to: no process ends there."""
    reached = {spec.start.name}
    queue = [spec.start]
    for part in queue:
        fresh = [p for p in onward(spec, part) if p.name not in reached]
        reached |= {p.name for p in fresh}
        queue += fresh
    ends = (name for name, part in spec.task_specs.items() if getattr(part, "ends", False))
    return frozenset(ends) - reached


def _leading_to(spec: Any, join: Any) -> dict[str, frozenset[str]]:
    """Return from where a token may come to each node before a join, not passing the join."""
    parts = [part for part in spec.task_specs.values() if part is not join]
    following = {part.name: {after.name for after in onward(spec, part)} for part in parts}
    found = {}
    for entry in join.inputs:
        before = {entry.name}
        fresh = before
        while fresh:
            fresh = {name for name, after in following.items() if after & fresh} - before
            before = before | fresh
        found[entry.name] = frozenset(before)
    return found


def _refuse_unknown_parts(definition: ProcessDefinition, document: Any, spec: Any) -> None:
    """Spiff knows many more elements than the house has thought through; none slips in here."""
    unknown = sorted(
        name for name, part in spec.task_specs.items() if type(part) not in (*_OWN, *_SPIFFS)
    )
    # Spiff gives these names to nodes of its own and would mistake ours for them.
    reserved = {"Start", "End", f"{definition.process_id}.EndJoin"}
    taken = sorted(reserved.intersection(document.xpath("//@id")))
    if unknown or taken:
        raise EngineError(
            f"Diagram SOP '{definition.key}' memakai unsur yang tidak dijalankan: "
            f"{', '.join(unknown + taken)}."
        )
