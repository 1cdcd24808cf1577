"""The flow of a SOP as its sheet shows it: a row per numbered step, arrows from row to row.

What the system does between two steps belongs to the row that it serves, gateways and timers to
none. A gateway that reads an answer makes its row a decision, and its names stand on the arrows;
one that reads a fact is told in a sentence below the table.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workflows import expressions
from workflows.definitions import Flow, ProcessDefinition, TaskDefinition, TaskKind
from workflows.reading import reader
from workflows.reading.diagram import DECISIONS, END, START, Diagram

END_ROW = -1  # where an arrow leads that leaves the table


@dataclass(frozen=True)
class Arrow:
    """From row to row, counted from 0; `target` is END_ROW where the procedure ends there."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True)
class FlowRow:
    """A step of the sheet; `lane` is the place of its column, counted from 0."""

    step: TaskDefinition
    lane: int
    begins: bool
    decides: bool


@dataclass(frozen=True)
class SopFlow:
    lanes: tuple[str, ...]
    rows: tuple[FlowRow, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...]

    def leaving(self, row: int) -> tuple[Arrow, ...]:
        return tuple(arrow for arrow in self.arrows if arrow.source == row)

    def arriving(self, row: int) -> tuple[Arrow, ...]:
        return tuple(arrow for arrow in self.arrows if arrow.target == row)


@dataclass(frozen=True)
class _Way:
    """One way from a step to the next: the answer that leads there, and the facts asked."""

    target: int
    answered: Flow | None
    asked: tuple[Flow, ...]
    question: str = ""

    @property
    def label(self) -> str:
        return self.answered.name if self.answered else ""


def flow_of(definition: ProcessDefinition) -> SopFlow:
    """Return the flow of a definition, its lanes in the order in which their steps come."""
    diagram = reader.admitted(definition.bpmn)
    lanes = tuple(dict.fromkeys(step.lane for step in definition.steps))
    walk = _Walk(definition, diagram)
    first = {way.target for node in diagram.nodes.values() if node.element == START
             for way in walk.ways(node.id, None)}  # fmt: skip
    rows, arrows, notes = [], [], []
    for place, step in enumerate(definition.steps):
        ways = walk.ways_of_row(place)
        leaving = list(_arrows(place, ways))
        arrows += leaving
        decides = len({arrow.label for arrow in leaving if arrow.label}) > 1
        if decides:
            questions = dict.fromkeys(way.question for way in ways if way.question)
            notes += [f"Yang diputuskan pada tahap {step.number}: {q}" for q in questions]
        notes += _notes(definition, diagram, place, ways)
        rows.append(FlowRow(step, lanes.index(step.lane), place in first, decides))
    notes += _dealings(definition)
    return SopFlow(lanes, tuple(rows), tuple(arrows), tuple(dict.fromkeys(notes)))


def _dealings(definition: ProcessDefinition) -> Iterator[str]:
    """Yield a sentence for each message, SOP called and list: the sheet has no signs for them."""
    if definition.start_message:
        yield f"Prosedur dimulai oleh pesan “{_spoken(definition.start_message)}”."
    for task in definition.tasks.values():
        number = definition.step_of(task.id).number
        where = f"Pada tahap {number}" if number is not None else "Di antara tahap"
        if task.kind is TaskKind.MESSAGE:
            yield f"{where} ditunggu pesan “{_spoken(task.message)}”: {task.name}."
        elif task.message:
            yield f"{where} dikirim pesan “{_spoken(task.message)}”: {task.name}."
        elif task.kind is TaskKind.CALL:
            yield f"{where} dijalankan SOP {task.calls}: {task.name}."
        elif task.rows:
            yield f"{where} dikerjakan untuk setiap baris daftarnya: {task.name}."


def _spoken(message: str) -> str:
    """Return the name of a message as people read it: its sheet hangs on a wall."""
    return message.replace("_", " ")


class _Walk:
    """Goes from a step along the flows until another step, or an end, is reached."""

    def __init__(self, definition: ProcessDefinition, diagram: Diagram) -> None:
        self.definition, self.diagram = definition, diagram
        places = {step.id: place for place, step in enumerate(definition.steps)}
        self.row_of = {task: places.get(definition.step_of(task).id) for task in definition.tasks}

    def ways_of_row(self, row: int) -> list[_Way]:
        """Return the ways out of the step, then those that only its automatic tasks have."""
        step = self.definition.steps[row]
        ways = list(self.ways(step.id, row))
        known = {way.target for way in ways}
        for task in self.definition.tasks.values():
            if self.row_of[task.id] == row and task.id != step.id and not task.attached_to:
                if self._beside(task.id):
                    continue
                ways += [w for w in self.ways(task.id, row) if w.target not in known | {row}]
        return ways

    def _beside(self, task: str) -> bool:
        """Say whether only an event on an edge leads to this task: its way is none of the sheet."""
        incoming = self.diagram.incoming[task]
        return bool(incoming) and all(self.diagram.nodes[f.source].attached_to for f in incoming)

    def ways(self, node: str, row: int | None) -> Iterator[_Way]:
        """Yield the ways from a node to the next rows, round no loop twice."""
        yield from self._onward(node, row, _Way(END_ROW, None, ()), frozenset())

    def _onward(
        self, node: str, row: int | None, so_far: _Way, seen: frozenset[str]
    ) -> Iterator[_Way]:
        flows = self.diagram.outgoing[node]
        here = self.diagram.nodes[node]
        is_choice = here.element in DECISIONS and len(flows) > 1
        by_answer = is_choice and any(_reads_form(flow) for flow in flows)
        for flow in flows:
            way = so_far
            if by_answer and not way.answered:
                way = replace(way, answered=flow, question=here.name)
            elif is_choice and not by_answer:
                way = replace(way, asked=(*way.asked, flow))
            yield from self._reached(flow.target, row, way, seen | {node})

    def _reached(
        self, node: str, row: int | None, way: _Way, seen: frozenset[str]
    ) -> Iterator[_Way]:
        if self.diagram.nodes[node].element == END:
            yield replace(way, target=END_ROW)
            return
        reached = self.row_of.get(node)
        is_step = reached is not None and self.definition.steps[reached].id == node
        if reached is not None and (reached != row or is_step):
            yield replace(way, target=reached)
        elif node not in seen:
            yield from self._onward(node, row, way, seen)


def _reads_form(flow: Flow) -> bool:
    return bool(flow.condition) and any(
        namespace == "form" for namespace, _ in expressions.reads(flow.condition)
    )


def _arrows(row: int, ways: list[_Way]) -> Iterator[Arrow]:
    """Yield one arrow per row that is led to; an answer that changes nothing is not told."""
    labels: defaultdict[int, list[str]] = defaultdict(list)
    for way in ways:
        labels[way.target].append(way.label)
    for target, told in labels.items():
        words = dict.fromkeys(filter(None, told))
        yield Arrow(row, target, "/".join(words) if len(labels) > 1 else "")


def _notes(
    definition: ProcessDefinition, diagram: Diagram, row: int, ways: list[_Way]
) -> Iterator[str]:
    """Yield a sentence for each way that a fact decides, where it decides where to go."""
    led: defaultdict[str, set[int]] = defaultdict(set)
    for way in ways:
        for flow in way.asked:
            led[flow.id].add(way.target)
    for way in ways:
        told = [
            f"{diagram.nodes[flow.source].name} {flow.name}".strip()
            for flow in way.asked
            if any(
                led[flow.id] != led[other.id]
                for other in diagram.outgoing[flow.source]
                if other.id in led
            )
        ]
        if told:
            here = definition.steps[row].number
            there = "selesai" if way.target == END_ROW else (
                f"tahap {definition.steps[way.target].number}"
            )  # fmt: skip
            yield f"Dari tahap {here} ke {there}: {', '.join(told)}."
