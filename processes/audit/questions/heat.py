"""How hot each step is, for the diagram and for the table that says the same.

Hot is what lies high beside the standard (handling, waiting), what is often sent back (returns),
or what is visited most (count). Five levels; 0 where there is nothing to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import ExpressionWrapper, F, FloatField
from django.db.models.functions import Cast, NullIf

from foundation.indonesian import number_text
from foundation.quantiles import Quantiles
from processes.audit.questions.steps import column, people_visits, visit_count
from processes.audit.scope import Scope
from processes.audit.statistics import is_few, ratio, span
from processes.audit.versions import Version, versions
from processes.models.timings import RETURNED
from workflows.definitions import ProcessDefinition, TaskDefinition


class Measure(StrEnum):
    """What is shown, by its name in the address."""

    WAITING = "tunggu"
    HANDLING = "kerja"
    RETURNS = "kembali"
    COUNT = "kunjungan"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def explained(self) -> str:
        return _LABELS[self][1]

    @property
    def limits(self) -> tuple[float, ...]:
        """Return the upper limits of levels 1 to 4; above the last is level 5."""
        return _LIMITS[self]


_LABELS = {
    Measure.WAITING: ("Tunggu", "p90 waktu tunggu dibagi waktu baku"),
    Measure.HANDLING: ("Kerja", "p90 waktu kerja dibagi waktu baku"),
    Measure.RETURNS: ("Pengembalian", "pengembalian dari dan ke tahap ini dibagi kunjungannya"),
    Measure.COUNT: ("Kunjungan", "banyaknya kunjungan dibagi yang terbanyak"),
}
_LIMITS = {
    Measure.WAITING: (1, 5, 20, 60),
    Measure.HANDLING: (0.5, 1, 1.5, 2),
    Measure.RETURNS: (0.05, 0.1, 0.2, 0.4),
    Measure.COUNT: (0.2, 0.4, 0.6, 0.8),
}
LEVEL_WORDS = ("tidak dapat dinilai", "rendah", "agak rendah", "sedang", "tinggi", "sangat tinggi")


@dataclass(frozen=True, kw_only=True)
class HotStep:
    """One numbered step. `value` is what its level was read from; None: nothing can be said."""

    step: str
    number: int | None
    name: str
    lane: str
    n: int
    p90: timedelta | None  # of the measure, where it is a duration
    returned_from: int
    returned_into: int
    value: float | None
    level: int
    plate: str
    has_standard: bool

    @property
    def is_thin(self) -> bool:
        return is_few(self.n)

    @property
    def level_words(self) -> str:
        return LEVEL_WORDS[self.level]

    @property
    def words(self) -> str:
        """Return the figure as a sentence without its end."""
        few = ", data sedikit" if self.n and self.is_thin else ""
        return f"{self.plate}, {self.level_words}, {self.n} kunjungan{few}"


@dataclass(frozen=True)
class HeatMap:
    """The steps of the drawn version by one measure."""

    definition: ProcessDefinition
    measure: Measure
    steps: tuple[HotStep, ...]

    @property
    def n(self) -> int:
        return sum(step.n for step in self.steps)


def heat_of(scope: Scope, measure: Measure) -> HeatMap | None:
    """Return how hot the steps of the newest version in the scope are; None without a version."""
    found = versions(scope)
    if not found:
        return None
    counted = _counted(scope, measure)
    into = _returned_into(scope)
    most = max((row["n"] for row in counted.values()), default=0)
    definition = found[0].definition
    steps = tuple(
        _hot(step, measure, counted.get(step.id, {}), into.get(step.id, 0), most, found)
        for step in definition.steps
    )
    return HeatMap(definition, measure, steps)


def level_of(value: float | None, limits: Iterable[float]) -> int:
    """Return 1 to 5: how many limits the value lies above, and one; 0 for nothing."""
    return 0 if value is None else 1 + sum(value > limit for limit in limits)


def level_limits(measure: Measure) -> list[tuple[int, str]]:
    """Return the five levels with what they mean in words, as the legend tells them."""
    texts = [_plate(measure, limit, int(limit)) for limit in measure.limits]
    if measure is Measure.COUNT:
        texts = [f"{number_text(100 * limit)} % dari yang terbanyak" for limit in measure.limits]
    bounded = [(level, f"paling banyak {text}") for level, text in enumerate(texts, start=1)]
    return [*bounded, (5, f"lebih dari {texts[-1]}")]


def _counted(scope: Scope, measure: Measure) -> dict[str, dict[str, Any]]:
    """Return n, returns and, for a duration, its p90 alone and beside the standard; one query."""
    rows = people_visits(scope).values("step").order_by()
    figures: dict[str, Any] = {"n": visit_count(), "returns": visit_count(RETURNED)}
    if measure in (Measure.HANDLING, Measure.WAITING):
        name = column(scope.clock, "handling" if measure is Measure.HANDLING else "waiting")
        # Visit by visit: the standard of "5 menit per pegawai" is another each time.
        beside = ExpressionWrapper(
            Cast(F(name), FloatField()) / NullIf(F("standard"), 0), output_field=FloatField()
        )
        rows = people_visits(scope).annotate(beside=beside).values("step").order_by()
        figures["p90"] = Quantiles(name, shares=(0.9,))
        figures["ratio"] = Quantiles("beside", shares=(0.9,))
    return {row["step"]: dict(row) for row in rows.annotate(**figures)}


def _returned_into(scope: Scope) -> dict[str, int]:
    returns = people_visits(scope).filter(RETURNED).exclude(returned_to="")
    rows = returns.values("returned_to").order_by().annotate(n=visit_count())
    return {row["returned_to"]: row["n"] for row in rows}


def _hot(
    step: TaskDefinition,
    measure: Measure,
    row: dict[str, Any],
    into: int,
    most: int,
    found: Iterable[Version],
) -> HotStep:
    n, returns = row.get("n", 0), row.get("returns", 0)
    value: float | None = None
    if measure is Measure.RETURNS:
        value = ratio(returns + into, n)
    elif measure is Measure.COUNT:
        value = ratio(n, most) if n else None
    elif row.get("ratio"):
        (value,) = row["ratio"]
    # A hair above a limit is rounding of the division.
    value = None if value is None else round(value, 9)
    p90 = row.get("p90")
    return HotStep(
        step=step.id,
        number=step.number,
        name=step.name,
        lane=step.lane,
        n=n,
        p90=span(p90[0]) if p90 else None,
        returned_from=returns,
        returned_into=into,
        value=value,
        level=level_of(value, measure.limits),
        plate=_plate(measure, value, n),
        has_standard=any(
            version.definition.tasks[step.id].standard.duration is not None
            for version in found
            if step.id in version.definition.tasks
        ),
    )


def _plate(measure: Measure, value: float | None, n: int) -> str:
    if value is None:
        return "tanpa data" if n == 0 else "tanpa baku"
    if measure is Measure.COUNT:
        return number_text(n)
    if measure is Measure.RETURNS:
        return f"{number_text(100 * value)} %"
    decimals = 0 if value >= 10 or value == int(value) else 1 if value >= 0.1 else 2
    return f"{number_text(value, decimals)}\N{MULTIPLICATION SIGN} baku"
