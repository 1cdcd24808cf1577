"""People record their presence themselves: by the server's clock, at a place of their agency.

An accepted press becomes a punch, which the same rules judge as those of machines. A press that was
kept on the phone becomes a ticket: nobody can say afterwards where and when it was made.
"""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendance.checkins.places import earlier_of, seal_place
from attendance.checkins.rules import Judged, Limits, Reason, Told, judge_press
from attendance.checkins.standing import Standing, offices_of, standing_of
from attendance.checkins.texts import REASONS
from attendance.exceptions import DataRefused
from attendance.models import CheckIn, HelpTicket
from attendance.services.evidence_rows import record
from devices.models import Punch
from devices.services.other_punches import ToldPunch, tell_punches
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import time_text
from organization.mandates.superiors import employed
from organization.models import Employee, User
from organization.permissions import REFUSAL, person

SOON = "Presensi berikutnya dapat ditekan mulai pukul"
MOST_REFUSED = 40  # presses of a person on one day that are kept


@transaction.atomic
def press(
    *, employee: Employee, kind: str, key: UUID, told: Told, device_hint: str, user: User,
    now: datetime,
) -> CheckIn:  # fmt: skip
    """Take a press of a person's own phone; its time is `now`, whatever the phone's clock says.

    The same key twice is one press; a kind that is accepted already stays as it is. What comes back
    is the row that holds: accepted, or refused with its reason. Raises PermissionDenied for
    somebody else's presence, DataRefused where nothing is taken now (a sentence under "").
    """
    if user.employee_id != employee.pk:
        raise PermissionDenied(REFUSAL)
    agency, actor = employee.agency, person(user)
    ledger.lock(agency)
    if known := CheckIn.objects.filter(employee=employee, key=key).first():
        return known
    here = standing_of(employee, now)
    day, policy = here.day, here.policy
    if day is None or policy is None or not employed(employee, day):
        raise DataRefused({"": why_closed(here)})
    if kind not in CheckIn.Kind.values:
        raise DataRefused({"": "Pilih presensi masuk atau presensi pulang."})
    if already := here.came if kind == CheckIn.Kind.IN else here.left:
        return already
    judged = judge_press(
        told, offices_of(agency, day), Limits(policy.check_in_accuracy, policy.check_in_speed),
        now=now, earlier=earlier_of(employee.pk),
    )  # fmt: skip
    if judged.is_accepted and here.opens_at is not None:
        at = time_text(here.opens_at, agency.time_zone)
        raise DataRefused({"": f"{SOON} {at}; dua yang berdekatan dihitung satu."})
    if not judged.is_accepted:
        _refuse_flood(employee, day)
    row = _keep(employee, day, kind, key, told, judged, device_hint, now)
    _note(row, actor, now)
    if row.is_accepted:
        punch = ToldPunch(employee=employee, at=now, source_key=source_key(row))
        tell_punches(told=[punch], channel=Punch.Channel.CHECK_IN)
    elif judged.reason is Reason.LATE_SENT:
        _ask_about(row, now)
    return row


def source_key(row: CheckIn) -> str:
    """Return what a punch names as its source."""
    return f"checkin:{row.pk}"


def why_closed(here: Standing) -> str:
    """Return why nothing is taken from this person now."""
    if not here.takes:
        return (
            f"{here.employee.agency.name} tidak memakai presensi lewat ponsel; absenlah pada mesin."
        )
    if here.day is None:
        return "Presensi dibuka pukul 05.00 sampai 03.59 hari berikutnya."
    return "Anda tidak tercatat bekerja di sini hari ini; hubungi petugas kepegawaian."


@transaction.atomic
def open_ticket(
    *, employee: Employee, topic: str, problem: str, user: User, now: datetime
) -> HelpTicket:
    """Ask for help with today's presence; one that is open for the same topic already stays.

    Raises PermissionDenied for somebody else's day, DataRefused.
    """
    if user.employee_id != employee.pk:
        raise PermissionDenied(REFUSAL)
    ledger.lock(employee.agency)
    here = standing_of(employee, now)
    if not here.takes or here.day is None:
        raise DataRefused({"": why_closed(here)})
    if topic not in HelpTicket.Topic.values:
        raise DataRefused({"topic": "Pilih pokok masalahnya."})
    last = here.last if here.last and not here.last.is_accepted else None
    return _ticket(
        employee, topic, problem, check_in=last, day=here.day, user=user, actor=person(user),
        now=now,
    )  # fmt: skip


def _keep(
    employee: Employee, day: date, kind: str, key: UUID, told: Told, judged: Judged,
    device_hint: str, now: datetime,
) -> CheckIn:  # fmt: skip
    row = CheckIn(
        agency=employee.agency, employee=employee, key=key, kind=kind, day=day,
        received_at=now, measured_at=told.measured_at, distance_m=_metres(judged.distance),
        workplace_id=judged.office.id if judged.office else None,
        reason=judged.reason.value if judged.reason else "",
        problem=told.problem.value if told.problem else "",
        flags=sorted(flag.value for flag in judged.flags), device_hint=device_hint[:120],
    )  # fmt: skip
    if judged.reason is not Reason.IMPOSSIBLE and told.point and told.accuracy is not None:
        row.accuracy_m = _metres(told.accuracy)
        seal_place(row, told.point, told.accuracy)
    row.save()
    return row


def _metres(value: float | None) -> int | None:
    return None if value is None else min(round(value), 2_000_000_000)


def _refuse_flood(employee: Employee, day: date) -> None:
    rows = CheckIn.objects.filter(employee=employee, day=day).exclude(reason="")
    if rows.count() >= MOST_REFUSED:
        raise DataRefused({"": "Terlalu banyak percobaan; minta bantuan di halaman ini."})


def _ask_about(row: CheckIn, now: datetime) -> None:
    """Let the managers clear up a press that was kept on the phone."""
    _ticket(
        row.employee, HelpTicket.Topic.LATE_SENT, "", check_in=row, day=row.day, user=None,
        actor=SYSTEM, now=now,
    )  # fmt: skip


def _ticket(
    employee: Employee, topic: str, problem: str, *, check_in: CheckIn | None, day: date,
    user: User | None, actor: Actor, now: datetime,
) -> HelpTicket:  # fmt: skip
    found = HelpTicket.objects.filter(
        employee=employee, day=day, topic=topic, answered_at=None
    ).first()
    if found is not None:
        return found
    if not problem.strip() and check_in is not None:
        problem = REASONS.get(check_in.reason, "")
    row = HelpTicket.objects.create(
        agency=employee.agency, employee=employee, day=day, topic=topic,
        problem=problem.strip()[:500], check_in=check_in, opened_at=now, opened_by=user,
    )  # fmt: skip
    record(
        employee.agency, actor, "ticket_opened", f"helpticket:{row.pk}", now=now,
        after={"topic": topic, "day": day, "employee": employee.pk},
    )  # fmt: skip
    return row


def _note(row: CheckIn, actor: Actor, now: datetime) -> None:
    """Leave the event; where somebody was stands in none."""
    verb = "check_in_accepted" if row.is_accepted else "check_in_refused"
    after = {
        "employee": row.employee_id, "kind": row.kind, "day": row.day, "reason": row.reason,
        "flags": row.flags, "workplace": row.workplace_id,
    }  # fmt: skip
    record(row.agency, actor, verb, f"checkin:{row.pk}", now=now, after=after)
