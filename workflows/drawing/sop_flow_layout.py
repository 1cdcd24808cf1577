"""Where the signs of a SOP sheet stand and how its arrows run, row by row.

The rows stand on each other like the rows of the table, so that lines meet at their edges. Lengths
are tenths of a millimetre. Signs are those of Permenpan 35/2012: a capsule where it begins and
ends, a box, a lozenge where somebody decides, a five-sided sign where a line goes on over the page.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.drawing.diagram_layout import Point
from workflows.drawing.sop_flow import END_ROW, Arrow, FlowRow, SopFlow
from workflows.drawing.sop_flow_tracks import Tracks
from workflows.drawing.text_fitting import width_of

WIDTH = 720  # of all lanes together
BEGIN, END = "Mulai", "Selesai"
ABOVE, BELOW = 46, 34  # room for lines over and under a sign
CHANNEL = 20  # how far below the upper edge of a row lines run sideways
BOX, LOZENGE, SMALL = 62, 106, 48  # heights; small is a capsule beside another sign
CAPSULE = 58  # of the step with which it begins or ends
GAP = 36  # between a small capsule and the sign that it belongs to
OVER_PAGE = 66  # room for the sign of a line that goes on over the page
SMALL_WIDTH = 124
TEXT = 26  # size of letters
BESIDE = (31, -10, 59, -38)  # how far from its line an answer stands, one after the other


@dataclass(frozen=True)
class Sign:
    """A sign in its row: "box", "capsule", "lozenge" or "page"; x and y are its middle."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""


@dataclass(frozen=True)
class Words:
    """Text on a line of the drawing; `anchor` is "start" or "end"."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass
class RowDrawing:
    """What is drawn in one row. A head is the tip of an arrow and where it points (dx, dy)."""

    height: float
    lanes: int
    signs: list[Sign] = field(default_factory=list)
    lines: list[tuple[Point, Point]] = field(default_factory=list)
    heads: list[tuple[Point, Point]] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """A row among the others: its upper edge, the channel for lines, and its sign."""

    top: float
    height: float
    channel: float
    sign: Sign
    begin: Sign | None
    end: Sign | None

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def side(self, direction: int) -> Point:
        return self.sign.x + direction * self.sign.width / 2, self.sign.y

    @property
    def head(self) -> Point:
        return self.sign.x, self.sign.y - self.sign.height / 2

    @property
    def foot(self) -> Point:
        return self.sign.x, self.sign.y + self.sign.height / 2


@dataclass(frozen=True)
class _Line:
    points: tuple[Point, ...]
    has_head: bool = True


def height_of(flow: SopFlow, row: int, *, breaks: frozenset[int] = frozenset()) -> float:
    """Return the least height of a row; `breaks` are the rows with which a page begins."""
    step = flow.rows[row]
    height = ABOVE + (LOZENGE if step.decides else BOX) + BELOW
    height += (SMALL + GAP) * (_begins_apart(flow, row) + _ends_below(flow, row))
    return height + OVER_PAGE * ((row in breaks) + (row + 1 in breaks))


def drawings(
    flow: SopFlow, heights: Sequence[float], *, breaks: frozenset[int] = frozenset()
) -> tuple[RowDrawing, ...]:
    """Return what stands in each row of these heights, each at least its `height_of`."""
    places = _places(flow, heights, breaks)
    rows = [RowDrawing(place.height, len(flow.lanes)) for place in places]
    router = _Router(flow, places)
    for row, place in zip(rows, places, strict=True):
        for sign in filter(None, (place.sign, place.begin, place.end)):
            row.signs.append(_lowered(sign, place.top))
    for line in router.lines():
        _cut(line, places, rows, breaks)
    for words, index in router.words:
        top = places[index].top
        rows[index].words.append(Words(words.x, words.y - top, words.text, words.anchor))
    _name_page_signs(rows, breaks)
    return tuple(rows)


def _begins_apart(flow: SopFlow, row: int) -> bool:
    """The first step is the capsule itself, unless it is a decision or something comes back."""
    step = flow.rows[row]
    return step.begins and (step.decides or bool(flow.arriving(row)))


def _is_end(flow: SopFlow, row: int) -> bool:
    """Say whether a step is the end itself: nothing else follows, and it is not the beginning."""
    step = flow.rows[row]
    leaving = [arrow.target for arrow in flow.leaving(row)]
    is_begin = step.begins and not _begins_apart(flow, row)
    return leaving == [END_ROW] and not step.decides and not is_begin


def _ends(flow: SopFlow, row: int) -> bool:
    return END_ROW in [a.target for a in flow.leaving(row)] and not _is_end(flow, row)


def _forward(flow: SopFlow, row: int) -> list[Arrow]:
    """The arrows downwards, the nearest first."""
    return sorted((a for a in flow.leaving(row) if a.target > row), key=lambda a: a.target)


def _ends_below(flow: SopFlow, row: int) -> bool:
    return _ends(flow, row) and not _forward(flow, row)


def _lane_width(flow: SopFlow) -> float:
    return WIDTH / len(flow.lanes)


def _wide(lane: float) -> float:
    """Return the width of a sign in a lane; a lozenge is a tenth wider."""
    return min(lane * 0.55, 150)


def _centre(flow: SopFlow, lane: int) -> float:
    return _lane_width(flow) * (lane + 0.5)


def _places(flow: SopFlow, heights: Sequence[float], breaks: frozenset[int]) -> list[_Place]:
    places, top = [], 0.0
    for index, (row, height) in enumerate(zip(flow.rows, heights, strict=True)):
        places.append(_place(flow, index, row, top, height, breaks))
        top += height
    return places


def _place(
    flow: SopFlow, index: int, row: FlowRow, top: float, height: float, breaks: frozenset[int]
) -> _Place:
    spare = max(0.0, height - height_of(flow, index, breaks=breaks))
    channel = top + OVER_PAGE * (index in breaks) + CHANNEL
    x = _centre(flow, row.lane)
    width = _wide(_lane_width(flow))
    small = SMALL_WIDTH
    tall = LOZENGE if row.decides else BOX
    y = channel - CHANNEL + ABOVE + spare / 2 + tall / 2
    begin = end = None
    if _begins_apart(flow, index):
        begin = Sign("capsule", x, y - tall / 2 + SMALL / 2 - 12, small, SMALL, BEGIN)
        y += SMALL + GAP
    kind, text = ("lozenge" if row.decides else "box"), ""
    if row.begins and begin is None:
        kind, text = "capsule", BEGIN
    elif _is_end(flow, index):
        kind, text = "capsule", END
    if _ends_below(flow, index):
        end = Sign("capsule", x, y + tall / 2 + GAP + SMALL / 2, small, SMALL, END)
    elif _ends(flow, index):
        # Another lane of the row is free: there is one sign in each.
        beside = row.lane - 1 if row.lane else row.lane + 1
        end = Sign("capsule", _centre(flow, beside), y, small, SMALL, END)
    wide = width * 1.1 if row.decides else width
    if kind == "capsule":
        wide = max(width, SMALL_WIDTH)
    high = CAPSULE if kind == "capsule" else tall
    return _Place(top, height, channel, Sign(kind, x, y, wide, high, text), begin, end)


class _Router:
    """Finds the way of each arrow; two that leave by the same answer leave together."""

    def __init__(self, flow: SopFlow, places: Sequence[_Place]) -> None:
        self.flow, self.places = flow, places
        lane = _lane_width(flow)
        self.tracks = Tracks(WIDTH, room=(lane - _wide(lane) * 1.1) / 2)
        self.words: list[tuple[Words, int]] = []
        self.told: defaultdict[tuple[int, str], list[str]] = defaultdict(list)

    def lines(self) -> list[_Line]:
        lines = []
        for index, place in enumerate(self.places):
            if place.begin:
                foot = (place.begin.x, place.begin.y + place.begin.height / 2)
                lines.append(_Line((foot, place.head)))
            forward = _forward(self.flow, index)
            below = forward[0].label if forward else None
            for arrow in self.flow.leaving(index):
                if arrow.target == END_ROW:
                    lines += self._to_end(arrow, place)
                elif arrow.target > index and arrow.label == below:
                    lines.append(self._down(arrow))
                else:
                    lines.append(self._beside(arrow))
        return lines

    def _to_end(self, arrow: Arrow, place: _Place) -> list[_Line]:
        if place.end is None:
            return []
        if place.end.x == place.sign.x:
            self._tell(arrow, place.foot, "below")
            return [_Line((place.foot, (place.end.x, place.end.y - place.end.height / 2)))]
        direction = 1 if place.end.x > place.sign.x else -1
        start = place.side(direction)
        self._tell(arrow, start, "right" if direction > 0 else "left")
        return [_Line((start, (place.end.x - direction * place.end.width / 2, start[1])))]

    def _down(self, arrow: Arrow) -> _Line:
        """From the foot down: in the target's lane where that is free, else in the own one."""
        source, target = self.places[arrow.source], self.places[arrow.target]
        self._tell(arrow, source.foot, "below")
        x, goal = source.sign.x, target.sign.x
        if x == goal and self._is_free(arrow, x):
            return _Line((source.foot, target.head))
        if self._is_free(arrow, goal):
            channel = self.places[arrow.source + 1].channel
        elif self._is_free(arrow, x):
            channel = target.channel
        else:
            return self._around(arrow, source.foot)
        return _Line((source.foot, (x, channel), (goal, channel), target.head))

    def _around(self, arrow: Arrow, start: Point) -> _Line:
        """From the foot into a track beside the lanes' signs, down, and in above the target."""
        below, target = self.places[arrow.source + 1], self.places[arrow.target]
        track = self._track(arrow, 1 if target.sign.x >= start[0] else -1)
        return _Line((
            start, (start[0], below.channel), (track, below.channel), (track, target.channel),
            (target.sign.x, target.channel), target.head,
        ))  # fmt: skip

    def _beside(self, arrow: Arrow) -> _Line:
        """Out at a side and along a track: back into the side of a sign, or down above one."""
        source, target = self.places[arrow.source], self.places[arrow.target]
        direction = self._direction(source, target)
        track = self._track(arrow, direction)
        start = source.side(direction)
        self._tell(arrow, start, "right" if direction > 0 else "left")
        if arrow.target >= arrow.source:  # in from above, also where the same step comes again
            return _Line((
                start, (track, start[1]), (track, target.channel),
                (target.sign.x, target.channel), target.head,
            ))  # fmt: skip
        goal = target.side(1 if track > target.sign.x else -1)
        return _Line((start, (track, start[1]), (track, goal[1]), goal))

    def _direction(self, source: _Place, target: _Place) -> int:
        if source.end is not None and source.end.x != source.sign.x:
            return 1 if source.end.x < source.sign.x else -1
        if source.sign.x == target.sign.x:
            return 1 if source.sign.x < WIDTH - _lane_width(self.flow) else -1
        return 1 if target.sign.x > source.sign.x else -1

    def _track(self, arrow: Arrow, direction: int) -> float:
        """Return where a line may run up or down: by the edge of the target's lane that is near."""
        lane = _lane_width(self.flow)
        source, target = (self.places[row].sign.x for row in (arrow.source, arrow.target))
        if source == target:
            edge = target + direction * lane / 2
        else:
            edge = target - (lane / 2 if target > source else -lane / 2)
        rows = range(min(arrow.source, arrow.target), max(arrow.source, arrow.target) + 1)
        return self.tracks.take(min(max(edge, 0), WIDTH), -direction, rows)

    def _is_free(self, arrow: Arrow, x: float) -> bool:
        between = self.places[arrow.source + 1 : arrow.target]
        signs = [sign for place in between for sign in (place.sign, place.end) if sign]
        return all(abs(sign.x - x) > 1 for sign in signs)

    def _tell(self, arrow: Arrow, start: Point, side: str) -> None:
        """Write the answer once where its line leaves: a second one there above the line.

        What does not fit between its line and the edge stands on the other side, or ends there.
        """
        told = self.told[arrow.source, side]
        if not arrow.label or arrow.label in told:
            return
        told.append(arrow.label)
        x, y = start
        y += 26 if side == "below" else BESIDE[(len(told) - 1) % len(BESIDE)]
        width = width_of(arrow.label, TEXT)
        match side:
            case "below" if x + 10 + width <= WIDTH:
                words = Words(x + 10, y, arrow.label)
            case "below":
                words = Words(x - 10, y, arrow.label, "end")
            case "right":
                words = Words(min(x + 2, WIDTH - width), y, arrow.label)
            case _:
                words = Words(max(x - 2, width), y, arrow.label, "end")
        self.words.append((words, arrow.source))


def _lowered(sign: Sign, top: float) -> Sign:
    return Sign(sign.kind, sign.x, sign.y - top, sign.width, sign.height, sign.text)


def _cut(
    line: _Line, places: Sequence[_Place], rows: Sequence[RowDrawing], breaks: frozenset[int]
) -> None:
    """Give each row its part of a line; where a page ends the line stops at a sign."""
    for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
        for index, (place, row) in enumerate(zip(places, rows, strict=True)):
            upper, lower = max(min(ay, by), place.top), min(max(ay, by), place.bottom)
            if upper > lower or (upper == lower and ay != by):
                continue
            if ax == bx:
                upper = _stopped(upper, lower, place, row, ax, over=index in breaks)[0]
                lower = _stopped(upper, lower, place, row, ax, under=index + 1 in breaks)[1]
            row.lines.append(((ax, upper - place.top), (bx, lower - place.top)))
    if line.has_head:
        before, tip = line.points[-2:]
        row = next(r for p, r in zip(places, rows, strict=True) if p.top <= tip[1] <= p.bottom)
        top = next(p.top for p in places if p.top <= tip[1] <= p.bottom)
        way = (_sign_of(tip[0] - before[0]), _sign_of(tip[1] - before[1]))
        row.heads.append(((tip[0], tip[1] - top), way))


def _stopped(
    upper: float, lower: float, place: _Place, row: RowDrawing, x: float,
    *, over: bool = False, under: bool = False,
) -> tuple[float, float]:  # fmt: skip
    """Return where a line through the edge of a page begins or ends; put its sign there."""
    size = SMALL
    if over and upper == place.top:
        _put_page_sign(row, Sign("page", x, size / 2 + 4, 40, size))
        upper += size + 4
    if under and lower == place.bottom:
        _put_page_sign(row, Sign("page", x, place.height - size / 2 - 4, 40, size))
        lower -= size + 4
    return upper, lower


def _put_page_sign(row: RowDrawing, sign: Sign) -> None:
    if all(abs(other.x - sign.x) > 1 or other.y != sign.y for other in row.signs):
        row.signs.append(sign)


def _name_page_signs(rows: Sequence[RowDrawing], breaks: frozenset[int]) -> None:
    """Write the same letter into both halves of a line that goes on over the page."""
    letters: Mapping[int, str] = dict(enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    number = 0
    for first in sorted(breaks):
        named: dict[float, str] = {}
        for row in (rows[first - 1], rows[first]):
            for index, sign in enumerate(row.signs):
                is_here = (sign.y < row.height / 2) == (row is rows[first])
                if sign.kind != "page" or not is_here:
                    continue
                if sign.x not in named:
                    named[sign.x] = letters.get(number, str(number))
                    number += 1
                text = named[sign.x]
                row.signs[index] = Sign("page", sign.x, sign.y, sign.width, sign.height, text)


def _sign_of(value: float) -> float:
    return (value > 0) - (value < 0)
