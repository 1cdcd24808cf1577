"""What is known about the days of an agency's people, read in few queries however many they are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Q, QuerySet

from attendance.days.outages import Outages
from attendance.days.policies import Policies
from attendance.law.cases import FINGERPRINT_CODES, Letter, span_of
from attendance.law.codes import Code, LetterState
from attendance.models import AbsenceLetter, Correction, FingerException
from devices.heard import Heard, machines_of
from devices.models import Device
from devices.punches import Minutes, Stretch, minutes_of_people
from foundation.prepared import Listed, PreparedQuery, PreparedValues, Slot
from organization.calendars.schedules import Schedules
from organization.models import Agency

ONE_DAY = timedelta(days=1)
LETTER_STATES = {
    AbsenceLetter.Status.APPROVED: LetterState.APPROVED,
    AbsenceLetter.Status.REJECTED: LetterState.REJECTED,
}
Span = tuple[date, date]


FIRST, LAST = Slot("first", DateField()), Slot("last", DateField())
BEGINS, ENDS = Slot("begins", DateTimeField()), Slot("ends", DateTimeField())


def _letters_asked() -> "QuerySet[AbsenceLetter, tuple[Any, ...]]":
    return (
        AbsenceLetter.objects.filter(
            employee__in=Listed("people"), first_on__lte=LAST, last_on__gte=FIRST
        )
        .exclude(status__in=[AbsenceLetter.Status.WITHDRAWN, AbsenceLetter.Status.REVOKED])
        .order_by("pk")
        .values_list(
            "employee_id", "first_on", "last_on",
            "pk", "kind", "status", "number", "before_leaving", "from_time", "to_time",
        )
    )  # fmt: skip


def _finger_exceptions_asked() -> "QuerySet[FingerException, tuple[Any, ...]]":
    return FingerException.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=FIRST),
        employee__in=Listed("people"),
        valid_from__lte=LAST,
    ).values_list("employee_id", "valid_from", "valid_until")


def _corrections_asked() -> "QuerySet[Correction]":
    ignoring = Q(kind=Correction.Kind.IGNORE_PUNCH, employee__in=Listed("people")) & Q(
        punch__at__gte=BEGINS, punch__at__lt=ENDS
    )
    shifting = Q(
        kind=Correction.Kind.SHIFT_CLOCK,
        device__isnull=False,
        wrong_from__lt=ENDS,
        wrong_until__gte=BEGINS,
    )
    granted = Correction.objects.filter(status=Correction.Status.APPROVED)
    return granted.filter(ignoring | shifting).order_by("pk")


_LETTERS = PreparedValues(_letters_asked)
_FINGER_EXCEPTIONS = PreparedValues(_finger_exceptions_asked)
_CORRECTIONS = PreparedQuery(_corrections_asked)


class ClockShift(NamedTuple):
    """A machine's clock was wrong by some minutes; BKD allowed to put its punches right."""

    begins: datetime
    ends: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything but the punches. Spans of days include their last one."""

    agency: Agency
    first: date
    last: date
    zone: ZoneInfo
    schedules: Schedules  # of one day more on either side
    letters: dict[int, list[tuple[Span, Letter]]]  # by employee, in the order of their entry
    finger_exceptions: dict[int, list[Span]]
    outages: Outages
    devices: frozenset[int]  # of the agency, whatever became of them
    machines: list[Heard]  # those in service
    policies: Policies
    ignored: list[int]  # punches that BKD allowed not to use
    shifts: dict[int, list[ClockShift]]  # by machine

    def unheard_on(self, day: date, closed: datetime) -> str:
        """Name the machines that may hold punches from before this moment; an outage excuses."""
        out = {outage.device_id for outage in self.outages.on(day)}
        if None in out:
            return ""
        silent = [
            machine.name
            for machine in self.machines
            if machine.device_id not in out and machine.may_hold(closed)
        ]
        more = f" dan {len(silent) - 3} lagi" if len(silent) > 3 else ""
        return ", ".join(silent[:3]) + more


def load(agency: Agency, first: date, last: date, people: Collection[int]) -> Known:
    """Read what bears on these people from the first to the last day; a dozen queries at most."""
    corrections = _corrections(agency, first, last, people)
    machines = machines_of(agency.pk)
    return Known(
        agency=agency,
        first=first,
        last=last,
        zone=ZoneInfo(agency.time_zone),
        schedules=Schedules.load(agency.pk, first - ONE_DAY, last + ONE_DAY, people),
        letters=_letters(people, first, last),
        finger_exceptions=_finger_exceptions(people, first, last),
        outages=Outages.load(agency, first, last, people),
        devices=machines.ids,
        machines=machines.heard,
        policies=Policies.load(agency.pk, last),
        ignored=[
            row.punch_id
            for row in corrections
            if row.kind == Correction.Kind.IGNORE_PUNCH and row.punch_id is not None
        ],
        shifts=_shifts(corrections),
    )


def read_minutes(known: Known, people: Collection[int], start: int, end: int) -> dict[int, Minutes]:
    """Return each person's punches as `minutes_of_people` does, from midnight of the first day."""
    # A clock that was put right may bring a punch in from further away.
    reach = max((abs(s.minutes) for shifts in known.shifts.values() for s in shifts), default=0)
    return minutes_of_people(
        Stretch(known.first, known.zone, start - reach, end + reach),
        people,
        plain_devices=sorted(known.devices - known.shifts.keys()),
        plain_verify=sorted(FINGERPRINT_CODES),
        without=known.ignored,
    )


def foreign_machines(known: Known, devices: Collection[int]) -> dict[int, str]:
    """Return how machines of other agencies are called, by id."""
    rows = Device.objects.filter(pk__in=devices).exclude(agency=known.agency)
    return {
        pk: f"{name}, {agency}"
        for pk, name, agency in rows.values_list("pk", "name", "agency__name")
    }


def rule_letter(letter: AbsenceLetter) -> Letter:
    """Return the letter as the rules of a day read it."""
    return _rule_letter(
        letter.pk,
        letter.kind,
        letter.status,
        letter.number,
        letter.before_leaving,
        letter.from_time,
        letter.to_time,
    )


def _rule_letter(
    pk: int,
    kind: str,
    status: str,
    number: str,
    before_leaving: bool,
    from_time: time | None,
    to_time: time | None,
) -> Letter:
    return Letter(
        kind=Code(kind),
        state=LETTER_STATES.get(AbsenceLetter.Status(status), LetterState.PENDING),
        number=number,
        id=pk,
        before_leaving=before_leaving,
        span=span_of(from_time, to_time) if from_time and to_time else None,
    )


def _letters(
    people: Collection[int], first: date, last: date
) -> dict[int, list[tuple[Span, Letter]]]:
    rows = _LETTERS.all(people=people, first=first, last=last)
    letters: dict[int, list[tuple[Span, Letter]]] = defaultdict(list)
    for employee_id, first_on, last_on, pk, kind, status, number, leaving, begins, ends in rows:
        letter = _rule_letter(pk, kind, status, number, leaving, begins, ends)
        letters[employee_id].append(((first_on, last_on), letter))
    return letters


def _finger_exceptions(people: Collection[int], first: date, last: date) -> dict[int, list[Span]]:
    rows = _FINGER_EXCEPTIONS.all(people=people, first=first, last=last)
    found: dict[int, list[Span]] = defaultdict(list)
    for employee_id, valid_from, valid_until in rows:
        found[employee_id].append((valid_from, valid_until or last))
    return found


def _corrections(
    agency: Agency, first: date, last: date, people: Collection[int]
) -> list[Correction]:
    """Return what BKD granted that changes how punches of these days are read."""
    zone = ZoneInfo(agency.time_zone)
    begins = datetime.combine(first - ONE_DAY, time(), zone)
    ends = datetime.combine(last + 3 * ONE_DAY, time(), zone)
    return _CORRECTIONS.all(people=people, begins=begins, ends=ends)


def _shifts(corrections: Sequence[Correction]) -> dict[int, list[ClockShift]]:
    shifts: dict[int, list[ClockShift]] = defaultdict(list)
    for row in corrections:
        if row.device_id is not None and row.wrong_from is not None and row.wrong_until is not None:
            shifts[row.device_id].append(ClockShift(row.wrong_from, row.wrong_until, row.minutes))
    return dict(shifts)
