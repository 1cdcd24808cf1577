"""What the procedure of recording fingers anew finds in this room: guards, operations, a panel.

All operations may be repeated safely.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from devices.exceptions import SyncIncomplete
from devices.guards import BOARD
from devices.models import RecordingAnew
from devices.operations import sync_all_but
from devices.recording.contexts import entry_of
from devices.recording.steps import answer, answered, approved, approves, request_of, said
from devices.services import recording_anew as procedure
from devices.services.recording_removal import left_out_of
from devices.services.supervision import may_supervise
from foundation import outbox
from foundation.actors import Actor
from foundation.indonesian import date_text, list_text, moment_text
from organization.models import User
from organization.permissions import local_date
from workflows.registry import (
    Missing,
    Result,
    StepContext,
    cancelled,
    choices,
    deadline,
    document_context,
    guard,
    operation,
    panel,
    performer,
)

LOOK_AGAIN = timedelta(minutes=1)
WAY_OUT = (
    "Bila mesin itu tidak segera kembali, pengawas dapat melanjutkan tanpa mesin itu di halaman "
    "perekaman pegawai."
)


# Who, and when -----------------------------------------------------------------------------------


@choices("devices.supervisors")
def supervisors(context: StepContext) -> Sequence[tuple[str, str]]:
    """List who may supervise this person's recording."""
    people = procedure.supervisors_for(request_of(context).employee, context.now)
    return [(str(user.pk), user.get_full_name() or user.username) for user in people]


@performer("devices.chosen_supervisor")
def chosen_supervisor(context: StepContext) -> Sequence[int]:
    """Return who was chosen; where he may not, or recorded it himself, all who may and did not."""
    row = request_of(context)
    recorders = {row.recorded_by_id, *(r.recorded_by_id for r in procedure.recordings_since(row))}
    people = procedure.supervisors_for(row.employee, context.now)
    able = [user.pk for user in people if user.pk not in recorders]
    return [row.supervisor_id] if row.supervisor_id in able else able


@deadline("devices.recording_day")
def recording_day(context: StepContext) -> datetime:
    """Return when the day begins on which the person is recorded."""
    row = request_of(context)
    agency = row.employee.agency
    on = row.scheduled_on or local_date(agency, context.now)
    return datetime.combine(on, time(), ZoneInfo(agency.time_zone))


# What a step must find ----------------------------------------------------------------------------


@guard("devices.not_about_oneself")
def not_about_oneself(context: StepContext) -> Sequence[Missing]:
    """Nobody looks at, allows, records or confirms his own fingers."""
    user = User.objects.filter(pk=context.actor.user_id or 0).first()
    if user is not None and user.employee_id == request_of(context).employee_id:
        return [Missing("Permohonan ini tentang Anda sendiri; petugas lain yang mengerjakannya")]
    return []


@guard("devices.misuse_told")
def misuse_told(context: StepContext) -> Sequence[Missing]:
    """Where misuse is the cause, what happened is told (`fields`: misuse)."""
    misuse = request_of(context).cause == RecordingAnew.Cause.MISUSE
    if misuse and approves(context) and not answer(context, "misuse"):
        return [Missing("Tuliskan uraian dugaan penyalahgunaan (Pasal 9 ayat 1)")]
    return []


@guard("devices.recording_scheduled")
def recording_scheduled(context: StepContext) -> Sequence[Missing]:
    """Who allows it names the supervisor and the day (`fields`: supervisor, on = date)."""
    if not approves(context):
        return []
    on = answer(context, "on")
    problem = procedure.schedule_problem(
        request_of(context), date.fromisoformat(on) if on else None, context.now
    )
    found = [] if answer(context, "supervisor") else [Missing("Pilih pengawas yang hadir")]
    return [*found, *([Missing(problem)] if problem else [])]


@guard("devices.recorded_anew")
def recorded_anew(context: StepContext) -> Sequence[Missing]:
    """A finger was recorded under the leave of this request, by another than its supervisor."""
    row = request_of(context)
    if not approves(context):
        return []
    if context.actor.user_id is not None and context.actor.user_id == row.supervisor_id:
        return [Missing("Anda ditetapkan mengawasinya; petugas lain yang merekam", _link(row))]
    if any(r.supervised_at is None for r in procedure.recordings_since(row)):
        return []
    if row.permit is None or row.permit.valid_until <= context.now:
        return [Missing("Izin perekaman ulang sudah berakhir; minta jadwal lain", _link(row))]
    return [Missing("Belum ada jari yang direkam sejak izin diberikan", _link(row))]


@guard("devices.recording_confirmable")
def recording_confirmable(context: StepContext) -> Sequence[Missing]:
    """The supervisor recorded none of it, and the old finger is gone everywhere."""
    row = request_of(context)
    recordings = procedure.recordings_since(row)
    waiting = [r for r in recordings if r.supervised_at is None]
    if not approves(context):
        confirmed = bool(recordings) and not waiting
        return [Missing("Rekaman ini sudah disahkan pengawas", _link(row))] if confirmed else []
    user = User.objects.filter(pk=context.actor.user_id or 0).first()
    if user is None or not all(may_supervise(r, user) for r in waiting):
        return [Missing("Anda ikut merekamnya; pengawas lain yang mengesahkan", _link(row))]
    if not recordings:
        return [Missing("Tidak ada rekaman yang menunggu pengesahan", _link(row))]
    return [
        Missing(f"Sidik jari lama masih ada di {copy.device.name}", _link(row))
        for copy in procedure.old_copies(row)
    ]


# What the system does -----------------------------------------------------------------------------


@operation("devices.keep_identity")
def keep_identity(context: StepContext) -> Result:
    """Keep who looked at the identity, and suspected misuse (`fields`: misuse)."""
    task, user, actor = answered(context)
    row = procedure.keep_identity(
        request_id=request_of(context).pk, misuse=said(context, task, "misuse"), user=user,
        actor=actor, now=context.now,
    )  # fmt: skip
    noted = f" Dugaan pelanggaran nomor {row.violation_id} dicatat." if row.violation_id else ""
    return Result(("Identitas cocok." if approved(task) else "Ditolak.") + noted, _link(row))


@operation("devices.keep_recording_schedule")
def keep_recording_schedule(context: StepContext) -> Result:
    """Keep supervisor and day (`fields`: supervisor, on); nothing where the request was refused."""
    task, _, actor = answered(context)
    row = request_of(context)
    if not approved(task):
        return Result("Ditolak.", _link(row))
    on = date.fromisoformat(said(context, task, "on"))
    row = procedure.keep_schedule(
        request_id=row.pk,
        on=on,
        supervisor=User.objects.get(pk=int(said(context, task, "supervisor"))),
        actor=actor,
        now=context.now,
    )
    return Result(f"{_supervisor(row)}, {date_text(on)}.", _link(row))


@operation("devices.give_rerecording_permit")
def give_rerecording_permit(context: StepContext) -> Result:
    """Give the leave in the name of whoever scheduled the recording."""
    _, _, actor = answered(context)
    row = procedure.give_leave(request_id=request_of(context).pk, actor=actor, now=context.now)
    until = row.permit.valid_until if row.permit else context.now
    words = moment_text(until, row.employee.agency.time_zone)
    return Result(f"Boleh direkam ulang sampai {words}.", _link(row))


@operation("devices.keep_recording_anew")
def keep_recording_anew(context: StepContext) -> Result:
    """Keep who recorded (`fields`: without_old = boolean); put off, the leave is taken back."""
    task, user, actor = answered(context)
    row = request_of(context)
    if not approved(task):
        procedure.take_leave_back(request_id=row.pk, actor=actor, now=context.now)
        return Result("Tidak jadi direkam; izinnya dicabut.", _link(row))
    procedure.keep_recording(
        request_id=row.pk, without_old=bool(said(context, task, "without_old")), user=user,
        actor=actor, now=context.now,
    )  # fmt: skip
    return Result(f"{len(procedure.recordings_since(row))} jari direkam.", _link(row))


@operation("devices.remove_old_fingers")
def remove_old_fingers(context: StepContext) -> Result:
    """Delete the dropped fingers from every machine in service; waits until none has one left."""
    row = request_of(context)
    failure: SyncIncomplete | None = None
    try:
        sync_all_but(_left_out(row), context)
    except SyncIncomplete as found:
        failure = found
    except outbox.Postponed:
        pass  # the machines at work may be others: one that never had it holds nothing up
    if left := procedure.old_copies(row):
        names = list_text(sorted({copy.device.name for copy in left}))
        told = f"Sidik jari lama masih ada di {names}."
        if failure is not None:
            raise SyncIncomplete(f"{told} {failure} {WAY_OUT}") from failure
        raise outbox.Postponed(told, LOOK_AGAIN)
    return Result(_gone(row), _link(row))


@operation("devices.spread_recorded_anew")
def spread_recorded_anew(context: StepContext) -> Result:
    """Bring what was confirmed to the other machines, but those that this request leaves out."""
    return sync_all_but(_left_out(request_of(context)), context)


@operation("devices.confirm_recording_anew")
def confirm_recording_anew(context: StepContext) -> Result:
    """Confirm in the supervisor's name what was recorded, or withdraw it."""
    task, _, actor = answered(context)
    row = request_of(context)
    if approved(task):
        procedure.confirm_recording(request_id=row.pk, actor=actor, now=context.now)
        return Result(f"Disahkan {actor.name.rstrip('.')}.", _link(row))
    count = procedure.refuse_recording(
        request_id=row.pk, reason=task.comment, actor=actor, now=context.now
    )
    return Result(f"{count} rekaman ditolak dan dihapus dari mesin.", _link(row))


@operation("devices.close_recording_anew")
def close_recording_anew(context: StepContext) -> Result:
    """End the request (`done` = whether the person was recorded)."""
    done = bool(context.parameters.get("done"))
    row = procedure.close_request(
        request_id=request_of(context).pk, done=done, why="", actor=context.actor, now=context.now
    )
    return Result(f"{row.get_state_display()}.", _link(row))


@cancelled("devices.recording_anew")
def cancelled_procedure(instance_id: int, actor: Actor, now: datetime) -> None:
    """End the request at once with its procedure."""
    procedure.close_cancelled(instance_id=instance_id, actor=actor, now=now)


# What is shown and written ------------------------------------------------------------------------


@panel("devices.recording_anew", template="devices/panels/recording_anew.html")
def shown(context: StepContext) -> Mapping[str, Any]:
    """The person, the reason, the leave, and what has been recorded under it."""
    row = request_of(context)
    return {
        "request": row,
        "employee": row.employee,
        "zone": row.employee.agency.time_zone,
        "recordings": procedure.recordings_since(row),
        "old": procedure.old_copies(row),
        "left_out": left_out_of(row),
        "link": _link(row),
        "board": f"{BOARD}?pd={row.employee.agency.code}",
        "headline": f"{row.employee.name}, {row.get_cause_display().lower()}: {row.reason}.",
    }


@document_context("devices.recording_anew")
def record(context: StepContext) -> Mapping[str, Any]:
    """Return `item`: the entry of the berita acara, as `devices.recordings` lists them."""
    row = request_of(context)
    entry = entry_of(
        procedure.recordings_since(row), row.employee.agency, recorded_by=row.recorded_by
    )
    return {"item": entry}


def _left_out(row: RecordingAnew) -> list[int]:
    return [left.device_id for left in left_out_of(row) if left.caught_up_at is None]


def _gone(row: RecordingAnew) -> str:
    if names := [left.device.name for left in left_out_of(row) if left.caught_up_at is None]:
        return f"Sidik jari lama sudah dihapus; {list_text(names)} menyusul begitu menjawab lagi."
    return "Sidik jari lama tidak ada lagi di mesin mana pun."


def _supervisor(row: RecordingAnew) -> str:
    return row.supervisor.get_full_name() if row.supervisor else "-"


def _link(row: RecordingAnew) -> str:
    return f"{BOARD}{row.employee_id}/"
