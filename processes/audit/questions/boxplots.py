"""How the handling of each step lies, as boxes on one axis; pure.

The axis is logarithmic: a step of two minutes and one of two days stand on the same picture, and
twice as long is the same way everywhere. Places are percents of the width as SVG wants them, so
that the picture grows with the page and its words do not.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from processes.audit.questions.steps import StepFigures

# Durations that an axis may name, in seconds.
TICKS = (
    1, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400, 259200, 604800,
    2592000, 7776000, 31536000,
)  # fmt: skip
UNITS = ((86400, "hari"), (3600, "jam"), (60, "mnt"), (1, "dtk"))
EDGE = 3.0  # percent of the width left free on either side
APART = 9.0  # percent that two words of the axis need between them


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` seconds, both of TICKS."""

    low: int
    high: int

    @classmethod
    def fitting(cls, durations: Iterable[timedelta]) -> "Axis":
        """Return the shortest axis on which all durations stand; those of no time stand at 1 s."""
        seconds = [max(duration.total_seconds(), TICKS[0]) for duration in durations]
        least, largest = min(seconds, default=60), max(seconds, default=3600)
        low = max(tick for tick in TICKS if tick <= least)
        high = next((tick for tick in TICKS if tick >= largest and tick > low), TICKS[-1])
        return cls(low, high) if low < high else cls(TICKS[-2], TICKS[-1])

    def place(self, duration: timedelta) -> float:
        """Return where a duration stands, in percent of the width."""
        seconds = min(max(duration.total_seconds(), self.low), self.high)
        share = math.log(seconds / self.low) / math.log(self.high / self.low)
        return EDGE + share * (100 - 2 * EDGE)

    @property
    def ticks(self) -> tuple["Tick", ...]:
        found = []
        named_at = -APART
        for seconds in (tick for tick in TICKS if self.low <= tick <= self.high):
            place = self.place(timedelta(seconds=seconds))
            # The last tick is always named, as is the first.
            room = place >= named_at + APART and place <= 100 - EDGE - APART
            is_named = room or seconds in (self.low, self.high)
            named_at = place if is_named else named_at
            found.append(Tick(_percent(place), tick_words(seconds) if is_named else ""))
        return tuple(found)


@dataclass(frozen=True)
class Tick:
    x: str
    words: str


@dataclass(frozen=True, kw_only=True)
class BoxPlot:
    """One step: five places and the widths between them, as texts for SVG ("12.50%")."""

    figures: StepFigures
    least: str
    quarter: str
    median: str
    three_quarters: str
    p90: str
    box_width: str
    standard: str  # empty without a standard
    standard_width: str  # more than nothing where visits had different ones
    standard_end: str


@dataclass(frozen=True)
class Chart:
    """The boxes of a scope; steps that nobody worked on have none."""

    ticks: tuple[Tick, ...]
    plots: tuple[BoxPlot, ...]


def chart(steps: Iterable[StepFigures]) -> Chart | None:
    """Return the picture of the steps that were worked on; None where there is none."""
    worked = [step for step in steps if step.handling.median is not None]
    if not worked:
        return None
    axis = Axis.fitting(duration for step in worked for duration in _durations(step))
    return Chart(axis.ticks, tuple(_plot(step, axis) for step in worked))


def tick_words(seconds: int) -> str:
    """Return "30 mnt", "2 jam", "3 hari" for a tick of the axis."""
    size, name = next((size, name) for size, name in UNITS if seconds >= size)
    return f"{seconds // size} {name}"


def _standard(step: StepFigures) -> tuple[timedelta, timedelta] | None:
    if step.judged_by:
        return step.judged_by
    newest = step.standard.duration if step.standard else None
    return (newest, newest) if newest is not None else None


def _durations(step: StepFigures) -> list[timedelta]:
    spread = step.handling
    found = [spread.least, spread.p90, *(_standard(step) or ())]
    return [duration for duration in found if duration is not None]


def _plot(step: StepFigures, axis: Axis) -> BoxPlot:
    spread = step.handling
    five = (spread.least, spread.quarter, spread.median, spread.three_quarters, spread.p90)
    least, quarter, median, three_quarters, p90 = (
        axis.place(duration or timedelta()) for duration in five
    )
    standard = _standard(step)
    begin, end = (axis.place(standard[0]), axis.place(standard[1])) if standard else (0.0, 0.0)
    return BoxPlot(
        figures=step,
        least=_percent(least),
        quarter=_percent(quarter),
        median=_percent(median),
        three_quarters=_percent(three_quarters),
        p90=_percent(p90),
        # A box of no width would not be seen.
        box_width=_percent(max(three_quarters - quarter, 0.4)),
        standard=_percent(begin) if standard else "",
        standard_width=_percent(end - begin) if end > begin else "",
        standard_end=_percent(end) if standard else "",
    )


def _percent(place: float) -> str:
    return f"{place:.2f}%"
