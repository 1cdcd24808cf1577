"""The quarters of an evaluation: which months they have, and which lies before a day."""

from datetime import date

from attendance.days.months import Month
from documents.periods import QUARTER, period_of


def months_of_quarter(period: str) -> list[Month]:
    """Return the three months of "2026-Q1"; ValueError with a sentence for anything else."""
    quarter = period_of(period)
    if quarter.first is None or quarter.kind != QUARTER or "/" in period:
        raise ValueError(f"“{period[:20]}” bukan triwulan; pilih salah satu yang ada.")
    first = Month.of(quarter.first)
    return [first, first.after, first.after.after]


def quarter_before(today: date, back: int = 1) -> str:
    """Return the quarter that lies so many quarters before that of the day."""
    index = today.year * 4 + (today.month - 1) // 3 - back
    return f"{index // 4}-Q{index % 4 + 1}"
