"""The picture of a process as SVG, drawn on the server from the BPMN DI.

Presentation attributes and classes only, arrow heads as plain shapes: the same picture stands on a
page with a strict content policy and in a Word file. What a mark says is told by a word and a shape
as well as by colour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind
from workflows.drawing import diagram_shapes as shapes
from workflows.drawing.diagram_heat import heat_state
from workflows.drawing.diagram_layout import ERROR, FLOW, LANE, NOTE, POOL, Box, Layout, Shape, read

MARGIN = 14
# The first name must exist everywhere, or one of its metric: word processors look no further.
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"


class MarkKind(StrEnum):
    CURRENT = "current"
    DONE = "done"
    REUSED = "reused"

    @property
    def words(self) -> str:
        return {"current": "Sedang berjalan", "done": "Selesai", "reused": "Masih berlaku"}[self]


@dataclass(frozen=True)
class Mark:
    """How a task stands in one instance; `visits` counts its rounds so far."""

    kind: MarkKind
    visits: int = 1

    @property
    def words(self) -> str:
        return self.kind.words + (f" · {self.visits}×" if self.visits > 1 else "")  # noqa: RUF001

    @property
    def plate(self) -> str:
        """Return what stands on the picture itself."""
        return self.words

    @property
    def link(self) -> str:
        return ""


@dataclass(frozen=True)
class Heat:
    """How hot a task is over many instances: 1 (cool) to 5, 0 where nothing can be said.

    `plate` is the figure as it stands on the picture, `words` the same as a sentence; the task
    leads to `link`. Few data (`is_thin`) have a dashed line.
    """

    level: int
    plate: str
    words: str
    link: str = ""
    is_thin: bool = False

    @property
    def kind(self) -> str:
        return heat_state(self.level, is_thin=self.is_thin)


AnyMark = Mark | Heat
NO_MARKS: Mapping[str, AnyMark] = MappingProxyType({})


def draw(definition: ProcessDefinition, marks: Mapping[str, AnyMark] = NO_MARKS) -> str:
    """Return the diagram as an SVG element, at its natural size in pixels.

    `marks` by BPMN id of a task; an id that the definition does not have is a ValueError.
    """
    unknown = sorted(set(marks) - set(definition.tasks))
    if unknown:
        raise ValueError(f"tidak ada di diagram: {', '.join(unknown)}")
    layout = read(definition.bpmn)
    parts = [
        *(shapes.pool(shape) for shape in layout.of(POOL)),
        *(shapes.lane(shape, number) for number, shape in enumerate(layout.of(LANE))),
        *(shapes.edge(edge, dashed=edge.element != FLOW) for edge in layout.edges),
        *(shapes.note(shape) for shape in layout.of(NOTE)),
        *_nodes(layout, definition, marks),
        # Labels last: no line runs over them.
        *(shapes.edge_label(edge, layout.of(LANE)) for edge in layout.edges if edge.name),
    ]
    has_links = any(mark.link for mark in marks.values())
    description = _description(definition, marks)
    return _svg(layout.box, _title(definition), description, parts, has_links=has_links)


def _nodes(
    layout: Layout, definition: ProcessDefinition, marks: Mapping[str, AnyMark]
) -> Iterable[str]:
    hosts = {task.attached_to for task in definition.tasks.values() if task.attached_to}
    for shape in layout.nodes:
        task = definition.tasks.get(shape.id)
        if shape.element.endswith("Gateway"):
            yield shapes.gateway(shape)
        elif shape.element.endswith("Event"):
            yield _group(shape, task, marks, shapes.event(shape, _state(shape, marks)))
        else:
            number = task.number if task else None
            drawn = shapes.task(shape, _state(shape, marks), number)
            yield _group(shape, task, marks, drawn, above=shape.id in hosts)


def _state(shape: Shape, marks: Mapping[str, AnyMark]) -> str:
    mark = marks.get(shape.id)
    return mark.kind if mark else ""


def _group(
    shape: Shape,
    task: TaskDefinition | None,
    marks: Mapping[str, AnyMark],
    drawn: str,
    *,
    above: bool = False,
) -> str:
    mark = marks.get(shape.id)
    words = [shape.name]
    if task and task.number is not None:
        words = [f"Tahap {task.number}: {shape.name}"]
    if told := _told(shape, task):
        words.append(told)
    if mark:
        words.append(mark.words)
        drawn += shapes.badge(shape, mark.kind, mark.plate, above=above)
    classes = f"bpmn-node bpmn-{shape.element}" + (f" bpmn-node--{mark.kind}" if mark else "")
    title = f"<title>{escape(' — '.join(filter(None, words)))}</title>"
    group = f'<g class="{classes}" data-step={quoteattr(shape.id)}>{title}{drawn}</g>'
    return f"<a href={quoteattr(mark.link)}>{group}</a>" if mark and mark.link else group


def _told(shape: Shape, task: TaskDefinition | None) -> str:
    """Say what the sign of a shape shows."""
    if shape.sign == ERROR:
        return "bila gagal"
    if task is None:
        return ""
    if task.calls:
        return f"menjalankan SOP {task.calls}"
    if task.message:
        verb = "menunggu" if task.kind is TaskKind.MESSAGE else "mengirim"
        return f"{verb} pesan {task.message}"
    return "sekali per baris" if task.rows else ""


def _svg(
    box: Box, title: str, description: str, parts: Iterable[str], *, has_links: bool = False
) -> str:
    x, y = box.x - MARGIN, box.y - MARGIN
    width, height = box.width + 2 * MARGIN, box.height + 2 * MARGIN
    # What is one image to a screen reader has no links within.
    role = "group" if has_links else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn-diagram" role="{role}" '
        f'aria-label={quoteattr(title)} font-family="{FONT}" '
        f'viewBox="{x:g} {y:g} {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f"{''.join(parts)}</svg>"
    )


def _title(definition: ProcessDefinition) -> str:
    return f"Diagram alur {definition.head.title}"


def _description(definition: ProcessDefinition, marks: Mapping[str, AnyMark]) -> str:
    """Say in words what the marks show: the table beside the picture says the rest."""
    lanes = ", ".join(lane.name for lane in definition.lanes)
    sentences = [f"Jalur: {lanes}." if lanes else ""]
    for kind in MarkKind:
        names = [
            definition.tasks[step].name + (f" ({mark.visits} kali)" if mark.visits > 1 else "")
            for step, mark in marks.items()
            if isinstance(mark, Mark) and mark.kind is kind
        ]
        if names:
            sentences.append(f"{kind.words}: {', '.join(names)}.")
    sentences += [
        f"{definition.tasks[step].name}: {mark.words}."
        for step, mark in marks.items()
        if isinstance(mark, Heat)
    ]
    return " ".join(filter(None, sentences))
