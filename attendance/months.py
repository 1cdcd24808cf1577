"""A month as a period of attendance, and everything that is known about it for an agency."""

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from attendance.codes import Code, LetterState
from attendance.models import AbsenceLetter
from attendance.patterns import STANDARD, Pattern
from attendance.rules import CalendarDay, DayVerdict, Letter, PunchTime, judge_day
from attendance.superiors import employed
from devices.punches import punches_of
from organization.models import Agency, Employee, PublicHoliday

LETTER_STATES = {
    AbsenceLetter.Status.APPROVED: LetterState.APPROVED,
    AbsenceLetter.Status.REJECTED: LetterState.REJECTED,
}


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
    """One person and a verdict for each day of the month."""

    employee: Employee
    verdicts: tuple[DayVerdict, ...]


def employees_in(agency: Agency, month: Month) -> list[Employee]:
    """Return whoever worked in the agency on any day of the month, by unit and name."""
    people = Employee.objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=month.last),
        Q(left_on=None) | Q(left_on__gt=month.first),
        agency=agency,
    ).select_related("unit")
    return sorted(people, key=lambda p: (p.unit.name if p.unit else "", p.name, p.pk))


def judge_month(
    agency: Agency,
    month: Month,
    *,
    now: datetime,
    people: list[Employee] | None = None,
    pattern: Pattern = STANDARD,
) -> list[PersonMonth]:
    """Judge every day of everyone; one query each for people, punches, letters and holidays."""

    people = employees_in(agency, month) if people is None else people
    # A day's hours reach until 03.59 of the next day.
    punches = punches_of(agency.pk, month.first, month.last + timedelta(days=1))
    letters = _letters(agency, month)
    holidays = _holidays(month)
    local_now = now.astimezone(ZoneInfo(agency.time_zone)).replace(tzinfo=None)

    def judge(person: Employee, day: date, taps: dict[date, list[PunchTime]]) -> DayVerdict:
        return judge_day(
            day,
            punches=[*taps.get(day, ()), *taps.get(day + timedelta(days=1), ())],
            pattern=pattern,
            letters=letters.get(person.pk, ()),
            holiday=holidays.get(day),
            employed=employed(person, day),
            over=local_now >= datetime.combine(day + timedelta(days=1), time(4)),
        )

    result = []
    for person in people:
        taps: dict[date, list[PunchTime]] = defaultdict(list)
        for row in punches.get(person.pk, ()):
            taps[row.local.date()].append(PunchTime(row.local, row.state, row.verify))
        result.append(PersonMonth(person, tuple(judge(person, day, taps) for day in month.days)))
    return result


def working_days(month: Month, pattern: Pattern = STANDARD) -> int:
    """Return the working days of the month for someone who worked all of it."""
    holidays = _holidays(month)
    return sum(pattern.on(day) is not None and day not in holidays for day in month.days)


def rule_letter(letter: AbsenceLetter) -> Letter:
    """Return the letter as the rules of a day read it."""
    return Letter(
        kind=Code(letter.kind),
        first=letter.first_on,
        last=letter.last_on,
        state=LETTER_STATES.get(AbsenceLetter.Status(letter.status), LetterState.PENDING),
        number=letter.number,
        before_leaving=letter.before_leaving,
        id=letter.pk,
    )


def _letters(agency: Agency, month: Month) -> dict[int, list[Letter]]:
    rows = (
        AbsenceLetter.objects.filter(employee__agency=agency)
        .overlapping(month.first, month.last)
        .exclude(status=AbsenceLetter.Status.WITHDRAWN)
    )
    letters: dict[int, list[Letter]] = defaultdict(list)
    for row in rows:
        letters[row.employee_id].append(rule_letter(row))
    return letters


def _holidays(month: Month) -> dict[date, CalendarDay]:
    collective = PublicHoliday.Kind.COLLECTIVE_LEAVE
    rows = PublicHoliday.objects.filter(on__range=(month.first, month.last))
    return {row.on: CalendarDay(row.name, row.kind == collective) for row in rows}
