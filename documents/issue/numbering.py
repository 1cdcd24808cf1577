"""Numbers of letters: a pattern per agency and series, a counter per year without gaps.

A number is given in the same transaction that stores the document, under the lock of the counter's
row; nothing that fails afterwards can leave a gap.
"""

import string
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import LetterNumber, LetterPattern
from organization.models import Agency
from organization.permissions import local_date

LETTERS, ARCHIVES = "surat", "arsip"
# Our own decision until an agency says how it writes them; 800 is the class of staff matters.
DEFAULT_PATTERNS = {
    LETTERS: "800/{serial:03d}/{letter_code}/{roman_month}/{year}",
    ARCHIVES: "ARSIP/{serial:03d}/{letter_code}/{year}",
}
MOST_SKIPPED = 5000  # at once: more is a slip of the pen
FIELDS = {"serial", "letter_code", "month", "roman_month", "year"}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class TakenNumber:
    """A number that was given: as it is written, and where it stands in its series."""

    text: str
    agency_id: int
    series: str
    year: int
    serial: int

    def as_event(self) -> dict[str, Any]:
        """Return what the event of its letter tells, so that a gap can be found."""
        return {
            "agency": self.agency_id,
            "name": self.series,
            "year": self.year,
            "serial": self.serial,
        }


class PatternRefused(DocumentError):
    """The pattern cannot give numbers that differ."""


def check_pattern(pattern: str) -> None:
    """Raise PatternRefused with a sentence for the person who wrote the pattern."""
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
    except ValueError:
        raise PatternRefused("Kurung kurawal pada pola nomor tidak berpasangan.") from None
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise PatternRefused(
            f"Pola nomor memakai {{{unknown[0]}}} yang tidak dikenal; pakai "
            "{serial}, {letter_code}, {month}, {roman_month}, atau {year}."
        )
    if not {"serial", "year"} <= set(fields):
        raise PatternRefused(
            "Pola nomor harus memuat {serial} dan {year}, supaya tidak ada nomor yang sama."
        )
    try:
        number = format_number(pattern, serial=1, letter_code="KODE", on=date(2026, 1, 1))
    except (ValueError, KeyError, IndexError):
        raise PatternRefused("Pola nomor salah tulis; contoh yang benar: {serial:03d}.") from None
    if len(number) > 80:
        raise PatternRefused("Nomor yang dihasilkan terlalu panjang (batas 80 huruf).")


def format_number(pattern: str, *, serial: int, letter_code: str, on: date) -> str:
    return pattern.format(
        serial=serial,
        letter_code=letter_code,
        month=on.month,
        roman_month=ROMAN[on.month - 1],
        year=on.year,
    )


def number_for(agency: Agency, series: str, serial: int, on: date) -> str:
    """Return the serial as this agency writes it."""
    return _written(agency, pattern_of(agency, series), serial, on)


def pattern_of(agency: Agency, series: str) -> str:
    """Return how the agency writes the numbers of a series."""
    row = LetterPattern.objects.filter(agency=agency, series=series).first()
    return row.pattern if row else DEFAULT_PATTERNS.get(series, DEFAULT_PATTERNS[LETTERS])


def example_number(agency: Agency, pattern: str, now: datetime) -> str:
    """Return the next letter's number as a pattern would write it; nobody has it yet."""
    on = local_date(agency, now)
    return _written(agency, pattern, peek_serial(agency, LETTERS, on.year), on)


def _written(agency: Agency, pattern: str, serial: int, on: date) -> str:
    letter_code = agency.letter_code or agency.code.upper()
    return format_number(pattern, serial=serial, letter_code=letter_code, on=on)


def peek_serial(agency: Agency, series: str, year: int) -> int:
    """Return the serial that would be given next; nobody has it yet."""
    row = LetterNumber.objects.filter(agency=agency, year=year, series=series).first()
    return (row.last if row else 0) + 1


@transaction.atomic
def take_serial(agency: Agency, series: str, year: int) -> int:
    """Return the next serial and keep the counter locked until the caller's transaction ends."""
    LetterNumber.objects.get_or_create(agency=agency, year=year, series=series)
    counter = LetterNumber.objects.select_for_update().get(agency=agency, year=year, series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def skip_serials(agency: Agency, series: str, year: int, last: int) -> tuple[LetterNumber, int]:
    """Let the counter stand at `last`; return it and where it stood.

    It never goes back. Raises DocumentError with a sentence.
    """
    LetterNumber.objects.get_or_create(agency=agency, year=year, series=series)
    counter = LetterNumber.objects.select_for_update().get(agency=agency, year=year, series=series)
    before = counter.last
    if last <= before:
        raise DocumentError(f"Penghitung sudah di nomor {before}; tidak ada yang dilewati.")
    if last - before > MOST_SKIPPED:
        raise DocumentError(
            f"Dari nomor {before} ke {last} lebih dari {MOST_SKIPPED} nomor; periksa angkanya."
        )
    counter.last = last
    counter.save(update_fields=["last"])
    return counter, before


def take_number(agency: Agency, series: str, now: datetime) -> TakenNumber:
    """Return the next number of the agency's day; in the transaction that stores its letter."""
    on = local_date(agency, now)
    serial = take_serial(agency, series, on.year)
    return TakenNumber(number_for(agency, series, serial, on), agency.pk, series, on.year, serial)
