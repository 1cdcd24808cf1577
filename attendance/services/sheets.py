"""Sheets: what people's months come to by what is known now; rebuilt, never patched.

Rebuilding is safe at any time and as often as one likes: what did not change is not written. Where
the month is frozen, the recap stays as it is and the differences are noted for BKD.
"""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import BigAutoField, DateField, Q, QuerySet

from attendance.days.judging import Judgement
from attendance.days.months import Month, PersonMonth
from attendance.days.sheet_texts import SheetText, sheet_text
from attendance.models import MonthSheet, Recap
from attendance.services.late import frozen_recap, note_differences
from devices.models import Punch
from devices.punches import day_bounds
from foundation import ledger
from foundation.models import OutboxJob
from foundation.outbox import enqueue_new
from foundation.prepared import Listed, PreparedQuery, PreparedValues, Slot
from organization.models import Agency, Employee
from organization.permissions import local_date

REJUDGE, REBUILD = "attendance.rejudge", "attendance.rebuild_month"
CHUNK = 500  # people in one short transaction, and in one job
AT_NIGHT = timedelta(days=1)  # a tap after midnight may belong to the day before
COLUMNS = ("agency_id", "codes", "days", "counters", "unexplained", "built_at")


def _staff_asked() -> "QuerySet[Employee]":
    return Employee.objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=Slot("last", DateField())),
        Q(left_on=None) | Q(left_on__gt=Slot("first", DateField())),
        agency=Slot("agency", BigAutoField()),
        pk__in=Listed("people"),
    ).only("pk", "agency_id", "unit_id", "status", "joined_on", "left_on")


def _sheets_asked() -> "QuerySet[MonthSheet, tuple[Any, ...]]":
    rows = MonthSheet.objects.filter(
        month=Slot("month", DateField()), employee__in=Listed("people")
    )
    return rows.values_list("employee_id", "agency_id", *SheetText._fields)


def _everybody() -> "QuerySet[Employee, tuple[Any, ...]]":
    people = Employee.objects.order_by("agency_id", "pk")
    return people.values_list("pk", "agency_id", "agency__time_zone")


_PEOPLE = PreparedValues(lambda: _everybody().filter(pk__in=Listed("people")))
_STAFF = PreparedQuery(_staff_asked)
_SHEETS = PreparedValues(_sheets_asked)

Progress = Callable[[int, int], None]  # people done, people in all


@dataclass(frozen=True)
class Rebuilt:
    """What became of sheets: how many people, and how many sheets were written or dropped."""

    people: int = 0
    changed: int = 0
    findings: int = 0  # open findings of frozen months, of these people

    def __add__(self, other: "Rebuilt") -> "Rebuilt":
        return Rebuilt(
            self.people + other.people,
            self.changed + other.changed,
            self.findings + other.findings,
        )


def rejudge(
    *,
    employees: Iterable[int] | None,
    first: date,
    last: date,
    cause: str,
    now: datetime,
    agency_id: int | None = None,
) -> None:
    """Order that these people's days be judged anew, once the caller's transaction has committed.

    None: everybody of the agency, or of all. `cause` stands with what is found in frozen months.
    """
    payload = {
        "agency": agency_id,
        "employees": None if employees is None else sorted(set(employees)),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "cause": cause,
    }
    if payload["employees"] != []:
        enqueue_new([_job(REJUDGE, payload, now)])


def rejudge_now(
    *,
    employees: Collection[int] | None,
    first: date,
    last: date,
    cause: str,
    now: datetime,
    agency_id: int | None = None,
) -> Rebuilt:
    """Judge these people's days anew: at once where they are few, else by jobs of `CHUNK` people.

    Days to come and months of which nothing is known are left alone.
    """
    done = Rebuilt()
    jobs: list[OutboxJob] = []
    for agency, people in _by_agency(employees, agency_id):
        chunks = list(_chunks(people))
        for month in _months(first, min(last, local_date(agency, now))):
            known = [chunk for chunk in chunks if _is_known(agency, month, chunk, now)]
            if len(chunks) == 1 and not jobs and done.people < CHUNK:
                for chunk in known:
                    done += _rebuild(agency, month, chunk, cause, now)
                continue
            for chunk in known:
                payload = {"agency": agency.pk, "month": str(month), "cause": cause}
                jobs.append(_job(REBUILD, payload | {"employees": chunk}, now))
    enqueue_new(jobs)
    return done


def rebuild_sheets(
    *,
    agency: Agency,
    month: Month,
    now: datetime,
    employees: Collection[int] | None = None,
    cause: str = "Disusun ulang",
    progress: Progress | None = None,
) -> Rebuilt:
    """Judge a month of these people (None: of the whole agency) and keep what changed.

    Each chunk of people is a transaction of its own: what was cut short is simply done again.
    """
    if employees is None:
        rows = MonthSheet.objects.filter(agency=agency, month=month.first)
        stale = set(rows.values_list("employee_id", flat=True))
        here = Employee.objects.filter(agency=agency).values_list("pk", flat=True)
        employees = sorted(stale | set(here))
    done = Rebuilt()
    for number, chunk in enumerate(_chunks(sorted(employees))):
        with _without_collecting():
            done += _rebuild(agency, month, chunk, cause, now)
        if progress is not None:
            progress(min((number + 1) * CHUNK, len(employees)), len(employees))
    return done


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the search for cycles away: a chunk makes many small values, and none among them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@transaction.atomic
def _rebuild(
    agency: Agency, month: Month, employees: Sequence[int], cause: str, now: datetime
) -> Rebuilt:
    """Rebuild one chunk. Two of one agency wait for each other: the later one knows more."""
    agency = ledger.lock(agency)
    people = list(_staff(agency, month, employees))
    judgement = Judgement.of(agency, month.first, month.last, people, now)
    verdicts = {person.pk: judgement.verdicts(person) for person in people}
    sheets = {pk: sheet_text(days) for pk, days in verdicts.items()}
    changed = _keep(agency, month, employees, sheets, now)
    if frozen_recap(agency, month) is None:
        return Rebuilt(len(people), changed)
    days = month.days
    findings = note_differences(
        agency=agency,
        month=month,
        employees=employees,
        cause=cause,
        now=now,
        judged=[PersonMonth(person, days, verdicts[person.pk]) for person in people],
    )
    return Rebuilt(len(people), changed, findings)


def _staff(agency: Agency, month: Month, employees: Sequence[int]) -> Iterable[Employee]:
    """Return those who worked here on any day of the month, with what judging needs of them."""
    return _STAFF.all(agency=agency.pk, people=employees, first=month.first, last=month.last)


def _keep(
    agency: Agency,
    month: Month,
    employees: Sequence[int],
    sheets: dict[int, SheetText],
    now: datetime,
) -> int:
    """Write the sheets that differ, and drop those of people who did not work here that month."""
    known = {
        employee_id: (agency_id, SheetText(*text))
        for employee_id, agency_id, *text in _SHEETS.all(month=month.first, people=employees)
    }
    adapt = connection.ops
    at, first = adapt.adapt_datetimefield_value(now), adapt.adapt_datefield_value(month.first)
    changed = [
        (pk, first, agency.pk, *text, at)
        for pk, text in sheets.items()
        if known.get(pk) != (agency.pk, text)
    ]
    if changed:
        _write(changed)
    left = [pk for pk, (at, _) in known.items() if pk not in sheets and at == agency.pk]
    if left:
        MonthSheet.objects.filter(month=month.first, employee__in=left).delete()
    return len(changed) + len(left)


def _write(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write sheets, or write over them: row models would double the price."""
    names = ("employee_id", "month", *COLUMNS)
    statement = (
        f"INSERT INTO {MonthSheet._meta.db_table} ({', '.join(names)})"  # noqa: S608  own names
        f" VALUES ({', '.join(['%s'] * len(names))}) ON CONFLICT (employee_id, month)"
        f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS)}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _by_agency(
    employees: Collection[int] | None, agency_id: int | None
) -> Iterator[tuple[Agency, list[int]]]:
    if employees is not None:
        people: Iterable[tuple[Any, ...]] = _PEOPLE.all(people=employees)
    elif agency_id is not None:
        people = _everybody().filter(agency=agency_id)
    else:
        people = _everybody()
    found: dict[tuple[int, str], list[int]] = {}
    for pk, agency, zone in people:
        found.setdefault((agency, zone), []).append(pk)
    # More of the agency is read where its row is locked.
    for (agency, zone), members in found.items():
        yield Agency(pk=agency, time_zone=zone), members


def _is_known(agency: Agency, month: Month, employees: Sequence[int], now: datetime) -> bool:
    """Say whether there is anything to judge: a calendar of years ago need not be filled."""
    current = Month.of(local_date(agency, now))
    if month in (current, current.before):
        return True
    start, end = day_bounds(month.first, month.last + AT_NIGHT, ZoneInfo(agency.time_zone))
    return (
        MonthSheet.objects.filter(month=month.first, employee__in=employees).exists()
        or Recap.objects.filter(agency=agency, month=month.first).exists()
        or Punch.objects.between(start, end).filter(employee__in=employees).exists()
    )


def _months(first: date, last: date) -> Iterator[Month]:
    month = Month.of(first)
    while month.first <= last:
        yield month
        month = month.after


def _chunks(people: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(people), CHUNK):
        yield list(people[start : start + CHUNK])


def _job(kind: str, payload: Mapping[str, Any], now: datetime) -> OutboxJob:
    key = f"{kind}:{uuid4().hex}"
    return OutboxJob(kind=kind, key=key, payload=dict(payload), run_after=now, created_at=now)
