"""A month as a period of attendance, and everything that is known about it for an agency."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from attendance.days.judging import case_of, judge_days
from attendance.days.loading import rule_letter
from attendance.law.cases import Verdict
from organization.calendars.work_hours import STANDARD_WEEK, DayHours
from organization.models import Agency, Employee, PublicHoliday

__all__ = [
    "Month",
    "PersonMonth",
    "case_of",
    "employees_in",
    "judge_month",
    "judge_people",
    "rule_letter",
    "working_days",
]


@dataclass(frozen=True)
class Month:
    """A calendar month; `Month.parse("2026-04")`."""

    first: date

    @classmethod
    def parse(cls, subject: str) -> "Month":
        """Read "2026-04"; ValueError with a sentence for anything else."""
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", subject):
            raise ValueError(f"“{subject}” bukan bulan; tulis seperti 2026-04.")
        year, month = subject.split("-")
        return cls(date(int(year), int(month), 1))

    @classmethod
    def of(cls, on: date) -> "Month":
        return cls(on.replace(day=1))

    @property
    def last(self) -> date:
        _, length = calendar.monthrange(self.first.year, self.first.month)
        return self.first.replace(day=length)

    @property
    def days(self) -> list[date]:
        return [self.first.replace(day=day) for day in range(1, self.last.day + 1)]

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class PersonMonth:
    """One person and a verdict for each of the days."""

    employee: Employee
    days: Sequence[date]
    verdicts: tuple[Verdict, ...]


def employees_in(agency: Agency, month: Month) -> list[Employee]:
    """Return whoever worked in the agency on any day of the month, by unit and name."""
    people = Employee.objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=month.last),
        Q(left_on=None) | Q(left_on__gt=month.first),
        agency=agency,
    ).select_related("unit")
    return sorted(people, key=lambda p: (p.unit.name if p.unit else "", p.name, p.pk))


def judge_month(
    agency: Agency, month: Month, *, now: datetime, people: Sequence[Employee] | None = None
) -> list[PersonMonth]:
    """Judge every day of everyone; few queries, whatever the number of people."""
    people = employees_in(agency, month) if people is None else people
    return judge_people(agency, month.days, people, now=now)


def judge_people(
    agency: Agency, days: Sequence[date], people: Sequence[Employee], *, now: datetime
) -> list[PersonMonth]:
    """Judge days that follow each other, of people of one agency, in the order of the people."""
    judged = judge_days(agency, days[0], days[-1], people, now=now)
    return [
        PersonMonth(person, days, verdicts) for person, verdicts in zip(people, judged, strict=True)
    ]


def working_days(month: Month) -> int:
    """Return the working days of the month for someone of standard hours who worked all of it."""
    holidays = set(
        PublicHoliday.objects.filter(agency=None, on__range=(month.first, month.last)).values_list(
            "on", flat=True
        )
    )
    return sum(
        isinstance(STANDARD_WEEK[day.weekday()], DayHours) and day not in holidays
        for day in month.days
    )
