"""Rows of an employee file, read and checked one by one; pure, nothing is looked up."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.cells import Row, Table
from foundation.indonesian import list_text, parse_date
from organization.models import EmploymentStatus
from organization.nip import NumberRefused, read_number
from organization.ranks import RankRefused, read_rank

# Column of the file -> how people also call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nama": ("nama lengkap", "nama pegawai"),
    "nip": ("nip / nomor induk", "nip/nomor induk", "nip/ni pppk", "nomor induk", "nomor"),
    "status": ("status pegawai", "status kepegawaian"),
    "pangkat": ("pangkat/golongan", "pangkat / golongan", "pangkat/gol", "pangkat, golongan"),
    "golongan": ("gol", "gol.", "golongan ruang"),
    "jabatan": ("nama jabatan",),
    "bidang": ("unit", "unit kerja", "bagian"),
    "nip atasan": ("atasan", "nip atasan langsung", "atasan langsung"),
    "mulai bekerja": ("tmt", "tanggal masuk", "mulai"),
    "bidang sejak": ("pindah sejak", "tmt bidang", "sejak"),
}
REQUIRED = ("nama", "nip")
LIMITS = {"nama": 150, "pangkat": 60, "golongan": 10, "jabatan": 150, "bidang": 200}
EXAMPLE = (
    "Yuliana Bere, S.Kom.",
    "19850312 201001 2 001",
    "PNS",
    "Penata Muda",
    "III/a",
    "Pranata Komputer",
    "Aplikasi Informatika",
    "",
    "2010-01-01",
    "",
)
_STATUSES = {
    "pns": EmploymentStatus.PNS,
    "pppk": EmploymentStatus.PPPK,
    "pppk-pw": EmploymentStatus.PPPK_PART_TIME,
    "pppk paruh waktu": EmploymentStatus.PPPK_PART_TIME,
    "honorer": EmploymentStatus.HONORER,
    "tenaga honorer": EmploymentStatus.HONORER,
    "kontrak": EmploymentStatus.HONORER,
}


@dataclass(frozen=True)
class LineError:
    """What is wrong in one place of the file. Line 0 is the file as a whole."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        if not self.line:
            return self.text
        place = f"Baris {self.line}" + (f", kolom {self.column}" if self.column else "")
        return f"{place}: {self.text}"


@dataclass(frozen=True, kw_only=True)
class TableReport:
    """What became of a table. With errors nothing was written: all rows go in together or none."""

    errors: tuple[LineError, ...] = ()

    @property
    def is_written(self) -> bool:
        return not self.errors


@dataclass(frozen=True, kw_only=True)
class EmployeeRow:
    """One checked row. Empty text means "not told": it never erases what is known."""

    line: int
    number: str
    name: str
    status: str
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit: str = ""
    superior_number: str = ""
    joined_on: date | None = None
    unit_since: date | None = None  # None: a unit that is new to a known person holds from today


def read_employee_rows(table: Table, *, today: date) -> tuple[list[EmployeeRow], list[LineError]]:
    """Return the good rows and every error, each with line, column and what to do."""
    columns, errors = _read_header(table.header)
    if errors:
        return [], errors
    if not table.rows:
        return [], [
            LineError(0, "", "Berkas hanya memuat judul kolom; isi satu baris per pegawai.")
        ]
    rows: list[EmployeeRow] = []
    first_line: dict[str, int] = {}
    for raw in table.rows:
        row, reader = _read_row(raw, columns, today)
        if row.number and row.number in first_line:
            same = first_line[row.number]
            reader.refuse("nip", f"NIP sama dengan baris {same}; hapus salah satu.")
        first_line.setdefault(row.number, row.line)
        errors += reader.errors
        if not reader.errors:
            rows.append(row)
    return rows, errors


def _read_header(header: Row) -> tuple[dict[str, int], list[LineError]]:
    names = {alias: name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}
    columns: dict[str, int] = {}
    errors = []
    for index, cell in enumerate(header.cells):
        name = names.get(cell.strip(" *:").lower())
        if name is None:
            text = _unknown_column(cell, index, list(names))
        elif name in columns:
            text = f"Kolom “{name}” ada dua kali; hapus salah satu."
        else:
            columns[name] = index
            continue
        errors.append(LineError(header.line, cell or str(index + 1), text))
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        text = f"Kolom {list_text(missing)} tidak ada; tambahkan seperti pada berkas contoh."
        errors.append(LineError(header.line, "", text))
    return columns, errors


def _unknown_column(cell: str, index: int, known: Sequence[str]) -> str:
    if not cell:
        return f"Kolom ke-{index + 1} tidak berjudul; beri judul atau hapus kolomnya."
    close = difflib.get_close_matches(cell.lower(), known, n=1)
    hint = f"mungkin maksudnya “{close[0]}”" if close else f"yang dikenal: {', '.join(COLUMNS)}"
    return f"Kolom “{cell[:60]}” tidak dikenal; {hint}. Ganti judulnya atau hapus kolomnya."


class _RowReader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, raw: Row, columns: Mapping[str, int], today: date) -> None:
        self.line = raw.line
        self.today = today
        self.told = {name: raw.cell(index) for name, index in columns.items()}
        names = {index: name for name, index in columns.items()}
        self.errors = [
            LineError(raw.line, names.get(p.column, str(p.column + 1)), f"Sel {p.text}.")
            for p in raw.problems
        ]
        if len(raw.cells) > max(columns.values()) + 1:
            self.refuse("", "Lebih banyak sel daripada judul kolom; periksa tanda pemisah.")
        for name, limit in LIMITS.items():
            if len(self.told.get(name, "")) > limit:
                self.refuse(name, f"Terlalu panjang; paling banyak {limit} huruf.")

    def refuse(self, column: str, text: str) -> None:
        """Note an error; a column that is broken already is not blamed twice."""
        if not column or all(error.column != column for error in self.errors):
            self.errors.append(LineError(self.line, column, text))

    def text(self, column: str) -> str:
        return self.told.get(column, "")

    def name(self) -> str:
        if not self.text("nama"):
            self.refuse("nama", "Nama kosong; isi nama lengkap pegawai.")
        return self.text("nama")

    def status(self) -> str:
        """Return the status; where the file does not tell, the kind of number does."""
        text = self.text("status").lower()
        if not text:
            return _status_of_number(self.text("nip"), EmploymentStatus.PNS)
        if text not in _STATUSES:
            self.refuse("status", "Tidak dikenal; pilih PNS, PPPK, PPPK paruh waktu, atau Honorer.")
        return _STATUSES.get(text, "")

    def number(self, column: str, status: str) -> str:
        try:
            return read_number(self.text(column), status, today=self.today) if status else ""
        except NumberRefused as error:
            self.refuse(column, str(error))
            return ""

    def superior(self) -> str:
        text = self.text("nip atasan")
        if not text:
            return ""
        # Whether that person is PNS or PPPK is not told here: the looser reading serves both.
        return self.number("nip atasan", _status_of_number(text, EmploymentStatus.PPPK))

    def rank(self) -> tuple[str, str]:
        try:
            return read_rank(self.text("pangkat"), self.text("golongan"))
        except RankRefused as error:
            self.refuse("pangkat", str(error))
            return "", ""

    def day(self, column: str) -> date | None:
        text = self.text(column)
        on = parse_date(text)
        if text and on is None:
            self.refuse(column, "Bukan tanggal; tulis seperti 2010-01-31.")
        return on

    def unit_since(self) -> date | None:
        on = self.day("bidang sejak")
        if on is not None and on > self.today:
            self.refuse("bidang sejak", "Tanggal ini belum tiba; catat pada hari pindahnya.")
        return on


def _status_of_number(number: str, otherwise: str) -> str:
    internal = number.upper().startswith("HNR")
    return EmploymentStatus.HONORER.value if internal else str(otherwise)


def _read_row(raw: Row, columns: Mapping[str, int], today: date) -> tuple[EmployeeRow, _RowReader]:
    """Return the row as far as it could be read, and the reader with its errors."""
    reader = _RowReader(raw, columns, today)
    status = reader.status()
    rank, grade = reader.rank()
    row = EmployeeRow(
        line=raw.line,
        number=reader.number("nip", status),
        name=reader.name(),
        status=status,
        rank=rank,
        grade=grade,
        position=reader.text("jabatan"),
        unit=reader.text("bidang"),
        superior_number=reader.superior(),
        joined_on=reader.day("mulai bekerja"),
        unit_since=reader.unit_since(),
    )
    return row, reader
