"""The picture: the DI of both SOPs is whole and tidy, the SVG says what it should and no more."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workflows.definitions import FOLDERS, bare, e_absensi, hall, sop
from tests.workflows.sop_files import draw as draw_bpmn
from workflows.definitions import Lane, ProcessDefinition, TaskDefinition, TaskKind
from workflows.drawing import diagram, text_fitting
from workflows.drawing.diagram import Mark, MarkKind
from workflows.drawing.diagram_layout import LANE, Box, Edge, Layout, Point, Shape, read

SVG = "{http://www.w3.org/2000/svg}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BOTH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def layout_of(folder: Path) -> Layout:
    return read(sop(folder).bpmn)


# --- the drawing of the SOPs ---


@BOTH
def test_everything_in_the_process_is_drawn_once(folder: Path) -> None:
    root = etree.fromstring(sop(folder).bpmn)
    process = root.find(f"{BPMN}process")
    assert process is not None
    written = {e.get("id") for e in process if e.get("id") and e.tag != f"{BPMN}laneSet"}
    written |= {lane.get("id") for lane in process.iter(f"{BPMN}lane")}
    layout = layout_of(folder)
    drawn = [shape.id for shape in layout.shapes] + [edge.id for edge in layout.edges]
    assert len(drawn) == len(set(drawn))
    assert written <= set(drawn)


@BOTH
def test_every_node_lies_within_its_own_lane(folder: Path) -> None:
    layout = layout_of(folder)
    root = etree.fromstring(sop(folder).bpmn)
    for lane in root.iter(f"{BPMN}lane"):
        box = layout.shape(str(lane.get("id"))).box
        for reference in lane.iter(f"{BPMN}flowNodeRef"):
            assert box.contains(layout.shape(str(reference.text)).box), reference.text


@BOTH
def test_the_lanes_fill_the_pool_and_do_not_overlap(folder: Path) -> None:
    lanes = layout_of(folder).of(LANE)
    for upper, lower in pairwise(lanes):
        assert upper.box.bottom == lower.box.y
        assert (upper.box.x, upper.box.width) == (lower.box.x, lower.box.width)


@BOTH
def test_every_line_begins_and_ends_at_its_shapes(folder: Path) -> None:
    layout = layout_of(folder)
    for edge in layout.edges:
        assert layout.shape(edge.source).box.borders(edge.points[0]), edge.id
        assert layout.shape(edge.target).box.borders(edge.points[-1]), edge.id


@BOTH
def test_every_line_runs_straight_down_or_across(folder: Path) -> None:
    for edge in layout_of(folder).edges:
        for (ax, ay), (bx, by) in pairwise(edge.points):
            assert ax == bx or ay == by, edge.id


def _crosses(box: Box, start: Point, end: Point) -> bool:
    """Return whether a straight part of a line enters the inside of a box."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < box.right and right > box.x and top < box.bottom and bottom > box.y


@BOTH
def test_no_line_runs_through_a_shape(folder: Path) -> None:
    layout = layout_of(folder)
    for edge in layout.edges:
        for start, end in pairwise(edge.points):
            for node in layout.nodes:
                assert not _crosses(node.box, start, end), (edge.id, node.id)


@BOTH
def test_no_two_lines_cross(folder: Path) -> None:
    for one, other in combinations(layout_of(folder).edges, 2):
        assert not _meeting(one, other), (one.id, other.id)


def _meeting(one: Edge, other: Edge) -> bool:
    return any(_cut(a, b, c, d) for a, b in pairwise(one.points) for c, d in pairwise(other.points))


def _cut(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether an upright and a level part cut each other inside both."""
    if (a[0] == b[0]) == (c[0] == d[0]):
        return False
    (upright, level) = ((a, b), (c, d)) if a[0] == b[0] else ((c, d), (a, b))
    (x, y0), (_, y1) = upright
    (x0, y), (x1, _) = level
    return min(x0, x1) < x < max(x0, x1) and min(y0, y1) < y < max(y0, y1)


@BOTH
def test_no_label_lies_on_a_shape_or_on_another_label(folder: Path) -> None:
    layout = layout_of(folder)
    labels = [shape.label for shape in layout.shapes if shape.label]
    labels += [edge.label for edge in layout.edges if edge.label]
    boxes = [node.box for node in layout.nodes]
    for label in labels:
        for box in [*boxes, *(other for other in labels if other is not label)]:
            assert not _overlap(label, box), (label, box)
    tasks = sop(folder).tasks
    for one, other in combinations(layout.nodes, 2):
        on_edge = other.id in tasks and tasks[other.id].attached_to == one.id
        on_edge |= one.id in tasks and tasks[one.id].error_way == other.id
        if on_edge:
            assert one.box.borders(other.box.centre), other.id
        assert on_edge or not _overlap(one.box, other.box), (one.id, other.id)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


@BOTH
def test_every_named_gateway_event_and_branch_has_a_place_for_its_name(folder: Path) -> None:
    layout = layout_of(folder)
    for node in layout.nodes:
        if node.name and not node.element.endswith("Task"):
            assert node.label, node.id
    for edge in layout.edges:
        assert bool(edge.name) == bool(edge.label), edge.id


@BOTH
def test_every_name_fits_into_its_shape(folder: Path) -> None:
    for node in layout_of(folder).nodes:
        if node.element.endswith("Task"):
            text = text_fitting.fit(node.name, node.box.width - 16, node.box.height - 15, 12)
            assert text.height <= node.box.height - 15, node.name
            assert text.size >= 10, node.name


# --- the SVG ---


def svg(definition: ProcessDefinition, **marks: Mark) -> etree._Element:
    return etree.fromstring(diagram.draw(definition, marks))


def _words(element: etree._Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


@BOTH
def test_the_picture_names_every_task_lane_and_branch(folder: Path) -> None:
    definition = sop(folder)
    root = svg(definition)
    groups = {g.get("data-step"): g for g in root.iter(f"{SVG}g") if g.get("data-step")}
    for task in definition.tasks.values():
        title = groups[task.id].findtext(f"{SVG}title") or ""
        assert task.name in title
        assert (f"Tahap {task.number}:" in title) == (task.number is not None)
    drawn = _words(root)
    for lane in definition.lanes:
        assert lane.name in drawn
    for flow in definition.flows:
        assert flow.name in drawn


@BOTH
def test_the_text_drawn_in_a_task_is_its_whole_name(folder: Path) -> None:
    definition = sop(folder)
    for group in svg(definition).iter(f"{SVG}g"):
        task = definition.tasks.get(group.get("data-step") or "")
        if task and task.kind is not TaskKind.TIMER:
            lines = [row.text or "" for row in group.iter(f"{SVG}tspan")]
            assert _joined(lines) == task.name.replace(" ", "").replace("-", "")


def _joined(lines: list[str]) -> str:
    return "".join(lines).replace(" ", "").replace("-", "")


def test_the_picture_tells_what_it_is_to_those_who_cannot_see_it() -> None:
    root = svg(e_absensi(), teliti_resume=Mark(MarkKind.CURRENT, 2))
    assert root.get("role") == "img"
    assert "Pengelolaan e-Absensi" in (root.get("aria-label") or "")
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    assert "Jalur: Kadis, Admin, Operator." in (root[1].text or "")
    assert "Sedang berjalan: Meneliti laporan resume sim absensi (2 kali)." in (root[1].text or "")


ALLOWED_ELEMENTS = {
    "svg",
    "g",
    "title",
    "desc",
    "rect",
    "circle",
    "path",
    "polygon",
    "text",
    "tspan",
}
ALL_MARKS = {
    "catat_penugasan": Mark(MarkKind.REUSED),
    "tunggu_akhir_periode": Mark(MarkKind.DONE),
    "input_ketidakhadiran": Mark(MarkKind.DONE, 3),
    "teliti_resume": Mark(MarkKind.CURRENT, 3),
}


@BOTH
def test_the_picture_carries_no_style_no_script_and_no_reference(folder: Path) -> None:
    marks = ALL_MARKS if set(ALL_MARKS) <= set(sop(folder).tasks) else {}
    for element in svg(sop(folder), **marks).iter():
        assert etree.QName(element).localname in ALLOWED_ELEMENTS
        for name, value in element.attrib.items():
            assert not re.match(r"style$|on|.*href|src", str(name)), name
            assert "url(" not in str(value)


def test_a_mark_is_told_by_word_shape_and_colour() -> None:
    root = svg(e_absensi(), **ALL_MARKS)
    groups = {g.get("data-step"): g for g in root.iter(f"{SVG}g") if g.get("data-step")}
    looks = set()
    for step, mark in ALL_MARKS.items():
        group = groups[step]
        assert f"bpmn-node--{mark.kind}" in (group.get("class") or "")
        badge = next(g for g in group if (g.get("class") or "").startswith("bpmn-badge"))
        assert mark.words in _words(badge)
        sign = next(e for e in badge.iter(f"{SVG}path"))
        looks.add((mark.kind, sign.get("d"), badge[0].get("fill")))
    assert len(looks) == len({look[1] for look in looks}) == len({look[2] for look in looks}) == 3
    assert not any("bpmn-badge" in (g.get("class") or "") for g in svg(e_absensi()).iter(f"{SVG}g"))


def test_only_a_task_visited_more_than_once_tells_how_often() -> None:
    assert Mark(MarkKind.DONE).words == "Selesai"
    assert Mark(MarkKind.DONE, 3).words == "Selesai · 3×"  # noqa: RUF001


def test_a_mark_for_a_task_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="tidak ada di diagram: mana"):
        diagram.draw(hall(), {"mana": Mark(MarkKind.DONE)})


HOSTILE = '</text><script>alert(1)</script>"&\' onload="x'


def test_names_written_in_a_diagram_stay_text() -> None:
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    bpmn = draw_bpmn().replace('name="Langkah ajukan"', f'name="{escaped}"')
    bpmn = bpmn.replace('name="Staf"', f'name="{escaped}"')
    bpmn = bpmn.replace('<sequenceFlow id="terima"', f'<sequenceFlow name="{escaped}" id="terima"')
    definition = bare(bpmn)
    definition = replace(
        definition,
        head=replace(definition.head, title=HOSTILE),
        lanes=(Lane("lane0", HOSTILE),),
        tasks={"ajukan": TaskDefinition("ajukan", HOSTILE, TaskKind.USER, HOSTILE)},
    )
    drawn = diagram.draw(definition, {"ajukan": Mark(MarkKind.CURRENT)})
    root = etree.fromstring(drawn)
    assert {etree.QName(e).localname for e in root.iter()} <= ALLOWED_ELEMENTS
    assert not any("onload" in e.attrib for e in root.iter())
    assert HOSTILE in (root.findtext(f"{SVG}title") or "")


def test_a_diagram_without_a_drawing_gives_an_empty_picture() -> None:
    bpmn = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", draw_bpmn(), flags=re.DOTALL)
    root = etree.fromstring(diagram.draw(bare(bpmn)))
    assert [etree.QName(e).localname for e in root] == ["title", "desc"]


def test_shapes_beside_the_process_are_drawn_too() -> None:
    bpmn = draw_bpmn(extra='<textAnnotation id="catatan"><text>Baca dahulu</text></textAnnotation>')
    place = '<dc:Bounds x="0" y="300" width="120" height="40"/>'
    shape = f'<bpmndi:BPMNShape id="c" bpmnElement="catatan">{place}</bpmndi:BPMNShape>'
    root = etree.fromstring(
        diagram.draw(bare(bpmn.replace("</bpmndi:BPMNPlane>", f"{shape}</bpmndi:BPMNPlane>")))
    )
    assert "Baca dahulu" in _words(root)


@given(
    st.text(alphabet="abcdefghij MWil-", min_size=1, max_size=120),
    st.integers(40, 160),
)
@settings(max_examples=100, deadline=None)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = text_fitting.wrap(text, width, 12)
    assert _joined(list(lines)) == _joined([text])
    for line in lines:
        assert text_fitting.width_of(line, 12) <= width or len(line) <= 4


def test_a_shape_knows_its_border_from_its_inside() -> None:
    box = Shape("a", "userTask", "", Box(10, 10, 100, 50)).box
    assert box.borders((10, 30))
    assert box.borders((60, 60))
    assert not box.borders((60, 30))
    assert not box.borders((200, 30))
