"""What Word files may say about a process: its timing against mutu baku, its decisions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from foundation.indonesian import moment_text, work_text
from processes import quality
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.quality import QualityRow
from workflows.definitions import Option
from workflows.registry import StepContext, document_context

_REMARKS = {
    "within": "sesuai",
    "over": "melampaui",
    "open": "berjalan",
    "reused": "masih berlaku",
    "none": "-",
}


def _instance(context: StepContext) -> Instance:
    return Instance.objects.select_related("agency").get(pk=context.instance_id)


@document_context("processes.quality")
def quality_table(context: StepContext) -> Mapping[str, Any]:
    """Return `mutu` (a row per visit) and `total`; durations in words, working time."""
    instance = _instance(context)
    rows = quality.rows(instance, context.now)
    head = definition_of(instance).head
    return {
        "mutu": [_quality_row(row) for row in rows],
        "total": {
            "norma_dokumen": work_text(head.stated_total) if head.stated_total else "-",
            "norma_terhitung": work_text(_sum([row.standard for row in rows])),
            "kerja": work_text(_sum([row.handling for row in rows])),
        },
    }


def _quality_row(row: QualityRow) -> dict[str, str]:
    return {
        "langkah": f"{row.step_number}. {row.name}" if row.step_number else row.name,
        "pelaksana": row.lane,
        "norma": _words(row.standard),
        "kerja": _words(row.handling),
        "tunggu": _words(row.waiting),
        "selisih": _words(row.difference),
        "putaran": str(row.visit),
        "oleh": row.owner or "Sistem",
        "keterangan": row.note if row.reused else _REMARKS[row.verdict],
    }


def _words(duration: timedelta | None) -> str:
    return work_text(duration) if duration is not None else "-"


def _sum(durations: Sequence[timedelta | None]) -> timedelta:
    return sum((d for d in durations if d is not None), timedelta())


@document_context("processes.history")
def decisions(context: StepContext) -> Mapping[str, Any]:
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
                "waktu": moment_text(task.submitted_at, instance.agency.time_zone)
                if task.submitted_at
                else "-",
            }
            for number, task in enumerate(decided, start=1)
        ]
    }


def outcome_label(option: Option | None) -> str:
    return option.label if option else "-"
