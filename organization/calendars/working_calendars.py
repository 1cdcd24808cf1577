"""The office hours of agencies as calendars: holidays and patterns of the agency in one query.

An office is open by the pattern of its agency or of everybody. Shifts are somebody's, not the
office's, and patterns at odds tell nothing: there the standard holds.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    F,
    IntegerField,
    Q,
    QuerySet,
    TimeField,
    Value,
)

from foundation.prepared import Listed, PreparedValues, Slot
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DayHours, WhyNone
from organization.calendars.working_time import Calendar, standard_hours
from organization.models import PatternScope, PublicHoliday, WorkHours, WorkPattern

CLOCKS = ("starts", "ends", "break_starts", "break_ends")
Row = dict[str, Any]


class WorkingCalendars:
    """When the offices of some agencies are open, from `first` to `last`."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._calendars: dict[int, Calendar] = {}

    @classmethod
    def load(cls, agencies: Collection[int], first: date, last: date) -> "WorkingCalendars":
        """Read the calendars of agencies; one query, whatever stands in them, and none for none."""
        holidays, scopes, hours = [], [], []
        for row in _rows(agencies, first, last) if agencies else ():
            if row["pattern_key"] is None:
                holidays.append(
                    PublicHoliday(agency_id=row["agency_key"], on=row["day"], kind=row["kind_of"])
                )
                continue
            pattern = WorkPattern(
                pk=row["pattern_key"],
                kind=row["kind_of"],
                valid_from=row["day"],
                valid_until=row["until"],
                works_holidays=row["on_holidays"],
            )
            scopes.append(PatternScope(pattern=pattern, agency_id=row["agency_key"]))
            if row["weekday_of"] is not None:
                clocks = {name: row[f"{name}_at"] for name in CLOCKS}
                hours.append(WorkHours(pattern=pattern, weekday=row["weekday_of"], **clocks))
        return cls(Schedules.of_rows(first, last, scopes=scopes, hours=hours, holidays=holidays))

    def of(self, agency_id: int) -> Calendar:
        """Return the calendar of one of the agencies; other days have the standard's."""
        if agency_id not in self._calendars:
            self._calendars[agency_id] = self._calendar(agency_id)
        return self._calendars[agency_id]

    def _calendar(self, agency_id: int) -> Calendar:
        schedules = self._schedules
        days = schedules.shared(None, agency_id)
        origin = schedules.first.toordinal()

        @cache  # a list of tasks asks for the same days again and again
        def calendar(day: date) -> Sequence[tuple[int, int]]:
            index = day.toordinal() - origin
            if not 0 <= index < len(days):
                return standard_hours(day)
            hours = days[index]
            closed = schedules.holiday(agency_id, day) is not None
            if isinstance(hours, DayHours):
                return () if closed and not hours.works_holidays else hours.intervals
            return () if closed or hours.why is WhyNone.OFF else standard_hours(day)

        return calendar


def _rows(agencies: Collection[int], first: date, last: date) -> Iterator[Row]:
    """Yield holidays and hours as rows with the same columns."""
    for row in _ROWS.all(agencies=agencies, first=first, last=last):
        yield dict(zip(_OF_HOLIDAYS, row, strict=True))


_OF_HOLIDAYS = dict[str, Any](
    agency_key=F("agency_id"),
    day=F("on"),
    kind_of=F("kind"),
    until=Value(None, DateField()),
    on_holidays=Value(False, BooleanField()),
    pattern_key=Value(None, IntegerField()),
    weekday_of=Value(None, IntegerField()),
    **{f"{name}_at": Value(None, TimeField()) for name in CLOCKS},
)
_OF_SCOPES = dict[str, Any](
    agency_key=F("agency_id"),
    day=F("pattern__valid_from"),
    kind_of=F("pattern__kind"),
    until=F("pattern__valid_until"),
    on_holidays=F("pattern__works_holidays"),
    pattern_key=F("pattern_id"),
    weekday_of=F("pattern__hours__weekday"),
    **{f"{name}_at": F(f"pattern__hours__{name}") for name in CLOCKS},
)


def _both() -> "QuerySet[Any, Any]":
    first, last = Slot("first", DateField()), Slot("last", DateField())
    here = Q(agency=None) | Q(agency__in=Listed("agencies"))
    holidays = PublicHoliday.objects.filter(here, on__gte=first, on__lte=last)
    scopes = PatternScope.objects.filter(
        here,
        Q(pattern__valid_until=None) | Q(pattern__valid_until__gte=first),
        unit=None,
        employee=None,
        pattern__valid_from__lte=last,
        pattern__withdrawn_at=None,
    )
    plain = holidays.order_by().values(**_OF_HOLIDAYS)
    return plain.union(scopes.order_by().values(**_OF_SCOPES), all=True)


_ROWS = PreparedValues(_both)
