"""What is handed to the SOPs that follow a frozen recap, as a sheet that programs can read.

Discipline: who has days without explanation or a deficit in the month, with what the calendar year
came to. PP 94/2021 is about PNS: its bands flag them, for information; the system never punishes.
Performance: the counters of everybody, for the appraisal of PermenPANRB 6/2022.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from attendance.days.absence_counts import counts_of
from attendance.law.codes import LEAVES, Code
from attendance.law.discipline import Counted
from attendance.letters.texts import days_text
from attendance.models import Handover, Recap, RecapRow
from attendance.recaps.exporting import PERSON, SUMS
from foundation.cells import write_xlsx
from organization.models import EmploymentStatus

IDENTITY = ("Perangkat daerah", "Bulan", "Versi rekap", "Putaran bahan", *PERSON)
DISCIPLINE = (
    *IDENTITY,
    "TK bulan ini (hari)",
    "Tanggal TK",
    "TK tahun berjalan (hari)",
    "TK berturut-turut terpanjang (hari)",
    "Penanda PP 94/2021 (informasi, bukan sanksi)",
    "KJK bulan ini (menit)",
)
PERFORMANCE = (*IDENTITY, *SUMS, *(str(code) for code in LEAVES))
KEPT_COLUMNS = len(IDENTITY) - len(PERSON) + 2  # up to the name


@dataclass(frozen=True)
class Absent:
    """Somebody with unexplained days or a deficit; `counted` only with unexplained days."""

    row: RecapRow
    days: list[date]
    counted: Counted | None

    @property
    def is_pns(self) -> bool:
        return self.row.employment == EmploymentStatus.PNS

    @property
    def flags(self) -> str:
        """Return what PP 94/2021 provides for so many days, of a PNS; "" where nothing."""
        if self.counted is None or not self.is_pns:
            return ""
        return "; ".join(band.text for band in self.counted.bands)


@dataclass(frozen=True)
class Sheet:
    """The sheet of a package: its cells as a file, and how many people and days it tells of."""

    content: bytes
    figures: dict[str, Any]


def compose(recap: Recap, kind: str, number: int) -> Sheet:
    """Return the sheet of a kind of handover, of this round.

    Never call it in a transaction or a web request.
    """
    rows = list(recap.rows.all())
    if kind == Handover.Kind.DISCIPLINE:
        absent = absent_people(recap, rows)
        cells = [[*_identity(person.row, number), *_absent_cells(person)] for person in absent]
        return _sheet(recap, "Disiplin", DISCIPLINE, cells, discipline_figures(absent))
    cells = [[*_identity(row, number), *_counters(row)] for row in rows]
    return _sheet(recap, "Kinerja", PERFORMANCE, cells, {"pegawai": len(rows)})


def absent_people(recap: Recap, rows: Sequence[RecapRow]) -> list[Absent]:
    """Return who has unexplained days, most days first, then who has only a deficit."""
    missing = [row for row in rows if row.counters["TK"]]
    people = [row.employee_id for row in missing]
    counted = counts_of(recap.agency, people, recap.month.year, missing) if missing else {}
    listed = [row for row in rows if row.counters["TK"] or row.counters["KJK"]]
    listed.sort(key=lambda row: (-row.counters["TK"], -row.counters["KJK"], row.order))
    return [Absent(row, _unexplained_days(row), counted.get(row.employee_id)) for row in listed]


def discipline_figures(absent: Sequence[Absent]) -> dict[str, Any]:
    """Return how many people and how much; no names."""
    return {
        "pegawai": len(absent),
        "tk_pegawai": sum(bool(person.days) for person in absent),
        "tk_hari": sum(person.row.counters["TK"] for person in absent),
        "kjk_pegawai": sum(person.row.counters["KJK"] > 0 for person in absent),
        "kjk_menit": sum(person.row.counters["KJK"] for person in absent),
        "penanda": sum(bool(person.flags) for person in absent),
    }


def _sheet(
    recap: Recap,
    title: str,
    header: Sequence[str],
    cells: Sequence[Sequence[object]],
    figures: dict[str, Any],
) -> Sheet:
    content = write_xlsx(header, cells, title=f"{title} {recap.subject}", kept_columns=KEPT_COLUMNS)
    return Sheet(content, figures)


def _identity(row: RecapRow, number: int) -> list[object]:
    recap = row.recap
    return [
        *(recap.agency.code, recap.subject, recap.title, number),
        *(row.order, row.name, row.number, row.employment, row.grade, row.position, row.unit),
    ]


def _absent_cells(person: Absent) -> list[object]:
    counted = person.counted
    return [
        person.row.counters["TK"],
        days_text(person.days) if person.days else "",
        counted.unexplained if counted else "",
        counted.longest_run if counted else "",
        person.flags,
        person.row.counters["KJK"],
    ]


def _counters(row: RecapRow) -> list[object]:
    counters = row.counters
    return [
        *(counters.get(name, "") for name in SUMS),
        *(counters["C"].get(str(code), 0) for code in LEAVES),
    ]


def _unexplained_days(row: RecapRow) -> list[date]:
    return [
        date.fromisoformat(day["tanggal"]) for day in row.days if day["kode"] == Code.UNEXPLAINED
    ]
