"""How letters of absence are named on screens and in lists."""

from collections.abc import Sequence
from datetime import date

from attendance.law.codes import NAMES, Code
from attendance.models import AbsenceLetter
from foundation.indonesian import MONTHS, date_text, list_text, period_label

# Begins how the decision of an official outside the agency is kept; his title follows.
NOTED = "Dicatat dari persetujuan tertulis "
BADGES = {
    AbsenceLetter.Status.ENTERED: ("soon", "edit", "Dicatat"),
    AbsenceLetter.Status.SUBMITTED: ("soon", "search", "Diperiksa kelengkapannya"),
    AbsenceLetter.Status.CHECKED: ("soon", "hourglass", "Menunggu atasan"),
    AbsenceLetter.Status.APPROVED: ("ok", "check-circle", "Disetujui"),
    AbsenceLetter.Status.REJECTED: ("failed", "close", "Ditolak"),
    AbsenceLetter.Status.RETURNED: ("returned", "return", "Dikembalikan"),
    AbsenceLetter.Status.WITHDRAWN: ("info", "cancel", "Dibatalkan"),
    AbsenceLetter.Status.REVOKED: ("failed", "cancel", "Dicabut BKD"),
}


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
    """Return "Surat dinas luar Maria Bere 7-9 April 2026"."""
    return f"Surat {NAMES[Code(letter.kind)]} {letter.employee.name} {letter_span(letter)}"


def letter_span(letter: AbsenceLetter) -> str:
    return span_text(letter.first_on, letter.last_on)


def kind_text(letter: AbsenceLetter) -> str:
    """Return "dinas luar", "izin (pulang sebelum jam kerja berakhir)", "izin (09.00-11.00)"."""
    name = NAMES[Code(letter.kind)]
    if letter.from_time is not None and letter.to_time is not None:
        return f"{name} ({letter.from_time:%H.%M}-{letter.to_time:%H.%M})"
    return f"{name} (pulang sebelum jam kerja berakhir)" if letter.before_leaving else name


def pages_text(letter: AbsenceLetter) -> str:
    """Return "2 halaman", or that the number cannot be read from the file."""
    if letter.scan_pages:
        return f"{letter.scan_pages} halaman"
    return "jumlah halaman tidak terbaca; buka dan periksa pindaiannya"


def late_text(months: Sequence[object]) -> str:
    """Say what a decision means where months are frozen already; "" where none is."""
    if not months:
        return ""
    names = list_text([period_label(str(month)) for month in months])
    way = "perubahannya menjadi data susulan; ralat diputuskan BKD."
    return f"Rekap {names} sudah dibekukan: {way}"


def badge_of(letter: AbsenceLetter) -> tuple[str, str, str]:
    """Return kind of badge, icon and word of a letter's state: never colour alone."""
    status = AbsenceLetter.Status(letter.status)
    if status is AbsenceLetter.Status.CHECKED and letter.escalated_at is not None:
        return ("late", "alert", "Dinaikkan kepada atasan berikutnya")
    return BADGES[status]
