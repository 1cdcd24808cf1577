"""Months that were not validated in time, and what the SOP says of that.

How many working days an office has is nowhere told: the setting `validation_days`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.models import MonthSheet, Recap
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.models import Agency
from organization.permissions import local_date
from processes.models import Instance
from workflows import repository
from workflows.definitions import ProcessDefinition

LOOKED_BACK = 3  # months; what is older is known long since
LONGEST_TERM = timedelta(days=60)
FREEZES = "attendance.freeze_recap"


@dataclass(frozen=True)
class Overdue:
    """A month that should have been validated by `deadline`; `warning` is the SOP's own.

    `instance_id` is the file in which it would be, None where none was begun.
    """

    agency: Agency
    month: Month
    deadline: date
    warning: str
    instance_id: int | None


def overdue_months(agency: Agency, now: datetime) -> list[Overdue]:
    """Return the agency's months that ended, were recorded, and are not frozen in time."""
    today = local_date(agency, now)
    months = [Month.of(today).before]
    while len(months) < LOOKED_BACK:
        months.append(months[-1].before)
    open_months = _recorded(agency, months) - _frozen(agency, months)
    if not open_months:
        return []
    first = min(open_months)
    calendar = WorkingCalendars.load([agency.pk], first, today + LONGEST_TERM).of(agency.pk)
    policy = policies_of(agency.pk, first, today).on(today)
    warning, files = sop_warning(), _files(agency, months)
    found = []
    for month in months:
        if month.first in open_months:
            deadline = working_days_after(month.last, policy.validation_days, calendar=calendar)
            if today > deadline:
                file = files.get(str(month))
                found.append(Overdue(agency, month, deadline, warning, file))
    return found


def sop_warning() -> str:
    """Return what the head of the SOP that freezes recaps warns of."""
    return next((definition.head.warning for definition in _freezing()), "")


def _freezing() -> Iterator[ProcessDefinition]:
    """Yield the SOPs that freeze recaps."""
    for definition in repository.all():
        calls = (task.operation for task in definition.tasks.values())
        if any(call is not None and call.name == FREEZES for call in calls):
            yield definition


def _files(agency: Agency, months: list[Month]) -> dict[str, int]:
    """Return by subject the running instance that would freeze the month's recap."""
    runs = Instance.objects.filter(
        agency=agency,
        definition_key__in=[definition.key for definition in _freezing()],
        subject__in=[str(month) for month in months],
        status=Instance.Status.RUNNING,
    )
    return dict(runs.values_list("subject", "pk"))


def _recorded(agency: Agency, months: list[Month]) -> set[date]:
    """Return the months of which anything is recorded: a run, a recap, or judged days."""
    firsts = [month.first for month in months]
    subjects = {str(month): month.first for month in months}
    runs = Instance.objects.filter(agency=agency, subject__in=subjects)
    runs = runs.exclude(status=Instance.Status.CANCELLED)
    found = {subjects[subject] for subject in runs.values_list("subject", flat=True)}
    for model in (Recap, MonthSheet):
        rows = model._default_manager.filter(agency=agency, month__in=firsts)
        found |= set(rows.order_by().values_list("month", flat=True).distinct())
    return found


def _frozen(agency: Agency, months: list[Month]) -> set[date]:
    rows = Recap.objects.frozen().filter(agency=agency, month__in=[m.first for m in months])
    return set(rows.values_list("month", flat=True))
