"""The procedure of recording a person's fingers anew (art. 8(3) and 8(4)), and what its steps keep.

Its steps were the permission; all they do may be repeated. The leave, the recordings and their
confirmation stay with `permits`, `enrolments` and `supervision`. Which SOP it is, its files say:
the one about a row that begins with the message REQUESTED.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import Enrolment, RecordingAnew, RerecordingPermit, TemplateCopy
from devices.services import recording_removal
from devices.services.enrolments import subject_of, withdraw_recordings
from devices.services.permits import give_permit
from devices.services.supervision import SUPERVISE, confirm_enrolments, refuse_enrolment
from devices.services.violations import note_violation
from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.mandates.roles import ROLES
from organization.models import Agency, Employee, User
from organization.permissions import local_date, may, users_with_role
from processes import services as processes
from processes.models import Instance
from workflows import repository
from workflows.definitions import ProcessDefinition, SubjectKind

REQUESTED = "perekaman_ulang_diminta"
ARTICLE = "Pasal 9 ayat (1)"
AHEAD = timedelta(days=31)  # the office's own figure, no rule names one
State = RecordingAnew.State


def procedure() -> ProcessDefinition:
    """Return the SOP that such a request begins; raise NotAllowedNow where none is offered."""
    for definition in repository.all():
        if definition.subject is SubjectKind.ROW and definition.start_message == REQUESTED:
            return definition
    raise NotAllowedNow("SOP perekaman ulang belum terpasang; hubungi pengelola aplikasi.")


@transaction.atomic
def request_recording_anew(
    *, employee: Employee, cause: str, reason: str, user: User, actor: Actor, now: datetime
) -> RecordingAnew:
    """Ask that a person's fingers be recorded anew, and begin the procedure; one at a time.

    The caller asked whether this person may. NotAllowedNow without a reason, for a cause that is
    none, and while a request is under way.
    """
    reason = " ".join(reason.split())
    if cause not in RecordingAnew.Cause.values or not reason:
        raise NotAllowedNow("Pilih sebab dan tuliskan alasan perekaman ulang.")
    definition = procedure()
    ledger.lock(employee.agency)  # two clicks at once make one request
    if RecordingAnew.objects.filter(employee=employee, state=State.OPEN).exists():
        raise NotAllowedNow(f"Perekaman ulang {employee.name} sudah diminta; lihat berkasnya.")
    row = RecordingAnew.objects.create(
        employee=employee, cause=cause, reason=reason[:200], requested_by=user, requested_at=now
    )
    row.instance = processes.start_process(
        definition_key=definition.key,
        agency=employee.agency,
        subject=str(row.pk),
        actor_user=user,
        now=now,
        title=f"{definition.head.title}: {employee.name}",
        permitted=True,
    )
    row.save(update_fields=["instance"])
    _note(row, "recording_anew_requested", {"cause": cause}, actor, now)
    return row


def supervisors_for(employee: Employee, now: datetime) -> list[User]:
    """Return who may supervise this person's recording: officers of the agency, not himself."""
    found: dict[int, User] = {}
    for role in (name for name, may_do in ROLES.items() if SUPERVISE in may_do):
        for user in users_with_role(role, employee.agency, now).order_by("first_name", "pk"):
            if user.employee_id != employee.pk and may(user, SUPERVISE, employee.agency, now):
                found[user.pk] = user
    return list(found.values())


def schedule_problem(row: RecordingAnew, on: date | None, now: datetime) -> str:
    """Say why nobody can be recorded on that day; "" where it is possible."""
    today = local_date(row.employee.agency, now)
    if on is None:
        return "Isi hari perekaman"
    if not today <= on <= today + AHEAD:
        return f"Hari perekaman paling cepat hari ini, paling lambat {AHEAD.days} hari lagi"
    return ""


def recordings_since(row: RecordingAnew) -> list[Enrolment]:
    """Return the fingers of the person that were recorded since the leave was given."""
    if row.permit is None:
        return []
    rows = Enrolment.objects.current().filter(
        employee=row.employee, status=Enrolment.Status.RECORDED, at__gte=row.permit.given_at
    )
    return list(
        rows.select_related(
            "employee__unit", "device", "recorded_by__employee", "supervised_by__employee"
        ).order_by("at", "pk")
    )


def old_copies(row: RecordingAnew) -> list[TemplateCopy]:
    """Return where a dropped finger of this person still lies, on machines that are waited for."""
    return list(recording_removal.old_copies([row.employee_id]))


@transaction.atomic
def keep_identity(
    *, request_id: int, misuse: str, user: User, actor: Actor, now: datetime
) -> RecordingAnew:
    """Keep who looked at the identity; suspected misuse is noted as a violation (art. 9(1))."""
    row = _locked(request_id)
    row.identified_by = user
    if misuse and row.violation_id is None:
        row.violation = note_violation(
            alarm=None, article=ARTICLE, facts=misuse, employee=row.employee, actor=actor, now=now,
            agency=row.employee.agency,
        )  # fmt: skip
    row.save(update_fields=["identified_by", "violation"])
    _note(row, "recording_anew_identified", {"violation": row.violation_id}, actor, now)
    return row


@transaction.atomic
def keep_schedule(
    *, request_id: int, on: date, supervisor: User, actor: Actor, now: datetime
) -> RecordingAnew:
    """Keep on which day and under whose eyes the person is recorded."""
    row = _locked(request_id)
    row.scheduled_on, row.supervisor = on, supervisor
    row.save(update_fields=["scheduled_on", "supervisor"])
    told: dict[str, object] = {"on": on, "supervisor": supervisor.pk}
    _note(row, "recording_anew_scheduled", told, actor, now)
    return row


@transaction.atomic
def give_leave(*, request_id: int, actor: Actor, now: datetime) -> RecordingAnew:
    """Give the leave for this request; one that is open already is taken as its own."""
    row = _locked(request_id)
    if row.permit is None or row.permit.closed_at is not None or row.permit.valid_until <= now:
        mine = RerecordingPermit.objects.open_at(now).filter(employee=row.employee)
        reason = f"{row.get_cause_display()}: {row.reason}"
        row.permit = mine.first() or give_permit(
            employee=row.employee, reason=reason, actor=actor, now=now
        )
        row.save(update_fields=["permit"])
    return row


@transaction.atomic
def keep_recording(
    *, request_id: int, without_old: bool, user: User, actor: Actor, now: datetime
) -> RecordingAnew:
    """Keep who recorded; `without_old` drops every other finger recorded before the leave."""
    row = _locked(request_id)
    row.recorded_by = user
    row.save(update_fields=["recorded_by"])
    old: list[Enrolment] = []
    if without_old and row.permit is not None:
        recorded = Enrolment.objects.current().filter(status=Enrolment.Status.RECORDED)
        old = list(recorded.filter(employee=row.employee, at__lt=row.permit.given_at))
        withdraw_recordings(old, now)
    _note(row, "recording_anew_recorded", {"old_withdrawn": len(old)}, actor, now)
    return row


@transaction.atomic
def take_leave_back(*, request_id: int, actor: Actor, now: datetime) -> RecordingAnew:
    """Close the leave of a recording that is put off: another day gets its own."""
    row = _locked(request_id)
    _close_leave(row, actor, now)
    return row


@transaction.atomic
def confirm_recording(*, request_id: int, actor: Actor, now: datetime) -> list[Enrolment]:
    """Confirm what was recorded for this request; refusals are those of confirm_enrolments."""
    row = _locked(request_id)
    return confirm_enrolments(enrolments=recordings_since(row), actor=actor, now=now)


@transaction.atomic
def refuse_recording(*, request_id: int, reason: str, actor: Actor, now: datetime) -> int:
    """Withdraw what was recorded for this request and waits; return how many fingers."""
    waiting = [r for r in recordings_since(_locked(request_id)) if r.supervised_at is None]
    for enrolment in waiting:
        refuse_enrolment(enrolment=enrolment, reason=reason, actor=actor, now=now)
    return len(waiting)


@transaction.atomic
def close_request(
    *, request_id: int, done: bool, why: str, actor: Actor, now: datetime
) -> RecordingAnew:
    """End a request, done or refused; one that has ended stays as it is."""
    row = _locked(request_id)
    if row.state != State.OPEN:
        return row
    row.state = State.DONE if done else State.REFUSED
    row.closed_at, row.closed_note = now, why[:300]
    row.save(update_fields=["state", "closed_at", "closed_note"])
    _note(row, "recording_anew_closed", {"state": row.state}, actor, now)
    return row


@transaction.atomic
def withdraw_request(
    *, request: RecordingAnew, reason: str, user: User, actor: Actor, now: datetime
) -> None:
    """Take a request back, as who asked for it, before a finger was recorded under it.

    The caller asked whether this person may. NotAllowedNow for anybody else, and afterwards.
    """
    instance = request.instance
    if request.requested_by_id != user.pk:
        raise NotAllowedNow("Hanya yang meminta dapat menarik permohonan ini kembali.")
    if instance is None or instance.status != Instance.Status.RUNNING:
        raise NotAllowedNow("Permohonan ini sudah ditutup. Muat ulang halaman.")
    if recordings_since(request):
        raise NotAllowedNow("Jarinya sudah direkam; pengawas yang memutuskan pada tugasnya.")
    told = " ".join(reason.split()) or "Permohonan ditarik kembali."
    processes.stop_process(instance_id=instance.pk, actor=actor, reason=told, now=now)


@transaction.atomic
def close_cancelled(*, instance_id: int, actor: Actor, now: datetime) -> None:
    """End the request whose procedure was cancelled, and its leave with it."""
    rows = RecordingAnew.objects.filter(instance=instance_id, state=State.OPEN)
    for key in rows.values_list("pk", flat=True):
        row = _locked(key)
        why = Instance.objects.values_list("cancel_reason", flat=True).get(pk=instance_id)
        _close_leave(row, actor, now)
        row.state, row.closed_at, row.closed_note = State.CANCELLED, now, why[:300]
        row.save(update_fields=["state", "closed_at", "closed_note"])
        _note(row, "recording_anew_closed", {"state": row.state}, actor, now)


def _close_leave(row: RecordingAnew, actor: Actor, now: datetime) -> None:
    if row.permit is not None and row.permit.closed_at is None:
        RerecordingPermit.objects.filter(pk=row.permit.pk).update(closed_at=now)
        verb = "rerecording_disallowed"
        entry = Entry(actor=actor, verb=verb, subject=subject_of(row.employee_id))
        record_all(row.employee.agency, [entry], now=now)


def _locked(request_id: int) -> RecordingAnew:
    agency = Agency.objects.get(employees__recordings_anew=request_id)
    ledger.lock(agency)  # fingers come in under the agency's lock: taken first here too
    rows = RecordingAnew.objects.select_for_update(of=("self",))
    return rows.select_related("employee__agency", "permit", "supervisor").get(pk=request_id)


def _note(
    row: RecordingAnew, verb: str, after: dict[str, object], actor: Actor, now: datetime
) -> None:
    # The reason may tell of a person's health: it stays on the row, out of the ledger.
    entry = Entry(actor=actor, verb=verb, subject=subject_of(row.employee_id), after=after)
    record_all(row.employee.agency, [entry], now=now)
