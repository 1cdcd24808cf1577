"""What else happened in the demo office: decrees, corrections and one amendment."""

import io
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from attendance.days.months import Month
from attendance.days.stored import day_of
from attendance.evidence.correction_rules import CorrectionData
from attendance.law.codes import Code
from attendance.models import Correction, LateFinding, Recap
from attendance.recaps.texts import seen
from attendance.services import amendments, corrections, finger_exceptions, sheets
from attendance.services.correction_runs import run_of
from attendance.services.handover_runs import JOB as HAND_OVER
from attendance.services.periodic import due_periodic
from config.demo.office import Office, local
from config.demo.player import agreeing_answers
from config.demo.scan import scan_of
from foundation import outbox
from organization import services
from organization.calendars.pattern_data import HoursData, PatternData, Whom
from organization.models import Employee, User
from organization.services.rosters import Assignment
from processes import services as processes
from processes.definitions import definition_of
from processes.models import Task

ASKED, CLAIMED = timedelta(minutes=45), timedelta(minutes=6)  # before BKD decided


def aftermath(office: Office, finished: date, waiting: date, now: datetime) -> None:
    """Leave something to look at on every page of attendance."""
    _decrees(office, now)
    _corrections(office, Month.of(finished), now)
    _sheets(office, [finished, waiting, now.date()], now)
    due_periodic(now)
    outbox.drain(limit=1000)


def _decrees(office: Office, now: datetime) -> None:
    """Ramadan for everybody, next month's night watch with its roster, a substitute next week."""
    bkd, admin, agency = office.users["bkd"], office.users["admin"], office.agency
    week = [HoursData(weekday=n, starts=time(8), ends=time(15), break_starts=time(12),
                      break_ends=time(12, 30)) for n in range(4)]  # fmt: skip
    friday = HoursData(
        weekday=4, starts=time(8), ends=time(15, 30), break_starts=time(11, 30),
        break_ends=time(12, 30),
    )  # fmt: skip
    services.create_pattern(
        data=PatternData(
            name="Ramadan 1447 H", kind="season", decree_number="SE 100.3.4/7/BKD/2026",
            valid_from=date(2026, 2, 18), valid_until=date(2026, 3, 19),
            hours=[*week, friday], scopes=[Whom()],
        ),
        agency=None, user=bkd, now=now,
    )  # fmt: skip
    watch = list(Employee.objects.filter(agency=agency, status="HONORER").order_by("pk")[:2])
    first = Month.of(now.date()).after.first
    services.create_pattern(
        data=PatternData(
            name="Jaga malam pusat data", kind="shift", decree_number="800/91/KOMINFO/2026",
            valid_from=first, works_holidays=True,
            hours=[
                HoursData(shift="P", starts=time(7), ends=time(15)),
                HoursData(shift="M", starts=time(21), ends=time(7)),
            ],
            scopes=[Whom(employee=person.pk) for person in watch],
        ),
        agency=agency, user=admin, now=now,
    )  # fmt: skip
    roster = [
        Assignment(person.pk, day, "PML"[(day.day + turn) % 3])
        for turn, person in enumerate(watch)
        for day in Month.of(first).days
    ]
    services.set_roster(agency=agency, assignments=roster, user=admin, now=now)
    monday = now.date() + timedelta(days=7 - now.weekday())
    services.appoint_substitute(
        principal=_employee(office, "atasan"), substitute=_employee(office, "sekretaris"),
        capacity="plh", letter_number="800/77/KOMINFO/2026", valid_from=monday,
        valid_until=monday + timedelta(days=4), user=admin, now=now,
    )  # fmt: skip
    finger_exceptions.register_exception(
        employee=watch[0], reason="Sidik jari aus, tidak terbaca mesin.",
        letter_number="440/12/RSUD/2026", valid_from=first, valid_until=None, user=admin, now=now,
    )  # fmt: skip


def _corrections(office: Office, month: Month, now: datetime) -> None:
    """Two missed punches of the frozen month are granted, one of them made an amendment.

    A third waits for BKD.
    """
    recap = Recap.objects.get(agency=office.agency, month=month.first)
    lacking = [
        (row.employee, day_of(data))
        for row in recap.rows.select_related("employee")
        for data in row.days
        if data["kode"] == Code.PRESENT and data["TAP"]
    ]
    admin, bkd = office.users["admin"], office.users["bkd"]
    others = [(person, day) for person, day in lacking if person.pk != admin.employee_id]
    requests = [_ask(office, person, day, now - ASKED) for person, day in others[:3]]
    for number, request in enumerate(requests[:2]):
        _grant(request, bkd, now)
        found = LateFinding.objects.filter(recap__month=month.first, status="open")
        if number == 0 and found:
            amended = amendments.amend_recap(
                agency=office.agency, month=month, user=bkd, now=now,
                chosen={finding.pk: seen(finding) for finding in found},
                reason="Absen pulang tidak terekam mesin; dikabulkan BKD.",
            )  # fmt: skip
            _hand_over_anew(amended)


def _hand_over_anew(amended: Recap) -> None:
    """Let what the amendment owes lie before BKD: its letters are written, then it is sent."""
    outbox.drain(limit=1000)
    outbox.hasten(key=f"{HAND_OVER}:{amended.pk}", now=timezone.now())
    outbox.drain(limit=1000)


def _ask(office: Office, person: Employee, day: date, now: datetime) -> Correction:
    return corrections.hand_in_correction(
        agency=office.agency,
        data=CorrectionData(
            kind=Correction.Kind.ADD_PUNCH, employee=person,
            at=local(office.agency, day, "16:05" if day.weekday() < 4 else "16:35"),
            reason="Mesin tidak merekam absen pulang; ada catatan kamera pintu.",
        ),
        evidence=io.BytesIO(scan_of("Catatan kamera pintu")), evidence_name="bukti.pdf",
        user=office.users["admin"], now=now,
    )  # fmt: skip


def _grant(request: Correction, bkd: User, now: datetime) -> None:
    """Let BKD take the task of a request and agree; the workers apply it and write its paper."""
    task = Task.objects.get(instance=run_of(request), status=Task.Status.READY)
    processes.claim_task(task_id=task.pk, actor_user=bkd, now=now - CLAIMED)
    said = agreeing_answers(task)
    if comment := definition_of(task.instance).tasks[task.step].form.comment:
        said[comment.name] = "Sesuai catatan kamera pintu."
    processes.complete_task(task_id=task.pk, actor_user=bkd, answers=said, now=now)
    outbox.drain(limit=1000)


def _sheets(office: Office, months: list[date], now: datetime) -> None:
    for first in months:
        sheets.rebuild_sheets(agency=office.agency, month=Month.of(first), now=now)


def _employee(office: Office, username: str) -> Employee:
    return Employee.objects.get(user=office.users[username])
