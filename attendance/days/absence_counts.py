"""Unexplained days of people in a calendar year: frozen recaps, and sheets for months not frozen.

PP 94/2021 is about PNS. Others are listed apart: PPPK by their contract's discipline, honorary
staff by the decree that employs them; for them nothing is flagged.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.days.policies import policies_of
from attendance.days.stored import day_of, from_data, unpack
from attendance.law.cases import Verdict
from attendance.law.codes import Code
from attendance.law.counting import NOT_COUNTED
from attendance.law.discipline import Counted, WorkedDay, count_year
from attendance.models import MonthSheet, Recap, RecapRow
from organization.models import Agency, Employee, EmploymentStatus


@dataclass(frozen=True)
class Person:
    """Somebody with unexplained days; `counted` without bands where PP 94/2021 does not apply."""

    employee: Employee
    counted: Counted
    flagged: bool


def is_pns(employee: Employee) -> bool:
    return employee.status == EmploymentStatus.PNS


def counts_of(
    agency: Agency, employees: Collection[int], year: int, told: Sequence[RecapRow] = ()
) -> dict[int, Counted]:
    """Return what the year came to so far, by employee id; four queries.

    `told` are rows of a recap that go before whatever is stored of their month.
    """
    days: dict[int, list[WorkedDay]] = defaultdict(list)
    frozen: set[tuple[int, date]] = set()
    for row in told:
        frozen.add((row.employee_id, row.recap.month))
        days[row.employee_id] += _worked((day_of(day), from_data(day)) for day in row.days)
    rows = RecapRow.objects.filter(
        recap__in=Recap.objects.newest_frozen().filter(agency=agency, month__year=year),
        employee__in=employees,
    ).values_list("employee_id", "recap__month", "days")
    for employee_id, month, stored in rows:
        if (employee_id, month) not in frozen:
            frozen.add((employee_id, month))
            days[employee_id] += _worked((day_of(day), from_data(day)) for day in stored)
    sheets = MonthSheet.objects.filter(agency=agency, employee__in=employees, month__year=year)
    for employee_id, month, packed in sheets.values_list("employee_id", "month", "days"):
        if (employee_id, month) not in frozen:
            days[employee_id] += _worked(_dated(month, unpack(packed)))
    december = date(year, 12, 31)  # what holds at its end holds for the whole year
    policy = policies_of(agency.pk, december, december).on(december)
    return {
        employee: count_year(days[employee], year, deficit_counts=policy.deficit_counts)
        for employee in employees
    }


def count_of(employee: Employee, year: int) -> Counted:
    """Return what the year came to so far for one person."""
    return counts_of(employee.agency, [employee.pk], year)[employee.pk]


def people_with_absence(agency: Agency, year: int) -> Mapping[str, list[Person]]:
    """Return whoever has unexplained days in the year by employment status, most days first."""
    people = {p.pk: p for p in Employee.objects.filter(agency=agency).select_related("unit")}
    found: dict[str, list[Person]] = defaultdict(list)
    for employee_id, counted in counts_of(agency, people.keys(), year).items():
        if counted.days:
            employee = people[employee_id]
            flagged = is_pns(employee) and bool(counted.bands)
            found[employee.status].append(Person(employee, counted, flagged))
    for group in found.values():
        group.sort(key=lambda person: (-person.counted.unexplained, person.employee.name))
    return found


def _dated(month: date, verdicts: tuple[Verdict, ...]) -> Iterator[tuple[date, Verdict]]:
    for number, verdict in enumerate(verdicts):
        yield month + timedelta(days=number), verdict


def _worked(days: Iterator[tuple[date, Verdict]]) -> Iterator[WorkedDay]:
    """Yield the working days that are final; what waits for a letter is not unexplained yet."""
    for on, verdict in days:
        if verdict.code in NOT_COUNTED or not verdict.is_final or verdict.provisional:
            continue
        unexplained = verdict.code is Code.UNEXPLAINED
        yield WorkedDay(on, unexplained, 0 if unexplained else verdict.deficit_net)
