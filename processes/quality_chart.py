"""Mutu baku drawn as bars: how long each step should take, took, and waited; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from foundation.indonesian import work_text
from processes.quality import QualityRow

BOXES = 40  # the room for the longest bar
# Working time that one box may stand for, in minutes; the first that fits is taken.
UNITS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 960)


@dataclass(frozen=True)
class Scale:
    """How much working time one box of a bar stands for."""

    unit: timedelta

    @classmethod
    def fitting(cls, durations: Iterable[timedelta | None]) -> "Scale":
        """Return the finest scale on which the longest duration fits."""
        longest = max((d for d in durations if d is not None), default=timedelta())
        units = (timedelta(minutes=minutes) for minutes in UNITS)
        last = timedelta(minutes=UNITS[-1])
        return cls(next((unit for unit in units if unit * BOXES >= longest), last))

    def boxes(self, duration: timedelta | None) -> int:
        """Return the length of a bar, 0 to BOXES; what took any time at all has one box."""
        if not duration or duration < timedelta():
            return 0
        return min(max(round(duration / self.unit), 1), BOXES)


def chart(rows: Sequence[QualityRow]) -> dict[str, Any]:
    """Return `kotak` (1 to BOXES), the two scales in words, and `baris`, one per visit.

    Steps passed as "masih berlaku" took nothing and have no bars.
    Norm and work share a scale, so that their bars can be compared; waiting takes days where work
    takes minutes and has its own. A bar is {panjang: boxes, teks: the duration in words}.
    """
    rows = [row for row in rows if not row.reused]
    work = Scale.fitting(d for row in rows for d in (row.standard, row.handling))
    waiting = Scale.fitting(row.waiting for row in rows)
    return {
        "kotak": list(range(1, BOXES + 1)),
        "skala": work_text(work.unit),
        "skala_tunggu": work_text(waiting.unit),
        "baris": [
            {
                "langkah": f"{row.step_number}. {row.name}" if row.step_number else row.name,
                "putaran": row.visit,
                "norma": _bar(row.standard, work),
                "kerja": _bar(row.handling, work),
                "tunggu": _bar(row.waiting, waiting),
                "lewat": row.verdict == "over",
            }
            for row in rows
        ],
    }


def _bar(duration: timedelta | None, scale: Scale) -> dict[str, Any]:
    return {
        "panjang": scale.boxes(duration),
        "teks": "-" if duration is None else work_text(duration),
    }
