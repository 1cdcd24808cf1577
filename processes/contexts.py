"""What Word files may say about a process: its timing against mutu baku, its decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from foundation.indonesian import moment_text, period_label, work_text
from processes import quality, sop_sheet  # noqa: F401  the sheet offers its context itself
from processes.audit import report  # noqa: F401  so does the audit
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.quality import QualityRow
from processes.quality_chart import chart
from workflows.definitions import Option
from workflows.registry import (
    NothingToReport,
    Request,
    StepContext,
    document_context,
    report_check,
    report_context,
)

_REMARKS = {
    "within": "sesuai",
    "over": "melampaui",
    "open": "berjalan",
    "withdrawn": "tidak diselesaikan",
    "reused": "masih berlaku",
    "none": "-",
}


class NoInstance(NothingToReport):
    """A document asks for a process of a period in which none was started."""


def instance_of(context: Request) -> Instance:
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
    instance = instance_of(context)
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


@report_check("processes.quality")
def no_quality(context: Request) -> str:
    """Return what says that no process of the period was started; "" where one was."""
    try:
        instance_of(context)
    except NoInstance as nothing:
        return str(nothing)
    return ""


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
    instance = instance_of(context)
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
