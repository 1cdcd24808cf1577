"""The shapes of a BPMN diagram as SVG text, one function each. Everything written is escaped."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from workflows.drawing.diagram_heat import HEAT_ICONS, HEAT_LOOKS, texture
from workflows.drawing.diagram_layout import BOUNDARY, Box, Edge, Point, Shape
from workflows.drawing.diagram_signs import (
    GATEWAY_LINE,
    ICON_GEAR,
    ICON_PERSON,
    PAPER,
    circle,
    event_sign,
    gateway_sign,
    three_bars,
)
from workflows.drawing.text_fitting import LINE, Fitted, fit, width_of, wrap

INK, LINE_COLOUR, SOFT = "#1e293b", "#475569", "#64748b"
TASK_TEXT, LABEL_TEXT, LANE_TEXT = 12.0, 11.5, 13.0
LANE_FILLS = ("#f8fafc", "#eef4fb")
LANE_HEADER, POOL_HEADER = "#dbe5f1", "#1e3a5f"
HEADER = 30
CORNER = 9

# state -> fill, line, width of the line, dashes
TASK_LOOKS = {
    "": (PAPER, LINE_COLOUR, 1.5, ""),
    "current": ("#dbeafe", "#1d4ed8", 3.0, ""),
    "done": ("#e7f6ee", "#15803d", 1.75, ""),
    "reused": ("#f4f0fd", "#6d28d9", 1.75, "6 3"),
    **HEAT_LOOKS,
}
AUTOMATIC_FILL = "#eceff3"
AUTOMATIC = {"serviceTask", "sendTask", "receiveTask", "callActivity"}
BETWEEN = {"intermediateCatchEvent", "intermediateThrowEvent", BOUNDARY}
THICK = 3.5  # the line of a task that begins another SOP

BADGE_ICONS = {
    "current": '<path d="M0 0l9 5-9 5z" fill="#ffffff"/>',
    "done": '<path d="M0.5 5.5l3.2 3.2L9.5 1.5" fill="none" stroke="#ffffff" stroke-width="2"/>',
    "reused": (
        '<path d="M8.3 3A4.2 4.2 0 1 0 9.2 6" fill="none" stroke="#ffffff" stroke-width="1.6"/>'
        '<path d="M9.6 0v4H5.8z" fill="#ffffff"/>'
    ),
    **HEAT_ICONS,
}


def pool(shape: Shape) -> str:
    box = shape.box
    header = Box(box.x, box.y, HEADER, box.height)
    return (
        f'<g class="bpmn-pool">{_rect(box, PAPER, LINE_COLOUR, 1.5)}'
        f"{_rect(header, POOL_HEADER, POOL_HEADER, 1)}"
        f"{_upright(shape.name, header, PAPER, bold=True)}</g>"
    )


def lane(shape: Shape, number: int) -> str:
    box = shape.box
    header = Box(box.x, box.y, HEADER, box.height)
    return (
        f'<g class="bpmn-lane">{_rect(box, LANE_FILLS[number % 2], SOFT, 1)}'
        f"{_rect(header, LANE_HEADER, SOFT, 1)}{_upright(shape.name, header, INK, bold=True)}</g>"
    )


def task(shape: Shape, state: str, number: int | None) -> str:
    """Draw a task: a person's white and with its number, an automatic one grey and lower."""
    box = shape.box
    fill, line, thickness, dashes = TASK_LOOKS[state]
    automatic = shape.element in AUTOMATIC
    if automatic and not state:
        fill = AUTOMATIC_FILL
    if shape.element == "callActivity":
        thickness = max(thickness, THICK)
    # The plate of a mark covers the foot of the box.
    foot = 12 if shape.per_row else 7 if state else 0
    text = fit(
        shape.name, box.width - 16, box.height - 8 - foot, TASK_TEXT - (0.5 if automatic else 0)
    )
    middle = (box.centre[0], box.centre[1] - foot / 2)
    corner = line if state else (SOFT if automatic else LINE_COLOUR)
    ground = texture(box, state)
    return (
        f"{_rect(box, fill, line, thickness, radius=CORNER, dashes=dashes)}{ground}"
        f"{_lines(text, middle, halo=fill if ground else '')}{_who(shape, automatic, corner)}"
        f"{_rows(shape, state, line)}"
        f"{'' if number is None else _number(box, number, line if state else INK)}"
    )


def _who(shape: Shape, automatic: bool, colour: str) -> str:
    """Draw the sign of who works here, a person, the system or a message, on the upper right."""
    x, y = shape.box.right - 4, shape.box.y + 3
    ground = circle(x, y, 10, PAPER, colour, 1.2)
    if shape.sign:
        return ground + event_sign(shape.sign, x, y, 7, colour)
    icon = ICON_GEAR if automatic else ICON_PERSON
    return (
        f'{ground}<g transform="translate({x - 5.7:g} {y - (6.6 if automatic else 6.2):g}) '
        f'scale(0.8)" fill="none" stroke="{colour}" stroke-width="1.5">{icon}</g>'
    )


def _rows(shape: Shape, state: str, colour: str) -> str:
    """Draw the bars of work per row at the middle of the foot, beside the plate of a mark."""
    if not shape.per_row:
        return ""
    x = shape.box.x + 13 if state else shape.box.centre[0]
    return three_bars(x, shape.box.bottom, colour)


def _number(box: Box, number: int, colour: str) -> str:
    x, y = box.x + 3, box.y + 3
    return (
        f"{circle(x, y, 11, colour, PAPER, 1.5)}"
        f'<text x="{x:g}" y="{y + 4.3:g}" text-anchor="middle" font-size="12" font-weight="bold" '
        f'fill="{PAPER}">{number}</text>'
    )


def gateway(shape: Shape) -> str:
    box = shape.box
    x, y = box.centre
    diamond = ((x, box.y), (box.right, y), (x, box.bottom), (box.x, y))
    return (
        f'<g class="bpmn-node bpmn-gateway">'
        f'<polygon points="{_points(diamond)}" fill="#fff7e6" stroke="{GATEWAY_LINE}" '
        f'stroke-width="1.6" stroke-linejoin="round"/>'
        f"{gateway_sign(shape.element, x, y, box.width * 0.17)}{_label(shape)}</g>"
    )


def event(shape: Shape, state: str) -> str:
    """Draw an event: one line for a start, two for one between, a thick one for an end."""
    x, y = shape.box.centre
    r = shape.box.width / 2
    fill, line, thickness, _ = TASK_LOOKS[state]
    if shape.element == "startEvent":
        fill, line, thickness = "#e7f6ee", "#15803d", 2
    elif shape.element == "endEvent":
        fill, line, thickness = "#fdecec", "#b91c1c", 4
    dashes = "4 2.5" if shape.dashed else ""
    drawn = circle(x, y, r - thickness / 2 + 0.5, fill, line, thickness, dashes)
    if shape.element in BETWEEN:
        drawn += circle(x, y, r - 4, "none", line, 1.2, dashes)
    return drawn + event_sign(shape.sign, x, y, r - 7, line) + _label(shape)


def note(shape: Shape) -> str:
    box = shape.box
    bracket = f"M{box.x + 10:g} {box.y:g}H{box.x:g}V{box.bottom:g}H{box.x + 10:g}"
    text = fit(shape.name, box.width - 14, box.height - 6, LABEL_TEXT)
    return (
        f'<g class="bpmn-note"><path d="{bracket}" fill="none" stroke="{SOFT}" '
        f'stroke-width="1.2"/>{_lines(text, box.centre)}</g>'
    )


def edge(line: Edge, *, dashed: bool = False) -> str:
    """Draw a line with round corners and an arrow head; the default way out carries a stroke."""
    dashes = ' stroke-dasharray="2 4"' if dashed else ""
    drawn = (
        f'<path d="{_rounded(_short_of_head(line.points, 0 if dashed else 7))}" fill="none" '
        f'stroke="{LINE_COLOUR}" stroke-width="1.5"{dashes}/>'
    )
    if not dashed:
        drawn += f'<polygon points="{_points(_head(line.points))}" fill="{LINE_COLOUR}"/>'
    if line.default:
        drawn += _slash(line.points)
    return f'<g class="bpmn-flow">{drawn}</g>'


def edge_label(line: Edge, lanes: Sequence[Shape]) -> str:
    """Write a label on a ground of its lane's colour, so that a line below stays readable."""
    centre, width = edge_label_place(line)
    text = Fitted(wrap(line.name, width, LABEL_TEXT), LABEL_TEXT)
    widest = max(width_of(words, LABEL_TEXT) for words in text.lines)
    ground = Box(centre[0] - widest / 2 - 2, centre[1] - text.height / 2, widest + 4, text.height)
    over = (number for number, lane in enumerate(lanes) if lane.box.contains(ground))
    fill = LANE_FILLS[next(over, 0) % 2]
    return (
        f'<rect x="{ground.x:g}" y="{ground.y:g}" width="{ground.width:g}" '
        f'height="{ground.height:g}" fill="{fill}" fill-opacity="0.85"/>{_lines(text, centre)}'
    )


def edge_label_place(line: Edge) -> tuple[Point, float]:
    """Return centre and width: as the diagram has it, else above the middle of the first part."""
    if line.label:
        return line.label.centre, max(line.label.width, 30.0)
    (ax, ay), (bx, by) = line.points[:2]
    return ((ax + bx) / 2, (ay + by) / 2 - LABEL_TEXT), 90.0


def badge(shape: Shape, state: str, words: str, *, above: bool = False) -> str:
    """Draw the plate at the foot of a task that says how it stands, with a sign before the word.

    It stands at the head (`above`) where events cover the foot. An event on the edge of a task has
    no room for a word: its sign says it, and its title.
    """
    if shape.element == BOUNDARY:
        return _sign(shape, state)
    size = 10.5
    width, height = width_of(words, size) * 1.06 + 30, 18
    centre, bottom = shape.box.centre[0], shape.box.bottom
    x, y = centre - width / 2, bottom - height / 2 + 3
    if above:
        y = shape.box.y - height / 2 - 3
    if shape.element.endswith("Event"):
        y = (shape.label or shape.box).bottom + 4
    colour = TASK_LOOKS[state][1]
    return (
        f'<g class="bpmn-badge bpmn-badge--{state}">'
        f"{_rect(Box(x, y, width, height), colour, PAPER, 1.25, radius=height / 2)}"
        f'<g transform="translate({x + 8:g} {y + 4:g})">{BADGE_ICONS[state]}</g>'
        f'<text x="{x + 22:g}" y="{y + 12.8:g}" font-size="{size:g}" font-weight="bold" '
        f'fill="{PAPER}">{escape(words)}</text></g>'
    )


def _sign(shape: Shape, state: str) -> str:
    x, y = shape.box.right - 3, shape.box.y + 3
    return (
        f'<g class="bpmn-badge bpmn-badge--{state}">'
        f"{circle(x, y, 8, TASK_LOOKS[state][1], PAPER, 1.25)}"
        f'<g transform="translate({x - 4.5:g} {y - 4.5:g}) scale(0.9)">{BADGE_ICONS[state]}</g></g>'
    )


def _label(shape: Shape) -> str:
    """Write the name of an event or gateway where the diagram has it, else below."""
    if not shape.name:
        return ""
    if shape.label:
        width, centre = max(shape.label.width, 40.0), shape.label.centre
    else:
        width, centre = 110.0, (shape.box.centre[0], shape.box.bottom + LABEL_TEXT)
    return _lines(Fitted(wrap(shape.name, width + 4, LABEL_TEXT), LABEL_TEXT), centre)


def _rect(
    box: Box, fill: str, line: str, thickness: float, *, radius: float = 0, dashes: str = ""
) -> str:
    extra = f' rx="{radius:g}"' if radius else ""
    extra += f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'fill="{fill}" stroke="{line}" stroke-width="{thickness:g}"{extra}/>'
    )


def swatch(state: str) -> str:
    """Draw a small field of a state, for a legend."""
    box = Box(1, 1, 42, 22)
    fill, line, thickness, dashes = TASK_LOOKS[state]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="44" height="24" aria-hidden="true">'
        f"{_rect(box, fill, line, thickness, radius=4, dashes=dashes)}{texture(box, state)}</svg>"
    )


def _lines(text: Fitted, centre: Point, colour: str = INK, *, halo: str = "") -> str:
    """Write lines centred on a point. The baseline lies about 0.35 of the size below a centre.

    A `halo` of the ground's colour keeps words readable over a texture.
    """
    x, y = centre
    first = y - text.height / 2 + text.size * LINE / 2 + text.size * 0.35
    rows = "".join(
        f'<tspan x="{x:g}" y="{first + row * text.size * LINE:g}">{escape(line)}</tspan>'
        for row, line in enumerate(text.lines)
    )
    around = f' stroke="{halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text text-anchor="middle" font-size="{text.size:g}" fill="{colour}"'
        f"{around if halo else ''}>{rows}</text>"
    )


def _upright(name: str, box: Box, colour: str, *, bold: bool) -> str:
    x, y = box.centre
    text = fit(name, box.height - 8, box.width - 4, LANE_TEXT)
    first = y - text.height / 2 + text.size * LINE / 2 + text.size * 0.35
    rows = "".join(
        f'<tspan x="{x:g}" y="{first + row * text.size * LINE:g}">{escape(line)}</tspan>'
        for row, line in enumerate(text.lines)
    )
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text text-anchor="middle" font-size="{text.size:g}" fill="{colour}"{weight} '
        f'transform="rotate(-90 {x:g} {y:g})">{rows}</text>'
    )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _direction(start: Point, end: Point) -> Point:
    length = math.dist(start, end) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _towards(start: Point, end: Point, distance: float) -> Point:
    dx, dy = _direction(start, end)
    return start[0] + dx * distance, start[1] + dy * distance


def _short_of_head(points: Sequence[Point], length: float) -> list[Point]:
    *before, last = points
    return [*before, _towards(last, before[-1], length)]


def _head(points: Sequence[Point]) -> tuple[Point, Point, Point]:
    tip = points[-1]
    dx, dy = _direction(points[-2], tip)
    base = tip[0] - dx * 9, tip[1] - dy * 9
    return tip, (base[0] - dy * 4, base[1] + dx * 4), (base[0] + dy * 4, base[1] - dx * 4)


def _slash(points: Sequence[Point]) -> str:
    x, y = _towards(points[0], points[1], 9)
    dx, dy = _direction(points[0], points[1])
    ax, ay = (dx - dy) * 5, (dx + dy) * 5
    return (
        f'<path d="M{x - ax:g} {y - ay:g}L{x + ax:g} {y + ay:g}" stroke="{LINE_COLOUR}" '
        f'stroke-width="1.5"/>'
    )


def _rounded(points: Sequence[Point], radius: float = 7) -> str:
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(math.dist(before, corner), math.dist(corner, after)) / 2
        r = min(radius, room)
        ax, ay = _towards(corner, before, r)
        bx, by = _towards(corner, after, r)
        path.append(f"L{ax:g} {ay:g}Q{corner[0]:g} {corner[1]:g} {bx:g} {by:g}")
    path.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(path)
