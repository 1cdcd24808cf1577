"""What a line of a recap rests on: the person's letters with their scans, and the machines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from attendance import links
from attendance.days.months import Month
from attendance.letters.questions import letters_of
from attendance.letters.texts import letter_span
from attendance.models import Recap
from devices.models import Punch


@dataclass(frozen=True)
class Evidence:
    """One thing a line rests on, in words, with where it can be seen."""

    icon: str
    text: str
    link: str = ""


def evidence_of(recap: Recap, employees: Collection[int]) -> dict[int, list[Evidence]]:
    """Return letters, scans and machines of these people's month; two queries."""
    found: dict[int, list[Evidence]] = {employee: [] for employee in employees}
    month = Month(recap.month)
    for letter in letters_of(recap.agency_id, month).filter(employee__in=employees):
        state = letter.get_status_display().lower()
        title = f"{letter.kind} {letter_span(letter)}, {state}"
        scan = Evidence("letter", f"{title}, tanpa pindaian", links.letter(letter.pk))
        if letter.scan_sha256:
            scan = Evidence("document", f"{title}: lihat pindaian", links.scan(letter.pk))
        found[letter.employee_id].append(scan)
    for employee, names in _machines(recap, month, employees).items():
        found[employee].append(Evidence("device", "Absen di " + ", ".join(names)))
    for employee, items in found.items():
        if not items:
            found[employee] = [Evidence("info", "Tidak ada surat dan tidak ada absen")]
    return found


def _machines(recap: Recap, month: Month, employees: Collection[int]) -> dict[int, list[str]]:
    """Return the machines that each person used in the month, by name."""
    zone = ZoneInfo(recap.agency.time_zone)
    begins = datetime.combine(month.first, time(), zone)
    ends = datetime.combine(month.last + timedelta(days=1), time(), zone)
    rows = Punch.objects.filter(employee__in=employees, at__gte=begins, at__lt=ends)
    names: dict[int, list[str]] = {}
    for employee, name in rows.order_by().values_list("employee_id", "device__name").distinct():
        if employee is not None and name:
            names.setdefault(employee, []).append(name)
    return {employee: sorted(found) for employee, found in sorted(names.items())}
