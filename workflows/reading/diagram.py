"""What an admitted BPMN file says: lanes, nodes and flows as plain data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from workflows.definitions import Flow, Lane, TaskKind

START, END, BOUNDARY = "startEvent", "endEvent", "boundaryEvent"
CATCH, THROW = "intermediateCatchEvent", "intermediateThrowEvent"
EXCLUSIVE, INCLUSIVE, PARALLEL = "exclusiveGateway", "inclusiveGateway", "parallelGateway"
EVENT_BASED = "eventBasedGateway"
DECISIONS = {EXCLUSIVE, INCLUSIVE}
GATEWAYS = {*DECISIONS, PARALLEL, EVENT_BASED}
CALL = "callActivity"
TASK_KINDS = {
    "userTask": TaskKind.USER,
    "manualTask": TaskKind.USER,
    "serviceTask": TaskKind.AUTOMATIC,
    "sendTask": TaskKind.AUTOMATIC,
    "receiveTask": TaskKind.MESSAGE,
    CALL: TaskKind.CALL,
    THROW: TaskKind.AUTOMATIC,
}
NODES = {START, END, CATCH, BOUNDARY, *GATEWAYS, *TASK_KINDS}


class Trigger(StrEnum):
    """What an event is about."""

    NONE = ""
    TIMER = "timer"
    MESSAGE = "message"
    ERROR = "error"


@dataclass(frozen=True)
class Node:
    """A task, event or gateway. `lane` is the lane's name, `duration` a timer's literal.

    `documentation` is what stands there at length: of a step, its whole sentence.
    `attached_to` is the task on whose edge an event stands; `interrupts` says that it ends that
    task when it happens, otherwise the task goes on. `message` is the name of what is waited for
    or sent, `calls` the key of another SOP; a task `per_row` is done once per row of a list.
    """

    id: str
    element: str
    name: str
    lane: str = ""
    default: str = ""
    trigger: Trigger = Trigger.NONE
    duration: timedelta | None = None
    message: str = ""
    attached_to: str = ""
    interrupts: bool = False
    per_row: bool = False
    calls: str = ""
    documentation: str = ""

    @property
    def kind(self) -> TaskKind | None:
        """Who moves it on; None for what does not wait."""
        if self.element in (CATCH, BOUNDARY):
            waits = {Trigger.TIMER: TaskKind.TIMER, Trigger.MESSAGE: TaskKind.MESSAGE}
            return waits.get(self.trigger)
        if self.element == END and self.message:
            return TaskKind.AUTOMATIC
        return TASK_KINDS.get(self.element)

    @property
    def may_pass(self) -> bool:
        """Say whether a token may go through at once: there may be no row to work on."""
        return self.kind is None or self.per_row


@dataclass(frozen=True)
class Diagram:
    process_id: str
    lanes: tuple[Lane, ...]
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]

    @cached_property
    def outgoing(self) -> Mapping[str, list[Flow]]:
        """The flows out of each node, in the order of the file."""
        return _grouped((flow.source, flow) for flow in self.flows)

    @cached_property
    def incoming(self) -> Mapping[str, list[Flow]]:
        return _grouped((flow.target, flow) for flow in self.flows)

    @cached_property
    def events_on(self) -> Mapping[str, list[Node]]:
        """The events on the edge of each task."""
        groups: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            if node.attached_to:
                groups[node.attached_to].append(node)
        return groups

    @property
    def start_message(self) -> str:
        """The message that begins the process; empty where a person or the clock does."""
        return next((n.message for n in self.nodes.values() if n.element == START), "")

    @property
    def tasks(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes.values() if node.kind}


def _grouped(pairs: Iterable[tuple[str, Flow]]) -> Mapping[str, list[Flow]]:
    groups: defaultdict[str, list[Flow]] = defaultdict(list)
    for key, flow in pairs:
        groups[key].append(flow)
    return groups
