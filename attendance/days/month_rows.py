"""The rows of a month's matrix, read in three queries whatever the number of people."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from attendance.days.matrix import MatrixRow, counters_of_text
from attendance.days.months import Month
from attendance.models import LateFinding, MonthSheet, Recap, RecapRow
from attendance.models.recaps import WITHOUT_UNIT
from organization.models import Agency, Employee


def month_rows(
    agency: Agency, month: Month, *, people: Collection[int] | None, frozen: Recap | None = None
) -> list[MatrixRow]:
    """Return these people (None: all of the agency) by unit and name.

    With a frozen recap its people and codes hold; the sheets only add the marks beside them.
    """
    current = _current(agency, month, people)
    rows = _frozen(frozen, people, current) if frozen is not None else list(current.values())
    return sorted(rows, key=lambda row: (row.unit, row.name, row.employee_id))


def _current(agency: Agency, month: Month, people: Collection[int] | None) -> dict[int, MatrixRow]:
    sheets = MonthSheet.objects.filter(agency=agency, month=month.first)
    if people is not None:
        sheets = sheets.filter(employee__in=people)
    values = sheets.values_list(
        "employee_id", "days", "counters",
        "employee__name", "employee__number", "employee__unit__name", "employee__status",
    )  # fmt: skip
    return {
        pk: MatrixRow(
            employee_id=pk,
            name=name,
            number=number,
            unit=unit or WITHOUT_UNIT,
            employment=status,
            lines=days.split("\n"),
            counters=counters_of_text(counters),
        )
        for pk, days, counters, name, number, unit, status in values.iterator(chunk_size=2000)
    }


def _frozen(
    recap: Recap, people: Collection[int] | None, current: dict[int, MatrixRow]
) -> list[MatrixRow]:
    rows = RecapRow.objects.filter(recap=recap)
    if people is not None:
        rows = rows.filter(employee__in=people)
    differs: dict[int, set[int]] = defaultdict(set)
    findings = LateFinding.objects.filter(recap=recap, status=LateFinding.Status.OPEN)
    for employee_id, day in findings.values_list("employee_id", "day"):
        differs[employee_id].add(day.day - 1)
    values = rows.order_by().values_list(
        "employee_id", "name", "number", "unit", "employment", "codes", "counters"
    )
    return [
        MatrixRow(
            employee_id=pk,
            name=name,
            number=number,
            unit=unit,
            employment=employment,
            lines=current[pk].lines if pk in current else (),
            counters=counters,
            labels=codes,
            differs=frozenset(differs.get(pk, ())),
        )
        for pk, name, number, unit, employment, codes, counters in values
    ]


def staff_of(agency: Agency, month: Month) -> set[int]:
    """Return the ids of whoever worked in the agency on any day of the month."""
    return set(
        Employee.objects.filter(
            Q(joined_on=None) | Q(joined_on__lte=month.last),
            Q(left_on=None) | Q(left_on__gt=month.first),
            agency=agency,
        ).values_list("pk", flat=True)
    )
