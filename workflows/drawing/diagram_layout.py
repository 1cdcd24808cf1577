"""Where everything stands on a diagram: the BPMN DI of a process, read into plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from workflows.reading.vocabulary import BPMNDI, DC, DI, local, tag

Point = tuple[float, float]

POOL, LANE, NOTE = "participant", "lane", "textAnnotation"
BOUNDARY = "boundaryEvent"
FLOW = "sequenceFlow"
# What a shape is about, as its sign shows it.
TIMER, MESSAGE, SENT, ERROR = "timer", "message", "sent", "error"
SENDS = {"intermediateThrowEvent", "endEvent", "sendTask"}


@dataclass(frozen=True)
class Box:
    """A rectangle in the units of the drawing (pixels at natural size)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def contains(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def borders(self, point: Point, slack: float = 1.0) -> bool:
        """Return whether a point lies on the edge of this box, give or take `slack`."""
        x, y = point
        outer = Box(self.x - slack, self.y - slack, self.width + 2 * slack, self.height + 2 * slack)
        inside = self.x + slack < x < self.right - slack and (
            self.y + slack < y < self.bottom - slack
        )
        return outer.x <= x <= outer.right and outer.y <= y <= outer.bottom and not inside


@dataclass(frozen=True)
class Shape:
    """A pool, lane, node or note. `element` is the name of its BPMN element.

    `dashed` is an event that lets the task on whose edge it stands go on; `sign` is what an event
    or a task is about: a timer, a message waited for or sent, a failure. `per_row` is work that is
    done once per row.
    """

    id: str
    element: str
    name: str
    box: Box
    label: Box | None = None
    dashed: bool = False
    sign: str = ""
    per_row: bool = False


@dataclass(frozen=True)
class Edge:
    """A line from shape to shape. `default` is the way out that needs no condition."""

    id: str
    element: str
    name: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: Box | None = None
    default: bool = False


@dataclass(frozen=True)
class Layout:
    """What is drawn. An element of the process without DI is not here."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    def of(self, *elements: str) -> tuple[Shape, ...]:
        return tuple(shape for shape in self.shapes if shape.element in elements)

    @property
    def nodes(self) -> tuple[Shape, ...]:
        """The nodes; what stands on the edge of a task comes last, so that it lies on top."""
        nodes = (s for s in self.shapes if s.element not in (POOL, LANE, NOTE))
        return tuple(sorted(nodes, key=lambda shape: shape.element == BOUNDARY))

    def shape(self, identifier: str) -> Shape:
        return next(shape for shape in self.shapes if shape.id == identifier)

    @property
    def box(self) -> Box:
        """The smallest rectangle around everything that is drawn."""
        boxes = [s.box for s in self.shapes]
        boxes += [shape.label for shape in self.shapes if shape.label]
        boxes += [edge.label for edge in self.edges if edge.label]
        points = [point for edge in self.edges for point in edge.points]
        xs = [x for x, _ in points] + [v for b in boxes for v in (b.x, b.right)]
        ys = [y for _, y in points] + [v for b in boxes for v in (b.y, b.bottom)]
        if not xs:
            return Box(0, 0, 0, 0)
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


@lru_cache(maxsize=64)
def read(bpmn: bytes) -> Layout:
    """Return the layout of an admitted BPMN file (`reading.gate` has let it in)."""
    root = etree.fromstring(
        bpmn, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )
    elements = {str(e.get("id")): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
    defaults = {e.get("default") for e in elements.values() if e.get("default")}
    return Layout(
        shapes=tuple(_shapes(root, elements)), edges=tuple(_edges(root, elements, defaults))
    )


def _drawn(
    root: etree._Element, kind: str, elements: dict[str, etree._Element]
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Yield each drawing with the BPMN element that it draws."""
    for drawing in root.iter(f"{{{BPMNDI}}}{kind}"):
        element = elements.get((drawing.get("bpmnElement") or "").rpartition(":")[2])
        if element is not None:
            yield drawing, element


def _shapes(root: etree._Element, elements: dict[str, etree._Element]) -> Iterator[Shape]:
    for drawing, element in _drawn(root, "BPMNShape", elements):
        bounds = drawing.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            yield Shape(
                id=str(element.get("id")),
                element=local(element),
                name=_name(element),
                box=_box(bounds),
                label=_label(drawing),
                dashed=element.get("cancelActivity") == "false",
                sign=_sign(element),
                per_row=element.find(tag("multiInstanceLoopCharacteristics")) is not None,
            )


def _edges(
    root: etree._Element, elements: dict[str, etree._Element], defaults: set[str | None]
) -> Iterator[Edge]:
    for drawing, element in _drawn(root, "BPMNEdge", elements):
        points = tuple(
            (float(point.get("x", "0")), float(point.get("y", "0")))
            for point in drawing.iter(f"{{{DI}}}waypoint")
        )
        if len(points) > 1:
            yield Edge(
                id=str(element.get("id")),
                element=local(element),
                name=_name(element),
                source=element.get("sourceRef") or "",
                target=element.get("targetRef") or "",
                points=points,
                label=_label(drawing),
                default=element.get("id") in defaults,
            )


def _sign(element: etree._Element) -> str:
    if element.find(tag("timerEventDefinition")) is not None:
        return TIMER
    if element.find(tag("errorEventDefinition")) is not None:
        return ERROR
    event = element.find(tag("messageEventDefinition"))
    if event is None and not element.get("messageRef"):
        return ""
    return SENT if local(element) in SENDS else MESSAGE


def _name(element: etree._Element) -> str:
    note = element.find(tag("text"))
    text = (note.text or "") if note is not None else (element.get("name") or "")
    return " ".join(text.split())


def _box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(k, "0")) for k in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _label(drawing: etree._Element) -> Box | None:
    bounds = drawing.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
    return None if bounds is None else _box(bounds)
