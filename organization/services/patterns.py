"""Hours of work by decree: written down, changed before they hold, ended, withdrawn.

Events keep the decree, its dates and hours; whom it is for stands there by id.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.calendars.pattern_data import HoursData, Kind, PatternData, Whom, problems_of
from organization.exceptions import CalendarRefused
from organization.models import (
    Agency,
    EarlierUnit,
    Employee,
    PatternScope,
    RosterDay,
    Unit,
    User,
    WorkHours,
    WorkPattern,
)
from organization.permissions import local_date
from organization.services.calendar_events import authority, judge_again, note

COLUMNS = (
    "name", "kind", "decree_number", "decree_date", "valid_from", "valid_until", "works_holidays",
)  # fmt: skip


@transaction.atomic
def create_pattern(
    *, data: PatternData, agency: Agency | None, user: User, now: datetime
) -> WorkPattern:
    """Write a decree down for an agency, or (None) for the province.

    Raises CalendarRefused with a sentence per field, PermissionDenied.
    """
    stream, actor = authority(user, agency, now)
    ledger.lock(stream)
    _check(data, agency)
    pattern = WorkPattern.objects.create(
        **_columns(data), agency=agency, created_by=user, created_at=now
    )
    WorkHours.objects.bulk_create(_hours(pattern, data.hours))
    PatternScope.objects.bulk_create(_scopes(pattern, data.scopes))
    _note(pattern, "pattern_created", stream, actor, now)
    _judge(pattern, pattern.valid_from, pattern.valid_until, stream, now)
    return pattern


@transaction.atomic
def change_pattern(*, pattern_id: int, data: PatternData, user: User, now: datetime) -> WorkPattern:
    """Write a pattern anew as long as it does not hold yet; afterwards it is ended or withdrawn.

    Raises CalendarRefused, PermissionDenied.
    """
    pattern, stream, actor = _locked(pattern_id, user, now)
    if pattern.valid_from <= local_date(stream, now):
        raise CalendarRefused(
            {
                "": f"Pola ini sudah berlaku sejak {date_text(pattern.valid_from)}. Akhiri pola "
                "ini, lalu buat pola baru menurut keputusan yang baru."
            }
        )
    _check(data, pattern.agency, besides=pattern.pk)
    before = _state(pattern)
    for column, value in _columns(data).items():
        setattr(pattern, column, value)
    pattern.save()
    _replace_hours(pattern, data.hours)
    pattern.scopes.all().delete()
    PatternScope.objects.bulk_create(_scopes(pattern, data.scopes))
    _note(pattern, "pattern_changed", stream, actor, now, before=before)
    _judge(pattern, pattern.valid_from, pattern.valid_until, stream, now)
    return pattern


@transaction.atomic
def end_pattern(*, pattern_id: int, last_on: date, user: User, now: datetime) -> WorkPattern:
    """Let a pattern hold up to a day and no longer; the days after it are judged anew.

    Raises CalendarRefused, PermissionDenied.
    """
    pattern, stream, actor = _locked(pattern_id, user, now)
    if last_on < pattern.valid_from:
        raise CalendarRefused(
            {"last_on": "Pola berakhir sebelum mulai berlaku; untuk membatalkannya, cabut pola."}
        )
    if pattern.valid_until is not None and last_on > pattern.valid_until:
        raise CalendarRefused(
            {
                "last_on": f"Pola ini sudah berakhir {date_text(pattern.valid_until)}; "
                "buat pola baru."
            }
        )
    before, ended = _state(pattern), pattern.valid_until
    pattern.valid_until = last_on
    pattern.save(update_fields=["valid_until"])
    _note(pattern, "pattern_ended", stream, actor, now, before=before)
    _judge(pattern, last_on + timedelta(days=1), ended, stream, now)
    return pattern


@transaction.atomic
def withdraw_pattern(*, pattern_id: int, user: User, now: datetime) -> WorkPattern:
    """Take a pattern back as if it had never held; all of its days are judged anew."""
    pattern, stream, actor = _locked(pattern_id, user, now)
    before = _state(pattern)
    pattern.withdrawn_at = now
    pattern.save(update_fields=["withdrawn_at"])
    _note(pattern, "pattern_withdrawn", stream, actor, now, before=before)
    _judge(pattern, pattern.valid_from, pattern.valid_until, stream, now)
    return pattern


def _locked(pattern_id: int, user: User, now: datetime) -> tuple[WorkPattern, Agency, Actor]:
    agency = WorkPattern.objects.select_related("agency").get(pk=pattern_id).agency
    stream, actor = authority(user, agency, now)
    ledger.lock(stream)
    pattern = WorkPattern.objects.select_related("agency").get(pk=pattern_id)
    if pattern.withdrawn_at is not None:
        raise CalendarRefused({"": "Pola ini sudah dicabut; buat pola baru bila diperlukan."})
    return pattern, stream, actor


def _check(data: PatternData, agency: Agency | None, *, besides: int | None = None) -> None:
    problems = problems_of(data)
    if "scopes" not in problems and (problem := _problem_of_scopes(data.scopes, agency)):
        problems["scopes"] = problem
    if not problems and (problem := overlap_of(data, besides=besides)):
        problems["valid_from"] = problem
    if problems:
        raise CalendarRefused(problems)


def _problem_of_scopes(scopes: Sequence[Whom], agency: Agency | None) -> str:
    """An agency orders for its own people; only the province for all, or for other agencies."""
    if agency is None:
        return ""
    if any(whom == Whom() for whom in scopes):
        return "Pola untuk semua perangkat daerah ditetapkan oleh provinsi; pilih yang di sini."
    if any(whom.agency not in (None, agency.pk) for whom in scopes):
        return f"Pola ini milik {agency}; perangkat daerah lain menulis polanya sendiri."
    units = Unit.objects.filter(pk__in=[whom.unit for whom in scopes if whom.unit])
    for unit in units.exclude(agency=agency):
        return f"Bidang {unit} bukan bagian dari {agency}; pilih bidang di perangkat daerah ini."
    people = Employee.objects.filter(pk__in=[whom.employee for whom in scopes if whom.employee])
    for person in people.exclude(agency=agency):
        return f"{person} bukan pegawai {agency}; pilih pegawai di perangkat daerah ini."
    return ""


def overlap_of(data: PatternData, *, besides: int | None = None) -> str:
    """Return which pattern of the same rank claims days of this one, with the way out."""
    wanted = set(data.scopes)
    rows = (
        PatternScope.objects.filter(pattern__withdrawn_at=None)
        .exclude(pattern=besides)
        .select_related("pattern", "agency", "unit", "employee")
    )
    for row in rows:
        other = row.pattern
        whom = Whom(agency=row.agency_id, unit=row.unit_id, employee=row.employee_id)
        if whom in wanted and _are_rivals(data.kind, other.kind, whom) and data.covers(other):
            until = f"s.d. {date_text(other.valid_until)}" if other.valid_until else "tanpa akhir"
            return (
                f"“{data.name} ({data.decree_number})” dan “{other}” sama-sama berlaku untuk "
                f"{row}; “{other}” berlaku {date_text(other.valid_from)} {until}. Akhiri atau "
                "cabut pola itu dahulu, atau ubah tanggal pola ini."
            )
    return ""


def _are_rivals(one: str, other: str, whom: Whom) -> bool:
    """Say whether patterns of these kinds for the same people would claim the same days.

    Of a house, part-time hours and weekly ones are each for others of its people.
    """
    if (one == Kind.SEASON) != (other == Kind.SEASON):
        return False
    return whom.employee is not None or {one, other} != {Kind.PART_TIME, Kind.WEEKLY}


def _columns(data: PatternData) -> dict[str, Any]:
    values = {column: getattr(data, column) for column in COLUMNS}
    return values | {"name": data.name.strip(), "decree_number": data.decree_number.strip()}


def _hours(pattern: WorkPattern, hours: Iterable[HoursData]) -> list[WorkHours]:
    return [
        WorkHours(
            pattern=pattern,
            weekday=row.weekday,
            shift=row.shift.strip().upper(),
            starts=row.starts,
            ends=row.ends,
            break_starts=row.break_starts,
            break_ends=row.break_ends,
        )
        for row in hours
    ]


def _replace_hours(pattern: WorkPattern, hours: Iterable[HoursData]) -> None:
    """Keep the rows of shifts that a roster names already; raise CalendarRefused if one goes."""
    old = {(row.weekday, row.shift): row for row in pattern.hours.all()}
    new = {(row.weekday, row.shift): row for row in _hours(pattern, hours)}
    gone = [row.pk for key, row in old.items() if key not in new]
    rostered = RosterDay.objects.filter(hours__in=gone).select_related("hours").first()
    if rostered is not None and rostered.hours is not None:
        raise CalendarRefused(
            {
                "hours": f"Giliran {rostered.hours.shift} sudah dipakai pada jadwal "
                f"{date_text(rostered.on)}; ganti dahulu giliran itu pada Jadwal giliran."
            }
        )
    WorkHours.objects.filter(pk__in=gone).delete()
    for key, row in new.items():
        row.pk = old[key].pk if key in old else None
        row.save()


def _scopes(pattern: WorkPattern, scopes: Iterable[Whom]) -> list[PatternScope]:
    return [
        PatternScope(
            pattern=pattern, agency_id=whom.agency, unit_id=whom.unit, employee_id=whom.employee
        )
        for whom in dict.fromkeys(scopes)
    ]


def _state(pattern: WorkPattern) -> dict[str, Any]:
    scopes = pattern.scopes.order_by("pk").values("agency", "unit", "employee")
    return {
        **{column: getattr(pattern, column) for column in COLUMNS},
        "hours": [str(row) for row in pattern.hours.all()],
        "scopes": list(scopes),
        "withdrawn": pattern.withdrawn_at is not None,
    }


def _note(
    pattern: WorkPattern,
    verb: str,
    stream: Agency,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    subject = f"workpattern:{pattern.pk}"
    note(stream, actor, verb, subject, before=before, after=_state(pattern), now=now)


def _judge(
    pattern: WorkPattern, first: date, last: date | None, stream: Agency, now: datetime
) -> None:
    """Have the days of all whom the pattern is for judged anew, one piece of work per agency."""
    whole: set[int | None] = set()
    people: dict[int, set[int]] = defaultdict(set)
    for row in pattern.scopes.select_related("unit", "employee"):
        if row.employee is not None:
            people[row.employee.agency_id].add(row.employee.pk)
        elif row.unit is not None:
            were = EarlierUnit.objects.filter(unit=row.unit, last_on__gte=first)
            people[row.unit.agency_id].update(
                row.unit.employees.values_list("pk", flat=True),
                were.values_list("employee_id", flat=True),
            )
        else:
            whole.add(row.agency_id)
    if None in whole:
        whole, people = {None}, {}
    pieces: list[tuple[int | None, set[int] | None]] = [(agency, None) for agency in whole]
    pieces += [(agency, found) for agency, found in people.items() if agency not in whole]
    for agency, employees in pieces:
        judge_again(
            agency=agency,
            employees=employees,
            first=first,
            last=last,
            today=local_date(stream, now),
            cause=f"Pola jam kerja {pattern}",
            now=now,
        )
