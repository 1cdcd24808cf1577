"""Punches that no finger proved (Pergub NTT 67/2019 art. 8(1)), for whoever reviews them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from attendance.days.months import Month
from attendance.law.cases import FINGERPRINT_CODES
from attendance.models import FingerException
from devices.models import Punch
from devices.punches import day_bounds
from organization.models import Agency, Employee

MACHINES = (Punch.Channel.FILE, Punch.Channel.PULL, Punch.Channel.PUSH)
# As most machines mean their codes; the code itself is shown beside the word.
WAYS = {0: "cara tidak disebut", 2: "PIN", 3: "kata sandi", 4: "kartu", 15: "wajah", 25: "telapak"}


@dataclass
class Fingerless:
    """One person's punches without a finger in a month, and whether that is registered."""

    employee: Employee
    days: set[date] = field(default_factory=set)
    unregistered: set[date] = field(default_factory=set)
    ways: set[int] = field(default_factory=set)
    punches: int = 0

    @property
    def ways_text(self) -> str:
        return ", ".join(
            f"{WAYS.get(code, 'cara lain')} (kode {code})" for code in sorted(self.ways)
        )


def fingerless(agency: Agency, month: Month) -> list[Fingerless]:
    """Return whoever punched without a finger in the month: those not registered first; 3 queries.

    What a machine did not say is believed to be a finger.
    """
    zone = ZoneInfo(agency.time_zone)
    start, end = day_bounds(month.first, month.last, zone)
    rows = (
        Punch.objects.counted()
        .between(start, end)
        .filter(employee__agency=agency, channel__in=MACHINES, verify__isnull=False)
        .exclude(verify__in=FINGERPRINT_CODES)
        .order_by()
        .values_list("employee_id", "at", "verify")
    )
    told = list(rows)
    people = Employee.objects.select_related("unit").in_bulk({row[0] for row in told if row[0]})
    excused = _excused(agency, month)
    found: dict[int, Fingerless] = {}
    for employee_id, at, verify in told:
        if employee_id is None or verify is None:
            continue
        line = found.setdefault(employee_id, Fingerless(people[employee_id]))
        day = at.astimezone(zone).date()
        line.punches += 1
        line.days.add(day)
        line.ways.add(verify)
        if not any(
            row.valid_from <= day <= (row.valid_until or day) for row in excused[employee_id]
        ):
            line.unregistered.add(day)
    return sorted(
        found.values(), key=lambda x: (not x.unregistered, x.employee.name, x.employee.pk)
    )


def _excused(agency: Agency, month: Month) -> dict[int, list[FingerException]]:
    rows = FingerException.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=month.first),
        employee__agency=agency,
        valid_from__lte=month.last,
    )
    found: dict[int, list[FingerException]] = defaultdict(list)
    for row in rows:
        found[row.employee_id].append(row)
    return found
