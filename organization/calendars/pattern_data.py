"""What a decree says about hours of work, and what cannot be meant by it; nothing is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from foundation.indonesian import DAYS, minutes_text
from organization.calendars.schedules import day_hours
from organization.calendars.work_hours import DAY, DayHours
from organization.models import WorkHours, WorkPattern

Kind = WorkPattern.Kind
FULL_WEEK, SEASON_WEEK = 2250, 1950  # minutes: 37.5 and, in Ramadan, 32.5 hours (Perpres 21/2023)
LONGEST_SHIFT = 16 * 60  # minutes from coming to leaving; more is a slip of the pen
OFF_CODES = frozenset({"L", "LEPAS", "LIBUR", "OFF", "-"})  # what a roster writes on a day off


@dataclass(frozen=True, kw_only=True)
class HoursData:
    """Hours of a weekday (0 is Monday) or of a shift; an end at or before the start is tomorrow."""

    starts: time
    ends: time
    weekday: int | None = None
    shift: str = ""
    break_starts: time | None = None
    break_ends: time | None = None

    @property
    def label(self) -> str:
        return self.shift if self.weekday is None else DAYS[self.weekday]


@dataclass(frozen=True, kw_only=True)
class Whom:
    """One of those a pattern is for, by id; all empty means everybody."""

    agency: int | None = None
    unit: int | None = None
    employee: int | None = None


@dataclass(frozen=True, kw_only=True)
class PatternData:
    """A decree on hours of work as it was written down."""

    name: str
    kind: str
    decree_number: str
    valid_from: date
    decree_date: date | None = None
    valid_until: date | None = None
    works_holidays: bool = False
    hours: Sequence[HoursData] = ()
    scopes: Sequence[Whom] = ()

    def covers(self, other: WorkPattern) -> bool:
        """Say whether there is a day on which both hold."""
        return (other.valid_until is None or self.valid_from <= other.valid_until) and (
            self.valid_until is None or other.valid_from <= self.valid_until
        )


def problems_of(data: PatternData) -> dict[str, str]:
    """Return what is wrong with a pattern taken by itself, a sentence per field."""
    found = {}
    if not data.name.strip():
        found["name"] = "Beri nama, misalnya Jam kerja Ramadan 1447 H."
    if not data.decree_number.strip():
        found["decree_number"] = (
            "Nomor keputusan kosong; pola jam kerja hanya berlaku dengan keputusan (Pasal 10 "
            "ayat 3). Isi nomornya seperti tertulis."
        )
    if data.valid_until is not None and data.valid_until < data.valid_from:
        found["valid_until"] = "Pola berakhir sebelum mulai berlaku; periksa kedua tanggalnya."
    if data.kind == Kind.SEASON and data.valid_until is None:
        found["valid_until"] = "Pola berjangka memerlukan tanggal akhir; isi seperti di keputusan."
    if data.decree_date is not None and data.decree_date > data.valid_from:
        found["decree_date"] = (
            "Keputusan ditandatangani setelah pola mulai berlaku; periksa kedua tanggalnya."
        )
    if not data.scopes:
        found["scopes"] = "Pilih untuk siapa pola ini: pegawai, bidang, atau perangkat daerah."
    if problem := _problem_of_hours(data):
        found["hours"] = problem
    return found


def _problem_of_hours(data: PatternData) -> str:
    by_shift = data.kind == Kind.SHIFT
    if not data.hours:
        wanted = "giliran beserta jamnya" if by_shift else "jam kerja sedikitnya satu hari"
        return f"Belum ada jam kerja; isi {wanted}."
    seen: set[str] = set()
    for row in data.hours:
        if by_shift == (row.weekday is not None):
            return "Pola bergiliran memakai kode giliran; pola lain memakai hari."
        if row.label.upper() in seen:
            return f"Giliran {row.label} ditulis dua kali; hapus salah satu atau ganti kodenya."
        seen.add(row.label.upper())
        if row.shift.upper() in OFF_CODES:
            return f"Kode {row.shift} berarti lepas pada jadwal; pilih kode giliran yang lain."
        if problem := _problem_of_row(row):
            return problem
    return "" if by_shift else _problem_of_neighbours(data.hours)


def _problem_of_neighbours(week: Sequence[HoursData]) -> str:
    """Shifts follow each other as the roster says; it is checked there."""
    days = {row.weekday: minutes_of(row) for row in week if row.weekday is not None}
    for weekday, hours in days.items():
        after = (weekday + 1) % 7
        if after in days and is_too_early(hours, days[after]):
            return f"Jam {DAYS[after]} mulai sebelum jam {DAYS[weekday]} selesai; periksa jamnya."
    return ""


def is_too_early(earlier: DayHours, later: DayHours) -> bool:
    """Say whether hours begin before those of the day before are over: no tap could tell them."""
    return later.in_limit < earlier.out_limit - DAY


def _problem_of_row(row: HoursData) -> str:
    if (row.break_starts is None) != (row.break_ends is None):
        return f"Istirahat {row.label} baru terisi separuh; isi awal dan akhirnya, atau kosongkan."
    hours = minutes_of(row)
    start, end = hours.in_limit, hours.out_limit
    if row.break_starts is not None:
        (_, pause), (resume, _) = hours.intervals
        if not start < pause < resume < end:
            return f"Istirahat {row.label} berada di luar jam kerjanya; periksa jamnya."
    if end - start > LONGEST_SHIFT:
        return f"Jam {row.label} menjadi {minutes_text(end - start)}; periksa jam masuk dan pulang."
    return ""


def minutes_of(row: HoursData) -> DayHours:
    """Return the hours as minutes of the day they begin on."""
    return day_hours(
        WorkHours(
            pattern=WorkPattern(),
            shift=row.shift,
            starts=row.starts,
            ends=row.ends,
            break_starts=row.break_starts,
            break_ends=row.break_ends,
        )
    )


def week_hint(data: PatternData) -> str:
    """Return a word of warning where a week is not as long as the Perpres says; else nothing.

    Part time has its own contract and shifts have their roster.
    """
    if data.kind not in (Kind.WEEKLY, Kind.SEASON):
        return ""
    total = sum(minutes_of(row).target for row in data.hours)
    wanted = SEASON_WEEK if data.kind == Kind.SEASON else FULL_WEEK
    if total == wanted:
        return ""
    return (
        f"Seminggu menjadi {minutes_text(total)}; Perpres 21/2023 Pasal 4 menyebut "
        f"{minutes_text(wanted)}{' pada bulan Ramadan' if wanted == SEASON_WEEK else ''}. "
        "Pola tetap tersimpan; periksa bila ini tidak dimaksud."
    )
