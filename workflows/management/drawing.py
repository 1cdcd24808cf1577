"""A first diagram: one task after another through the lanes, a decision, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

LANE_HEIGHT, COLUMN = 150, 180
LEFT, TOP, HEAD = 30, 20, 30  # of the pool; HEAD is the width of its name
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "exclusiveGateway": (50, 50)}
TASK_SIZE = (130, 80)


@dataclass(frozen=True)
class Node:
    """An element, by the number of its lane and of its column, both from 0."""

    element: str
    id: str
    name: str
    lane: int
    column: int
    default: str = ""  # of a gateway: the flow that needs no condition

    @property
    def size(self) -> tuple[int, int]:
        return SIZES.get(self.element, TASK_SIZE)

    @property
    def middle(self) -> tuple[int, int]:
        x = LEFT + HEAD + 90 + self.column * COLUMN
        return x, TOP + self.lane * LANE_HEIGHT + LANE_HEIGHT // 2


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Drawing:
    """A pool with its lanes; every node stands in one of them."""

    key: str
    title: str
    lanes: Sequence[str]
    nodes: Sequence[Node]
    flows: Sequence[Flow]

    def xml(self) -> str:
        width = HEAD + 60 + COLUMN * (1 + max(node.column for node in self.nodes))
        head = f'id="definisi_{self.key}" targetNamespace="urn:sopan:{self.key}"'
        parts = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<bpmn:definitions {NAMESPACES} {head}>",
            '  <bpmn:collaboration id="kolaborasi">',
            f'    <bpmn:participant id="kolam" name={quoteattr(self.title)} processRef="proses"/>',
            "  </bpmn:collaboration>",
            f'  <bpmn:process id="proses" name={quoteattr(self.title)} isExecutable="true">',
            *self._lanes(),
            *(self._node(node) for node in self.nodes),
            *(_flow(flow) for flow in self.flows),
            "  </bpmn:process>",
            '  <bpmndi:BPMNDiagram id="diagram">',
            '    <bpmndi:BPMNPlane id="bidang" bpmnElement="kolaborasi">',
            *self._shapes(width),
            *(self._edge(flow) for flow in self.flows),
            "    </bpmndi:BPMNPlane>",
            "  </bpmndi:BPMNDiagram>",
            "</bpmn:definitions>",
        ]
        return "\n".join(parts) + "\n"

    def _lanes(self) -> list[str]:
        lines = ['    <bpmn:laneSet id="jalur">']
        for number, name in enumerate(self.lanes):
            lines.append(f'      <bpmn:lane id="jalur_{number + 1}" name={quoteattr(name)}>')
            lines += [
                f"        <bpmn:flowNodeRef>{node.id}</bpmn:flowNodeRef>"
                for node in self.nodes
                if node.lane == number
            ]
            lines.append("      </bpmn:lane>")
        return [*lines, "    </bpmn:laneSet>"]

    def _node(self, node: Node) -> str:
        incoming = [f"<bpmn:incoming>{f.id}</bpmn:incoming>" for f in self._to(node)]
        outgoing = [f"<bpmn:outgoing>{f.id}</bpmn:outgoing>" for f in self._from(node)]
        inside = "".join([*incoming, *outgoing])
        name = f" name={quoteattr(node.name)}" if node.name else ""
        default = f' default="{node.default}"' if node.default else ""
        opened = f'bpmn:{node.element} id="{node.id}"{name}{default}'
        return f"    <{opened}>{inside}</bpmn:{node.element}>"

    def _to(self, node: Node) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == node.id]

    def _from(self, node: Node) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node.id]

    def _shapes(self, width: int) -> list[str]:
        height = LANE_HEIGHT * len(self.lanes)
        lines = [_shape("kolam", LEFT, TOP, width, height, ' isHorizontal="true"')]
        for number in range(len(self.lanes)):
            y = TOP + number * LANE_HEIGHT
            lines.append(
                _shape(f"jalur_{number + 1}", LEFT + HEAD, y, width - HEAD, LANE_HEIGHT,
                       ' isHorizontal="true"')
            )  # fmt: skip
        for node in self.nodes:
            (x, y), (wide, high) = node.middle, node.size
            # Below a gateway lies the way back: its name stands above, to the left.
            label = (x - 85, y - 40, 75, 14) if node.element == "exclusiveGateway" else None
            lines.append(_shape(node.id, x - wide // 2, y - high // 2, wide, high, label=label))
        return lines

    def _edge(self, flow: Flow) -> str:
        by_id = {node.id: node for node in self.nodes}
        points = _way(by_id[flow.source], by_id[flow.target])
        steps = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        opened = f'bpmndi:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}"'
        return f"      <{opened}>{steps}</bpmndi:BPMNEdge>"


def _flow(flow: Flow) -> str:
    name = f" name={quoteattr(flow.name)}" if flow.name else ""
    ends = f'sourceRef="{flow.source}" targetRef="{flow.target}"'
    opened = f'    <bpmn:sequenceFlow id="{flow.id}"{name} {ends}'
    if not flow.condition:
        return f"{opened}/>"
    kind = 'xsi:type="bpmn:tFormalExpression"'
    asked = f"<bpmn:conditionExpression {kind}>{escape(flow.condition)}</bpmn:conditionExpression>"
    return f"{opened}>{asked}</bpmn:sequenceFlow>"


def _shape(
    identifier: str,
    x: int,
    y: int,
    width: int,
    height: int,
    more: str = "",
    label: tuple[int, int, int, int] | None = None,
) -> str:
    inside = _bounds(x, y, width, height)
    if label is not None:
        inside += f"<bpmndi:BPMNLabel>{_bounds(*label)}</bpmndi:BPMNLabel>"
    opened = f'bpmndi:BPMNShape id="{identifier}_di" bpmnElement="{identifier}"{more}'
    return f"      <{opened}>{inside}</bpmndi:BPMNShape>"


def _bounds(x: int, y: int, width: int, height: int) -> str:
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'


def _way(source: Node, target: Node) -> list[tuple[int, int]]:
    """Return the corners of a flow: to the right, or below everything back to the left."""
    (x, y), (to_x, to_y) = source.middle, target.middle
    if target.column < source.column:
        below = y + LANE_HEIGHT // 2 - 15
        return [(x, y + source.size[1] // 2), (x, below), (to_x, below),
                (to_x, to_y + target.size[1] // 2)]  # fmt: skip
    start, end = x + source.size[0] // 2, to_x - target.size[0] // 2
    if y == to_y:
        return [(start, y), (end, to_y)]
    corner = (start + end) // 2
    return [(start, y), (corner, y), (corner, to_y), (end, to_y)]
