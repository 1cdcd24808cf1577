"""Questions that screens, guards and documents ask of this room; nothing is written here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from devices.health import clock_text
from devices.models import (
    FINGERS,
    Device,
    DevicePin,
    Enrolment,
    Punch,
    RejectedLine,
    TemplateCopy,
)
from devices.punches import day_bounds
from devices.services.checks import CLOCK_TOLERANCE, clock_is_right, is_fresh
from devices.services.sessions import IN_SERVICE
from organization.models import Agency, Employee
from organization.permissions import local_date

SHOWN_MISSING = 20


@dataclass(frozen=True)
class Recording:
    """One finger of a person as it was recorded; nothing of the finger itself."""

    enrolment: Enrolment
    finger: str  # in words
    copies: int  # on how many machines it was read back
    wanted: int  # machines of its generation that are in service

    @property
    def waits(self) -> bool:
        return self.enrolment.supervised_at is None


@dataclass(frozen=True)
class EnrolmentRow:
    """Where one employee stands. `settled` is false for those who still lack something."""

    employee: Employee
    pin: int | None
    recordings: tuple[Recording, ...]
    status: str  # recorded | waiting | exception | later | overdue | none
    label: str
    settled: bool
    note: str = ""

    @property
    def fingers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.finger for row in self.recordings))

    @property
    def places(self) -> tuple[str, ...]:
        """The machines at which they were recorded."""
        devices = [row.enrolment.device for row in self.recordings]
        return tuple(dict.fromkeys(device.name for device in devices if device))

    @property
    def waiting(self) -> tuple[Recording, ...]:
        return tuple(row for row in self.recordings if row.waits)


def enrolment_rows(
    agency: Agency, now: datetime, *, of: Employee | None = None
) -> list[EnrolmentRow]:
    """Return every active employee (or one) with what is known of the fingers, by name.

    A handful of queries, whatever the number of people.
    """
    today = local_date(agency, now)
    people = Employee.objects.filter(agency=agency).active(today)
    employees = list(people.filter(pk=of.pk) if of else people)
    for employee in employees:
        employee.agency = agency
    pins = dict(
        DevicePin.objects.filter(employee__in=employees, valid_until=None).values_list(
            "employee_id", "number"
        )
    )
    known: dict[int, list[Enrolment]] = {}
    rows = Enrolment.objects.current().filter(employee__in=employees)
    rows = rows.select_related(
        "device", "recorded_by__employee", "supervised_by__employee", "template"
    ).defer("template__sealed")
    for row in rows.order_by("finger", "pk"):
        known.setdefault(row.employee_id, []).append(row)
    spread = _Spread(agency, employees)
    return [_row(e, pins.get(e.pk), known.get(e.pk, []), spread, today) for e in employees]


class _Spread:
    """On how many machines each finger is, and should be."""

    def __init__(self, agency: Agency, employees: Sequence[Employee]) -> None:
        machines = Device.objects.filter(agency=agency, state__in=IN_SERVICE)
        self._machines = Counter(machines.values_list("algorithm", flat=True))
        copies = TemplateCopy.objects.filter(
            template__employee__in=employees, template__replaced_at=None, device__in=machines
        )
        self._copies = Counter(copies.values_list("template_id", flat=True))

    def recording(self, row: Enrolment) -> Recording:
        finger = FINGERS[row.finger or 0]
        if row.template is None:
            return Recording(row, finger, copies=1, wanted=1)
        copies = self._copies[row.template.pk]
        # A machine that has not said its generation yet may have the finger all the same.
        wanted = max(copies, self._machines[row.template.algorithm])
        return Recording(row, finger, copies, wanted)


def _row(
    employee: Employee,
    pin: int | None,
    known: Sequence[Enrolment],
    spread: _Spread,
    today: date,
) -> EnrolmentRow:
    recorded = [row for row in known if row.status == Enrolment.Status.RECORDED]
    recordings = tuple(spread.recording(row) for row in recorded)
    excuse = next((row for row in known if row.status != Enrolment.Status.RECORDED), None)
    status, label, settled = _excuse(excuse, today)
    if any(row.supervised_at for row in recorded):
        status, label, settled = "recorded", "Terekam", True
    elif recorded:
        # An excuse that still holds settles the person until the supervisor has confirmed.
        status, label = "waiting", "Terekam, menunggu pengawas"
    note = excuse.reason if excuse and not recorded else ""
    return EnrolmentRow(employee, pin, recordings, status, label, settled, note)


def _excuse(excuse: Enrolment | None, today: date) -> tuple[str, str, bool]:
    """Return status, label and whether that settles a person of whom nothing is recorded."""
    if excuse is None:
        return "none", "Belum direkam", False
    if excuse.due_on is None:
        return "exception", "Pengecualian", True
    if excuse.due_on >= today:
        return "later", f"Menyusul {excuse.due_on:%d-%m-%Y}", True
    return "overdue", f"Menyusul lewat {excuse.due_on:%d-%m-%Y}", False


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
    if device.clock_offset is None and not device.is_pulled:
        return (
            f"Jam {device.name} belum diketahui: bandingkan jam di layar mesin dengan jam yang "
            "benar, lalu catat selisihnya di halaman mesin."
        )
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
