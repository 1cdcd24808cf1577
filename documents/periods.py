"""Which days a subject covers: month "2026-04", day "2026-04-17", week "2026-W16", "2026-Q2",
"2026-06..2026-10" from month to month.

What follows a stroke tells apart what is about the same time ("2026-04/31" is one person's month).
Years are those of `YEARS`: no office kept a record before them, and no calendar is drawn behind.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.indonesian import date_text, period_label

DAY, WEEK, MONTH, QUARTER, MONTHS = "day", "week", "month", "quarter", "months"
NAMES = {DAY: "Tanggal", WEEK: "Minggu", MONTH: "Bulan", QUARTER: "Triwulan"}
YEARS = range(2000, 3000)
ROMAN = ("I", "II", "III", "IV")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A time as people call it, and its days; a subject that is no time has only a label."""

    label: str
    first: date | None = None
    last: date | None = None
    kind: str = ""  # "day", "week", "month", "quarter", "months"

    def as_context(self) -> dict[str, str]:
        """Return what templates call `periode`."""
        return {
            "label": self.label,
            "mulai": date_text(self.first) if self.first else "",
            "selesai": date_text(self.last) if self.last else "",
        }


def period_of(subject: str) -> Period:
    """Return the period of a subject; the whole text is its label where it names none."""
    time = subject.split("/")[0]
    if not (time[:4].isdecimal() and int(time[:4]) in YEARS):
        return Period(subject)
    try:
        if found := _MONTH.fullmatch(time):
            first = date(int(found[1]), int(found[2]), 1)
            return Period(period_label(time), first, _month_end(first), MONTH)
        if found := _QUARTER.fullmatch(time):
            first = date(int(found[1]), 3 * int(found[2]) - 2, 1)
            label = f"Triwulan {ROMAN[int(found[2]) - 1]} {first.year}"
            return Period(label, first, _month_end(first.replace(month=first.month + 2)), QUARTER)
        if ".." in time:
            return _months(subject, *time.split("..", 1))
        if _WEEK.fullmatch(time):
            first = date.fromisocalendar(int(time[:4]), int(time[6:]), 1)
            return Period(_week_label(first), first, first + timedelta(days=6), WEEK)
        day = date.fromisoformat(time)
        return Period(period_label(time), day, day, DAY)
    except ValueError:
        return Period(subject)


def refusal_of(kind: str, subject: str, today: date) -> str:
    """Return why nothing can be told about a time that was asked for; "" where it can.

    The time under way can: "2026-04" on the first of April.
    """
    period = period_of(subject)
    if period.first is None or period.kind != kind or "/" in subject:
        return f"{NAMES[kind]} ini tidak ada; pilih yang lain."
    if period.first > today:
        return f"{NAMES[kind]} ini belum mulai; belum ada yang dapat dilaporkan."
    return ""


def _months(subject: str, first: str, last: str) -> Period:
    """Return the period from a month to a later one; what is no such range is only a label."""
    begin, end = period_of(first), period_of(last)
    if not (begin.kind == end.kind == MONTH and begin.first and end.first):
        return Period(subject)
    if begin.first >= end.first:
        return Period(subject)
    return Period(f"{begin.label} s.d. {end.label}", begin.first, end.last, MONTHS)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _week_label(first: date) -> str:
    return f"{date_text(first)} s.d. {date_text(first + timedelta(days=6))}"
