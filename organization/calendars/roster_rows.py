"""Rows of a roster file, read one by one; nothing is looked up.

Two layouts: one row per person with a column per date, or one row per person and day with the
columns NIP, tanggal and giliran.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from foundation.cells import Row, Table
from foundation.indonesian import parse_date
from organization.employee_rows import LineError

NUMBER = ("nip", "nip / nomor induk", "nomor induk", "nomor")
NAME = ("nama", "nama pegawai", "nama lengkap")
DAY = ("tanggal", "tgl")
SHIFT = ("giliran", "shift", "kode giliran")
HINT = "Judul kolomnya NIP lalu satu kolom per tanggal (2026-04-01), atau NIP, tanggal dan giliran."


@dataclass(frozen=True)
class RosterCell:
    """What a file says about a person's day; `code` as it was written."""

    line: int
    number: str
    name: str
    on: date
    code: str


def read_roster_rows(table: Table) -> tuple[list[RosterCell], list[LineError]]:
    """Return what is told, and every error with its line and person. Empty cells tell nothing."""
    titles = [cell.strip(" *:").lower() for cell in table.header.cells]
    columns = {
        name: next((index for index, title in enumerate(titles) if title in aliases), None)
        for name, aliases in (("nip", NUMBER), ("nama", NAME), ("tanggal", DAY), ("giliran", SHIFT))
    }
    dates = {
        index: on for index, title in enumerate(titles) if (on := parse_date(title)) is not None
    }
    errors = _header_errors(titles, columns, dates, table.header.line)
    if errors:
        return [], errors
    if not table.rows:
        return [], [
            LineError(0, "", "Berkas hanya memuat judul kolom; isi satu baris per pegawai.")
        ]
    reader = _Reader(columns, dates)
    for row in table.rows:
        reader.read(row)
    return reader.cells, reader.errors


def _header_errors(
    titles: list[str], columns: Mapping[str, int | None], dates: Mapping[int, date], line: int
) -> list[LineError]:
    errors = []
    long = columns["tanggal"] is not None and columns["giliran"] is not None
    if columns["nip"] is None or long == bool(dates):
        errors.append(LineError(line, "", f"Kolomnya belum lengkap. {HINT}"))
    known = {index for index in columns.values() if index is not None} | dates.keys()
    for index, title in enumerate(titles):
        if index not in known:
            text = f"Kolom “{title[:60]}” tidak dikenal; hapus atau ganti judulnya. {HINT}"
            errors.append(LineError(line, title or str(index + 1), text))
    seen: dict[date, int] = {}
    for index, on in dates.items():
        if on in seen:
            errors.append(LineError(line, titles[index], "Tanggal ini ada dua kali; hapus satu."))
        seen[on] = index
    return errors


class _Reader:
    def __init__(self, columns: Mapping[str, int | None], dates: Mapping[int, date]) -> None:
        self.columns, self.dates = columns, dates
        self.cells: list[RosterCell] = []
        self.errors: list[LineError] = []

    def _text(self, row: Row, column: str) -> str:
        index = self.columns[column]
        return "" if index is None else row.cell(index).strip()

    def read(self, row: Row) -> None:
        number = self._text(row, "nip").lstrip("'").replace(" ", "").upper()
        name = self._text(row, "nama")
        for problem in row.problems:
            self.errors.append(LineError(row.line, "", f"{name or number}: sel {problem.text}."))
        if not number:
            self.errors.append(
                LineError(row.line, "nip", f"{name}: NIP kosong; isi NIP.".lstrip(": "))
            )
            return
        for index, on in self.dates.items():
            if code := row.cell(index).strip():
                self.cells.append(RosterCell(row.line, number, name, on, code))
        if not self.dates:
            self._read_long(row, number, name)

    def _read_long(self, row: Row, number: str, name: str) -> None:
        text, code = self._text(row, "tanggal"), self._text(row, "giliran")
        on = parse_date(text)
        who = name or number
        if on is None:
            problem = f"{who}: “{text}” bukan tanggal; tulis seperti 2026-04-30."
            self.errors.append(LineError(row.line, "tanggal", problem))
        elif not code:
            problem = f"{who}: giliran kosong; isi kodenya, atau L bila lepas."
            self.errors.append(LineError(row.line, "giliran", problem))
        else:
            self.cells.append(RosterCell(row.line, number, name, on, code))
