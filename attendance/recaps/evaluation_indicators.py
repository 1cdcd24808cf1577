"""The indicators of a quarter, agency by agency: plain values that are frozen as they were found.

What the regulation calls evaluation (art. 13(6)) it does not say in numbers: these are ours. Few
queries, however many agencies.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.models import AbsenceLetter, Correction, Outage
from attendance.recaps.evaluation import AgencyFigures, evaluated
from devices.models import Device, Enrolment
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.models import Agency, Appointment, Employee
from organization.permissions import local_date
from processes.models import Task, VisitTiming
from processes.models.timings import Verdict
from workflows import repository
from workflows.definitions import OutcomeKind, SubjectKind

LONGEST_TERM = timedelta(days=90)
OFFICERS_FACT = "organization.officers_valid"  # the SOP says there which roles serve, how many
FEWEST_OFFICERS = 2  # art. 7(1)
Indicators = dict[str, Any]


def indicators_of(
    agencies: Sequence[Agency], months: Sequence[Month], now: datetime, today: date
) -> list[Indicators]:
    """Return a record per agency in the order of its name; plain values of JSON alone."""
    figures = {row.agency.pk: row for row in evaluated(agencies, months, today)}
    last = min(months[-1].last, today)
    others: Mapping[str, Mapping[int, int]] = {
        "terekam": _recorded(agencies, last),
        "surat_terlambat": _late_letters(agencies, months, now),
        "resume_kembali": _returns(agencies, months),
        "lewat_baku": _breaches(agencies, months),
        "koreksi_menunggu": Counter(
            _agency_ids(Correction.objects.requested().filter(agency__in=agencies))
        ),
        "petugas": _officers(agencies, now, today),
        **_machine_days(agencies, months[0].first, last),
    }
    return [
        _record(figures[agency.pk], len(months))
        | {name: counts.get(agency.pk, 0) for name, counts in others.items()}
        for agency in sorted(agencies, key=lambda agency: agency.name)
    ]


def content_hash(rows: Sequence[Indicators]) -> str:
    """Return the SHA-256 over the records, whatever the order of their names."""
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _record(row: AgencyFigures, months: int) -> Indicators:
    total = row.total
    return {
        "id": row.agency.pk,
        "kode": row.agency.code,
        "nama": row.agency.name,
        "bulan": months,
        "disahkan": row.validated,
        "tepat": row.in_time,
        "pegawai": row.people,
        "mesin": row.machines,
        "hari_gangguan": row.outage_days,
        "ralat": row.amendments,
        **{name: total[name] for name in ("HK", "H", "TK", "KJK", "M", "non_jari")},
        "pct_sah": total["pct_sah"],
        "dinilai": row.is_judged,
    }


def _agency_ids(rows: Any) -> list[int]:
    return list(rows.order_by().values_list("agency_id", flat=True))


def _recorded(agencies: Sequence[Agency], on: date) -> Mapping[int, int]:
    """Return how many active people have a finger that counts, or are excepted by letter."""
    settled = Enrolment.objects.current().exclude(status=Enrolment.Status.LATER)
    settled = settled.exclude(status=Enrolment.Status.RECORDED, supervised_at=None)
    people = Employee.objects.filter(agency__in=agencies).active(on)
    people = people.filter(pk__in=settled.values("employee"))
    return Counter(_agency_ids(people))


def _late_letters(
    agencies: Sequence[Agency], months: Sequence[Month], now: datetime
) -> Mapping[int, int]:
    """Return how many letters were decided after the term at which they go to the next superior."""
    by_id = {agency.pk: agency for agency in agencies}
    letters = AbsenceLetter.objects.exclude(status=AbsenceLetter.Status.WITHDRAWN).filter(
        employee__agency__in=agencies, scanned_at__isnull=False
    )
    letters = letters.overlapping(months[0].first, months[-1].last)
    scanned_letters = letters.values_list("employee__agency_id", "scanned_at", "decided_at")
    rows = [(pk, scanned, decided) for pk, scanned, decided in scanned_letters if scanned]
    if not rows:
        return {}
    first = min(scanned for _, scanned, _ in rows).date()
    calendars = WorkingCalendars.load(list(by_id), first, now.date() + LONGEST_TERM)
    terms = {pk: _escalation_days(pk, months[-1].last) for pk in {row[0] for row in rows}}
    late: Counter[int] = Counter()
    for agency_id, scanned, decided in rows:
        agency = by_id[agency_id]
        term = working_days_after(
            local_date(agency, scanned), terms[agency_id], calendar=calendars.of(agency_id)
        )
        late[agency_id] += local_date(agency, decided or now) > term
    return late


def _escalation_days(agency_id: int, on: date) -> int:
    return policies_of(agency_id, on, on).on(on).escalation_days


def _returns(agencies: Sequence[Agency], months: Sequence[Month]) -> Mapping[int, int]:
    """Return how often the SOP of a month was sent back by whoever examined it."""
    keys = [one.key for one in repository.all() if one.subject is SubjectKind.MONTH]
    rows = Task.objects.filter(
        agency__in=agencies,
        instance__definition_key__in=keys,
        instance__subject__in=[str(month) for month in months],
        outcome_kind=OutcomeKind.RETURN.value,
        status=Task.Status.COMPLETED,
    )
    return Counter(_agency_ids(rows))


def _breaches(agencies: Sequence[Agency], months: Sequence[Month]) -> Mapping[int, int]:
    """Return how many visits took longer than their standard, of whatever SOP."""
    firsts = [month.first for month in months]
    rows = VisitTiming.objects.filter(agency__in=agencies, period__in=firsts, verdict=Verdict.OVER)
    return Counter(_agency_ids(rows))


def _officers(agencies: Sequence[Agency], now: datetime, today: date) -> Mapping[int, int]:
    """Return how many distinct active PNS serve each agency as officers."""
    rows = Appointment.objects.valid_at(now).valid_on(today)
    rows = rows.filter(agency__in=agencies, role__in=_officer_roles(), user__is_active=True)
    eligible = Employee.objects.eligible_as_officer(today)
    people = rows.filter(user__employee__in=eligible).order_by()
    return Counter(agency for agency, _ in set(people.values_list("agency_id", "user_id")))


def _officer_roles() -> set[str]:
    """Return the roles that a SOP asks to be held by officers."""
    calls = (call for one in repository.all() for call in one.facts.values())
    asked = [call.parameters["roles"] for call in calls if call.name == OFFICERS_FACT]
    return {str(role) for roles in asked for role in roles}


def _machine_days(
    agencies: Sequence[Agency], first: date, last: date
) -> Mapping[str, Mapping[int, int]]:
    """Return the days that machines were there, and those of them on which one was out of order."""
    machines: dict[int, list[int]] = defaultdict(list)
    for agency_id, pk in (
        Device.objects.filter(agency__in=agencies).in_use().values_list("agency_id", "pk")
    ):
        machines[agency_id].append(pk)
    length = (last - first).days + 1
    out: dict[int, set[tuple[int, date]]] = defaultdict(set)
    rows = Outage.objects.filter(agency__in=agencies).touching(first, last)
    for agency_id, device, began, ended in rows.values_list(
        "agency_id", "device_id", "first_on", "last_on"
    ):
        failed = machines[agency_id] if device is None else [device]
        days = _days(max(began, first), min(ended or last, last))
        out[agency_id] |= {(one, day) for one in failed for day in days}
    known = {pk for rows in machines.values() for pk in rows}
    return {
        "hari_mesin": {pk: length * len(rows) for pk, rows in machines.items()},
        "hari_mesin_terganggu": {
            pk: sum(one in known for one, _ in rows) for pk, rows in out.items()
        },
    }


def _days(first: date, last: date) -> Iterable[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
