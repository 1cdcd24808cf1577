"""SOP sheets by name, for pages and reports.

A sheet is told by its subject, "<key>" for the SOP as it is deployed or "<key>/<beginning of a
version>" for one that ran; no instance is needed.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from foundation.indonesian import date_text
from processes.definitions import definition_of, kept_definition
from processes.models import Definition, Instance
from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.drawing.sop_flow_drawing import line_art_of
from workflows.drawing.sop_sheet import SHORT, SheetRow, sheet_on_paper
from workflows.files.findings import DefinitionError
from workflows.registry import (
    Request,
    StepContext,
    SubjectChoice,
    SubjectKind,
    register_subject_kind,
    report_context,
)
from workflows.repository import UnknownProcess

SUBJECT = re.compile(r"([a-z][a-z0-9_]{0,79})(?:/([0-9a-f]{12,64}))?", re.ASCII)


class UnknownSheet(LookupError):
    """No SOP that is deployed, and no version that ran, is called so."""


def definition_named(subject: str) -> ProcessDefinition:
    """Return the definition that a subject names. Raises UnknownSheet, DefinitionError."""
    found = SUBJECT.fullmatch(subject)
    if found is None:
        raise UnknownSheet(f"Lembar SOP '{subject[:80]}' tidak ada.")
    key, version = found[1], found[2]
    try:
        deployed = repository.get(key)
    except UnknownProcess:
        deployed = None
    if deployed is not None and (not version or deployed.version.startswith(version)):
        return deployed
    kept = Definition.objects.filter(key=key, version__startswith=version or "")
    row = kept.order_by("-kept_at", "-pk").values_list("version", flat=True).first()
    if row is None:
        raise UnknownSheet(f"Lembar SOP '{subject}' tidak ada.")
    return kept_definition(key, row)


def subject_of(definition: ProcessDefinition) -> str:
    """Return the subject that names this version, whatever is deployed later."""
    return f"{definition.key}/{definition.version[:SHORT]}"


@report_context("processes.sop_sheet")
def sop_sheet(context: Request) -> Mapping[str, Any]:
    """Return `lembar`: head, lanes, and `halaman`, each with the rows of a page.

    Of a row `gambar` is its part of the flow as line art, `kata` the same in words.
    """
    if isinstance(context, StepContext):
        definition = definition_of(Instance.objects.get(pk=context.instance_id))
    else:
        definition = definition_named(context.subject)
    sheet = sheet_on_paper(definition)
    head = definition.head
    return {
        "lembar": {
            "nomor": head.number or "-",
            "judul": head.title,
            "unit": head.unit,
            "instansi": head.agency or "-",
            "dibuat": date_text(head.created_on) if head.created_on else "-",
            "direvisi": date_text(head.revised_on) if head.revised_on else "-",
            "efektif": date_text(head.effective_on) if head.effective_on else "",
            "disahkan": head.approved_by or "-",
            "dasar": list(head.legal_basis),
            "kualifikasi": list(head.qualifications),
            "keterkaitan": list(head.related),
            "peralatan": list(head.equipment),
            "peringatan": head.warning or "-",
            "pencatatan": list(head.records),
            "pelaksana": list(sheet.lanes),
            "halaman": [
                {"nomor": number, "langkah": [_told(row) for row in rows]}
                for number, rows in enumerate(sheet.pages, start=1)
            ],
            "jumlah": sheet.total,
            "catatan": list(sheet.notes),
            "versi": sheet.version,
        }
    }


def _told(row: SheetRow) -> dict[str, Any]:
    return {
        "no": row.number,
        "kegiatan": row.activity,
        "pelaksana": row.lane,
        "kelengkapan": row.requirements,
        "waktu": row.time,
        "output": row.output,
        "keterangan": row.note,
        "gambar": line_art_of(row.drawing),
        "kata": row.words,
    }


def find_sheet(user_id: int, agency_id: int, subject: str, now: datetime) -> SubjectChoice | None:
    """Return a SOP, or a version of one; what it says is no secret of an agency."""
    try:
        definition = definition_named(subject)
    except (UnknownSheet, DefinitionError):
        return None
    version = f" (versi {definition.version[:SHORT]})" if "/" in subject else ""
    return SubjectChoice(subject, f"{definition.head.title}{version}")


def list_sheets(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    deployed = sorted(repository.all(), key=lambda definition: definition.head.title)
    return [SubjectChoice(definition.key, definition.head.title) for definition in deployed]


register_subject_kind("processes.sop", SubjectKind(find=find_sheet, list=list_sheets))
