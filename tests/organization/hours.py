"""Patterns, rosters and holidays as rows, for tests of what reads them."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from organization.models import (
    Agency,
    Employee,
    PatternScope,
    PublicHoliday,
    RosterDay,
    Unit,
    WorkHours,
    WorkPattern,
)
from tests.cast import NOW

Kind = WorkPattern.Kind
MARCH = date(2026, 3, 1), date(2026, 3, 31)
RAMADAN = {**dict.fromkeys(range(4), "08.00-15.00/12.00-12.30"), 4: "08.00-15.30/11.30-12.30"}
SHIFTS = {"P": "07.00-14.00", "S": "14.00-21.00", "M": "21.00-07.00"}


def make_pattern(
    hours: Mapping[int, str] | Mapping[str, str],
    *for_whom: Agency | Unit | Employee | None,
    kind: str = Kind.WEEKLY,
    first: date = date(2026, 1, 1),
    last: date | None = None,
    **values: Any,
) -> WorkPattern:
    """Create a pattern; hours are "07.30-16.00" or "07.30-16.00/12.00-13.00" by weekday or shift.

    `None` among those it is for means everybody.
    """
    defaults = {"name": "Pola Uji", "decree_number": "100.3/7/2026", "created_at": NOW}
    pattern = WorkPattern.objects.create(
        kind=kind, valid_from=first, valid_until=last, **(defaults | values)
    )
    for day, text in hours.items():
        add_hours(pattern, day, text)
    for whom in for_whom:
        PatternScope.objects.create(
            pattern=pattern,
            agency=whom if isinstance(whom, Agency) else None,
            unit=whom if isinstance(whom, Unit) else None,
            employee=whom if isinstance(whom, Employee) else None,
        )
    return pattern


def add_hours(pattern: WorkPattern, day: int | str, text: str) -> WorkHours:
    work, _, pause = text.partition("/")
    clocks = [time.fromisoformat(clock.replace(".", ":")) for clock in work.split("-")]
    breaks = [time.fromisoformat(clock.replace(".", ":")) for clock in pause.split("-") if clock]
    return WorkHours.objects.create(
        pattern=pattern,
        weekday=day if isinstance(day, int) else None,
        shift=day if isinstance(day, str) else "",
        starts=clocks[0],
        ends=clocks[1],
        break_starts=breaks[0] if breaks else None,
        break_ends=breaks[1] if breaks else None,
    )


def roster(pattern: WorkPattern, employee: Employee, days: Mapping[int, str]) -> None:
    """Write shifts of April 2026 by day of the month; an empty code is a day off."""
    by_code = {row.shift: row for row in pattern.hours.all()}
    for day, code in days.items():
        RosterDay.objects.create(
            employee=employee,
            on=date(2026, 4, day),
            hours=by_code[code] if code else None,
            entered_at=NOW,
        )


def holiday(on: date, name: str, agency: Agency | None = None, **values: Any) -> PublicHoliday:
    return PublicHoliday.objects.create(on=on, name=name, agency=agency, **values)
