"""A month as JSON, CSV or XLSX; every cell is safe to open in a spreadsheet program.

The frozen version goes out where there is one, else the month as it is judged now; each file says
which. The keys of the JSON are told in `DAY_KEYS`.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attendance.days.months import Month, employees_in, judge_month
from attendance.days.person_months import PersonSheet
from attendance.law.codes import LEAVES, Code
from attendance.law.counting import DEFINITIONS, add_up
from attendance.models import AbsenceLetter, Recap, RecapRow
from attendance.recaps.composing import make_row
from foundation.cells import write_csv, write_xlsx
from organization.mandates.superiors import Superiors
from organization.models import Agency, Employee
from organization.permissions import local_date

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
# What stands in the JSON for each employee and date, and as columns in the file of one person.
DAY_KEYS: Mapping[str, str] = {
    "date": "tanggal, 2026-04-07",
    "status": "kode hari: H, TK, DL, L, ...",
    "provisional": "true bila suratnya masih menunggu keputusan",
    "flags": "tanda, misalnya TL dan PSW",
    "in": "absen masuk, 07:12; null bila tidak ada",
    "out": "absen pulang; null bila tidak ada",
    "out_next_day": "true bila absen pulang pada hari berikutnya (jaga malam)",
    "tl": "menit terlambat",
    "psw": "menit pulang sebelum waktunya",
    "kjk_gross": "kekurangan jam kerja, menit",
    "kjk_excused": "bagian yang dikecualikan surat, menit",
    "kjk_net": "kjk_gross dikurangi kjk_excused; 0 pada hari TK hanya dalam jumlah",
    "target": "menit kerja hari itu",
    "punches": "banyaknya absen hari itu",
    "pattern": "pola jam kerja",
    "letter": "surat yang dipakai: id, kind, number; null bila tidak ada",
    "reasons": "alasan dalam kalimat",
}


AT_A_TIME = 100  # people judged between two words about how far it is
Progress = Callable[[int, int], None]  # people done, people in all


@dataclass(frozen=True)
class Exported:
    """What goes out. `recap` is the version, None for a month as it is judged now."""

    agency: Agency
    month: Month
    recap: Recap | None
    rows: Sequence[RecapRow]
    made_at: datetime | None = None

    @property
    def source(self) -> str:
        """Say what the figures are: "frozen", "draft", "submitted" or "current"."""
        return self.recap.status if self.recap else "current"

    @property
    def name(self) -> str:
        """Return the file's name without its ending."""
        where = f"{self.agency.code}-{self.month}"
        return f"rekap-{where}-v{self.recap.version}" if self.recap else f"bulan-{where}-sementara"


def of_recap(recap: Recap) -> Exported:
    return Exported(recap.agency, Month(recap.month), recap, list(recap.rows.all()))


def of_month(
    agency: Agency,
    month: Month,
    *,
    now: datetime,
    version: int | None = None,
    as_now: bool = False,
    people: Collection[int] | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Return the frozen version that holds (or the one asked for), else the month as judged now.

    Raises LookupError for a version that is not there. `people`: only these employees; `progress`
    hears of each hundred that is judged.
    """
    recaps = Recap.objects.filter(agency=agency, month=month.first).select_related("agency")
    recap: Recap | None = None
    if version is not None:
        recap = recaps.filter(version=version).first()
        if recap is None:
            raise LookupError(f"Tidak ada rekap {month} versi {version} untuk {agency.code}.")
    elif not as_now:
        recap = recaps.frozen().order_by("-version").first()
    if recap is not None:
        rows = recap.rows.all() if people is None else recap.rows.filter(employee__in=people)
        return Exported(agency, month, recap, list(rows), now)
    staff = [p for p in employees_in(agency, month) if people is None or p.pk in people]
    return Exported(agency, month, None, _judged(agency, month, staff, now, progress), now)


def _judged(
    agency: Agency,
    month: Month,
    staff: Sequence[Employee],
    now: datetime,
    progress: Progress | None,
) -> list[RecapRow]:
    unsaved = Recap(agency=agency, month=month.first)
    superiors = Superiors.of_agency(agency.pk)
    on = min(month.last, local_date(agency, now))
    rows: list[RecapRow] = []
    for start in range(0, len(staff), AT_A_TIME):
        some = staff[start : start + AT_A_TIME]
        judged = judge_month(agency, month, now=now, people=some)
        rows += [
            make_row(unsaved, number, person, superiors, on)
            for number, person in enumerate(judged, start + 1)
        ]
        if progress is not None:
            progress(len(rows), len(staff))
    return rows


def write(exported: Exported, form: str) -> bytes:
    """Return the month in one of FORMATS; KeyError for another."""
    return {"json": _as_json, "csv": _as_csv, "xlsx": _as_xlsx}[form](exported)


def export(recap: Recap, form: str) -> bytes:
    """Return this version of a recap in one of FORMATS; KeyError for another."""
    return write(of_recap(recap), form)


def file_name(recap: Recap, form: str) -> str:
    return f"rekap-{recap.agency.code}-{recap.subject}-v{recap.version}.{form}"


def write_person(sheet: PersonSheet, form: str) -> bytes:
    """Return a person's month: a line per day; KeyError for a format that is none of FORMATS."""
    letters = _letters([day.data for day in sheet.days])
    days = [_day(day.data, letters) for day in sheet.days]
    if form == "json":
        employee = sheet.employee
        content = {
            "agency": {"code": employee.agency.code, "name": employee.agency.name},
            "month": str(sheet.month),
            **_version(sheet.row.recap if sheet.row else None),
            "employee": {"name": employee.name, "nip": employee.number, "totals": sheet.total},
            "days": days,
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()
    rows = [[_flat(day[key]) for key in DAY_KEYS] for day in days]
    if form == "csv":
        return write_csv(list(DAY_KEYS), rows)
    return {"xlsx": write_xlsx}[form](list(DAY_KEYS), rows, title=f"{sheet.month}")


def person_file_name(sheet: PersonSheet, form: str) -> str:
    state = f"v{sheet.row.recap.version}" if sheet.row else "sementara"
    return f"absensi-{sheet.employee.number}-{sheet.month}-{state}.{form}"


def _as_json(exported: Exported) -> bytes:
    """A line per employee: a month of a large agency is written and read without waiting long."""
    letters = _letters([day for row in exported.rows for day in row.days])
    head = {
        "agency": {"code": exported.agency.code, "name": exported.agency.name},
        "month": str(exported.month),
        **_version(exported.recap),
        "made_at": exported.made_at.isoformat() if exported.made_at else None,
        "definitions": list(DEFINITIONS),
        "totals": add_up(row.counters for row in exported.rows),
    }
    people = ",\n".join(
        json.dumps(_employee(row, letters), ensure_ascii=False) for row in exported.rows
    )
    text = json.dumps(head, ensure_ascii=False).removesuffix("}")
    return f'{text}, "employees": [\n{people}\n]}}\n'.encode()


def _employee(row: RecapRow, letters: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "order": row.order,
        "name": row.name,
        "nip": row.number,
        "employment": row.employment,
        "grade": row.grade,
        "position": row.position,
        "unit": row.unit,
        "totals": row.counters,
        "days": [_day(day, letters) for day in row.days],
    }


def _version(recap: Recap | None) -> dict[str, Any]:
    if recap is None:
        none = dict.fromkeys(("version", "amendment", "frozen_at", "sha256"))
        return {"source": "current", **none}
    return {
        "source": recap.status,
        "version": recap.version,
        "amendment": recap.amendment,
        "frozen_at": recap.frozen_at.isoformat() if recap.frozen_at else None,
        "sha256": recap.sha256,
    }


def _day(data: Mapping[str, Any], letters: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a stored day under the keys of DAY_KEYS; times as the wall clock showed them."""
    return {
        "date": data["tanggal"],
        "status": data["kode"].removesuffix("*"),
        "provisional": data["kode"].endswith("*"),
        "flags": list(data["tanda"]),
        "in": data["masuk"][11:16] or None,
        "out": data["pulang"][11:16] or None,
        "out_next_day": data["pulang"][:10] > data["tanggal"],
        "tl": data["TL"],
        "psw": data["PSW"],
        "kjk_gross": data["KJK_bruto"],
        "kjk_excused": data["KJK_dikecualikan"],
        "kjk_net": data["KJK"],
        "target": data["target"],
        "punches": data["absen"],
        "pattern": data.get("pola") or None,
        "letter": letters.get(data["surat"]),
        "reasons": list(data["alasan"]),
    }


def _letters(days: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Return the letters that the days name, by id; one query."""
    wanted = {day["surat"] for day in days if day["surat"]}
    rows = AbsenceLetter.objects.filter(pk__in=wanted).values("id", "kind", "number")
    return {row["id"]: row for row in rows}


def _flat(value: object) -> object:
    """Return a value as one cell shows it."""
    if value is None or isinstance(value, bool):
        return "ya" if value else ""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return f"{value['kind']} {value['number']}".strip()
    return value


def _as_csv(exported: Exported) -> bytes:
    return write_csv(_header(exported), _rows(exported))


def _as_xlsx(exported: Exported) -> bytes:
    title = f"{'Rekap' if exported.recap else 'Sementara'} {exported.month}"
    # Number and name stay in sight while the days move beside them.
    return write_xlsx(_header(exported), _rows(exported), title=title, kept_columns=2)


def _header(exported: Exported) -> list[str]:
    days = [str(day.day) for day in exported.month.days]
    return [*PERSON, *days, *SUMS, *(str(code) for code in LEAVES)]


def _rows(exported: Exported) -> Iterator[list[object]]:
    for row in exported.rows:
        yield [*_person(row), *map(_code, row.codes), *_sums(row)]


def _person(row: RecapRow) -> list[object]:
    return [row.order, row.name, row.number, row.employment, row.grade, row.position, row.unit]


def _code(label: str) -> str:
    # A lone minus would be taken for the beginning of a formula.
    return "" if label == Code.NOT_EMPLOYED else label


def _sums(row: RecapRow) -> list[object]:
    counters = row.counters
    return [
        *(counters.get(name, "") for name in SUMS),
        *(counters["C"].get(str(code), 0) for code in LEAVES),
    ]
