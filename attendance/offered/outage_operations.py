"""Automatic work of an outage's procedure. All of it may be repeated safely."""

from datetime import date, datetime

from attendance import links
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.evidence.outage_days import day_to_send
from attendance.evidence.outage_lists import rows_of
from attendance.evidence.texts import outage_span
from attendance.models import Outage, OutageDelivery
from attendance.offered.outage_steps import answered, file_of, outage_of_step, said
from attendance.services import outage_deliveries as deliveries
from attendance.services import outage_procedure as procedure
from devices.models import Device
from devices.services import ask_punches, pull_punches
from foundation.indonesian import date_text, list_text
from organization.models import Agency
from organization.permissions import users_with_role
from processes.models import Task
from processes.services.notices import REMINDER, notify
from workflows.definitions import OutcomeKind
from workflows.registry import Result, StepContext, operation


@operation("attendance.keep_outage_report")
def keep_outage_report(context: StepContext) -> Result:
    """Keep the report (`fields`: symptom, cause, photo = file, damage)."""
    task, deed = answered(context)
    reports = task.outcome_kind == OutcomeKind.APPROVE
    outage = procedure.keep_report(
        outage_id=outage_of_step(context).pk,
        instance_id=context.instance_id,
        symptom=said(context, task, "symptom"),
        cause=said(context, task, "cause"),
        photo=file_of(context, task, "photo"),
        damage=said(context, task, "damage") if reports else "",
        deed=deed,
        now=context.now,
    )
    noted = f" Dugaan pelanggaran nomor {outage.violation_id} dicatat." if outage.violation else ""
    return _result(outage, f"Laporan dicatat.{noted}")


@operation("attendance.withdraw_outage")
def withdraw_outage(context: StepContext) -> Result:
    """Say that it was no outage."""
    task, deed = answered(context)
    outage = procedure.withdraw_report(
        outage_id=outage_of_step(context).pk, why=task.comment, deed=deed, now=context.now
    )
    return _result(outage, "Bukan gangguan; harinya dinilai seperti biasa.")


@operation("attendance.keep_outage_forwarding")
def keep_outage_forwarding(context: StepContext) -> Result:
    """Keep who forwarded the report; one that was given back is not forwarded."""
    task, deed = answered(context)
    outage = outage_of_step(context)
    if task.outcome_kind != OutcomeKind.APPROVE:
        return _result(outage, "Dikembalikan kepada pelapor.")
    outage = procedure.keep_forwarding(outage_id=outage.pk, deed=deed, now=context.now)
    return _result(outage, f"Diteruskan {deed.actor.name.rstrip('.')}.")


@operation("attendance.keep_outage_diagnosis")
def keep_outage_diagnosis(context: StepContext) -> Result:
    """Keep what was found (`fields`: diagnosis, machine; `other_machine` = its value for yes)."""
    task, deed = answered(context)
    other = said(context, task, "machine") == context.parameters["other_machine"]
    outage = procedure.keep_diagnosis(
        outage_id=outage_of_step(context).pk,
        diagnosis=said(context, task, "diagnosis"),
        other_machine=other,
        deed=deed,
        now=context.now,
    )
    told = "Mesin lain dipakai; tidak ada daftar manual." if other else "Daftar manual dipakai."
    return _result(outage, told)


@operation("attendance.keep_outage_repair")
def keep_outage_repair(context: StepContext) -> Result:
    """Keep what was done (`fields`: repair, parts, technician)."""
    task, deed = answered(context)
    outage = procedure.keep_repair(
        outage_id=outage_of_step(context).pk,
        repair=said(context, task, "repair"),
        parts=said(context, task, "parts"),
        technician=said(context, task, "technician"),
        deed=deed,
        now=context.now,
    )
    return _result(outage, f"Diperbaiki {outage.technician.rstrip('.')}.")


@operation("attendance.keep_outage_test")
def keep_outage_test(context: StepContext) -> Result:
    """Keep how the test went, and end the outage (`fields`: result, witness, last_on = date)."""
    task, deed = answered(context)
    last_on = said(context, task, "last_on")
    outage = procedure.keep_test(
        outage_id=outage_of_step(context).pk,
        works=task.outcome_kind == OutcomeKind.APPROVE,
        result=said(context, task, "result"),
        witness=said(context, task, "witness"),
        last_on=date.fromisoformat(last_on) if last_on else None,
        deed=deed,
        now=context.now,
    )
    if outage.tested_at is None:
        return _result(outage, "Belum berfungsi.")
    ended = f" Terganggu sampai {date_text(outage.last_on)}." if outage.last_on else ""
    return _result(outage, f"Mesin berfungsi.{ended}")


# The daily recaps ---------------------------------------------------------------------------------


@operation("attendance.send_outage_recap")
def send_outage_recap(context: StepContext) -> Result:
    """Keep that the recap of the earliest waiting day was sent (`fields`: softcopy, number)."""
    task, deed = answered(context)
    outage = outage_of_step(context)
    if task.outcome_kind != OutcomeKind.APPROVE:
        return _result(outage, "Tidak ada hari yang direkap lagi.")
    known = outage.deliveries.filter(task_id=task.pk).first()
    day = known.day if known else day_to_send(outage, context.now)
    softcopy = file_of(context, task, "softcopy")
    if day is None or softcopy is None:
        return _result(outage, "Tidak ada rekap yang dicatat.")
    sent = deliveries.send_recap(
        outage_id=outage.pk,
        task_id=task.pk,
        day=day,
        softcopy=softcopy,
        hardcopy_number=said(context, task, "number"),
        deed=deed,
        now=context.now,
    )
    note = f"Rekap {date_text(sent.day)}: softcopy SHA-256 {sent.softcopy_sha256[:16]}, "
    return _result(outage, f"{note}hardcopy {sent.hardcopy_number}.")


@operation("attendance.remind_outage_recap")
def remind_outage_recap(context: StepContext) -> Result:
    """Tell whoever may send it that the recap of a day is due."""
    outage = outage_of_step(context)
    day = day_to_send(outage, context.now)
    waiting = Task.objects.filter(pk=context.task_id or 0).first()
    if day is None or waiting is None:
        return _result(outage, "Rekapnya sudah dikirim.")
    agency = Agency.objects.get(pk=context.agency_id)
    people = [user.pk for user in users_with_role(waiting.lane, agency, context.now)]
    notify(
        user_ids=people,
        agency=agency,
        kind=REMINDER,
        key=f"attendance.outage:{outage.pk}:{day.isoformat()}:{context.visit}",
        text=f"Rekap manual {date_text(day)} belum dikirim kepada BKD (Pasal 13 ayat 4).",
        now=context.now,
        link=links.outage(outage.pk),
    )
    return _result(outage, f"{len(people)} operator diingatkan akan rekap {date_text(day)}.")


@operation("attendance.receive_outage_recap")
def receive_outage_recap(context: StepContext) -> Result:
    """Keep that BKD has the recap, or gave it back (`fields`: receipt)."""
    task, deed = answered(context)
    outage = outage_of_step(context)
    row = deliveries.receive_recap(
        outage_id=outage.pk,
        accepted=task.outcome_kind == OutcomeKind.APPROVE,
        receipt_number=said(context, task, "receipt"),
        why=task.comment,
        deed=deed,
        now=context.now,
    )
    return _result(outage, _of_day(row))


@operation("attendance.keep_outage_copy")
def keep_outage_copy(context: StepContext) -> Result:
    """Keep that the copy reached Diskominfo and was typed from."""
    _, deed = answered(context)
    outage = outage_of_step(context)
    row = deliveries.keep_copy(outage_id=outage.pk, deed=deed, now=context.now)
    count = sum(one.day == row.day for one in rows_of(outage)) if row else 0
    return _result(outage, f"{_of_day(row)} {count} baris diinput.")


@operation("attendance.check_outage_day")
def check_outage_day(context: StepContext) -> Result:
    """Keep what the second person found (`fields`: decision; `ask_again` = its value)."""
    task, deed = answered(context)
    outage = outage_of_step(context)
    row = deliveries.check_day(
        outage_id=outage.pk,
        agrees=task.outcome_kind == OutcomeKind.APPROVE,
        ask_again=said(context, task, "decision") == context.parameters["ask_again"],
        why=task.comment,
        deed=deed,
        now=context.now,
    )
    return _result(outage, _of_day(row) or "Dicatat.")


# The end ------------------------------------------------------------------------------------------


@operation("attendance.complete_outage_list")
def complete_outage_list(context: StepContext) -> Result:
    """Let the list be whole: its rows are punches from now on."""
    outage = deliveries.complete_checked_list(
        outage_id=outage_of_step(context).pk, actor=context.actor, now=context.now
    )
    count = len(outage.rows)
    return _result(outage, f"{count} baris menjadi absen." if count else "Tidak ada daftar manual.")


@operation("attendance.fetch_outage_punches")
def fetch_outage_punches(context: StepContext) -> Result:
    """Fetch what was left in the machine, by call or by command; waits for one that calls us.

    A machine out of service, or replaced, is told and passed over.
    """
    outage = outage_of_step(context)
    machines = [outage.device] if outage.device else _machines(outage)
    told = [_fetch(device, context) for device in machines]
    outage = procedure.keep_fetching(
        outage_id=outage.pk, told=" ".join(told) or "Tidak ada mesin.", actor=context.actor,
        now=context.now,
    )  # fmt: skip
    return _result(outage, outage.fetched_note)


@operation("attendance.note_unfetched")
def note_unfetched(context: StepContext) -> Result:
    """Keep that the machine did not answer: what is left in it comes when it does, or never."""
    outage = procedure.keep_fetching(
        outage_id=outage_of_step(context).pk,
        told="Mesin tidak menjawab; yang tersisa di dalamnya belum ditarik.",
        actor=context.actor,
        now=context.now,
    )
    return _result(outage, outage.fetched_note)


@operation("attendance.note_reported_outage", binding=False)
def note_reported_outage(context: StepContext) -> Result:
    """Say in another SOP of the agency which outage was reported just now."""
    rows = Outage.objects.standing().filter(agency=context.agency_id, instance__isnull=False)
    outage = rows.select_related("agency", "device").order_by("-instance__started_at").first()
    if outage is None:
        return Result("Tidak ada gangguan yang dilaporkan.", links.OUTAGES)
    machine = outage.device.name if outage.device else "semua mesin"
    return _result(outage, f"Gangguan {machine}, {outage_span(outage)}: {outage.reason}")


def _machines(outage: Outage) -> list[Device]:
    return list(Device.objects.filter(agency=outage.agency).in_use().order_by("name", "pk"))


def _fetch(device: Device, context: StepContext) -> str:
    if device.state not in (Device.State.ACTIVE, Device.State.APPROVED):
        return f"{device.name} tidak dipakai lagi."
    if device.is_pulled:
        return f"{device.name}: {pull_punches(device=device, actor=context.actor, now=context.now)}"
    ask_punches(device=device, actor=context.actor, now=context.now, since=_begun(context))
    return f"{device.name} mengirim ulang catatannya."


def _begun(context: StepContext) -> datetime:
    """Return when the system took this step up: what was answered since is not asked again."""
    rows = Task.objects.filter(pk=context.task_id or 0)
    return rows.values_list("claimed_at", flat=True).first() or context.now


@operation("attendance.reconcile_outage")
def reconcile_outage(context: StepContext) -> Result:
    """Say where list and machine agree: within the tolerance the machine's time holds by itself."""
    outage = outage_of_step(context)
    conflicts = conflicts_of(outage, context.now)
    if not conflicts:
        return _result(outage, "Mesin dan daftar tidak berselisih; jam mesin dipakai bila ada.")
    names = list_text(sorted({one.employee.name for one in conflicts})[:5])
    text = f"{len(conflicts)} selisih diputuskan BKD: {names}."
    return Result(text, links.outage_conflicts(outage.pk))


def _result(outage: Outage, text: str) -> Result:
    return Result(text, links.outage(outage.pk))


def _of_day(row: OutageDelivery | None) -> str:
    return f"Rekap {date_text(row.day)}: {row.get_status_display().lower()}." if row else ""
