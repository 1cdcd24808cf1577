"""How letters of absence are named on screens and in lists."""

from datetime import date

from attendance.codes import NAMES, Code
from attendance.models import AbsenceLetter
from foundation.indonesian import MONTHS, date_text


def span_text(first: date, last: date) -> str:
    """Return "7 April 2026", "7-9 April 2026", "30 April - 2 Mei 2026"."""
    if first == last:
        return date_text(first)
    if first.year != last.year:
        return f"{date_text(first)} - {date_text(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} - {date_text(last)}"
    return f"{first.day}-{date_text(last)}"


def days_text(days: list[date]) -> str:
    """Return days of one month: "7, 8 dan 13-17 April 2026"; three in a row become a span."""
    if not days:
        return "-"
    *rest, last = [part for run in _runs(days) for part in _run_texts(run)]
    numbers = f"{', '.join(rest)} dan {last}" if rest else last
    return f"{numbers} {MONTHS[days[0].month - 1]} {days[0].year}"


def _runs(days: list[date]) -> list[list[date]]:
    """Group days that follow each other."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _run_texts(run: list[date]) -> list[str]:
    return [f"{run[0].day}-{run[-1].day}"] if len(run) > 2 else [str(day.day) for day in run]


def letter_title(letter: AbsenceLetter) -> str:
    """Return "Surat DL Maria Bere 7-9 April 2026"."""
    return f"Surat {letter.kind} {letter.employee.name} {letter_span(letter)}"


def letter_span(letter: AbsenceLetter) -> str:
    return span_text(letter.first_on, letter.last_on)


def kind_text(letter: AbsenceLetter) -> str:
    """Return "dinas luar", or "izin (pulang sebelum jam kerja berakhir)"."""
    name = NAMES[Code(letter.kind)]
    return f"{name} (pulang sebelum jam kerja berakhir)" if letter.before_leaving else name
