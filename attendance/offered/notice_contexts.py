"""What the notices to superiors say about their people without explanation."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from attendance.days.absence_counts import counts_of
from attendance.law.codes import Code
from attendance.law.discipline import Counted
from attendance.letters.texts import NOTED, days_text
from attendance.models import AbsenceLetter, Recap, RecapRow
from attendance.offered.recap_contexts import OUTSIDE, days_with, recap_and_rows
from foundation.indonesian import date_with_day
from foundation.models import Event
from organization.calendars.work_hours import STANDARD_WEEK, DayHours
from organization.models import Agency, Appointment, EmploymentStatus, PublicHoliday
from organization.nip import display as nip_text
from organization.permissions import local_date
from workflows.registry import StepContext, document_context

DAYS_TO_CLARIFY = 3
OWN = 0  # the key of those who have no superior in the house
ABOUT_HIMSELF = (
    "Pemberitahuan ini menyangkut penanda tangan sendiri dan ditujukan kepada atasannya untuk "
    "ditindaklanjuti."
)


@document_context("attendance.unexplained")
def unexplained(context: StepContext) -> Mapping[str, Any]:
    """Return one entry per direct superior of people without explanation, and the term to answer.

    Of each person also the days of the year so far and, for PNS, what PP 94/2021 provides; and what
    an earlier notice of this period told that no longer holds; who has nobody left on the list is
    told that, too.
    The parameter `working_days` (default 3) says how long the superiors have. A notice about a
    holder of the role `signatory` is signed by the role `deputy` (`penandatangan` of the entry);
    where nobody else holds that, `catatan` says that the signatory writes about himself.
    """
    recap, rows = recap_and_rows(context)
    groups: dict[int, dict[str, Any]] = {}
    members: dict[int, list[int]] = defaultdict(list)
    absent = [(row, days) for row in rows if (days := days_with(row, Code.UNEXPLAINED))]
    year = absences_with(recap, [row for row, _ in absent])
    taken_back = withdrawn(recap, rows)
    for row, days in absent:
        group = groups.setdefault(row.superior.get("id", 0), _group(row))
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
        members[row.superior.get("id", 0)].append(row.employee_id)
    for row in rows:
        key = row.superior.get("id", 0)
        if key in taken_back:
            group = groups.setdefault(key, _group(row))
            group["dicabut"] = taken_back[key]
            members[key].append(row.employee_id)
    for key, group in groups.items():
        group |= _signing(context, members[key])
    if OWN in groups:
        groups[OWN]["atasan"] = _official(members[OWN], groups[OWN])
    today = local_date(recap.agency, context.now)
    wait = int(context.parameters.get("working_days", DAYS_TO_CLARIFY))
    return {
        "atasan": sorted(groups.values(), key=lambda group: str(group["atasan"]["nama"])),
        "batas_klarifikasi": date_with_day(working_day_after(today, wait)),
    }


def _group(row: RecapRow) -> dict[str, Any]:
    superior = row.superior or OUTSIDE
    return {
        "kunci": f"atasan-{row.superior.get('id', OWN)}",
        "atasan": {name: superior[name] for name in ("nama", "nip", "jabatan")},
        "pegawai": [],
        "dicabut": [],
    }


def _signing(context: StepContext, employees: Collection[int]) -> dict[str, str]:
    """Return `penandatangan`, the role that signs in place of the usual one, and `catatan`."""
    if not _holders(context, "signatory") & set(employees):
        return {"penandatangan": "", "catatan": ""}
    if _holders(context, "deputy") - set(employees):
        return {"penandatangan": context.parameters["deputy"], "catatan": ""}
    return {"penandatangan": "", "catatan": ABOUT_HIMSELF}


def _holders(context: StepContext, parameter: str) -> set[int]:
    """Return the employees who hold the role that the parameter names; none without it."""
    agency = Agency.objects.get(pk=context.agency_id)
    valid = Appointment.objects.valid_on(local_date(agency, context.now)).valid_at(context.now)
    rows = valid.filter(
        agency=agency, role=context.parameters.get(parameter, ""), user__is_active=True
    )
    return {pk for pk in rows.values_list("user__employee", flat=True) if pk is not None}


def _official(employees: Collection[int], group: Mapping[str, Any]) -> dict[str, str]:
    """Return who stands above those without a superior here.

    That is the official whose written approval was noted last for one of them. Of the head, who
    signs otherwise, it is else the Secretary of the region.
    """
    letters = AbsenceLetter.objects.filter(employee__in=employees, decided_as__startswith=NOTED)
    noted = letters.order_by("-decided_at", "-pk").values_list("decided_as", flat=True).first()
    known = (noted or "").removeprefix(NOTED).strip()
    if not known and (group["penandatangan"] or group["catatan"]):
        known = "Sekretaris Daerah"
    return {**OUTSIDE, "nama": known} if known else dict(OUTSIDE)


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
