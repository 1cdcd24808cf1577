"""A month of one person in weeks: those in which something happened stand open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from attendance.days.person_months import DayLine
from attendance.letters.texts import span_text

PLAIN = frozenset({"present", "off"})
LACKING = ("TL", "PSW", "TAM", "TAP", "KJK_bruto")


@dataclass(frozen=True)
class DayShown:
    """A day, and whether there is anything to say about it beyond its code and its punches."""

    line: DayLine
    matters: bool
    is_today: bool

    @property
    def reasons(self) -> list[str]:
        """Return why, without the hours of every such day: those stand on the day's own page."""
        return [text for text in self.line.data["alasan"] if not text.startswith("Pola ")]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, as much of it as lies in the month."""

    title: str
    days: Sequence[DayShown]
    is_open: bool

    @property
    def remarkable(self) -> int:
        return sum(day.matters for day in self.days)


def weeks_of(days: Sequence[DayLine], today: date) -> list[Week]:
    """Return the weeks in order; open are this one and those with a day that matters."""
    shown = [DayShown(line, matters(line), line.on == today) for line in days]
    weeks = []
    for _, group in groupby(shown, key=lambda day: day.line.on.isocalendar()[:2]):
        week = list(group)
        title = span_text(week[0].line.on, week[-1].line.on)
        is_open = any(day.matters or day.is_today for day in week)
        weeks.append(Week(title, week, is_open))
    return weeks


def matters(line: DayLine) -> bool:
    """Say whether a person should look at this day: late, away, unexplained, waiting, changed."""
    lacks = any(line.data[key] for key in LACKING)
    return line.look not in PLAIN or lacks or line.differs or bool(line.notes)
