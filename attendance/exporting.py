"""A recap as JSON, CSV or XLSX; every cell is safe to open in a spreadsheet program."""

import json
from collections.abc import Iterator
from typing import Any

from attendance.codes import LEAVES, Code
from attendance.counting import DEFINITIONS
from attendance.models import Recap, RecapRow
from attendance.months import Month
from foundation.cells import write_csv, write_xlsx

FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SUMS = (
    "HK", "H", "TL_n", "TL_m", "PSW_n", "PSW_m", "TAM", "TAP", "S", "I", "DL", "TB", "LAIN", "TK",
    "menunggu", "belum", "KJK_bruto", "KJK_dikecualikan", "KJK", "pct", "pct_sah",
)  # fmt: skip
PERSON = ("No", "Nama", "NIP", "Status", "Golongan", "Jabatan", "Bidang")


def export(recap: Recap, form: str) -> bytes:
    """Return the recap in one of FORMATS; KeyError for another."""
    return {"json": _as_json, "csv": _as_csv, "xlsx": _as_xlsx}[form](recap)


def file_name(recap: Recap, form: str) -> str:
    return f"rekap-{recap.agency.code}-{recap.subject}-v{recap.version}.{form}"


def _as_json(recap: Recap) -> bytes:
    content: dict[str, Any] = {
        "perangkat_daerah": {"kode": recap.agency.code, "nama": recap.agency.name},
        "bulan": recap.subject,
        "versi": recap.version,
        "keadaan": recap.status,
        "disusun": recap.built_at.isoformat(),
        "dibekukan": recap.frozen_at.isoformat() if recap.frozen_at else None,
        "sha256": recap.sha256,
        "definisi": list(DEFINITIONS),
        "angka": recap.figures,
        "pegawai": [row.content() for row in recap.rows.all()],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _as_csv(recap: Recap) -> bytes:
    return write_csv(_header(recap), _rows(recap))


def _as_xlsx(recap: Recap) -> bytes:
    return write_xlsx(_header(recap), _rows(recap), title=f"Rekap {recap.subject}")


def _header(recap: Recap) -> list[str]:
    days = [str(day.day) for day in Month(recap.month).days]
    return [*PERSON, *days, *SUMS, *(str(code) for code in LEAVES)]


def _rows(recap: Recap) -> Iterator[list[object]]:
    for row in recap.rows.all():
        yield [*_person(row), *map(_code, row.codes), *_sums(row)]


def _person(row: RecapRow) -> list[object]:
    return [row.order, row.name, row.number, row.employment, row.grade, row.position, row.unit]


def _code(label: str) -> str:
    # A lone minus would be taken for the beginning of a formula.
    return "" if label == Code.NOT_EMPLOYED else label


def _sums(row: RecapRow) -> list[object]:
    counters = row.counters
    return [*(counters[name] for name in SUMS), *(counters["C"][str(code)] for code in LEAVES)]
