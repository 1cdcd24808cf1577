"""Where a signed list and a machine tell different times, for BKD to decide between the two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from attendance.days.months import judge_people
from attendance.days.policies import policies_of
from attendance.evidence.outage_lists import ListRow, rows_of
from attendance.law.cases import Verdict, minute_of, moment_of
from attendance.law.codes import Flag
from attendance.models import Correction, Outage
from devices.models import Punch
from devices.models.punches import PunchQuerySet
from organization.models import Employee

LOOKED_AT = 500  # people of one list
DAY_IS_OVER = timedelta(days=2)  # the last day of a night shift too
SIDES = {"in": "masuk", "out": "pulang"}


@dataclass(frozen=True)
class Conflict:
    """One side of one day of a person; `machine` is None where its time was put right since."""

    employee: Employee
    day: date
    side: str
    listed: Punch
    machine: Punch | None
    list_clock: str
    machine_clock: str

    @property
    def key(self) -> str:
        return f"{self.employee.pk}:{self.day.isoformat()}:{self.side}"

    @property
    def side_name(self) -> str:
        return SIDES[self.side]


def conflicts_of(outage: Outage, now: datetime) -> list[Conflict]:
    """Return what differs by more than the policy tolerates and nobody decided on, by day."""
    if outage.listed_at is None:
        return []
    listed = rows_of(outage)
    days = sorted({one.day for one in listed})
    people = list({one.employee.pk: one.employee for one in listed}.values())[:LOOKED_AT]
    if not days or not people:
        return []
    span = [date.fromordinal(n) for n in range(days[0].toordinal(), days[-1].toordinal() + 1)]
    wanted = {one.key: one for one in listed}
    found: list[tuple[ListRow, Verdict]] = []
    # A day still open tells no difference yet; the list is whole, so its days are taken as over.
    over = max(now, datetime.combine(days[-1] + DAY_IS_OVER, time(), tzinfo=now.tzinfo))
    for person in judge_people(outage.agency, span, people, now=over):
        for day, verdict in zip(person.days, person.verdicts, strict=True):
            row = wanted.get(f"{person.employee.pk}:{day.isoformat()}")
            if row is not None and Flag.MANUAL_CONFLICT in verdict.flags:
                found.append((row, verdict))
    told = _told(outage, found)
    conflicts = [one for row, verdict in found for one in _sides(outage, row, verdict, told)]
    return sorted(conflicts, key=lambda one: (one.day, one.employee.name, one.key))


def _told(outage: Outage, found: Sequence[tuple[ListRow, Verdict]]) -> Mapping[str, Punch]:
    """Return the punches of the list by their keys, those left out that BKD does not use."""
    keys = [
        f"outage:{outage.pk}:{row.employee.pk}:{row.day.isoformat()}:{side}"
        for row, _ in found
        for side in SIDES
    ]
    rows = _unused(Punch.objects.filter(source_key__in=keys))
    return {str(row.source_key): row for row in rows}


def _unused(punches: PunchQuerySet) -> PunchQuerySet:
    """Leave out those that BKD does not use."""
    granted = Correction.objects.filter(
        kind=Correction.Kind.IGNORE_PUNCH, status=Correction.Status.APPROVED, punch=OuterRef("pk")
    )
    return punches.exclude(Exists(granted))


def _sides(
    outage: Outage, row: ListRow, verdict: Verdict, told: Mapping[str, Punch]
) -> Iterator[Conflict]:
    tolerance = policies_of(outage.agency_id, row.day, row.day).on(row.day).manual_tolerance
    zone = ZoneInfo(outage.agency.time_zone)
    key = f"outage:{outage.pk}:{row.employee.pk}:{row.day.isoformat()}"
    for side, minute in (("in", verdict.came), ("out", verdict.left)):
        listed = told.get(f"{key}:{side}")
        if listed is None or minute is None:
            continue
        wall = listed.at.astimezone(zone)
        if abs(minute_of(wall.replace(tzinfo=None), row.day) - minute) <= tolerance:
            continue
        seen = moment_of(minute, row.day)
        yield Conflict(
            employee=row.employee, day=row.day, side=side, listed=listed,
            machine=_machine_punch(row.employee, seen.replace(tzinfo=zone)),
            list_clock=f"{wall:%H.%M}", machine_clock=f"{seen:%H.%M}",
        )  # fmt: skip


def _machine_punch(employee: Employee, minute: datetime) -> Punch | None:
    rows = Punch.objects.counted().between(minute, minute + timedelta(minutes=1))
    own = _unused(rows.filter(employee=employee, device__isnull=False))
    return own.order_by("at", "pk").first()
