"""What Word files may say about a process: its timing against mutu baku, its decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from foundation.indonesian import date_text, moment_text, period_label, work_text
from processes import quality
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.quality import QualityRow
from processes.quality_chart import chart
from workflows.definitions import Option, TaskDefinition
from workflows.registry import Request, StepContext, document_context, report_context

DOES, DECIDES = "\u25cf", "\u25c6"  # a filled circle, a filled lozenge
_REMARKS = {
    "within": "sesuai",
    "over": "melampaui",
    "open": "berjalan",
    "reused": "masih berlaku",
    "none": "-",
}


class NoInstance(LookupError):
    """A document asks for a process of a period in which none was started."""


def _instance(context: Request) -> Instance:
    """Return the instance that a step is of; outside of one, the agency's latest on the subject.

    The parameter `definition` may name its SOP.
    """
    instances = Instance.objects.select_related("agency")
    if isinstance(context, StepContext):
        return instances.get(pk=context.instance_id)
    rows = instances.filter(agency=context.agency_id, subject=context.subject)
    rows = rows.exclude(status=Instance.Status.CANCELLED)
    if named := context.parameters.get("definition"):
        rows = rows.filter(definition_key=named)
    found = rows.order_by("pk").last()
    if found is None:
        raise NoInstance(f"Belum ada berkas SOP untuk {period_label(context.subject)}.")
    return found


@report_context("processes.quality")
def quality_table(context: Request) -> Mapping[str, Any]:
    """Return `mutu` (a row per visit), `total` and `diagram`; durations in words, working time."""
    instance = _instance(context)
    rows = quality.rows(instance, context.now)
    head = definition_of(instance).head
    zone = instance.agency.time_zone
    return {
        "mutu": [_quality_row(row, zone) for row in rows],
        "total": {
            "norma_dokumen": work_text(head.stated_total) if head.stated_total else "-",
            "norma_terhitung": work_text(_sum([row.standard for row in rows])),
            "kerja": work_text(_sum([row.handling for row in rows])),
            "tunggu": work_text(_sum([row.waiting for row in rows])),
        },
        "diagram": chart(rows),
    }


def _quality_row(row: QualityRow, zone: str) -> dict[str, str]:
    return {
        "langkah": f"{row.step_number}. {row.name}" if row.step_number else row.name,
        "pelaksana": row.lane,
        "norma": _words(row.standard),
        "kerja": _words(row.handling),
        "tunggu": _words(row.waiting),
        "selisih": _words(row.difference),
        "putaran": str(row.visit),
        "oleh": row.owner or "Sistem",
        "tersedia": _moment(row.offered_at, zone),
        "diambil": _moment(row.claimed_at, zone),
        "selesai": _moment(row.submitted_at, zone),
        "keterangan": row.note if row.reused else _REMARKS[row.verdict],
    }


def _words(duration: timedelta | None) -> str:
    return work_text(duration) if duration is not None else "-"


def _moment(at: datetime | None, zone: str) -> str:
    return moment_text(at, zone) if at is not None else "-"


def _sum(durations: Sequence[timedelta | None]) -> timedelta:
    return sum((d for d in durations if d is not None), timedelta())


@document_context("processes.history")
def decisions(context: Request) -> Mapping[str, Any]:
    """Return `putaran`: every decision in its order, with reason, person and time."""
    instance = _instance(context)
    definition = definition_of(instance)
    decided = Task.objects.filter(instance=instance, status=Task.Status.COMPLETED)
    decided = decided.exclude(outcome="").select_related("owner__employee").order_by("id")
    return {
        "putaran": [
            {
                "ke": number,
                "keputusan": outcome_label(definition.tasks[task.step].form.option(task.outcome)),
                "alasan": task.comment or "-",
                "oleh": task.owner.get_full_name() if task.owner else "-",
                "waktu": _moment(task.submitted_at, instance.agency.time_zone),
            }
            for number, task in enumerate(decided, start=1)
        ]
    }


def outcome_label(option: Option | None) -> str:
    return option.label if option else "-"


@report_context("processes.sop_sheet")
def sop_sheet(context: Request) -> Mapping[str, Any]:
    """Return `lembar`: the head of the SOP sheet, its lanes, and a row per numbered step.

    Of a step `tanda` has a text per lane: a sign where the lane does it (a filled circle, at a
    decision a lozenge), else nothing.
    """
    definition = definition_of(_instance(context))
    head = definition.head
    lanes = list(dict.fromkeys(step.lane for step in definition.steps))
    return {
        "lembar": {
            "nomor": head.number,
            "judul": head.title,
            "unit": head.unit or "-",
            "instansi": head.agency or "-",
            "dibuat": date_text(head.created_on) if head.created_on else "-",
            "direvisi": date_text(head.revised_on) if head.revised_on else "-",
            "efektif": date_text(head.effective_on) if head.effective_on else "-",
            "disahkan": head.approved_by or "-",
            "dasar": list(head.legal_basis),
            "kualifikasi": list(head.qualifications),
            "keterkaitan": list(head.related),
            "peralatan": list(head.equipment),
            "peringatan": head.warning or "-",
            "pencatatan": list(head.records),
            "pelaksana": lanes,
            "langkah": [_step(step, lanes) for step in definition.steps],
            "jumlah": work_text(head.stated_total) if head.stated_total else "-",
        }
    }


def _step(step: TaskDefinition, lanes: Sequence[str]) -> dict[str, Any]:
    sign = DECIDES if step.form.outcome else DOES
    standard = step.standard
    time = _words(standard.duration)
    return {
        "no": step.number,
        "kegiatan": step.name,
        "tanda": [sign if lane == step.lane else "" for lane in lanes],
        "kelengkapan": "; ".join(standard.requirements) or "-",
        "waktu": f"{time} per {standard.per_label}" if standard.per_label else time,
        "output": "; ".join(standard.output) or "-",
        "keterangan": standard.note,
    }
