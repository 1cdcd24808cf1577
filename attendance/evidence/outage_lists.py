"""What a signed list of an outage may say, row by row; and the punches it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attendance.models import Outage
from devices.services.other_punches import ToldPunch
from foundation.indonesian import date_text
from organization.calendars.schedules import Schedules
from organization.calendars.work_hours import DAY, DayHours
from organization.mandates.superiors import employed
from organization.models import Employee
from organization.permissions import local_date


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """When somebody came and left on a day, as he signed for it; wall time of the agency."""

    employee: Employee
    day: date
    came: time | None = None
    left: time | None = None

    @property
    def key(self) -> str:
        """What the outage keeps the row under."""
        return f"{self.employee.pk}:{self.day.isoformat()}"

    @property
    def is_empty(self) -> bool:
        return self.came is None and self.left is None


def problems_of(outage: Outage, rows: Sequence[ListRow], now: datetime) -> dict[str, str]:
    """Return what is wrong with rows, a sentence by the row's key."""
    hours = _hours(outage, rows)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for row in rows:
        problem = _problem(outage, row, hours, now)
        if row.key in seen:
            problem = "ditulis dua kali pada hari yang sama; hapus salah satunya"
        seen.add(row.key)
        if problem:
            found[row.key] = f"{row.employee.name}, {date_text(row.day)}: {problem}."
    return found


def typed(row: ListRow, by: int) -> dict[str, Any]:
    """Return the row as the outage keeps it until the list is whole."""
    return {"in": _text(row.came), "out": _text(row.left), "by": by}


def rows_of(outage: Outage) -> list[ListRow]:
    """Return what was typed so far, by name and day."""
    keys = [(key.split(":"), value) for key, value in outage.rows.items()]
    ids = {int(employee_id) for (employee_id, _), _ in keys}
    people = Employee.objects.select_related("agency", "unit").in_bulk(ids)
    rows = [
        ListRow(
            employee=people[int(employee_id)],
            day=date.fromisoformat(day),
            came=_time(value["in"]),
            left=_time(value["out"]),
        )
        for (employee_id, day), value in keys
    ]
    return sorted(rows, key=lambda row: (row.day, row.employee.name, row.employee.pk))


def typists(outage: Outage, day: date | None = None) -> set[int]:
    """Return the ids of the accounts that typed rows which stand now; of one day, its own."""
    ending = f":{day.isoformat()}" if day else ""
    return {int(value["by"]) for key, value in outage.rows.items() if key.endswith(ending)}


def punches_of(outage: Outage, rows: Sequence[ListRow]) -> list[ToldPunch]:
    """Return the punches that a whole list becomes; each names the outage and the row."""
    hours = _hours(outage, rows)
    zone = ZoneInfo(outage.agency.time_zone)
    found = []
    for row in rows:
        sides = {"in": row.came, "out": row.left}
        minutes = _minutes(row, hours)
        for side, minute in zip(sides, minutes, strict=True):
            if minute is None:
                continue
            at = datetime.combine(row.day, time(), zone) + timedelta(minutes=minute)
            key = f"outage:{outage.pk}:{row.employee.pk}:{row.day.isoformat()}:{side}"
            found.append(ToldPunch(employee=row.employee, at=at, source_key=key))
    return found


def _problem(
    outage: Outage, row: ListRow, hours: Mapping[str, DayHours | None], now: datetime
) -> str:
    agency, employee = outage.agency, row.employee
    if employee.agency_id != agency.pk:
        return f"bukan pegawai {agency}"
    last = outage.last_on or local_date(agency, now)
    if not outage.first_on <= row.day <= last:
        return "di luar hari gangguan; periksa tanggalnya"
    if not employed(employee, row.day):
        return "tidak bekerja di sini pada hari itu; periksa tanggalnya"
    came, left = _minutes(row, hours)
    if came is not None and left is not None and left <= came:
        return "jam pulang mendahului jam masuk; periksa keduanya"
    zone = ZoneInfo(agency.time_zone)
    latest = max((minute for minute in (came, left) if minute is not None), default=0)
    if datetime.combine(row.day, time(), zone) + timedelta(minutes=latest) > now:
        return "jamnya belum lewat; tulis sesudah ditandatangani"
    return ""


def _hours(outage: Outage, rows: Sequence[ListRow]) -> Mapping[str, DayHours | None]:
    """Return the hours of each row's day, by its key."""
    if not rows:
        return {}
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    people = {row.employee.pk for row in rows}
    schedules = Schedules.load(outage.agency_id, first, last, people)
    found: dict[str, DayHours | None] = {}
    for row in rows:
        day = schedules.on(row.employee, row.day)
        found[row.key] = day if isinstance(day, DayHours) else None
    return found


def _minutes(row: ListRow, hours: Mapping[str, DayHours | None]) -> tuple[int | None, int | None]:
    """Return both sides in minutes since midnight; after a night shift one leaves tomorrow."""
    came, left = _minute(row.came), _minute(row.left)
    day = hours[row.key]
    if day is None or day.out_limit <= DAY or left is None:
        return came, left
    before = came if came is not None else day.window[0]
    return came, left + DAY if left <= before else left


def _minute(clock: time | None) -> int | None:
    return None if clock is None else clock.hour * 60 + clock.minute


def _text(clock: time | None) -> str:
    return "" if clock is None else f"{clock:%H:%M}"


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
