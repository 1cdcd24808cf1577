"""The rows that say who works when in a stretch of days; a query each."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q

from organization.models import (
    EarlierUnit,
    PatternScope,
    PublicHoliday,
    RosterDay,
    WorkHours,
    WorkPattern,
)


def scopes_between(
    agency_id: int | None, first: date, last: date, people: Collection[int] | None
) -> Iterable[PatternScope]:
    rows = PatternScope.objects.filter(
        Q(pattern__valid_until=None) | Q(pattern__valid_until__gte=first),
        pattern__valid_from__lte=last,
        pattern__withdrawn_at=None,
    )
    if agency_id is not None:
        person = Q(employee__agency=agency_id) if people is None else Q(employee__in=people)
        everybody = Q(agency=None, unit=None, employee=None)
        rows = rows.filter(everybody | Q(agency=agency_id) | Q(unit__agency=agency_id) | person)
    return rows.select_related("pattern").order_by("pattern_id", "pk")


def roster_between(
    agency_id: int | None, first: date, last: date, people: Collection[int] | None
) -> Iterable[tuple[int, date, int | None]]:
    rows = RosterDay.objects.filter(on__range=(first, last))
    if people is not None:
        rows = rows.filter(employee__in=people)
    elif agency_id is not None:
        rows = rows.filter(employee__agency=agency_id)
    return rows.order_by().values_list("employee_id", "on", "hours_id").iterator()


def holidays_between(agency_id: int | None, first: date, last: date) -> Iterable[PublicHoliday]:
    rows = PublicHoliday.objects.filter(on__range=(first, last))
    if agency_id is not None:
        rows = rows.filter(Q(agency=None) | Q(agency=agency_id))
    return rows


def moves_between(
    agency_id: int | None, first: date, people: Collection[int] | None
) -> Iterable[tuple[int, int, date]]:
    """Return (person, unit, last day there) of those who were elsewhere on some day since."""
    rows = EarlierUnit.objects.filter(last_on__gte=first)
    if people is not None:
        rows = rows.filter(employee__in=people)
    elif agency_id is not None:
        rows = rows.filter(employee__agency=agency_id)
    return rows.order_by("employee", "last_on").values_list("employee_id", "unit_id", "last_on")


def hours_of(patterns: Mapping[int, WorkPattern]) -> list[WorkHours]:
    rows = list(WorkHours.objects.filter(pattern__in=patterns)) if patterns else []
    for row in rows:
        row.pattern = patterns[row.pattern_id]
    return rows
