"""Dates, times, durations and numbers as an Indonesian office writes them."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}
_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))


def month_name(month: int) -> str:
    return MONTHS[month - 1]


def day_name(on: date) -> str:
    return DAYS[on.weekday()]


def date_text(on: date) -> str:
    """Return "5 Maret 2024"; of an aware moment, the date it carries itself."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def date_with_day(on: date) -> str:
    """Return "Selasa, 5 Maret 2024"."""
    return f"{day_name(on)}, {date_text(on)}"


def zone_label(zone: str, at: datetime) -> str:
    """Return WIB, WITA or WIT; elsewhere the offset at that moment ("UTC+09.30")."""
    if zone in ZONE_LABELS:
        return ZONE_LABELS[zone]
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours:02d}.{minutes:02d}"


def time_text(at: datetime, zone: str) -> str:
    """Return "07.30 WITA" for an aware moment in the agency's zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%H.%M} {zone_label(zone, at)}"


def moment_text(at: datetime, zone: str) -> str:
    """Return "5 Maret 2024 07.30 WITA" for an aware moment in the agency's zone."""
    return f"{date_text(at.astimezone(ZoneInfo(zone)))} {time_text(at, zone)}"


def machine_time_text(local: str) -> str:
    """Return "4 Mei 2026 07.20.00" for what a clock showed as "2026-05-04 07:20:00".

    What is no such time (a machine may tell anything) stays as it is.
    """
    try:
        at = datetime.fromisoformat(local)
    except ValueError:
        return local
    return f"{date_text(at)} {at:%H.%M.%S}"


def period_label(subject: str) -> str:
    """Return "April 2026" for "2026-04", "30 April 2026" for a day, other subjects as they are."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", subject):
        year, month = subject.split("-")
        return f"{MONTHS[int(month) - 1]} {int(year)}"
    try:
        return date_text(date.fromisoformat(subject))
    except ValueError:
        return subject


def duration_text(duration: timedelta) -> str:
    """Return "2 jam 5 menit": the two largest units, days of 24 hours, seconds below one hour."""
    if duration < timedelta():
        return f"minus {duration_text(-duration)}"
    seconds = round(duration.total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    units = [(days, "hari"), (hours, "jam"), (minutes, "menit")]
    if not days and not hours:
        units.append((seconds, "detik"))
    parts = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(parts[:2]) or "0 menit"


def minutes_text(minutes: int) -> str:
    """Return minutes of work without turning them into days: "7 jam 30 menit"."""
    sign, minutes = ("minus " if minutes < 0 else ""), abs(minutes)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam"] * bool(hours) + [f"{rest} menit"] * bool(rest or not hours)
    return sign + " ".join(parts)


def work_text(duration: timedelta) -> str:
    """Return working time: "112 jam 19 menit", never in days, of which each has another length."""
    if abs(duration) < timedelta(hours=1):
        return duration_text(duration)
    return minutes_text(round(duration / timedelta(minutes=1)))


def number_text(value: float | Decimal, decimals: int = 0) -> str:
    """Return "1.234,5": full stop between thousands, comma before decimals."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def percent_text(part: float, whole: float) -> str:
    """Return "94,1 %"; "-" where there is nothing to compare with."""
    return f"{number_text(100 * part / whole, 1)} %" if whole else "-"


def number_words(number: int) -> str:
    """Return the number in words (terbilang): 2026 -> "dua ribu dua puluh enam"."""
    if number < 0:
        return f"minus {number_words(-number)}"
    if number < 10:
        return _DIGITS[number]
    return " ".join(_words(number))


def _words(number: int) -> list[str]:
    if number == 0:
        return []
    if number in (10, 11):
        return ["sepuluh" if number == 10 else "sebelas"]
    if number < 10:
        return [_DIGITS[number]]
    if number < 20:
        return [_DIGITS[number - 10], "belas"]
    if number < 100:
        return [_DIGITS[number // 10], "puluh", *_words(number % 10)]
    if number < 200:
        return ["seratus", *_words(number - 100)]
    if number < 1000:
        return [_DIGITS[number // 100], "ratus", *_words(number % 100)]
    if number < 2000:
        return ["seribu", *_words(number - 1000)]
    size, name = next((size, name) for size, name in _SCALES if number >= size)
    return [*_words(number // size), name, *_words(number % size)]


def list_text(items: Sequence[str], last: str = "dan") -> str:
    """Return "A, B, dan C"; two items need no comma."""
    if len(items) <= 2:
        return f" {last} ".join(items)
    return f"{', '.join(items[:-1])}, {last} {items[-1]}"


def size_text(size: int) -> str:
    """Return the size of a file as people read it: "812 KB", "20,5 MB" (1 MB = 1.048.576 byte)."""
    if size < 1024:
        return f"{size} byte"
    if size < 1024 * 1024:
        return f"{size // 1024} KB"
    text = number_text(size / (1024 * 1024), 1)
    return f"{text.removesuffix(',0')} MB"


def parse_date(text: str) -> date | None:
    """Read "2026-04-30", "30-04-2026", "30/04/2026" or "30 April 2026"; None if it is no date."""
    cleaned = " ".join(text.split())
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", cleaned):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", cleaned):
        day, month, year = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"(\d{1,2}) ([A-Za-z]+) (\d{4})", cleaned):
        names = [name.lower() for name in MONTHS]
        if match[2].lower() not in names:
            return None
        day, month, year = int(match[1]), names.index(match[2].lower()) + 1, int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
