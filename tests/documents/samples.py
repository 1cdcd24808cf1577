"""The samples of the standard templates, and larger or stranger ones made from them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from documents.samples import whole_sample
from documents.template_builder.__main__ import CATALOGUE, REPORTS, SOP_FOLDER, TEMPLATES

BASE: dict[str, Any] = whole_sample({})
HOLIDAYS = {3, 4, 5, 11, 12, 18, 19, 25, 26}


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def template_path(name: str) -> Path:
    """Return the file of a template of the SOP ("resume.docx") or of a report ("ba_perekaman")."""
    return SOP_FOLDER / name if name in TEMPLATES else CATALOGUE / name / "report.docx"


def sample_path(name: str) -> Path:
    if name in TEMPLATES:
        return (SOP_FOLDER / name).with_suffix(".json")
    return CATALOGUE / name / "sample.json"


def context_for(template: str) -> dict[str, Any]:
    return whole_sample(json.loads(_text(sample_path(template))))


NAMES = sorted([*TEMPLATES, *REPORTS])


def _code(index: int, day: int) -> str:
    if day in HOLIDAYS:
        return "L"
    seed = (index * 31 + day * 7) % 97
    return {3: "TK", 11: "DL", 12: "DL", 40: "CBesar", 41: "S", 60: "LAIN"}.get(seed, "H")


def recap(employees: int = 90, days: int = 30) -> dict[str, Any]:
    """Return the context of the matrix with so many people, forty to a table."""
    context = context_for("laporan_rekapitulasi.docx")
    part = context["matriks"][0]
    people = [
        part["pegawai"][0]
        | {"no": number + 1, "kode": [_code(number, day) for day in range(1, days + 1)]}
        for number in range(employees)
    ]
    chunks = [people[start : start + 40] for start in range(0, employees, 40)]
    context["hari"] = list(range(1, days + 1))
    context["jumlah_pegawai"] = employees
    context["matriks"] = [
        part | {"pegawai": chunk, "lanjutan": number > 0} for number, chunk in enumerate(chunks)
    ]
    return context


def emptied(context: dict[str, Any]) -> dict[str, Any]:
    """Return a context whose lists are all empty, those of records inside it too."""
    return {key: _emptied(value) for key, value in context.items()}


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return emptied(value)
    return [] if isinstance(value, list) else value


def mapped(value: Any, change: Any) -> Any:
    """Return the same data with every text changed."""
    if isinstance(value, dict):
        return {key: mapped(row, change) for key, row in value.items()}
    if isinstance(value, list):
        return [mapped(row, change) for row in value]
    return change(value) if isinstance(value, str) else value
