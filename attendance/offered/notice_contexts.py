"""What the notices to superiors say about their people without explanation."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attendance.days.absence_counts import counts_of
from attendance.law.codes import Code
from attendance.law.discipline import Counted
from attendance.letters.texts import days_text
from attendance.models import Recap, RecapRow
from attendance.offered.recap_contexts import OUTSIDE, days_with, recap_and_rows
from foundation.indonesian import date_with_day
from foundation.models import Event
from organization.models import EmploymentStatus, PublicHoliday
from organization.nip import display as nip_text
from organization.work_hours import STANDARD_WEEK, DayHours
from workflows.registry import StepContext, document_context

DAYS_TO_CLARIFY = 3


@document_context("attendance.unexplained")
def unexplained(context: StepContext) -> Mapping[str, Any]:
    """Return one entry per direct superior of people without explanation, and the term to answer.

    Of each person also the days of the year so far and, for PNS, what PP 94/2021 provides; and what
    an earlier notice of this period told that no longer holds.
    The parameter `working_days` (default 3) says how long the superiors have.
    """
    recap, rows = recap_and_rows(context)
    groups: dict[int, dict[str, Any]] = {}
    absent = [(row, days) for row in rows if (days := days_with(row, Code.UNEXPLAINED))]
    year = absences_with(recap, [row for row, _ in absent])
    taken_back = withdrawn(recap, rows)
    for row, days in absent:
        superior = row.superior or OUTSIDE
        key = row.superior.get("id", 0)
        group = groups.setdefault(
            key,
            {
                "kunci": f"atasan-{key}",
                "atasan": {name: superior[name] for name in ("nama", "nip", "jabatan")},
                "pegawai": [],
                "dicabut": taken_back.get(key, []),
            },
        )
        group["pegawai"].append(
            {
                "no": len(group["pegawai"]) + 1,
                "nama": row.name,
                "nip": nip_text(row.number),
                "tanggal": days_text(days),
                "jumlah": len(days),
                "kumulatif": year[row.employee_id].unexplained,
                "penanda": flag_text(row, year[row.employee_id]),
            }
        )
    today = context.now.astimezone(ZoneInfo(recap.agency.time_zone)).date()
    wait = int(context.parameters.get("working_days", DAYS_TO_CLARIFY))
    return {
        "atasan": sorted(groups.values(), key=lambda group: str(group["atasan"]["nama"])),
        "batas_klarifikasi": date_with_day(working_day_after(today, wait)),
    }


def absences_with(recap: Recap, rows: Sequence[RecapRow]) -> dict[int, Counted]:
    """Return the year's counters by employee id, with this recap's month as it tells it."""
    return counts_of(recap.agency, [row.employee_id for row in rows], recap.month.year, rows)


def flag_text(row: RecapRow, counted: Counted) -> str:
    """Return what PP 94/2021 provides for so many days; nothing for whom it does not apply to."""
    if row.employment != EmploymentStatus.PNS:
        return ""
    return "; ".join(band.text for band in counted.bands)


def withdrawn(recap: Recap, rows: Sequence[RecapRow]) -> dict[int, list[str]]:
    """Return by superior's id what a notice of an earlier round told and is taken back."""
    by_id = {row.employee_id: row for row in rows}
    events = Event.objects.filter(
        subject=f"attendance.recap:{recap.pk}", verb="unexplained_withdrawn"
    )
    found: dict[int, list[str]] = {}
    for event in events.order_by("pk"):
        days: dict[int, list[date]] = {}
        for item in event.after["days"]:
            days.setdefault(item["employee"], []).append(date.fromisoformat(item["day"]))
        for employee, dates in days.items():
            row = by_id.get(employee)
            still = set(days_with(row, Code.UNEXPLAINED)) if row else set()
            if row is not None and (gone := [day for day in dates if day not in still]):
                text = f"{row.name}: {days_text(gone)}"
                found.setdefault(row.superior.get("id", 0), []).append(text)
    return found


def working_day_after(day: date, count: int) -> date:
    """Return the working day that comes `count` working days later."""
    holidays = set(
        PublicHoliday.objects.filter(
            on__gt=day, on__lte=day + timedelta(days=10 * count + 30)
        ).values_list("on", flat=True)
    )
    while count > 0:
        day += timedelta(days=1)
        count -= isinstance(STANDARD_WEEK[day.weekday()], DayHours) and day not in holidays
    return day
