"""Who works when, in a stretch of days: read once in four queries, then looked up in memory.

The nearest pattern holds: of the person, the unit, the agency, everybody; where none says anything,
the standard of Pergub NTT 67/2019 art. 10 (art. 10(3) lets agencies and units order otherwise). At
the same distance a season goes before the rest of the year. Two patterns of the same rank are never
chosen between: the day has no hours until somebody withdraws one.

A PPPK paruh waktu works by the hours of his contract, never by the standard or by what others of
his unit or agency work: a part-time pattern that is not for one person binds these people alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NewType

from organization.calendars.schedule_rows import (
    holidays_between,
    hours_of,
    moves_between,
    roster_between,
    scopes_between,
)
from organization.calendars.work_hours import (
    DAY,
    DAY_BEGINS,
    DAY_ENDS,
    SHIFT_MARGIN,
    STANDARD_WEEK,
    Day,
    DayHours,
    NoHours,
    WhyNone,
)
from organization.models import (
    Employee,
    EmploymentStatus,
    PatternScope,
    PublicHoliday,
    WorkHours,
    WorkPattern,
)

_ASKED_BY_NAME = 500  # of more people than this the whole agency is read
_UNROSTERED = "Giliran hari ini belum dijadwalkan; isi pada Kalender, Jadwal giliran."
_OTHER_PATTERN = (
    "Giliran hari ini berasal dari pola lain; pilih ulang gilirannya pada Kalender, Jadwal giliran."
)
_NO_CONTRACT_HOURS = NoHours(
    WhyNone.UNSET,
    "",
    "PPPK paruh waktu ini belum mempunyai jam kerja; catat pola paruh waktu menurut keputusannya"
    " pada Kalender, Pola jam kerja.",
)

Level = NewType("Level", int)
PERSON, UNIT, AGENCY, EVERYBODY = Level(0), Level(1), Level(2), Level(3)  # the nearest first
Scope = tuple[Level, int | None]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day without work for an agency; `collective_leave`: cuti bersama, apart from holidays."""

    name: str
    collective_leave: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """A pattern that says something about some of the days, and what."""

    pattern_id: int
    name: str
    first: int  # ordinals of its validity, both included
    last: int
    season: bool
    part_time: bool
    week: tuple[Day, ...]  # Monday first; empty where the roster decides
    off: NoHours

    def covers(self, ordinal: int) -> bool:
        return self.first <= ordinal <= self.last


class Schedules:
    """The days of the people of an agency from `first` to `last`; people with the same days share.

    `load` asks the database; everything after it is a look-up.
    """

    def __init__(
        self,
        first: date,
        last: date,
        *,
        claims: Mapping[Scope, Sequence[_Claim]],
        shifts: Mapping[int, DayHours],
        roster: Mapping[int, Mapping[int, int | None]],
        holidays: Mapping[tuple[int | None, date], PublicHoliday],
        moves: Mapping[int, Sequence[tuple[int, int]]],
    ) -> None:
        self.first, self.last = first, last
        self._origin = first.toordinal()
        self._length = last.toordinal() - self._origin + 1
        self._claims, self._shifts, self._roster, self._holidays = claims, shifts, roster, holidays
        self._moves = moves  # by person: the last day in an earlier unit, and that unit
        # People with words of their own have days of their own; all others share by unit.
        personal = {pk for level, pk in claims if level == PERSON}
        self._singular = personal | roster.keys() | moves.keys()
        self._of_person: dict[int, tuple[Day, ...]] = {}
        self._of_unit: dict[tuple[int | None, int, bool], tuple[Day, ...]] = {}

    @classmethod
    def load(
        cls,
        agency_id: int | None,
        first: date,
        last: date,
        people: Collection[int] | None = None,
    ) -> "Schedules":
        """Read what bears on an agency (None: on all) in these days; at most five queries.

        `people`: only these employees will be asked about; it spares reading the others' rosters.
        """
        named = people if people is not None and len(people) <= _ASKED_BY_NAME else None
        scopes = list(scopes_between(agency_id, first, last, named))
        hours = hours_of({scope.pattern_id: scope.pattern for scope in scopes})
        by_roster = any(row.weekday is None for row in hours)
        by_unit = any(scope.unit_id is not None for scope in scopes)
        return cls.of_rows(
            first,
            last,
            scopes=scopes,
            hours=hours,
            roster=roster_between(agency_id, first, last, named) if by_roster else (),
            holidays=holidays_between(agency_id, first, last),
            moves=moves_between(agency_id, first, named) if by_unit else (),
        )

    @classmethod
    def of_rows(
        cls,
        first: date,
        last: date,
        *,
        scopes: Iterable[PatternScope],
        hours: Iterable[WorkHours],
        holidays: Iterable[PublicHoliday],
        roster: Iterable[tuple[int, date, int | None]] = (),
        moves: Iterable[tuple[int, int, date]] = (),
    ) -> "Schedules":
        """Put together what was read: rows that carry their pattern, (person, day, hours), and
        (person, earlier unit, last day there), the earliest first.
        """
        weeks: dict[int, dict[int, DayHours]] = defaultdict(dict)
        shifts: dict[int, DayHours] = {}
        for row in hours:
            if row.weekday is None:
                shifts[row.pk] = day_hours(row)
            else:
                weeks[row.pattern_id][row.weekday] = day_hours(row)
        claims: dict[Scope, list[_Claim]] = defaultdict(list)
        for scope in scopes:
            claim = _claim(scope.pattern, weeks.get(scope.pattern_id, {}))
            if claim not in claims[_key(scope)]:
                claims[_key(scope)].append(claim)
        rostered: dict[int, dict[int, int | None]] = defaultdict(dict)
        for employee_id, on, hours_id in roster:
            rostered[employee_id][on.toordinal()] = hours_id
        days = {(holiday.agency_id, holiday.on): holiday for holiday in holidays}
        moved: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for employee_id, unit_id, on in moves:
            moved[employee_id].append((on.toordinal(), unit_id))
        return cls(
            first, last, claims=claims, shifts=shifts, roster=rostered, holidays=days, moves=moved
        )

    def on(self, employee: Employee, day: date) -> Day:
        """Return the hours of a person on a day, or why there are none. Holidays are not asked.

        Raises LookupError outside the days that were loaded.
        """
        index = day.toordinal() - self._origin
        if not 0 <= index < self._length:
            raise LookupError(f"{day} is outside {self.first} to {self.last}")
        return self.days(employee)[index]

    def days(self, employee: Employee) -> tuple[Day, ...]:
        """Return all loaded days of a person; the same tuple for everybody with the same days."""
        if employee.pk in self._singular:
            found = self._of_person.get(employee.pk)
            if found is None:
                found = self._of_person[employee.pk] = self._days_of(employee)
            return found
        return self.shared(employee.unit_id, employee.agency_id, part_time=is_part_time(employee))

    def shared(
        self, unit_id: int | None, agency_id: int, *, part_time: bool = False
    ) -> tuple[Day, ...]:
        """Return the days of whoever in this unit (None: in none) has no words of his own."""
        key = (unit_id, agency_id, part_time)
        found = self._of_unit.get(key)
        if found is None:
            found = self._of_unit[key] = self._resolve(unit_id, agency_id, None, part_time)
        return found

    def holiday(self, agency_id: int, day: date) -> Holiday | None:
        """Return what is celebrated; the agency's own row goes before the one for everybody."""
        row = self._holidays.get((agency_id, day)) or self._holidays.get((None, day))
        if row is None or row.kind == PublicHoliday.Kind.WORKDAY:
            return None
        return Holiday(row.name, row.kind == PublicHoliday.Kind.COLLECTIVE_LEAVE)

    def shift_pattern(self, employee: Employee, day: date) -> int | None:
        """Return the pattern whose roster decides about a person's day; None where none does."""
        unit_id = self._unit_on(employee, day.toordinal())
        levels = self._levels(unit_id, employee.agency_id, employee.pk, is_part_time(employee))
        found = self._claim_on(day.toordinal(), levels)
        return found.pattern_id if isinstance(found, _Claim) and not found.week else None

    def shifts_of(self, pattern_id: int) -> dict[str, tuple[int, DayHours]]:
        """Return the shifts of a pattern by code, with the ids of their hours."""
        return {
            hours.shift: (hours_id, hours)
            for hours_id, hours in self._shifts.items()
            if hours.pattern_id == pattern_id
        }

    def _levels(
        self, unit_id: int | None, agency_id: int, employee_id: int | None, part_time: bool
    ) -> list[Sequence[_Claim]]:
        scopes: list[Scope] = [(AGENCY, agency_id), (EVERYBODY, None)]
        if unit_id is not None:
            scopes.insert(0, (UNIT, unit_id))
        levels = [
            _binding(self._claims[scope], part_time) for scope in scopes if scope in self._claims
        ]
        own = None if employee_id is None else self._claims.get((PERSON, employee_id))
        return [own, *levels] if own else levels

    def _unit_on(self, employee: Employee, ordinal: int) -> int | None:
        for last, unit_id in self._moves.get(employee.pk, ()):
            if ordinal <= last:
                return unit_id
        return employee.unit_id

    def _days_of(self, employee: Employee) -> tuple[Day, ...]:
        """Return the days of a person by the unit in which he was on each of them."""
        by_unit: dict[int | None, tuple[Day, ...]] = {}
        days = []
        for index in range(self._length):
            unit_id = self._unit_on(employee, self._origin + index)
            if unit_id not in by_unit:
                by_unit[unit_id] = self._resolve(
                    unit_id, employee.agency_id, employee.pk, is_part_time(employee)
                )
            days.append(by_unit[unit_id][index])
        return tuple(days)

    def _resolve(
        self, unit_id: int | None, agency_id: int, employee_id: int | None, part_time: bool
    ) -> tuple[Day, ...]:
        levels = self._levels(unit_id, agency_id, employee_id, part_time)
        roster = self._roster.get(employee_id, {}) if employee_id is not None else {}
        otherwise = (_NO_CONTRACT_HOURS,) * 7 if part_time else STANDARD_WEEK
        return tuple(
            self._day(ordinal, levels, roster, otherwise)
            for ordinal in range(self._origin, self._origin + self._length)
        )

    def _day(
        self,
        ordinal: int,
        levels: Sequence[Sequence[_Claim]],
        roster: Mapping[int, int | None],
        otherwise: Sequence[Day],
    ) -> Day:
        weekday = (ordinal + 6) % 7  # the first of January of year 1 was a Monday
        found = self._claim_on(ordinal, levels)
        if found is None:
            return otherwise[weekday]
        if isinstance(found, NoHours):
            return found
        return found.week[weekday] if found.week else self._shift(found, roster.get(ordinal, -1))

    def _claim_on(
        self, ordinal: int, levels: Sequence[Sequence[_Claim]]
    ) -> _Claim | NoHours | None:
        """Return who decides about a day: one pattern, two at odds, or none."""
        for level in levels:
            here = [claim for claim in level if claim.covers(ordinal)]
            strongest = [claim for claim in here if claim.season] or here
            if strongest:
                return strongest[0] if len(strongest) == 1 else _conflict(strongest)
        return None

    def _shift(self, claim: _Claim, hours_id: int | None) -> Day:
        """Return what the roster says: a shift's hours, a day off (None), or nothing (-1)."""
        if hours_id is None:
            return claim.off
        if hours_id == -1:
            return NoHours(WhyNone.UNSCHEDULED, claim.name, _UNROSTERED)
        hours = self._shifts.get(hours_id)
        if hours is None or hours.pattern_id != claim.pattern_id:
            return NoHours(WhyNone.UNSCHEDULED, claim.name, _OTHER_PATTERN)
        return hours


def is_part_time(person: Employee) -> bool:
    """Say whether somebody works by the hours of his own contract (PPPK paruh waktu)."""
    return person.status == EmploymentStatus.PPPK_PART_TIME


def _binding(claims: Sequence[_Claim], part_time: bool) -> Sequence[_Claim]:
    """Return which patterns of a unit, an agency or everybody bind a person.

    Shifts bind part-timers too: a roster names each of them.
    """
    if not part_time:
        return [claim for claim in claims if not claim.part_time]
    return [claim for claim in claims if claim.part_time or not claim.week]


def day_hours(row: WorkHours) -> DayHours:
    """Return the minutes of a row of hours; what ends at or before its beginning ends tomorrow."""
    pattern = row.pattern
    start = _minutes(row.starts)
    end = _after(start, _minutes(row.ends), strictly=True)
    intervals: tuple[tuple[int, int], ...] = ((start, end),)
    if row.break_starts is not None and row.break_ends is not None:
        pause = _after(start, _minutes(row.break_starts))
        intervals = ((start, pause), (_after(pause, _minutes(row.break_ends)), end))
    return DayHours(
        pattern=str(pattern),
        intervals=intervals,
        pattern_id=pattern.pk,
        shift=row.shift,
        works_holidays=pattern.works_holidays,
        window=_window(row.shift, start, end),
    )


def _window(shift: str, start: int, end: int) -> tuple[int, int]:
    """Return where punches count: the day of attendance, or four hours around odd hours."""
    if shift or start <= DAY_BEGINS or end > DAY:
        return start - SHIFT_MARGIN, end + SHIFT_MARGIN
    return DAY_BEGINS, DAY_ENDS


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _after(earlier: int, minutes: int, *, strictly: bool = False) -> int:
    """Return the minutes on the next day if they would otherwise lie before `earlier`."""
    return minutes + DAY if minutes < earlier or (strictly and minutes == earlier) else minutes


def _claim(pattern: WorkPattern, days: Mapping[int, DayHours]) -> _Claim:
    name = str(pattern)
    off = NoHours(WhyNone.OFF, name)
    by_roster = pattern.kind == WorkPattern.Kind.SHIFT
    return _Claim(
        pattern_id=pattern.pk,
        name=name,
        first=pattern.valid_from.toordinal(),
        last=(pattern.valid_until or date.max).toordinal(),
        season=pattern.kind == WorkPattern.Kind.SEASON,
        part_time=pattern.kind == WorkPattern.Kind.PART_TIME,
        week=() if by_roster else tuple(days.get(weekday, off) for weekday in range(7)),
        off=off,
    )


def _key(scope: PatternScope) -> Scope:
    if scope.employee_id is not None:
        return PERSON, scope.employee_id
    if scope.unit_id is not None:
        return UNIT, scope.unit_id
    if scope.agency_id is not None:
        return AGENCY, scope.agency_id
    return EVERYBODY, None


def _conflict(claims: Iterable[_Claim]) -> NoHours:
    names = " dan ".join(f"“{claim.name}”" for claim in claims)
    return NoHours(
        WhyNone.CONFLICT,
        names,
        f"Dua pola setingkat berlaku bersamaan: {names}; cabut salah satu atau batasi tanggalnya "
        "pada Kalender, Pola jam kerja.",
    )
