"""Where an old finger still lies, and which machines its removal does not wait for (art. 8(4)).

A new finger counts once the old one is gone everywhere. A machine that is broken or does not answer
would hold that for ever: whoever supervises may leave it out, with a reason that the berita acara
repeats. As soon as it answers again the finger is deleted there too.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import Device, LeftOutMachine, RecordingAnew, TemplateCopy
from devices.services.enrolments import subject_of
from devices.services.pursuing import SILENT
from devices.services.requests import request_work
from devices.services.sessions import IN_SERVICE
from foundation import ledger, outbox
from foundation.actors import SYSTEM, Actor
from foundation.ledger import Entry
from organization.models import User
from processes import services as processes
from processes.exceptions import NotAllowed
from processes.models import Task
from workflows.definitions import TaskKind

SYNC = "devices.sync_fingerprints"
ASK_AGAIN = timedelta(minutes=15)
AT_WORK = (Task.Status.READY, Task.Status.CLAIMED)


def old_copies(employee_ids: Iterable[int]) -> QuerySet[TemplateCopy]:
    """Return where dropped fingers of these people lie, on machines that are waited for."""
    left_out = LeftOutMachine.objects.standing().filter(
        device=OuterRef("device"), request__employee=OuterRef("template__employee")
    )
    copies = TemplateCopy.objects.exclude(template__replaced_at=None).filter(
        ~Exists(left_out), template__employee__in=employee_ids, device__state__in=IN_SERVICE
    )
    found = copies.select_related("template", "device").defer("template__sealed")
    return found.order_by("device__name", "pk")


def left_out_of(request: RecordingAnew) -> list[LeftOutMachine]:
    """Return the machines that the removal of this request does not wait for."""
    rows = request.left_out.select_related("device", "left_out_by__employee")
    return list(rows.order_by("device__name", "pk"))


def holding_up(request: RecordingAnew, now: datetime) -> QuerySet[Device]:
    """Return the machines in service that may be left out: with the old finger, failing, silent."""
    unheard = Q(last_contact_at=None) | Q(last_contact_at__lt=now - SILENT)
    holders = old_copies([request.employee_id]).values("device")
    rows = Device.objects.filter(agency=request.employee.agency_id, state__in=IN_SERVICE)
    silent = Q(protocol=Device.Protocol.PUSH) & unheard
    troubled = rows.filter(Q(pk__in=holders) | ~Q(check_error="") | silent)
    standing = request.left_out.standing().values("device")
    return troubled.exclude(pk__in=standing).order_by("name", "pk")


@transaction.atomic
def leave_machine_out(
    *, request: RecordingAnew, device: Device, reason: str, user: User, actor: Actor, now: datetime
) -> LeftOutMachine:
    """Go on without a machine that holds up the removal of an old finger, and say why.

    The caller asked whether this person supervises. NotAllowedNow without a reason, about oneself,
    for who recorded the new finger, and for a machine that holds nothing up.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise NotAllowedNow("Tuliskan mengapa mesin itu tidak ditunggu.")
    if request.instance is not None:
        ledger.lock(request.instance)  # before the agency, as whoever cancels it does
    ledger.lock(request.employee.agency)
    request.refresh_from_db(fields=["state", "recorded_by"])
    if request.state != RecordingAnew.State.OPEN:
        raise NotAllowedNow("Permohonan ini sudah ditutup. Muat ulang halaman.")
    if user.employee_id == request.employee_id or user.pk == request.recorded_by_id:
        raise NotAllowedNow("Pengawas lain yang memutuskan: bukan perekam dan bukan pegawai itu.")
    if device not in holding_up(request, now):
        raise NotAllowedNow(f"{device.name} tidak menahan penghapusan ini. Muat ulang halaman.")
    row = LeftOutMachine.objects.create(
        request=request, device=device, reason=reason[:200], left_out_by=user, left_out_at=now
    )
    _note(row, "machine_left_out", {"reason": row.reason}, actor, now)
    _go_on(request, user, now)
    return row


def catch_up(now: datetime) -> int:
    """Have old fingers deleted on machines that answer again; return how many are clean now."""
    rows = LeftOutMachine.objects.standing().select_related(
        "device__agency", "request__employee__agency"
    )
    done = 0
    for row in rows.order_by("pk"):
        if _is_over(row):
            done += _close(row, now)
        elif _has_answered(row) and _may_ask(row, now):
            _ask_again(row, now)
    return done


def _may_ask(row: LeftOutMachine, now: datetime) -> bool:
    return row.asked_again_at is None or row.asked_again_at <= now - ASK_AGAIN


def _has_answered(row: LeftOutMachine) -> bool:
    last = row.device.last_contact_at
    return last is not None and last > row.left_out_at and not row.device.check_error


def _is_over(row: LeftOutMachine) -> bool:
    """Say whether nothing is left to be made up for: read and found clean, or never used again."""
    if row.device.state == Device.State.RETIRED:
        return True
    dropped = TemplateCopy.objects.exclude(template__replaced_at=None)
    held = dropped.filter(device=row.device, template__employee=row.request.employee_id)
    return _has_answered(row) and not held.exists()


@transaction.atomic
def _close(row: LeftOutMachine, now: datetime) -> int:
    ledger.lock(row.request.employee.agency)
    open_rows = LeftOutMachine.objects.standing().filter(pk=row.pk)
    if not open_rows.update(caught_up_at=now):
        return 0
    _note(row, "machine_caught_up", {"state": row.device.state}, SYSTEM, now)
    return 1


@transaction.atomic
def _ask_again(row: LeftOutMachine, now: datetime) -> None:
    request_work(kind=SYNC, owner=row.device.agency, actor=SYSTEM, now=now)
    LeftOutMachine.objects.filter(pk=row.pk).update(asked_again_at=now)


def _go_on(request: RecordingAnew, user: User, now: datetime) -> None:
    """Let the system try at once what waited for the machine."""
    tasks = Task.objects.filter(instance=request.instance_id, kind=TaskKind.AUTOMATIC)
    for task in tasks.filter(status=Task.Status.FAILED):
        try:
            processes.retry_task(task_id=task.pk, actor_user=user, now=now)
        except NotAllowed:
            continue  # somebody else presses "Coba lagi" in the file
    for task in tasks.filter(status__in=AT_WORK):
        outbox.hasten(key=f"task:{task.pk}", now=now)


def _note(
    row: LeftOutMachine, verb: str, after: dict[str, object], actor: Actor, now: datetime
) -> None:
    employee = row.request.employee
    told = {"device": row.device.serial, **after}
    entry = Entry(actor=actor, verb=verb, subject=subject_of(employee.pk), after=told)
    record_all(employee.agency, [entry], now=now)
