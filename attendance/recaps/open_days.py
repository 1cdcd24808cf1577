"""What is still open in a month: read from the sheets, judged only where those are behind.

A sheet tells no reasons: the days that cannot be frozen are judged for theirs, a few among many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from attendance.days.months import Month, PersonMonth, employees_in, judge_people
from attendance.days.stored import as_data, unpack
from attendance.law.codes import Code
from attendance.models import MonthSheet
from attendance.recaps.unfinished import told
from foundation.models import OutboxJob
from organization.models import Agency, Employee

# What judges days anew (attendance.services.sheets): while one waits, sheets may be behind.
JUDGING = ("attendance.rejudge", "attendance.rebuild_month")


@dataclass(frozen=True)
class OpenDays:
    """`unexplained`: name and days; `waiting`: people with a letter that nobody decided."""

    people: int
    obstacles: Sequence[str]
    unexplained: Sequence[tuple[str, list[date]]]
    waiting: int


def open_days_of(agency: Agency, month: Month, now: datetime) -> OpenDays:
    """Return what keeps the month open, and what somebody should ask about."""
    staff = employees_in(agency, month)
    people = _from_sheets(agency, month, staff) or judge_people(agency, month.days, staff, now=now)
    unexplained = []
    for person in people:
        judged = zip(person.days, person.verdicts, strict=True)
        if days := [day for day, verdict in judged if verdict.code is Code.UNEXPLAINED]:
            unexplained.append((person.employee.name, days))
    return OpenDays(
        people=len(people),
        obstacles=_obstacles(agency, people, now),
        unexplained=unexplained,
        waiting=sum(any(v.provisional for v in person.verdicts) for person in people),
    )


def _from_sheets(agency: Agency, month: Month, staff: Sequence[Employee]) -> list[PersonMonth]:
    """Return everybody's month as the sheets have it; nothing where one is missing or behind."""
    waiting = OutboxJob.objects.filter(kind__in=JUDGING, state=OutboxJob.State.WAITING)
    if waiting.filter(Q(payload__agency=agency.pk) | Q(payload__agency=None)).exists():
        return []
    rows = MonthSheet.objects.filter(agency=agency, month=month.first)
    sheets = dict(rows.values_list("employee_id", "days"))
    if any(person.pk not in sheets for person in staff):
        return []
    return [PersonMonth(person, month.days, unpack(sheets[person.pk])) for person in staff]


def _obstacles(agency: Agency, people: Sequence[PersonMonth], now: datetime) -> list[str]:
    """Return the sentences about days that are not final, each with the reason that it has now."""
    open_days = {
        person.employee.pk: {
            day
            for day, verdict in zip(person.days, person.verdicts, strict=True)
            if not verdict.is_final
        }
        for person in people
    }
    concerned = [person.employee for person in people if open_days[person.employee.pk]]
    if not concerned:
        return []
    days = sorted(set().union(*open_days.values()))
    stretch = [day for day in people[0].days if days[0] <= day <= days[-1]]
    judged = judge_people(agency, stretch, concerned, now=now)
    return told(
        as_data(day, verdict)
        for person in judged
        for day, verdict in zip(person.days, person.verdicts, strict=True)
    )
