"""The shifts of a month: who needs a roster, what stands in it, where it has gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from organization.calendars.pattern_data import OFF_CODES
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours, NoHours, WhyNone
from organization.mandates.superiors import employed
from organization.models import Agency, Employee, RosterDay, Unit

OFF = "L"  # how a day off is written


@dataclass(frozen=True)
class Cell:
    """A day of a person: the shift's code, OFF, or nothing yet; `open` where a roster decides."""

    day: date
    code: str
    open: bool
    title: str


@dataclass(frozen=True)
class GridRow:
    """A person who works by shifts, and his month."""

    employee: Employee
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """The roster of a unit in a month; `shifts`: what may be written, with its hours in words."""

    days: tuple[date, ...]
    rows: tuple[GridRow, ...]
    shifts: dict[str, str]


@dataclass(frozen=True)
class Gap:
    """Days of a person that a shift pattern claims and no roster fills."""

    employee: Employee
    days: tuple[date, ...]


def month_days(month: date) -> tuple[date, ...]:
    """Return the days of the month in which this day lies."""
    first = month.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return tuple(first + timedelta(days=index) for index in range((after - first).days))


def is_off(code: str) -> bool:
    """Say whether a roster's word means a day off."""
    return code.strip().upper() in OFF_CODES


def people_in(agency: Agency, first: date, last: date, unit: Unit | None = None) -> list[Employee]:
    """Return who worked for an agency on some day of a stretch."""
    people = Employee.objects.filter(agency=agency).exclude(left_on__lte=first)
    people = people.exclude(joined_on__gt=last)
    if unit is not None:
        people = people.filter(unit=unit)
    return list(people.select_related("unit").order_by("name", "pk"))


def roster_gaps(agency: Agency, month: date) -> list[Gap]:
    """Return whose shifts of a month are not told for some days, each with these days."""
    days = month_days(month)
    schedules = Schedules.load(agency.pk, days[0], days[-1])
    gaps = []
    for person in people_in(agency, days[0], days[-1]):
        told = zip(days, schedules.days(person), strict=True)
        missing = tuple(day for day, hours in told if _is_gap(hours) and employed(person, day))
        if missing:
            gaps.append(Gap(person, missing))
    return gaps


def _is_gap(hours: object) -> bool:
    return isinstance(hours, NoHours) and hours.why is WhyNone.UNSCHEDULED


def roster_grid(agency: Agency, month: date, unit: Unit | None = None) -> Grid:
    """Return the month of those who work by shifts, of a unit or of the whole agency."""
    days = month_days(month)
    schedules = Schedules.load(agency.pk, days[0], days[-1])
    people = people_in(agency, days[0], days[-1], unit)
    codes = roster_codes(people, days)
    shifts: dict[str, str] = {}
    rows = []
    for person in people:
        patterns = [schedules.shift_pattern(person, day) for day in days]
        if not any(patterns):
            continue
        for pattern in {pattern for pattern in patterns if pattern}:
            for code, (_, hours) in schedules.shifts_of(pattern).items():
                shifts.setdefault(code, hours_text(hours))
        cells = tuple(
            Cell(
                day,
                codes.get((person.pk, day), ""),
                bool(pattern) and employed(person, day),
                _title(hours),
            )
            for day, pattern, hours in zip(days, patterns, schedules.days(person), strict=True)
        )
        rows.append(GridRow(person, cells))
    return Grid(days, tuple(rows), dict(sorted(shifts.items())))


def roster_codes(people: Sequence[Employee], days: Sequence[date]) -> dict[tuple[int, date], str]:
    """Return what the roster says, by person and day."""
    rows = RosterDay.objects.filter(
        employee__in=[person.pk for person in people], on__range=(days[0], days[-1])
    )
    told = rows.values_list("employee_id", "on", "hours__shift", "hours_id")
    return {(pk, on): shift if hours_id else OFF for pk, on, shift, hours_id in told}


def hours_text(hours: DayHours) -> str:
    """Return "21.00-07.00"."""
    return "-".join(
        f"{minutes // 60 % 24:02d}.{minutes % 60:02d}"
        for minutes in (hours.in_limit, hours.out_limit)
    )


def _title(hours: DayHours | NoHours) -> str:
    return hours_text(hours) if isinstance(hours, DayHours) else hours.detail or hours.pattern
