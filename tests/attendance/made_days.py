"""Days to judge, written the way an office writes them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attendance.law.cases import DayCase, Letter, Tap, minute_of
from attendance.law.codes import Code
from organization.calendars.work_hours import STANDARD_WEEK, Day, DayHours, NoHours, WhyNone

WITA = ZoneInfo("Asia/Makassar")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 4, n) for n in range(6, 11))
SATURDAY, SUNDAY = date(2026, 4, 11), date(2026, 4, 12)


class Holiday(NamedTuple):
    """As schedules tell it."""

    name: str
    collective_leave: bool = False


GOOD_FRIDAY = Holiday("Wafat Yesus Kristus", collective_leave=False)
NYEPI_LEAVE = Holiday("Hari Suci Nyepi", collective_leave=True)

FULL_DAY, SHORT_FRIDAY = STANDARD_WEEK[0], STANDARD_WEEK[4]


def minutes(clock: str) -> int:
    """Minutes from "07:30"; "+07:05" is on the next day."""
    at = time.fromisoformat(clock.lstrip("+"))
    return at.hour * 60 + at.minute + 1440 * clock.startswith("+")


def _stretch(clock: str) -> tuple[int, int]:
    begin, end = (minutes(part) for part in clock.split("-"))
    return begin, end if end > begin else end + 1440


def hours(*clocks: str, **values: object) -> DayHours:
    """Hours from "08:00-12:00"; an end before the beginning is on the next day."""
    intervals = tuple(_stretch(clock) for clock in clocks)
    return DayHours(str(values.pop("pattern", "Uji")), intervals, **values)  # type: ignore[arg-type]


def shift(*clocks: str, **values: object) -> DayHours:
    """Hours around which taps are looked for four hours before and after."""
    day = hours(*clocks, **values)
    return DayHours(
        day.pattern,
        day.intervals,
        day.pattern_id or 7,
        day.shift or "Malam",
        works_holidays=True,
        window=(day.in_limit - 240, day.out_limit + 240),
    )


NIGHT = shift("21:00-07:00", pattern="Jaga RSUD, SK 12/2026")
NURSE = shift("07:30-14:30", pattern="Jaga RSUD, SK 12/2026")
PART_TIME = hours("08:00-12:00", pattern="Paruh waktu, SK 9/2026", pattern_id=3)
RAMADAN = hours("08:00-12:00", "12:30-15:00", pattern="Ramadan, SE 5/2026", pattern_id=4)
RAMADAN_FRIDAY = hours("08:00-11:30", "12:30-15:30", pattern="Ramadan, SE 5/2026", pattern_id=4)
UNROSTERED = NoHours(WhyNone.UNSCHEDULED, "Jaga RSUD, SK 12/2026", "Jadwal jaga belum diisi.")
TWO_PATTERNS = NoHours(WhyNone.CONFLICT, "", "Pola A dan Pola B berlaku bersamaan.")


def told_by_machine(day: date, clock: str, **values: object) -> Tap:
    """A tap as a machine tells it: stored in UTC, read on the agency's wall."""
    at = datetime.combine(day, time.fromisoformat(clock.lstrip("+")), WITA)
    stored = (at + timedelta(days=clock.startswith("+"))).astimezone(UTC)
    local = stored.astimezone(WITA).replace(tzinfo=None)
    return Tap(minute_of(local, day), **values)  # type: ignore[arg-type]


def taps(clocks: str, day: date = MONDAY, **values: object) -> tuple[Tap, ...]:
    return tuple(told_by_machine(day, clock, **values) for clock in clocks.split())


def letter(kind: Code, span: str = "", **values: object) -> Letter:
    """A letter; `span` "13:00-15:00" makes it one of hours."""
    limits = (minutes(span[:5]), minutes(span[6:])) if span else None
    return Letter(kind, span=limits, **values)  # type: ignore[arg-type]


def case(day: Day = FULL_DAY, clocks: str = "", **values: object) -> DayCase:
    return DayCase(day, taps(clocks), **values)  # type: ignore[arg-type]
