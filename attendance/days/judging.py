"""The days of many people, judged: what people have in common is found once for all of them.

A plain day rests on its first and last tap and on how many there were: whoever came and went at the
same minutes on such a day has the same verdict, which is made once. Taps that are not plain (not by
finger, another agency's machine, a clock put right, a list) go to the rules as they are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from attendance.days.loading import Known, foreign_machines, load, read_minutes
from attendance.law.cases import DayCase, Letter, Outage, Tap, Verdict, by_finger
from attendance.law.windows import window_of
from attendance.rules import judge
from devices.models import Punch
from devices.punches import Minutes, Stretch
from organization.calendars.work_hours import DAY, Day
from organization.mandates.superiors import employed
from organization.models import Agency, Employee

KINDS_KEPT, VERDICTS_KEPT = 2_000, 20_000

_NOTHING = Minutes()

PlainDay = tuple[int, int, int]  # first and last minute, how many


class DayKind:
    """Days that differ in nothing but their taps, with the verdicts known so far."""

    __slots__ = ("_nobody", "case", "plain")

    def __init__(self, case: DayCase) -> None:
        self.case = case
        self._nobody: Verdict | None = None
        self.plain: dict[PlainDay, Verdict] = {}

    @property
    def nobody(self) -> Verdict:
        """The verdict of a day without taps."""
        if self._nobody is None:
            self._nobody = _judge(self.case)
        return self._nobody

    def verdict(self, day: PlainDay) -> Verdict:
        """Return the verdict of a day with plain taps."""
        found = self.plain.get(day)
        if found is None:
            if len(self.plain) >= VERDICTS_KEPT:
                self.plain.clear()
            first, last, count = day
            taps = (Tap(first),) if count == 1 else (Tap(first), Tap(last))
            found = self.plain[day] = _judge(self.case._replace(taps=taps, raw=count))
        return found


class PlacedDay(NamedTuple):
    """A day of somebody: its window in minutes since the first midnight, and what kind it is."""

    begins: int
    ends: int
    midnight: int
    kind: DayKind


class OwnFacts(NamedTuple):
    """What bears on a day of one person alone; names are those of DayCase."""

    letters: tuple[Letter, ...] = ()
    finger_excused: bool = False
    employed: bool = True
    outage: Outage | None = None  # None: as for everybody


class Week(NamedTuple):
    """The days of whoever has these hours and no letter; and where the neighbours' days end."""

    days: list[PlacedDay]
    begins: list[int]
    nobody: list[Verdict]
    before: int  # until here taps belong to an earlier day
    after: int  # from here on to a later one


# Days are remembered by their kind here; looking them up as whole cases would cost more.
_judge = judge.__wrapped__


class _Kinds(dict[DayCase, DayKind]):
    """Kinds of days, each made when it is first asked for."""

    def __missing__(self, case: DayCase) -> DayKind:
        if len(self) >= KINDS_KEPT:
            self.clear()
        made = self[case] = DayKind(case)
        return made


# Days without letters: the same kinds for most people, of all agencies.
_shared = _Kinds()


class Judgement:
    """The verdicts of people of one agency on some days, as known at one moment."""

    def __init__(self, known: Known, people: Sequence[Employee], now: datetime) -> None:
        self.known, self.now = known, now
        self._length = (known.last - known.first).days + 1
        self._clock = Stretch(known.first, known.zone, 0, self._length * DAY)
        self._weeks: dict[int, Week] = {}
        self._own: dict[tuple[object, ...], DayKind] = {}
        self._names: dict[int, str] = {}
        self._day_facts: dict[tuple[int, int], DayCase] = {}
        # Hours are known by identity: the schedules keep them alive.
        self._placed_days: dict[tuple[int, int, int, int], PlacedDay] = {}
        reach = [self._week(employee) for employee in people]
        start = min((min(w.before, w.days[0].begins) for w in reach), default=0)
        end = max((max(w.after, w.days[-1].ends) for w in reach), default=0)
        self._told = read_minutes(known, [employee.pk for employee in people], start, end)

    @classmethod
    def of(
        cls, agency: Agency, first: date, last: date, people: Sequence[Employee], now: datetime
    ) -> "Judgement":
        """Read what is known of these people and make it ready; a dozen queries."""
        known = load(agency, first, last, [employee.pk for employee in people])
        return cls(known, people, now)

    def verdicts(self, employee: Employee) -> tuple[Verdict, ...]:
        """Return a verdict for each day."""
        week = self._week(employee)
        days, own = self._days(employee, week)
        minutes, special = self._read(self._told.get(employee.pk, _NOTHING))
        marked = sorted(special)
        result = [*week.nobody]
        start, count, strays = bisect_left(minutes, week.before), len(minutes), False
        while start < count:
            index = bisect_right(week.begins, minutes[start]) - 1
            begins, ends, midnight, kind = days[index]
            until = bisect_left(minutes, ends, start)
            if index < 0 or until == start:
                strays, start = True, start + 1
                continue
            if marked and bisect_left(marked, begins) < bisect_left(marked, ends):
                taps = _taps(minutes[start:until], special, midnight)
                result[index] = _judge(kind.case._replace(taps=taps))
            else:
                plain = minutes[start] - midnight, minutes[until - 1] - midnight, until - start
                result[index] = kind.verdict(plain)
            start = until
        for index in own:
            if result[index] is week.nobody[index]:  # nobody tapped
                result[index] = days[index].kind.nobody
        if strays:
            self._tell_strays(result, days, week, minutes, special)
        return tuple(result)

    def case(self, employee: Employee, day: date) -> DayCase:
        """Return the case of one day with all its taps, those of no day among them."""
        week = self._week(employee)
        days, _ = self._days(employee, week)
        minutes, special = self._read(self._told.get(employee.pk, _NOTHING))
        placed = days[(day - self.known.first).days]
        own = minutes[bisect_left(minutes, placed.begins) : bisect_left(minutes, placed.ends)]
        strays = _strays(days, week, minutes).get(placed.midnight // DAY, [])
        taps = _taps(sorted([*own, *strays]), special, placed.midnight)
        return placed.kind.case._replace(taps=taps)

    def _tell_strays(
        self,
        result: list[Verdict],
        days: Sequence[PlacedDay],
        week: Week,
        minutes: Sequence[int],
        special: dict[int, list[Tap]],
    ) -> None:
        """Judge again the calendar days with taps that no day of attendance takes, to name them."""
        for index, found in _strays(days, week, minutes).items():
            begins, ends, midnight, kind = days[index]
            own = minutes[bisect_left(minutes, begins) : bisect_left(minutes, ends)]
            taps = _taps(sorted([*own, *found]), special, midnight)
            result[index] = _judge(kind.case._replace(taps=taps, raw=len(own)))

    def _read(self, told: Minutes) -> tuple[list[int], dict[int, list[Tap]]]:
        """Return a person's minutes in order, and the taps of those that are not plain.

        A tap of the dict holds its minute since the first midnight.
        """
        minutes = list(told.plain)
        special: dict[int, list[Tap]] = {}
        for token in told.special:
            tap = self._special(token)
            special.setdefault(tap.minute, []).append(tap)
            minutes.append(tap.minute)
        minutes.sort()
        return minutes, special

    def _special(self, token: str) -> Tap:
        told, code, channel, device = token.split(":")
        minute, verify = int(told), int(code) if code else None
        shifted = self._shifted(int(device), minute) if device else 0
        return Tap(
            minute + shifted,
            finger=by_finger(verify) and channel != Punch.Channel.CHECK_IN,
            manual=channel == Punch.Channel.LIST,
            corrected=channel == Punch.Channel.CORRECTION,
            elsewhere=self._name(int(device)) if device else "",
            shifted=shifted,
        )

    def _shifted(self, device_id: int, minute: int) -> int:
        clock = self._clock
        return sum(
            shift.minutes
            for shift in self.known.shifts.get(device_id, ())
            if clock.minute(shift.begins) <= minute < clock.minute(shift.ends)
        )

    def _name(self, device_id: int) -> str:
        """Return how a machine of another agency is called; "" for one of the own."""
        if device_id in self.known.devices:
            return ""
        if device_id not in self._names:
            self._names[device_id] = foreign_machines(self.known, [device_id]).get(device_id, "")
        return self._names[device_id]

    def _week(self, employee: Employee) -> Week:
        """Return the days of whoever has the same hours; they are one tuple for all of these."""
        hours = self.known.schedules.days(employee)
        found = self._weeks.get(id(hours))
        if found is None:
            found = self._weeks[id(hours)] = self._placed(hours)
        return found

    def _placed(self, hours: Sequence[Day]) -> Week:
        """`hours` begin with the day before the first and end with the day after the last."""
        days = [self._placed_day(index, *hours[index : index + 3]) for index in range(self._length)]
        before = window_of(hours[0], hours[0], hours[1])[1] - DAY
        after = window_of(hours[-2], hours[-1], hours[-1])[0] + self._length * DAY
        begins, nobody = [day.begins for day in days], [day.kind.nobody for day in days]
        return Week(days, begins, nobody, before, after)

    def _placed_day(self, index: int, before: Day, hours: Day, after: Day) -> PlacedDay:
        """Return a day between its neighbours; rosters repeat the same few of them."""
        key = index, id(before), id(hours), id(after)
        found = self._placed_days.get(key)
        if found is None:
            window = window_of(before, hours, after)
            midnight = index * DAY
            case = self._facts(index, window[1])._replace(hours=hours, window=window)
            found = self._placed_days[key] = PlacedDay(
                midnight + window[0], midnight + window[1], midnight, _shared[case]
            )
        return found

    def _facts(self, index: int, ends: int) -> DayCase:
        """Return what is the same for all of the agency on a day that is over at this minute."""
        found = self._day_facts.get((index, ends))
        if found is None:
            known, day = self.known, self.known.first + timedelta(days=index)
            closed = self._clock.moment(index * DAY + ends)
            over = closed <= self.now
            found = self._day_facts[index, ends] = DayCase(
                hours=known.schedules.shared(None, known.agency.pk)[index + 1],
                holiday=known.schedules.holiday(known.agency.pk, day),
                over=over,
                outage=known.outages.state_on(day),
                unheard=known.unheard_on(day, closed) if over else "",
                policy=known.policies.on(day),
            )
        return found

    def _days(self, employee: Employee, week: Week) -> tuple[Sequence[PlacedDay], Collection[int]]:
        """Return a person's days, and the indexes of those on which he has facts of his own."""
        known, first, last = self.known, self.known.first, self.known.last
        letters = known.letters.get(employee.pk, ())
        exceptions = known.finger_exceptions.get(employee.pk, ())
        whole = employed(employee, first) and employed(employee, last)
        spared = known.outages.spares(employee.pk)
        if whole and not letters and not exceptions and not spared:
            return week.days, ()
        days = list(week.days)
        own: dict[int, OwnFacts] = {}
        for (begins, ends), letter in letters:
            for index in self._indexes(begins, ends):
                own[index] = OwnFacts((*own[index].letters, letter) if index in own else (letter,))
        for begins, ends in exceptions:
            for index in self._indexes(begins, ends):
                own[index] = own.get(index, OwnFacts())._replace(finger_excused=True)
        if spared:
            for index in range(self._length):
                state = known.outages.state_on(first + timedelta(days=index), employee.pk)
                if state is not days[index].kind.case.outage:
                    own[index] = own.get(index, OwnFacts())._replace(outage=state)
        if not whole:
            for index in range(self._length):
                if not employed(employee, first + timedelta(days=index)):
                    own[index] = OwnFacts(employed=False)
        for index, facts in own.items():
            begins_at, ends_at, midnight, kind = days[index]
            days[index] = PlacedDay(begins_at, ends_at, midnight, self._kind(kind, facts))
        return days, own

    def _kind(self, common: DayKind, own: OwnFacts) -> DayKind:
        # Kinds and letters live as long as this judgement does.
        letters = map(id, own.letters)
        key = id(common), *letters, own.finger_excused, own.employed, own.outage
        found = self._own.get(key)
        if found is None:
            facts = own._asdict()
            if own.outage is None:
                del facts["outage"]
            found = self._own[key] = DayKind(common.case._replace(**facts))
        return found

    def _indexes(self, begins: date, ends: date) -> range:
        first = max(begins, self.known.first)
        last = min(ends, self.known.last)
        return range((first - self.known.first).days, (last - self.known.first).days + 1)


def _taps(
    minutes: Collection[int], special: dict[int, list[Tap]], midnight: int
) -> tuple[Tap, ...]:
    """Return the taps at these minutes, counted from the day's midnight."""
    taps = []
    met: dict[int, int] = {}
    for minute in minutes:
        place = met[minute] = met.get(minute, -1) + 1
        others = special.get(minute, ())
        tap = others[place] if place < len(others) else Tap(minute)
        taps.append(tap._replace(minute=minute - midnight))
    return tuple(taps)


def _strays(days: Sequence[PlacedDay], week: Week, minutes: Sequence[int]) -> dict[int, list[int]]:
    """Return the minutes that no day takes, by the calendar day on which they lie."""
    found: dict[int, list[int]] = {}
    edges = [
        week.before,
        *(edge for day in days for edge in (day.begins, day.ends)),
        week.after,
    ]
    for ends, begins in zip(edges[::2], edges[1::2], strict=True):
        for minute in minutes[bisect_left(minutes, ends) : bisect_left(minutes, begins)]:
            if 0 <= minute // DAY < len(days):
                found.setdefault(minute // DAY, []).append(minute)
    return found


def judge_days(
    agency: Agency, first: date, last: date, people: Sequence[Employee], *, now: datetime
) -> list[tuple[Verdict, ...]]:
    """Return each person's verdicts from the first to the last day, in the order of the people."""
    judgement = Judgement.of(agency, first, last, people, now)
    return [judgement.verdicts(employee) for employee in people]


def case_of(employee: Employee, day: date, *, now: datetime) -> DayCase:
    """Return everything that bears on one day of a person, for whoever asks why."""
    return Judgement.of(employee.agency, day, day, [employee], now).case(employee, day)
