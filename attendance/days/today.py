"""Who is there today, by unit: made in a dozen queries for any number of people."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q

from attendance.days.judging import Judgement
from attendance.law.cases import Verdict
from attendance.law.codes import NAMES, Code
from attendance.law.reasons import clock
from attendance.models.recaps import WITHOUT_UNIT
from devices.heard import Heard
from devices.models import Punch
from devices.punches import day_bounds
from organization.models import Agency, Employee, Unit

SILENT_AFTER = timedelta(minutes=30)
LATEST = 8  # punches shown
AWAY_CODES = frozenset(Code) - {
    Code.PRESENT,
    Code.UNEXPLAINED,
    Code.DAY_OFF,
    Code.COLLECTIVE_LEAVE,
    Code.NOT_OVER,
    Code.UNSCHEDULED,
    Code.NOT_EMPLOYED,
}


class State(StrEnum):
    """How somebody stands today; the value is what the address says."""

    PRESENT = "hadir"
    LATE = "terlambat"
    NOT_YET = "belum"
    AWAY = "surat"
    OFF = "libur"
    UNSCHEDULED = "jadwal"


NAMES_OF_STATES: Mapping[State, str] = {
    State.PRESENT: "Hadir tepat waktu",
    State.LATE: "Hadir terlambat",
    State.NOT_YET: "Belum absen",
    State.AWAY: "Dengan surat",
    State.OFF: "Libur",
    State.UNSCHEDULED: "Belum terjadwal",
}


@dataclass(frozen=True, slots=True)
class Present:
    """One person today."""

    employee_id: int
    name: str
    unit: str
    state: State
    verdict: Verdict

    @property
    def text(self) -> str:
        """Return when he came, or why he is not expected."""
        verdict = self.verdict
        if verdict.came is not None:
            late = f", terlambat {verdict.late} menit" if verdict.late else ""
            left = f", terakhir {clock(verdict.left)}" if verdict.left is not None else ""
            return f"{clock(verdict.came)}{late}{left}"
        if verdict.left is not None:
            return f"tanpa absen masuk, terakhir {clock(verdict.left)}"
        if self.state is State.NOT_YET:
            return ""
        star = ", menunggu keputusan" if verdict.provisional else ""
        return f"{NAMES[verdict.code]}{star}"


@dataclass(frozen=True, slots=True)
class LastPunch:
    """A punch as the board tells it."""

    name: str
    clock: str
    machine: str


@dataclass(frozen=True)
class Board:
    """Today in an agency. `units` in order, each with its counts by state."""

    day: date
    people: Sequence[Present] = ()
    units: Sequence[tuple[str, Mapping[State, int], int]] = ()
    total: Mapping[State, int] = field(default_factory=dict)
    latest: Sequence[LastPunch] = ()
    silent: Sequence[Heard] = ()

    def of(self, state: State, unit: str = "") -> list[Present]:
        return [p for p in self.people if p.state is state and (not unit or p.unit == unit)]


def board_of(
    agency: Agency, day: date, *, now: datetime, people: Collection[int] | None = None
) -> Board:
    """Judge the day of these people (None: of the agency) as far as it has come."""
    employees = _staff(agency, day, people)
    judgement = Judgement.of(agency, day, day, employees, now)
    # Joined to thousands of people, a unit would be made anew for each of them.
    units = dict(Unit.objects.filter(agency=agency).values_list("pk", "name"))
    present = []
    for employee in employees:
        (verdict,) = judgement.verdicts(employee)
        state = state_of(verdict)
        if state is not None:
            unit = units.get(employee.unit_id or 0, WITHOUT_UNIT)
            present.append(Present(employee.pk, employee.name, unit, state, verdict))
    present.sort(key=lambda person: (person.unit, person.name))
    by_unit: dict[str, Counter[State]] = {}
    for person in present:
        by_unit.setdefault(person.unit, Counter())[person.state] += 1
    return Board(
        day=day,
        people=present,
        units=[(unit, counts, counts.total()) for unit, counts in by_unit.items()],
        total=sum(by_unit.values(), Counter()),
        latest=_latest(judgement, present, day),
        silent=[m for m in judgement.known.machines if m.may_hold(now - SILENT_AFTER)],
    )


def state_of(verdict: Verdict) -> State | None:
    """Return how somebody with this verdict stands; None: he does not work here today."""
    code = verdict.code
    if code is Code.NOT_EMPLOYED:
        return None
    if code in (Code.DAY_OFF, Code.COLLECTIVE_LEAVE):
        return State.OFF
    if code is Code.UNSCHEDULED:
        return State.UNSCHEDULED
    if code in AWAY_CODES:
        return State.AWAY
    if verdict.came is None and verdict.left is None:
        return State.NOT_YET
    return State.LATE if verdict.late else State.PRESENT


def _staff(agency: Agency, day: date, people: Collection[int] | None) -> list[Employee]:
    staff = Employee.objects.filter(
        Q(joined_on=None) | Q(joined_on__lte=day), Q(left_on=None) | Q(left_on__gt=day),
        agency=agency,
    )  # fmt: skip
    if people is not None:
        staff = staff.filter(pk__in=people)
    columns = ("name", "agency_id", "unit_id", "status", "joined_on", "left_on")
    return list(staff.only(*columns).order_by("name", "pk"))


def _latest(judgement: Judgement, people: Sequence[Present], day: date) -> list[LastPunch]:
    """Return the newest punches: asked only of those whose last tap is newest; one query."""

    def last(person: Present) -> int:
        came, left = person.verdict.came, person.verdict.left
        return max(came if came is not None else -1, left if left is not None else -1)

    newest = [p for p in sorted(people, key=last, reverse=True)[:LATEST] if last(p) >= 0]
    if not newest:
        return []
    zone = judgement.known.zone
    start, end = day_bounds(day, day + timedelta(days=1), zone)
    names = {person.employee_id: person.name for person in newest}
    rows: Any = (
        Punch.objects.counted()
        .between(start, end)
        .filter(employee__in=names)
        .order_by("-at", "-pk")
        .values_list("employee_id", "at", "channel", "device__name")[:LATEST]
    )
    return [
        LastPunch(
            names[pk], f"{at.astimezone(zone):%H.%M}", name or str(Punch.Channel(channel).label)
        )
        for pk, at, channel, name in rows
    ]
