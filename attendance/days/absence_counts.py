"""Unexplained days of people in a calendar year: frozen recaps, and sheets for months not frozen.

PP 94/2021 is about PNS. Others are listed apart: PPPK by their contract's discipline, honorary
staff by the decree that employs them; for them nothing is flagged.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, OuterRef, Subquery

from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.days.stored import day_of, from_data, unpack
from attendance.law.cases import Verdict
from attendance.law.codes import Code
from attendance.law.counting import NOT_COUNTED
from attendance.law.discipline import Counted, WorkedDay, count_year
from attendance.models import MonthSheet, Recap, RecapRow
from devices.models import Punch
from organization.mandates.superiors import employed
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
    """Return what the year came to so far, by employee id; six queries.

    `told` are rows of a recap that go before whatever is stored of their month; with them the year
    ends with that month.
    """
    last = max((row.recap.month for row in told), default=date(year, 12, 1))
    months = _months_of(agency, employees, (date(year, 1, 1), last), told)
    december = date(year, 12, 31)  # what holds at its end holds for the whole year
    policy = policies_of(agency.pk, december, december).on(december)
    return {
        employee: count_year(
            [day for days in months[employee].values() for day in days],
            year,
            deficit_counts=policy.deficit_counts,
        )
        for employee in employees
    }


@dataclass(frozen=True)
class Before:
    """Unexplained days of a year before a month; `unknown` are months of it not judged yet."""

    unexplained: int
    unknown: Sequence[Month]


def year_before(employee: Employee, month: Month) -> Before:
    """Return what the months of the year before this one came to for a person."""
    agency, january = employee.agency, Month(month.first.replace(month=1))
    if month == january:
        return Before(0, [])
    span = (january.first, month.before.first)
    known = _months_of(agency, [employee.pk], span)[employee.pk]
    since = kept_since(agency)
    unknown = []
    asked = january
    while asked != month:
        was_kept = since is not None and since <= asked.last
        here = employed(employee, asked.first) or employed(employee, asked.last)
        if asked.first not in known and was_kept and here:
            unknown.append(asked)
        asked = asked.after
    return Before(sum(day.unexplained for days in known.values() for day in days), unknown)


def kept_since(agency: Agency) -> date | None:
    """Return the first day of which the agency has a punch or a frozen recap; None without any."""
    punches = Punch.objects.counted().filter(employee=OuterRef("pk")).order_by("at")
    people = Employee.objects.filter(agency=agency)
    punch = people.aggregate(at=Min(Subquery(punches.values("at")[:1])))["at"]
    recap = Recap.objects.frozen().filter(agency=agency).aggregate(on=Min("month"))["on"]
    first = punch.astimezone(ZoneInfo(agency.time_zone)).date() if punch else None
    return min((day for day in (first, recap) if day), default=None)


def _months_of(
    agency: Agency,
    employees: Collection[int],
    span: tuple[date, date],
    told: Sequence[RecapRow] = (),
) -> dict[int, dict[date, list[WorkedDay]]]:
    """Return the days that count by employee id and month, of the first to the last month.

    Sheets are filled for days on which nobody kept attendance yet, too: those count as nothing.
    """
    months: dict[int, dict[date, list[WorkedDay]]] = defaultdict(dict)
    for row in told:
        days = ((day_of(day), from_data(day)) for day in row.days)
        months[row.employee_id][row.recap.month] = list(_worked(days))
    rows = RecapRow.objects.filter(
        recap__in=Recap.objects.newest_frozen().filter(agency=agency, month__range=span),
        employee__in=employees,
    ).values_list("employee_id", "recap__month", "days")
    for employee_id, month, stored in rows:
        if month not in months[employee_id]:
            days = ((day_of(day), from_data(day)) for day in stored)
            months[employee_id][month] = list(_worked(days))
    sheets = MonthSheet.objects.filter(agency=agency, employee__in=employees, month__range=span)
    since = kept_since(agency)
    for employee_id, month, packed in sheets.values_list("employee_id", "month", "days"):
        if month not in months[employee_id] and since is not None:
            found = _worked(_dated(month, unpack(packed)))
            months[employee_id][month] = [day for day in found if day.on >= since]
    return months


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
