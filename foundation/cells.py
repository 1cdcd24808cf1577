"""Tables from people: CSV in whatever encoding Excel wrote it, and XLSX; and tables for them.

Everything is read as text. What cannot be read truly (a formula, a number that Excel has rounded)
is not guessed: the row carries the problem with its column.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from foundation.archives import MIB, ArchiveRefused, check_office_parts, open_archive
from foundation.uploads import CheckedUpload, Kind, looks_like_utf16

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 2_000
MAX_XLSX_INFLATED = 32 * MIB
EXACT_DIGITS = 15  # more than these a spreadsheet cannot keep in a number
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What openpyxl raises for a broken workbook depends on where it is broken.
BROKEN_WORKBOOK = (
    InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    SyntaxError,
)  # fmt: skip
DELIMITERS = (";", ",", "\t", "|")
CSV_PART = 64 * 1024  # letters of a CSV that is written part by part


class CellsRefused(ValueError):
    """The file is not a table that can be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be read truly; `column` counts from 0."""

    column: int
    text: str


@dataclass(frozen=True)
class Row:
    """One row: `line` is the line (CSV) or row (XLSX) as people see it in their program."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()

    def cell(self, column: int) -> str:
        """Return the text of a column, empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        return not any(self.cells) and not self.problems


@dataclass(frozen=True)
class Table:
    """The first row that is not empty, and those after it that are not empty."""

    header: Row
    rows: tuple[Row, ...]


def read_table(upload: CheckedUpload) -> Table:
    """Return the table in an uploaded CSV or XLSX file; raise CellsRefused with a sentence."""
    if upload.kind is Kind.XLSX:
        return read_xlsx(upload.content)
    return read_csv(upload.content)


def read_csv(content: bytes) -> Table:
    """Read CSV in UTF-8, UTF-16 or Windows-1252, parted by semicolon, comma, tab or bar."""
    text = decode(content)
    first = text.lstrip().split("\n", 1)[0].strip()
    skip = 0
    if first.lower().startswith("sep="):
        # Excel's own hint to itself; it is no row of the table.
        delimiter, skip = first[4:5] or ";", 1
    else:
        delimiter = max(DELIMITERS, key=lambda d: _count_outside_quotes(first, d))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _table(_csv_rows(reader, skip))


def _csv_rows(reader: Any, skip: int) -> Iterator[Row]:
    line = 0
    try:
        for index, cells in enumerate(reader):
            start, line = line + 1, reader.line_num
            if index >= skip:
                yield _row(start, [(cell, "") for cell in cells])
    except csv.Error:
        raise CellsRefused(
            f"Baris {line + 1}: tanda kutip tidak berpasangan; perbaiki baris itu atau simpan "
            "ulang sebagai CSV."
        ) from None


def decode(content: bytes) -> str:
    """Return the text, by its mark where it has one; else UTF-8 if valid, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif looks_like_utf16(content):
        encoding = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise CellsRefused(
                "Berkas UTF-16 ini terpotong atau rusak; simpan ulang sebagai CSV UTF-8."
            ) from None
        # Five bytes have no letter in Windows-1252; they stay visible as a replacement mark.
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise CellsRefused("Berkas memuat byte nol: ini bukan CSV. Simpan ulang sebagai CSV UTF-8.")
    return text


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[0::2])


def read_xlsx(content: bytes) -> Table:
    """Read the first sheet of a workbook whose archive is safe; formulas are problems."""
    try:
        archive = open_archive(content, max_total=MAX_XLSX_INFLATED)
        check_office_parts(archive)
    except ArchiveRefused as error:
        raise CellsRefused(str(error)) from error
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except BROKEN_WORKBOOK as error:
        raise CellsRefused("Berkas Excel rusak; buka lalu simpan ulang sebagai .xlsx.") from error
    try:
        return _table(_xlsx_rows(workbook))
    except CellsRefused:
        raise
    except BROKEN_WORKBOOK as error:
        raise CellsRefused("Lembar Excel rusak; buka lalu simpan ulang sebagai .xlsx.") from error
    finally:
        workbook.close()


def _xlsx_rows(workbook: Any) -> Iterator[Row]:
    if not workbook.worksheets:
        raise CellsRefused("Buku kerja Excel ini tidak memuat lembar; simpan ulang dengan data.")
    sheet = workbook.worksheets[0]
    # The size that a file declares is only a claim, in both directions.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)
    for line, cells in enumerate(rows, start=1):
        yield _row(line, [_xlsx_cell(cell) for cell in cells])


def _xlsx_cell(cell: Any) -> tuple[str, str]:
    """Return the text of a cell and, where it cannot be trusted, why."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", "berisi rumus; salin lalu tempel sebagai nilai (Paste Values)"
    if cell.data_type == "e":
        return "", f"berisi galat Excel ({value}); isi dengan nilai yang benar"
    if isinstance(value, bool):
        return ("ya" if value else "tidak"), ""
    if isinstance(value, datetime):
        plain = value.time() == time()
        return (value.date().isoformat() if plain else value.isoformat(sep=" ")), ""
    if isinstance(value, date | time):
        return value.isoformat(), ""
    if isinstance(value, int | float):
        return _number(value)
    return str(value), ""


def _number(value: float) -> tuple[str, str]:
    if abs(value) >= 10**EXACT_DIGITS:
        return "", (
            "berisi angka yang dibulatkan Excel; ubah format sel menjadi Teks lalu ketik ulang"
        )
    return str(int(value)) if value == int(value) else repr(value), ""


def _row(line: int, cells: Sequence[tuple[str, str]]) -> Row:
    texts, problems = [], []
    for column, (raw, problem) in enumerate(cells):
        text = clean(raw)
        if len(text) > MAX_CELL:
            text, problem = "", f"terlalu panjang (lebih dari {MAX_CELL} huruf); ringkas isinya"
        texts.append(text)
        if problem:
            problems.append(CellProblem(column, problem))
    while texts and not texts[-1] and all(p.column < len(texts) - 1 for p in problems):
        texts.pop()
    if len(texts) > MAX_COLUMNS:
        raise CellsRefused(
            f"Baris {line} memuat lebih dari {MAX_COLUMNS} kolom; pakai berkas contoh."
        )
    return Row(line, tuple(texts), tuple(problems))


def clean(text: str) -> str:
    """Return the text composed (NFC), without control characters, single-spaced and trimmed."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # the many short ones of an export
    visible = "".join(
        " " if c.isspace() else c
        for c in text
        if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")
    )
    # Composed last: what a hidden character kept apart comes together.
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _table(rows: Iterable[Row]) -> Table:
    filled: list[Row] = []
    for row in rows:
        if row.line > MAX_ROWS + 1:
            raise CellsRefused(f"Berkas memuat lebih dari {MAX_ROWS} baris; bagi menjadi beberapa.")
        if not row.is_empty:
            filled.append(row)
    if not filled:
        raise CellsRefused("Berkas tidak memuat satu baris pun; isi sesuai berkas contoh.")
    return Table(filled[0], tuple(filled[1:]))


def safe_text(value: object) -> str:
    """Return text that no spreadsheet program takes for a formula when it opens a CSV file."""
    if value is None:
        return ""
    text = str(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) and not is_number else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return CSV that a spreadsheet program in Indonesia opens rightly: UTF-8 with mark, `;`."""
    return b"".join(csv_parts(header, rows))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the same CSV part by part, for a download larger than should stand in memory."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write("\ufeff")
    for row in chain([header], rows):
        writer.writerow([safe_text(cell) for cell in row])
        if text.tell() >= CSV_PART:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    part = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return part


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "Data",
    kept_columns: int = 0,
) -> bytes:
    """Return a workbook of one sheet in which text stays text: no cell is a formula.

    The header and the first `kept_columns` stay in sight when the sheet is scrolled.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = f"{get_column_letter(kept_columns + 1)}2"
    for row in (header, *rows):
        sheet.append([_written(sheet, value) for value in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _written(sheet: Any, value: object) -> Any:
    if isinstance(value, int | float | date | datetime | time):
        return value
    text = clean("" if value is None else str(value))
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = "@"  # so that an own NIP typed into the cell stays text as well
    return cell
