"""Questions that screens, guards and documents ask of this room; nothing is written here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from devices.health import clock_text
from devices.models import FINGERS, Device, DevicePin, Enrolment, Punch, RejectedLine
from devices.punches import day_bounds
from devices.services.checks import CLOCK_TOLERANCE, clock_is_right, is_fresh
from organization.models import Agency, Employee
from organization.permissions import local_date

SHOWN_MISSING = 20


@dataclass(frozen=True)
class EnrolmentRow:
    """Where one employee stands. `settled` is false for those who still lack something."""

    employee: Employee
    pin: int | None
    fingers: tuple[str, ...]  # in words
    places: tuple[str, ...]  # machines at which they were recorded
    status: str  # recorded | exception | later | overdue | none
    label: str
    settled: bool
    note: str = ""


def enrolment_rows(agency: Agency, now: datetime) -> list[EnrolmentRow]:
    """Return every active employee with what is known of the fingers, by name; three queries."""
    today = local_date(agency, now)
    employees = list(Employee.objects.filter(agency=agency).active(today))
    pins = dict(
        DevicePin.objects.filter(employee__in=employees, valid_until=None).values_list(
            "employee_id", "number"
        )
    )
    known: dict[int, list[Enrolment]] = {}
    rows = Enrolment.objects.filter(employee__in=employees, withdrawn_at=None)
    for row in rows.select_related("device").order_by("finger"):
        known.setdefault(row.employee_id, []).append(row)
    return [_row(e, pins.get(e.pk), known.get(e.pk, []), today) for e in employees]


def _row(
    employee: Employee, pin: int | None, known: Sequence[Enrolment], today: date
) -> EnrolmentRow:
    recorded = [row for row in known if row.status == Enrolment.Status.RECORDED]
    if recorded:
        fingers = tuple(FINGERS[row.finger] for row in recorded if row.finger is not None)
        places = tuple(dict.fromkeys(row.device.name for row in recorded if row.device))
        return EnrolmentRow(employee, pin, fingers, places, "recorded", "Terekam", True)
    excuse = known[0] if known else None
    if excuse is None:
        return EnrolmentRow(employee, pin, (), (), "none", "Belum direkam", False)
    if excuse.due_on is None:
        label, status, settled = "Pengecualian", "exception", True
    elif excuse.due_on >= today:
        label, status, settled = f"Menyusul {excuse.due_on:%d-%m-%Y}", "later", True
    else:
        label, status, settled = f"Menyusul lewat {excuse.due_on:%d-%m-%Y}", "overdue", False
    return EnrolmentRow(employee, pin, (), (), status, label, settled, excuse.reason)


def devices_of(agency: Agency | int) -> QuerySet[Device]:
    """Return the machines that an agency has, without the retired ones."""
    return Device.objects.filter(agency=agency).exclude(state=Device.State.RETIRED)


def readiness(device: Device, now: datetime) -> str:
    """Return what keeps an active machine from being ready, as a sentence; empty when it is."""
    if device.state == Device.State.ACTIVE and device.check_error:
        return f"{device.name}: {device.check_error}"
    if device.state != Device.State.ACTIVE:
        return f"{device.name} berstatus “{device.get_state_display()}”: aktifkan mesin ini."
    if not is_fresh(device, now):
        return f"{device.name} belum diperiksa dalam 24 jam terakhir: tekan “Periksa mesin”."
    if not clock_is_right(device):
        return (
            f"Jam {device.name} {clock_text(device)}; batasnya {CLOCK_TOLERANCE // 60} menit. "
            "Cocokkan jam mesin."
        )
    return ""


@dataclass(frozen=True)
class DayActivity:
    on: date
    punches: int
    people: int


def activity(agency: Agency, first: date, last: date) -> list[DayActivity]:
    """Return per day of the agency's calendar how many punches came, of how many people."""
    zone = ZoneInfo(agency.time_zone)
    start, end = day_bounds(first, last, zone)
    punches: dict[date, int] = {}
    people: dict[date, set[int | None]] = {}
    rows = Punch.objects.counted().between(start, end).filter(employee__agency=agency)
    for at, employee_id in rows.values_list("at", "employee_id").iterator(chunk_size=2000):
        on = at.astimezone(zone).date()
        punches[on] = punches.get(on, 0) + 1
        people.setdefault(on, set()).add(employee_id)
    return [DayActivity(on, punches[on], len(people[on])) for on in sorted(punches)]


@dataclass(frozen=True)
class LogCounts:
    """What the logs of an agency's machines hold beside the counted punches of known people."""

    counted: int
    unknown: int
    quarantined: int
    rejected: int


def log_counts(agency: Agency, first: date, last: date) -> LogCounts:
    """Return figures for a stretch of days. A quarantined punch has no believable day: those are
    counted by the day on which their log came."""
    start, end = day_bounds(first, last, ZoneInfo(agency.time_zone))
    rows = Punch.objects.filter(device__agency=agency)
    period = rows.counted().between(start, end)
    came = rows.filter(upload__received_at__gte=start, upload__received_at__lt=end)
    rejected = RejectedLine.objects.filter(
        device__agency=agency, upload__received_at__gte=start, upload__received_at__lt=end
    )
    return LogCounts(
        counted=period.exclude(employee=None).count(),
        unknown=period.filter(employee=None).count(),
        quarantined=came.exclude(quarantine="").count(),
        rejected=rejected.count(),
    )


def unknown_pins(agency: Agency) -> list[tuple[str, int]]:
    """Return the numbers that belong to nobody, with how many punches each has."""
    rows = Punch.objects.filter(device__agency=agency, employee=None, quarantine="")
    counted = rows.values_list("pin").annotate(n=Count("id")).order_by("-n", "pin")
    return [(pin, n) for pin, n in counted]


def and_rest(texts: Iterable[str], shown: int = SHOWN_MISSING) -> list[str]:
    """Return the first texts and, if there are more, how many."""
    all_texts = list(texts)
    rest = len(all_texts) - shown
    return all_texts[:shown] + ([f"dan {rest} lainnya"] if rest > 0 else [])
