"""Which days a correction bears on, and how they are judged before and after it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attendance.days.months import judge_people
from attendance.days.stored import as_data, from_data
from attendance.evidence.correction_rules import Kind, punches_between, there
from attendance.law.cases import Verdict
from attendance.models import Correction
from organization.models import Employee
from organization.permissions import local_date

MOST_DAYS = 500  # that a request keeps; of a machine's clock only those that differ
Verdicts = Mapping[tuple[int, date], Verdict]


@dataclass(frozen=True)
class Concerned:
    """People and a stretch of days that a correction bears on."""

    people: Sequence[Employee]
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=index) for index in range(count)]

    def by_agency(self) -> Mapping[int, list[Employee]]:
        """Return the people by agency: some punch at another agency's machine."""
        found: dict[int, list[Employee]] = defaultdict(list)
        for person in self.people:
            found[person.agency_id].append(person)
        return found


@dataclass(frozen=True)
class DayLine:
    """One day as the decision card shows it; `becomes` is None where nobody knows yet."""

    person: str
    day: date
    was: Verdict
    becomes: Verdict | None

    @property
    def differs(self) -> bool:
        return self.becomes is not None and essence(self.was) != essence(self.becomes)


def concerned(correction: Correction, now: datetime) -> Concerned:
    """Return whose days, and which, may change; days to come are not judged yet."""
    today = local_date(correction.agency, now)
    if correction.kind == Kind.SHIFT_CLOCK:
        return _of_machine(correction)
    first = last = there(correction.day)
    if correction.letter is not None:
        first, last = correction.letter.first_on, correction.letter.last_on
    return Concerned([there(correction.employee)], first, max(first, min(last, today)))


def judged(about: Concerned, now: datetime) -> Verdicts:
    """Return the verdicts of these days as they stand now."""
    found: dict[tuple[int, date], Verdict] = {}
    for people in about.by_agency().values():
        for person in judge_people(people[0].agency, about.days, people, now=now):
            days = zip(person.days, person.verdicts, strict=True)
            found.update(((person.employee.pk, day), verdict) for day, verdict in days)
    return found


def kept(before: Verdicts, after: Verdicts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return both sides as a row keeps them: the days that differ, or the one day it is about."""
    keys = [key for key in before if essence(before[key]) != essence(after[key])]
    keys = sorted(keys or list(before)[:1])[:MOST_DAYS]
    return _rows(before, keys), _rows(after, keys)


def lines(correction: Correction) -> list[DayLine]:
    """Return what a request keeps, before beside after, by name and day."""
    people = {row["pegawai"] for row in correction.before}
    names = dict(Employee.objects.filter(pk__in=people).values_list("pk", "name"))
    after = {(row["pegawai"], row["tanggal"]): row for row in correction.after}
    found = []
    for row in correction.before:
        becomes = after.get((row["pegawai"], row["tanggal"]))
        found.append(
            DayLine(
                person=names.get(row["pegawai"], "-"),
                day=date.fromisoformat(row["tanggal"]),
                was=from_data(row),
                becomes=from_data(becomes) if becomes else None,
            )
        )
    return sorted(found, key=lambda line: (line.person, line.day))


def essence(verdict: Verdict) -> Verdict:
    """Return the verdict without its words, and without counting what decides nothing."""
    return verdict._replace(reasons=(), punches=0)


def _rows(verdicts: Verdicts, keys: Sequence[tuple[int, date]]) -> list[dict[str, Any]]:
    return [{"pegawai": key[0], **as_data(key[1], verdicts[key])} for key in keys]


def _of_machine(correction: Correction) -> Concerned:
    first, last = there(correction.wrong_from), there(correction.wrong_until)
    ids = punches_between(there(correction.device_id), first, last).order_by().values("employee")
    people = list(Employee.objects.filter(pk__in=ids).select_related("agency"))
    shift = timedelta(minutes=correction.minutes)
    zone = ZoneInfo(correction.agency.time_zone)
    begins, ends = min(first, first + shift), max(last, last + shift)
    # A night shift that began the evening before may own the first punches.
    before = begins.astimezone(zone).date() - timedelta(days=1)
    return Concerned(people, before, ends.astimezone(zone).date())
