"""How somebody stands today with his presences: what he pressed, and what he may press now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attendance.checkins.rules import Office
from attendance.days.policies import policies_of
from attendance.law.policy import Policy
from attendance.models import CheckIn, HelpTicket
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DAY, DAY_BEGINS, DAY_ENDS, DayHours
from organization.models import Agency, Employee, Workplace

Kind = CheckIn.Kind


def day_at(agency: Agency, now: datetime) -> date | None:
    """Return the day of attendance at a moment, 05.00 to 03.59; None in the hour between two."""
    local = now.astimezone(ZoneInfo(agency.time_zone))
    minute = local.hour * 60 + local.minute
    if minute >= DAY_BEGINS:
        return local.date()
    return local.date() - timedelta(days=1) if minute < DAY_ENDS - DAY else None


def policy_on(agency: Agency, day: date) -> Policy:
    return policies_of(agency.pk, day, day).on(day)


def offices_of(agency: Agency, day: date) -> list[Office]:
    """Return the circles within which the people of an agency may press on a day."""
    rows = Workplace.objects.filter(agency=agency).valid_on(day)
    return [Office(row.pk, row.name, row.point, row.radius_m) for row in rows]


@dataclass(frozen=True)
class Standing:
    """A person's day as far as it has come; moments are aware."""

    employee: Employee
    day: date | None  # None: between two days of attendance nothing is taken
    takes: bool  # whether his agency takes presences from phones
    policy: Policy | None = None
    hours: DayHours | None = None
    came: CheckIn | None = None
    left: CheckIn | None = None
    last: CheckIn | None = None  # the newest press, whatever became of it
    tickets: Sequence[HelpTicket] = ()
    now: datetime | None = None

    @property
    def offered(self) -> list[str]:
        """Return the kinds that may be pressed, the likelier one first."""
        if not self.takes or self.day is None:
            return []
        kinds = [Kind.IN, Kind.OUT] if self._is_morning and not self.came else [Kind.OUT, Kind.IN]
        done = {Kind.IN: self.came, Kind.OUT: self.left}
        return [kind.value for kind in kinds if done[kind] is None]

    @property
    def opens_at(self) -> datetime | None:
        """Return from when on the other press counts: two within this span are judged as one."""
        pressed = [row.received_at for row in (self.came, self.left) if row]
        if not pressed or self.policy is None:
            return None
        opens = max(pressed) + timedelta(minutes=self.policy.single_span)
        return opens if self.now is not None and opens > self.now else None

    @property
    def leaves_early(self) -> bool:
        """Say whether leaving now is before the end of work."""
        return self.hours is not None and self._minute < self.hours.out_limit

    @property
    def _is_morning(self) -> bool:
        return self.hours is None or self._minute < self.hours.midpoint

    @property
    def _minute(self) -> int:
        if self.now is None or self.day is None:
            return 0
        local = self.now.astimezone(ZoneInfo(self.employee.agency.time_zone))
        return (local.date() - self.day).days * DAY + local.hour * 60 + local.minute


def standing_of(employee: Employee, now: datetime) -> Standing:
    """Read a person's day; a handful of queries."""
    agency = employee.agency
    day = day_at(agency, now)
    if day is None:
        on = now.astimezone(ZoneInfo(agency.time_zone)).date()
        return Standing(employee, None, policy_on(agency, on).takes_check_ins, now=now)
    policy = policy_on(agency, day)
    if not policy.takes_check_ins:
        return Standing(employee, day, takes=False, now=now)
    rows = list(
        CheckIn.objects.filter(employee=employee, day=day)
        .select_related("workplace", "agency")
        .order_by("-received_at", "-pk")
    )
    accepted = {row.kind: row for row in rows if row.is_accepted}
    return Standing(
        employee, day, takes=True, policy=policy, hours=hours_on(employee, day),
        came=accepted.get(Kind.IN), left=accepted.get(Kind.OUT), last=rows[0] if rows else None,
        tickets=list(HelpTicket.objects.filter(employee=employee, day=day)), now=now,
    )  # fmt: skip


def hours_on(employee: Employee, day: date) -> DayHours | None:
    """Return the person's hours of a day; None where he has none, or nobody told them."""
    schedules = Schedules.load(employee.agency_id, day, day, [employee.pk])
    (hours,) = schedules.days(employee)
    return hours if isinstance(hours, DayHours) else None
