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
    """Return days of one month as a list: "7, 8, dan 21 April 2026"."""
    if not days:
        return "-"
    *rest, last = (str(day.day) for day in days)
    numbers = f"{', '.join(rest)} dan {last}" if rest else last
    return f"{numbers} {MONTHS[days[0].month - 1]} {days[0].year}"


def letter_title(letter: AbsenceLetter) -> str:
    """Return "Surat DL Maria Bere 7-9 April 2026"."""
    return f"Surat {letter.kind} {letter.employee.name} {letter_span(letter)}"


def letter_span(letter: AbsenceLetter) -> str:
    return span_text(letter.first_on, letter.last_on)


def kind_text(letter: AbsenceLetter) -> str:
    """Return "dinas luar", or "izin (pulang sebelum jam kerja berakhir)"."""
    name = NAMES[Code(letter.kind)]
    return f"{name} (pulang sebelum jam kerja berakhir)" if letter.before_leaving else name
