"""The rows of a SOP sheet's flow as SVG for a page, and as line art for a Word file.

Line art is a text that the renderer of documents draws (`documents/renderer/line_art.py` reads it):
sizes in tenths of a millimetre, shapes divided by ";".
"""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from workflows.drawing.diagram_layout import Point
from workflows.drawing.sop_flow import END_ROW, SopFlow
from workflows.drawing.sop_flow_layout import TEXT, WIDTH, RowDrawing, Sign

INK, GRID = "#1e293b", "#cbd5e1"
HEAD_LENGTH, HEAD_HALF = 22.0, 10.0
SCALE = 0.4  # pixels on a page for a tenth of a millimetre
FAR = 4000  # lines over the edge of a row go on, under whatever is written more than was thought
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"


def svg_of(row: RowDrawing, words: str) -> str:
    """Return a row as an SVG element. Its lines go on over its edges: the cell cuts them off."""
    height = row.height
    parts = [
        f'<line x1="{x:g}" y1="{-FAR}" x2="{x:g}" y2="{height + FAR:g}" stroke="{GRID}" '
        'stroke-width="2"/>'
        for x in _edges(row)
    ]
    for (ax, ay), (bx, by) in row.lines:
        if ax == bx:
            ay = -FAR if ay <= 0 else ay
            by = height + FAR if by >= height else by
        parts.append(
            f'<line x1="{ax:g}" y1="{ay:g}" x2="{bx:g}" y2="{by:g}" stroke="{INK}" '
            'stroke-width="4" stroke-linecap="square"/>'
        )
    parts += [_svg_head(tip, way) for tip, way in row.heads]
    parts += [_svg_sign(sign) for sign in row.signs]
    parts += [
        f'<text x="{w.x:g}" y="{w.y:g}" text-anchor="{w.anchor}" font-size="{TEXT}" '
        f'fill="{INK}">{escape(w.text)}</text>'
        for w in row.words
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-row" role="img" '
        f'aria-label={quoteattr(words)} font-family="{FONT}" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH * SCALE:g}" height="{height * SCALE:g}" overflow="visible">'
        f"{''.join(parts)}</svg>"
    )


def line_art_of(row: RowDrawing) -> str:
    """Return a row in the language of the renderer."""
    return ";".join(_shapes(row))


def _shapes(row: RowDrawing) -> Iterator[str]:
    yield f"{WIDTH} {row.height:.0f}"
    for x in _edges(row):
        yield f"grid {x:.0f} 0 {x:.0f} {row.height:.0f}"
    for (ax, ay), (bx, by) in row.lines:
        yield f"line {ax:.0f} {ay:.0f} {bx:.0f} {by:.0f}"
    for tip, way in row.heads:
        yield "head " + " ".join(f"{x:.0f} {y:.0f}" for x, y in _head(tip, way))
    for sign in row.signs:
        numbers = f"{sign.x:.0f} {sign.y:.0f} {sign.width:.0f} {sign.height:.0f}"
        yield f"{sign.kind} {numbers} {_plain(sign.text)}".rstrip()
    for words in row.words:
        yield f"{words.anchor} {words.x:.0f} {words.y:.0f} {TEXT} {_plain(words.text)}"


def in_words(flow: SopFlow, row: int) -> str:
    """Say in words what the drawing of a row shows: who, and what follows."""
    step = flow.rows[row]
    parts = [step.step.lane, "keputusan" if step.decides else "kegiatan"]
    if step.begins:
        parts.insert(1, "mulai")
    for arrow in flow.leaving(row):
        answer = f"{arrow.label}: " if arrow.label else ""
        if arrow.target == END_ROW:
            parts.append(f"{answer}selesai")
        else:
            target = flow.rows[arrow.target].step
            verb = "ke" if arrow.target > row else "kembali ke"
            parts.append(f"{answer}{verb} tahap {target.number} ({target.lane})")
    return ", ".join(parts)


def _edges(row: RowDrawing) -> list[float]:
    return [WIDTH * lane / row.lanes for lane in range(1, row.lanes)]


def _plain(text: str) -> str:
    return " ".join(text.replace(";", ",").split())


def _head(tip: Point, way: Point) -> list[Point]:
    (x, y), (dx, dy) = tip, way
    bx, by = x - dx * HEAD_LENGTH, y - dy * HEAD_LENGTH
    return [
        tip,
        (bx - dy * HEAD_HALF, by + dx * HEAD_HALF),
        (bx + dy * HEAD_HALF, by - dx * HEAD_HALF),
    ]


def _svg_head(tip: Point, way: Point) -> str:
    return f'<polygon points="{_points(_head(tip, way))}" fill="{INK}"/>'


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _svg_sign(sign: Sign) -> str:
    x, y, w, h = sign.x, sign.y, sign.width, sign.height
    left, top = x - w / 2, y - h / 2
    look = f'fill="#ffffff" stroke="{INK}" stroke-width="4"'
    if sign.kind == "lozenge":
        corners: tuple[Point, ...] = (
            (x, top), (x + w / 2, y), (x, y + h / 2), (left, y),
        )  # fmt: skip
        drawn = f'<polygon points="{_points(corners)}" {look}/>'
    elif sign.kind == "page":
        low = y + h * 0.15
        corners = ((left, top), (left + w, top), (left + w, low), (x, top + h), (left, low))
        drawn = f'<polygon points="{_points(corners)}" {look}/>'
    else:
        round_ = f' rx="{h / 2:g}"' if sign.kind == "capsule" else ""
        drawn = f'<rect x="{left:g}" y="{top:g}" width="{w:g}" height="{h:g}"{round_} {look}/>'
    if not sign.text:
        return drawn
    return (
        f'{drawn}<text x="{x:g}" y="{y + TEXT * 0.35 - (4 if sign.kind == "page" else 0):g}" '
        f'text-anchor="middle" font-size="{TEXT}" fill="{INK}">{escape(sign.text)}</text>'
    )
