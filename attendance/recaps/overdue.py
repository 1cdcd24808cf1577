"""Months that were not validated in time, and what the SOP says of that.

How many working days an office has is nowhere told: the setting `validation_days`.
"""

from collections.abc import Collection, Iterator, Sequence
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


def overdue_months(agencies: Sequence[Agency], now: datetime) -> list[Overdue]:
    """Return these agencies' months that ended, were recorded, and are not frozen in time.

    Asked of all agencies at once; only where months are open, of each what its term is.
    """
    looked_at = {agency.pk: _looked_at(agency, now) for agency in agencies}
    firsts = {month.first for months in looked_at.values() for month in months}
    if not firsts:
        return []
    open_months = _recorded(looked_at, firsts) - _frozen(looked_at, firsts)
    late = []
    for agency in agencies:
        months = [one for one in looked_at[agency.pk] if (agency.pk, one.first) in open_months]
        today = local_date(agency, now)
        terms = _terms(agency, months, today) if months else ()
        late += [(agency, month, deadline) for month, deadline in terms if today > deadline]
    if not late:
        return []
    warning, files = sop_warning(), _files({agency.pk for agency, *_ in late}, firsts)
    return [
        Overdue(agency, month, deadline, warning, files.get((agency.pk, str(month))))
        for agency, month, deadline in late
    ]


def _looked_at(agency: Agency, now: datetime) -> list[Month]:
    """Return the months that ended by the agency's own clock, the last one first."""
    months = [Month.of(local_date(agency, now)).before]
    while len(months) < LOOKED_BACK:
        months.append(months[-1].before)
    return months


def _terms(agency: Agency, months: Sequence[Month], today: date) -> Iterator[tuple[Month, date]]:
    """Yield each month with the last day on which it is validated in time."""
    first = months[-1].first
    calendar = WorkingCalendars.load([agency.pk], first, today + LONGEST_TERM).of(agency.pk)
    days = policies_of(agency.pk, first, today).on(today).validation_days
    for month in months:
        yield month, working_days_after(month.last, days, calendar=calendar)


def sop_warning() -> str:
    """Return what the head of the SOP that freezes recaps warns of."""
    return next((definition.head.warning for definition in _freezing()), "")


def _freezing() -> Iterator[ProcessDefinition]:
    """Yield the SOPs that freeze recaps."""
    for definition in repository.all():
        calls = (task.operation for task in definition.tasks.values())
        if any(call is not None and call.name == FREEZES for call in calls):
            yield definition


def _files(agencies: Collection[int], firsts: Collection[date]) -> dict[tuple[int, str], int]:
    """Return by agency and subject the running instance that would freeze the month's recap."""
    runs = Instance.objects.filter(
        agency__in=agencies,
        definition_key__in=[definition.key for definition in _freezing()],
        subject__in=[str(Month(first)) for first in firsts],
        status=Instance.Status.RUNNING,
    )
    return {
        (agency, month): pk for agency, month, pk in runs.values_list("agency", "subject", "pk")
    }


def _recorded(agencies: Collection[int], firsts: Collection[date]) -> set[tuple[int, date]]:
    """Return the months of which anything is recorded: a run, a recap, or judged days."""
    subjects = {str(Month(first)): first for first in firsts}
    runs = Instance.objects.filter(agency__in=agencies, subject__in=subjects)
    runs = runs.exclude(status=Instance.Status.CANCELLED)
    found = {(agency, subjects[told]) for agency, told in runs.values_list("agency", "subject")}
    for model in (Recap, MonthSheet):
        rows = model._default_manager.filter(agency__in=agencies, month__in=firsts)
        found |= set(rows.order_by().values_list("agency", "month").distinct())
    return found


def _frozen(agencies: Collection[int], firsts: Collection[date]) -> set[tuple[int, date]]:
    rows = Recap.objects.frozen().filter(agency__in=agencies, month__in=firsts)
    return set(rows.order_by().values_list("agency", "month"))
