"""The log of a day for Word: what was checked, who was there, who was asked, what was kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from attendance.checkins.late_presses import late_presses_of, late_text
from attendance.checkins.monitor import contacts_of, missing_of
from attendance.days.today import Board, State, board_of
from attendance.models import DayFile, HelpTicket
from attendance.offered.day_operations import expected
from attendance.offered.days import agency_and_day
from foundation.indonesian import date_with_day, moment_text, size_text
from organization.models import Agency
from processes.models import Task
from workflows.registry import StepContext, document_context

UNDONE, CLOSED = "tidak diambil", "sampai batas waktu"  # when the clock ended it
ENDS = {Task.Status.COMPLETED: "selesai", Task.Status.FAILED: "gagal"}


@document_context("attendance.day_log")
def day_log(context: StepContext) -> Mapping[str, Any]:
    """Return `log`: the day as its rows tell it.

    Parameters: `checks` (steps whose course stands among the checks), and the form fields `ready`
    and `minutes` (what was said of the next day, and of the meeting).
    """
    agency, day = agency_and_day(context)
    board = board_of(agency, day, now=context.now)
    zone = ZoneInfo(agency.time_zone)
    parameters, form = context.parameters, context.form
    return {
        "log": {
            "hari": date_with_day(day),
            "pemeriksaan": _checks(context, zone),
            "jumlah": _figures(board),
            "masalah": _problems(agency, day, zone),
            "dihubungi": _contacted(board, agency, day, zone),
            "cadangan": _file(agency, day),
            "rapat": str(form.get(parameters.get("minutes", ""), "") or ""),
            "kesiapan": str(form.get(parameters.get("ready", ""), "") or "tidak dicatat."),
        }
    }


def _checks(context: StepContext, zone: ZoneInfo) -> list[dict[str, str]]:
    steps = list(context.parameters.get("checks", []))
    tasks = Task.objects.filter(instance=context.instance_id, step__in=steps)
    newest = {task.step: task for task in tasks.order_by("pk")}
    lines = []
    for step in steps:
        task = newest.get(step)
        if task is None:
            continue
        begun = task.claimed_at or task.offered_at
        ended = task.submitted_at or task.effective_at
        span = _clock(begun, zone) if begun else ""
        if begun and ended and _clock(ended, zone) != span:
            span = f"{span}-{_clock(ended, zone)}"
        lines.append(
            {
                "kegiatan": task.name, "waktu": span,
                "hasil": _result(task), "catatan": task.note,
            }
        )  # fmt: skip
    return lines


def _result(task: Task) -> str:
    """Return how a step ended; what nobody took is not told as done."""
    if task.status == Task.Status.CANCELLED:
        return CLOSED if task.claimed_at else UNDONE
    return ENDS.get(Task.Status(task.status), "berjalan")


def _figures(board: Board) -> dict[str, int]:
    verdicts = [person.verdict for person in board.people]
    return {
        "pegawai": sum(board.total.values()),
        "masuk": sum(v.came is not None for v in verdicts),
        "pulang": sum(v.left is not None for v in verdicts),
        "belum": board.total.get(State.NOT_YET, 0),
        "izin": board.total.get(State.AWAY, 0),
        "diharapkan": expected(board),
    }


def _problems(agency: Agency, day: date, zone: ZoneInfo) -> list[dict[str, str]]:
    tickets = HelpTicket.objects.filter(agency=agency, day=day).select_related("employee")
    late = late_presses_of(tickets)
    return [
        {
            "waktu": _clock(ticket.opened_at, zone), "pelapor": ticket.employee.name,
            "masalah": "; ".join(
                [ticket.problem or ticket.get_topic_display()]
                + [late_text(row) for row in late.get(ticket.pk, ())]
            ),
            "penanganan": ticket.answer or "belum dijawab",
        }
        for ticket in tickets
    ]  # fmt: skip


def _contacted(board: Board, agency: Agency, day: date, zone: ZoneInfo) -> list[dict[str, str]]:
    notes = contacts_of(agency, day)
    lacks = {p.present.employee_id: p.lacks for p in missing_of(board, notes, after_hours=True)}
    people = {person.employee_id: person.name for person in board.people}
    lines = []
    for employee_id, name in people.items():
        for note in notes.get(employee_id, ()):
            answer = note.get_result_display() + (f": {note.answer}" if note.answer else "")
            lines.append(
                {
                    "nama": name, "belum": lacks.get(employee_id, "sudah lengkap"),
                    "waktu": _clock(note.at, zone), "cara": note.get_channel_display().lower(),
                    "jawaban": answer,
                }
            )  # fmt: skip
        if employee_id in lacks and employee_id not in notes:
            lines.append(
                {
                    "nama": name, "belum": lacks[employee_id], "waktu": "-", "cara": "-",
                    "jawaban": "Belum dihubungi",
                }
            )  # fmt: skip
    return lines


def _file(agency: Agency, day: date) -> dict[str, str]:
    row = DayFile.objects.filter(agency=agency, day=day).first()
    if row is None:
        return dict.fromkeys(("berkas", "ukuran", "waktu", "sha256", "diuji"), "-")
    return {
        "berkas": row.name,
        "ukuran": size_text(row.size),
        "waktu": moment_text(row.written_at, agency.time_zone),
        "sha256": row.sha256,
        "diuji": f"ya, {row.rows} absen terbaca",
    }


def _clock(at: Any, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H.%M}"
