"""How agencies did in some months, side by side (art. 13(6)); few queries, however many agencies.

A month that is validated counts as frozen; another one as its sheets stand.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from attendance.days.matrix import counters_of_text
from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.law.counting import add_up
from attendance.models import Correction, MonthSheet, Outage, Recap
from attendance.recaps.overdue import LONGEST_TERM
from devices.models import Device
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.models import Agency, Employee
from organization.permissions import local_date


@dataclass(frozen=True)
class AgencyFigures:
    """An agency's months: `total` are added counters, `validated` and `in_time` count months."""

    agency: Agency
    people: int
    total: Mapping[str, Any]
    validated: int
    in_time: int
    machines: int
    outage_days: int
    amendments: int
    corrections: int

    @property
    def is_judged(self) -> bool:
        return bool(self.total["HK"])

    @property
    def rank_key(self) -> tuple[float, float, str]:
        """Order by lawful presence, then by bodily presence, then by name."""
        total, days = self.total, self.total["HK"] or 1
        return -(days - total["TK"]) / days, -total["H"] / days, self.agency.name


def evaluated(
    agencies: Sequence[Agency], months: Sequence[Month], today: date
) -> list[AgencyFigures]:
    """Return the figures of each agency, best first; those with no judged day come last."""
    firsts = [month.first for month in months]
    recaps = _recaps(agencies, firsts)
    counters = _sheet_counters(agencies, {(row.agency_id, row.month) for row in recaps}, firsts)
    for row in recaps:
        counters[row.agency_id].append(row.figures["jumlah"])
    last = min(months[-1].last, today)
    versions = Recap.objects.frozen().filter(agency__in=agencies, month__in=firsts)
    in_time = _in_time(agencies, list(versions.filter(version=1).defer("figures", "changes")))
    found = [
        AgencyFigures(
            agency=agency,
            people=people,
            total=add_up(counters[agency.pk]),
            validated=sum(row.agency_id == agency.pk for row in recaps),
            in_time=in_time[agency.pk],
            machines=machines,
            outage_days=outage_days,
            amendments=amendments,
            corrections=corrections,
        )
        for agency, people, machines, outage_days, amendments, corrections in zip(
            agencies,
            _counted(agencies, Employee.objects.filter(agency__in=agencies).active(last)),
            _counted(agencies, Device.objects.filter(agency__in=agencies).in_use()),
            _outage_days(agencies, months[0].first, last),
            _counted(agencies, versions.filter(amendment__gt=0)),
            _counted(
                agencies,
                Correction.objects.filter(
                    agency__in=agencies, day__range=(months[0].first, months[-1].last)
                ),
            ),
            strict=True,
        )
    ]
    return sorted(found, key=lambda row: (not row.is_judged, row.rank_key))


def _recaps(agencies: Sequence[Agency], firsts: Collection[date]) -> list[Recap]:
    rows = Recap.objects.newest_frozen().filter(agency__in=agencies, month__in=firsts)
    return list(rows.defer("changes"))


def _sheet_counters(
    agencies: Sequence[Agency], frozen: Collection[tuple[int, date]], firsts: Collection[date]
) -> dict[int, list[Mapping[str, Any]]]:
    """Return the counters of the people's sheets by agency, of months that are not frozen.

    A month in which nobody came was not recorded: it would call everybody absent.
    """
    months: dict[tuple[int, date], list[Mapping[str, Any]]] = defaultdict(list)
    sheets = MonthSheet.objects.filter(agency__in=agencies, month__in=firsts)
    values = sheets.values_list("agency_id", "month", "counters")
    for agency_id, month, text in values.iterator(chunk_size=2000):
        if (agency_id, month) not in frozen and (counters := counters_of_text(text)):
            months[agency_id, month].append(counters)
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for (agency_id, _), rows in months.items():
        if any(row["H"] for row in rows):
            found[agency_id] += rows
    return found


def _in_time(agencies: Sequence[Agency], rows: Sequence[Recap]) -> Counter[int]:
    """Return by agency how many months were first validated within the term of the setting."""
    by_id = {agency.pk: agency for agency in agencies}
    found: Counter[int] = Counter()
    if not rows:
        return found
    first, last = min(row.month for row in rows), max(row.month for row in rows)
    calendars = WorkingCalendars.load(list(by_id), first, last + LONGEST_TERM + timedelta(days=31))
    for row in rows:
        end = Month(row.month).last
        term = policies_of(row.agency_id, end, end).on(end).validation_days
        deadline = working_days_after(end, term, calendar=calendars.of(row.agency_id))
        if (
            row.frozen_at is not None
            and local_date(by_id[row.agency_id], row.frozen_at) <= deadline
        ):
            found[row.agency_id] += 1
    return found


def _counted(agencies: Sequence[Agency], rows: Any) -> list[int]:
    """Return how many rows of a query each agency has."""
    counted = Counter(rows.order_by().values_list("agency_id", flat=True))
    return [counted[agency.pk] for agency in agencies]


def _outage_days(agencies: Sequence[Agency], first: date, last: date) -> list[int]:
    """Return how many days of the time some machine of each agency was out of order."""
    days: dict[int, set[date]] = defaultdict(set)
    rows = Outage.objects.filter(agency__in=agencies).touching(first, last)
    for agency_id, began, ended in rows.values_list("agency_id", "first_on", "last_on"):
        day, end = max(began, first), min(ended or last, last)
        while day <= end:
            days[agency_id].add(day)
            day += timedelta(days=1)
    return [len(days[agency.pk]) for agency in agencies]
