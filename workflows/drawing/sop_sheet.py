"""The rows of a SOP sheet (SOP-AP, Permenpan 35/2012), each with its part of the flow.

Head and mutu baku come from `sop.toml`, activities, lanes and arrows from the BPMN: paper and what
runs are the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from workflows import durations
from workflows.definitions import ProcessDefinition, QualityStandard
from workflows.drawing.sop_flow import SopFlow, flow_of
from workflows.drawing.sop_flow_drawing import in_words
from workflows.drawing.sop_flow_layout import OVER_PAGE, RowDrawing, drawings, height_of
from workflows.drawing.text_fitting import wrap

SHORT = 12  # signs of a version that name it

# What the table of the standard template measures: cm, the size of its letters in points.
ACTIVITY, REQUIREMENTS, TIME, OUTPUT, NOTE = 7.0, 4.4, 2.0, 4.3, 4.2
LETTERS = 8.0
POINTS_PER_CM, TENTHS_PER_POINT = 28.35, 3.528
LINE, PADDING, SIDES = 1.16, 14, 0.30
PAGE = 1430.0  # what a landscape F4 page has for rows, in tenths of a millimetre


@dataclass(frozen=True)
class SheetRow:
    """A step as the sheet prints it, `drawing` its part of the flow and `words` the same told."""

    number: int
    activity: str
    lane: str
    requirements: str
    time: str
    output: str
    note: str
    drawing: RowDrawing
    words: str


@dataclass(frozen=True)
class Sheet:
    """The sheet of a definition; `pages` are its rows as they fit on paper."""

    definition: ProcessDefinition
    lanes: tuple[str, ...]
    pages: tuple[tuple[SheetRow, ...], ...]
    total: str
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[SheetRow, ...]:
        return tuple(row for page in self.pages for row in page)

    @property
    def version(self) -> str:
        return self.definition.version[:SHORT]


def sheet_on_paper(definition: ProcessDefinition) -> Sheet:
    """Return the sheet with rows as high as their texts, broken where a page is full."""
    flow = flow_of(definition)
    heights = [
        max(height_of(flow, place), _height_of_text(row.step.activity, row.step.standard))
        for place, row in enumerate(flow.rows)
    ]
    breaks = _breaks(heights)
    for place in breaks:
        heights[place] += OVER_PAGE
        heights[place - 1] += OVER_PAGE
    return _sheet(definition, flow, heights, breaks)


def sheet_on_screen(definition: ProcessDefinition) -> Sheet:
    """Return the sheet in one piece, its rows no higher than their signs."""
    flow = flow_of(definition)
    heights = [height_of(flow, place) for place in range(len(flow.rows))]
    return _sheet(definition, flow, heights, frozenset())


def _sheet(
    definition: ProcessDefinition, flow: SopFlow, heights: Sequence[float], breaks: frozenset[int]
) -> Sheet:
    drawn = drawings(flow, heights, breaks=breaks)
    rows = [
        SheetRow(
            number=row.step.number or 0,
            activity=row.step.activity,
            lane=row.step.lane,
            requirements=", ".join(row.step.standard.requirements),
            time=time_of(row.step.standard),
            output=", ".join(row.step.standard.output),
            note=row.step.standard.note,
            drawing=drawing,
            words=in_words(flow, place),
        )
        for place, (row, drawing) in enumerate(zip(flow.rows, drawn, strict=True))
    ]
    edges = [0, *sorted(breaks), len(rows)]
    pages = tuple(tuple(rows[a:b]) for a, b in pairwise(edges))
    return Sheet(definition, flow.lanes, pages, total_of(definition), flow.notes)


def time_of(standard: QualityStandard) -> str:
    """Return "5 menit per pegawai" as the sheet prints it; "-" for no standard."""
    if standard.duration is None:
        return "-"
    words = durations.in_words(standard.duration)
    return f"{words} per {standard.per_label}" if standard.per_label else words


def total_of(definition: ProcessDefinition) -> str:
    """Return the sum that the sheet states, else that of its steps, each counted once."""
    stated = definition.head.stated_total
    if stated is None:
        known = [step.standard.duration for step in definition.steps]
        stated = sum((length for length in known if length), timedelta())
    return durations.in_words(stated) if stated else "-"


def _height_of_text(activity: str, standard: QualityStandard) -> float:
    """Return how high the texts of a row stand, in tenths of a millimetre; rather too high."""
    texts = (
        (activity, ACTIVITY),
        (", ".join(standard.requirements), REQUIREMENTS),
        (time_of(standard), TIME),
        (", ".join(standard.output), OUTPUT),
        (standard.note, NOTE),
    )
    lines = max(len(wrap(text, (cm - SIDES) * POINTS_PER_CM, LETTERS)) for text, cm in texts)
    return math.ceil(lines * LETTERS * LINE * TENTHS_PER_POINT) + PADDING


def _breaks(heights: Sequence[float]) -> frozenset[int]:
    """Return the rows with which a page begins; a page always has one row at least."""
    breaks, used = set(), 0.0
    for place, height in enumerate(heights):
        rest_fits = used + sum(heights[place:]) <= PAGE
        if used and not rest_fits and used + height + OVER_PAGE > PAGE:
            breaks.add(place)
            used = OVER_PAGE
        used += height
    return frozenset(breaks)
