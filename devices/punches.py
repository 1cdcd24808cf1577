"""The punches of people, for whoever judges days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from devices.models import Punch
from organization.models import Agency


@dataclass(frozen=True)
class PunchRow:
    """One believed punch of a known employee."""

    at: datetime  # aware
    local: datetime  # the same moment on the agency's wall, naive
    state: int | None  # 0 in, 1 out, 2-5 breaks and overtime, 255 not used by the machine
    verify: int | None  # 1 finger; other numbers depend on the machine's dialect
    source: str  # how it came: berkas, tarik (4370), kiriman mesin, presensi sendiri, koreksi, ...
    device_name: str  # empty where no machine told it


def punches_of(agency_id: int, first: date, last: date) -> dict[int, list[PunchRow]]:
    """Return the punches from the first to the last day, both whole, by employee id and in order.

    Days are those of the agency's calendar. Punches with an impossible time and of unknown numbers
    are not among them.
    """
    zone = ZoneInfo(Agency.objects.values_list("time_zone", flat=True).get(pk=agency_id))
    start, end = day_bounds(first, last, zone)
    rows = (
        Punch.objects.counted()
        .between(start, end)
        .filter(employee__agency_id=agency_id)
        .order_by("at", "id")
        .values_list("employee_id", "at", "state", "verify", "channel", "device__name")
    )
    found: dict[int, list[PunchRow]] = {}
    for employee_id, at, state, verify, channel, name in rows.iterator(chunk_size=2000):
        local = at.astimezone(zone).replace(tzinfo=None)
        source = str(Punch.Channel(channel).label)
        if employee_id is not None:
            row = PunchRow(at, local, state, verify, source, name or "")
            found.setdefault(employee_id, []).append(row)
    return found


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first moment of the first day and the first moment after the last one."""
    after = last + timedelta(days=1)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def subject_days(subject: str) -> tuple[date, date] | None:
    """Return the first and last day of a subject "2026-04" or "2026-04-30"; None for others."""
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", subject):
        year, month = int(match[1]), int(match[2])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    try:
        on = date.fromisoformat(subject)
    except ValueError:
        return None
    return on, on
