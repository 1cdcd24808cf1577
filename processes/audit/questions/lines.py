"""A figure month after month as a line: where its points lie; pure.

Coordinates are whole units of the drawing, WIDTH by HEIGHT. A month without the figure breaks the
line; few data make a hollow point.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT = 320, 132
LEFT, RIGHT, TOP, BOTTOM = 8, 280, 26, 108  # right of it stands the word of the reference


@dataclass(frozen=True)
class Value:
    """A figure of one month; None where the month has none."""

    month: str  # as it is shown: "April 2026"
    short: str  # as it stands below the axis: "Apr 26"
    value: float | None
    is_thin: bool = False


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    words: str
    is_thin: bool
    is_last: bool


@dataclass(frozen=True)
class LineChart:
    """`runs` are the stretches of the line; `reference` is the height of the line to compare."""

    title: str
    points: tuple[Point, ...]
    runs: tuple[str, ...]
    top_words: str
    last_words: str
    last_of: str  # the month of it, and whether it rests on few data
    first_month: str
    last_month: str
    reference: int | None
    reference_words: str

    @property
    def reference_text(self) -> int | None:
        """Return where the words of the line to compare stand, beside its end."""
        return None if self.reference is None else self.reference + 4

    @property
    def words(self) -> str:
        """Return the whole picture for who does not see it."""
        return f"{self.title}: " + "; ".join(point.words for point in self.points)


def line_chart(
    title: str,
    values: Sequence[Value],
    told: Callable[[float], str],
    *,
    top: float | None = None,
    reference: float | None = None,
    reference_words: str = "",
) -> LineChart | None:
    """Return a chart from 0 to `top` (else the largest value); None without any value.

    `told` says a value in words.
    """
    known = [value.value for value in values if value.value is not None]
    if not known:
        return None
    ceiling = top if top is not None else max(*known, reference or 0.0, 0.0)
    points: list[Point | None] = []
    last = max(place for place, value in enumerate(values) if value.value is not None)
    for place, value in enumerate(values):
        point = None
        if value.value is not None:
            point = Point(
                x=_across(place, len(values)),
                y=_up(value.value, ceiling),
                words=f"{value.month} {told(value.value)}"
                + (" (data sedikit)" if value.is_thin else ""),
                is_thin=value.is_thin,
                is_last=place == last,
            )
        points.append(point)
    return LineChart(
        title=title,
        points=tuple(point for point in points if point),
        runs=tuple(_runs(points)),
        top_words=told(ceiling),
        last_words=told(known[-1]),
        last_of=values[last].month + (", data sedikit" if values[last].is_thin else ""),
        first_month=values[0].short,
        last_month=values[-1].short if len(values) > 1 else "",
        reference=None if reference is None else _up(reference, ceiling),
        reference_words=reference_words,
    )


def _across(place: int, count: int) -> int:
    if count == 1:
        return (LEFT + RIGHT) // 2
    return LEFT + round(place * (RIGHT - LEFT) / (count - 1))


def _up(value: float, ceiling: float) -> int:
    share = value / ceiling if ceiling else 0.0
    return BOTTOM - round(min(max(share, 0.0), 1.0) * (BOTTOM - TOP))


def _runs(points: Sequence[Point | None]) -> list[str]:
    """Return "x,y x,y" of every stretch of at least two months."""
    found = []
    for known, run in groupby(points, key=lambda point: point is not None):
        stretch = [f"{point.x},{point.y}" for point in run if point]
        if known and len(stretch) > 1:
            found.append(" ".join(stretch))
    return found
