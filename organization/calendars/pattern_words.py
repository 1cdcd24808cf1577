"""Patterns in words: their state on a day, their week, and whom they are for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time

from foundation.indonesian import DAYS
from organization.calendars.schedules import day_hours
from organization.models import PatternScope, WorkHours, WorkPattern

NAMED = 5  # of those a pattern is for, so many are named; the rest is counted


@dataclass(frozen=True)
class State:
    """A state as it is shown: kind of badge, icon, word."""

    kind: str
    icon: str
    words: str


@dataclass(frozen=True)
class PatternLine:
    """A pattern as a list shows it."""

    pattern: WorkPattern
    state: State
    week: list[tuple[str, str]]
    whom: str


def line_of(pattern: WorkPattern, today: date, agencies: Collection[int]) -> PatternLine:
    """Return the line of a pattern for somebody who may see these agencies; no queries."""
    scopes = whom_of(pattern.scopes.all(), agencies)
    return PatternLine(pattern, state_of(pattern, today), week_of(pattern.hours.all()), scopes)


def state_of(pattern: WorkPattern, today: date) -> State:
    if pattern.withdrawn_at is not None:
        return State("returned", "cancel", "Dicabut")
    if today < pattern.valid_from:
        return State("info", "hourglass", "Akan berlaku")
    if pattern.valid_until is not None and pattern.valid_until < today:
        return State("reused", "archive", "Sudah berakhir")
    return State("ok", "check-circle", "Berlaku")


def week_of(hours: Iterable[WorkHours]) -> list[tuple[str, str]]:
    """Return ("Senin-Kamis", "07.30-16.00, istirahat 12.00-13.00"); equal days are put together."""
    lines: list[tuple[list[str], str]] = []
    last = None
    for row in sorted(hours, key=lambda row: (row.weekday is None, row.weekday, row.shift)):
        words = hours_words(row)
        follows = row.weekday is not None and last is not None and row.weekday == last + 1
        if follows and lines[-1][1] == words:
            lines[-1][0].append(DAYS[row.weekday or 0])
        else:
            label = f"Giliran {row.shift}" if row.weekday is None else DAYS[row.weekday]
            lines.append(([label], words))
        last = row.weekday
    return [("-".join(dict.fromkeys((days[0], days[-1]))), words) for days, words in lines]


def hours_words(row: WorkHours) -> str:
    text = f"{_clock(row.starts)}-{_clock(row.ends)}"
    if row.ends <= row.starts:
        text += " (hari berikutnya)"
    if row.break_starts is not None and row.break_ends is not None:
        text += f", istirahat {_clock(row.break_starts)}-{_clock(row.break_ends)}"
    return text


def week_minutes(hours: Iterable[WorkHours]) -> int:
    """Return the minutes of work of a week by weekdays."""
    return sum(day_hours(row).target for row in hours if row.weekday is not None)


def whom_of(scopes: Iterable[PatternScope], agencies: Collection[int]) -> str:
    """Return whom a pattern is for; people and units of agencies not given are only counted."""
    names: list[str] = []
    others = 0
    for scope in scopes:
        agency = scope.agency_id
        if scope.unit is not None:
            agency = scope.unit.agency_id
        elif scope.employee is not None:
            agency = scope.employee.agency_id
        if (agency is None or agency in agencies) and len(names) < NAMED:
            names.append(str(scope))
        else:
            others += 1
    if others:
        names.append(f"{others} lainnya")
    return ", ".join(names) or "-"


def _clock(at: time) -> str:
    return f"{at:%H.%M}"
