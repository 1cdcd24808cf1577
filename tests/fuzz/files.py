"""What people upload: tables, Word files, archives. Refused with a sentence, or read."""

import io
import zipfile
from datetime import date

from documents.exceptions import TemplateRefused
from documents.template_guard import check_template
from foundation.archives import ArchiveRefused, open_archive
from foundation.cells import (
    MAX_CELL,
    CellsRefused,
    Table,
    read_csv,
    read_table,
    read_xlsx,
    write_csv,
)
from foundation.uploads import Kind, UploadRefused, check_bytes, clean_label
from organization.employee_rows import COLUMNS, EXAMPLE, read_employee_rows
from tests import files
from tests.fuzz.machines import check_sentence

TODAY = date(2026, 6, 1)
LIMIT = 1 << 20
ANY_KIND = frozenset(Kind)
SHEET_PARTS = (
    "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml", "_rels/.rels", "docProps/core.xml",
)  # fmt: skip
WORD_PARTS = (
    "word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels",
)  # fmt: skip
WORKBOOK = files.workbook([list(COLUMNS), list(EXAMPLE), ["Yuliana", 19850312, 1.5, True]])
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LETTER = files.archive({
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/word/document.xml" ContentType="{MAIN_TYPE}"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type='
        f'"{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ).encode(),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r2" Type='
        f'"{OFFICE}/hyperlink" Target="https://contoh.go.id" TargetMode="External"/>'
        "</Relationships>"
    ).encode(),
    "word/document.xml": (
        f'<w:document xmlns:w="{WORDS}"><w:body><w:p><w:r><w:fldChar w:fldCharType="begin"/>'
        "</w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar "
        'w:fldCharType="end"/></w:r></w:p></w:body></w:document>'
    ).encode(),
})  # fmt: skip


def uploads(content: bytes) -> None:
    """Let any bytes through the one door for files, then read what it calls a table."""
    try:
        upload = check_bytes(
            content, name=clean_label(content[:40].decode("latin-1")), allowed=ANY_KIND, limit=LIMIT
        )
        assert upload.content == content
        if upload.kind in (Kind.CSV, Kind.XLSX):
            read_table(upload)
    except (UploadRefused, CellsRefused) as error:
        check_sentence(error)


def uploads_seeds() -> list[bytes]:
    kinds = [files.image(), files.image("PNG"), files.pdf(), b"nama;nip\nYuliana;1\n"]
    return [*kinds, files.archive({"a.txt": b"a"}), files.overlapping_zip(), LETTER]


def archives(content: bytes) -> None:
    """Open any bytes as an archive: what is let through can be read whole."""
    try:
        archive = open_archive(content, max_total=LIMIT, max_members=20)
    except ArchiveRefused as error:
        check_sentence(error)
        return
    for name in archive.names:
        archive.read(name)


def archives_seeds() -> list[bytes]:
    return [
        files.archive({"a.txt": b"a" * 50, "b/c.txt": b""}), files.archive({}),
        files.overlapping_zip(), _with({"a": b"1", "b": b"2"}, "a", b"stored"),
    ]  # fmt: skip


def employees(content: bytes) -> None:
    """Read a CSV of employees: refused as a whole, or each line read or blamed."""
    try:
        table = read_csv(content)
    except CellsRefused as error:
        check_sentence(error)
        return
    _check_employees(table)
    _check_written(table)


def _check_written(table: Table) -> None:
    """What we write is read again as it was, under titles of ours: those tell what parts cells."""
    rows = [row.cells for row in table.rows if any(row.cells) and _is_short(row.cells)]
    titles = [f"kolom {n}" for n in range(max(2, *map(len, rows)) if rows else 2)]
    written = [row.cells for row in read_csv(write_csv(titles, rows)).rows]
    assert [_unmarked(row) for row in written] == [_unmarked(row) for row in rows]


def _is_short(cells: tuple[str, ...]) -> bool:
    return all(len(cell) < MAX_CELL for cell in cells)


def _unmarked(cells: tuple[str, ...]) -> list[str]:
    """Return cells without the mark that keeps spreadsheet programs from taking them for sums."""
    return [cell.removeprefix("'").strip() for cell in cells]


def _check_employees(table: Table) -> None:
    rows, errors = read_employee_rows(table, today=TODAY)
    lines = {row.line for row in table.rows}
    blamed = {error.line for error in errors}
    if rows:
        assert {row.line for row in rows} | (blamed & lines) == lines
        assert not {row.line for row in rows} & blamed
    assert rows or errors
    for row in rows:
        assert row.name
        assert row.number


def employees_seeds() -> list[bytes]:
    whole = write_csv(list(COLUMNS), [EXAMPLE])
    utf16 = "\ufeffnama\tnip\nYuliana\t1\n".encode("utf-16-le")
    return [whole, utf16, b'sep=|\n"nama"|nip\n"Yuli ""Y"" Bere"|\'1\n', b"nama,nip\n\xe9,2\n"]


def workbooks(content: bytes) -> None:
    """Read a workbook one part of which is anything."""
    part = SHEET_PARTS[content[0] % len(SHEET_PARTS)] if content else SHEET_PARTS[0]
    try:
        table = read_xlsx(_with(_members(WORKBOOK), part, content[1:]))
    except CellsRefused as error:
        check_sentence(error)
        return
    _check_employees(table)


def workbooks_seeds() -> list[bytes]:
    return _part_seeds(WORKBOOK, SHEET_PARTS)


def templates(content: bytes) -> None:
    """Look through a Word file one part of which is anything."""
    part = WORD_PARTS[content[0] % len(WORD_PARTS)] if content else WORD_PARTS[0]
    try:
        check_template(_with(_members(LETTER), part, content[1:]), name="surat")
    except TemplateRefused as error:
        check_sentence(error)


def templates_seeds() -> list[bytes]:
    return _part_seeds(LETTER, WORD_PARTS)


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return {name: source.read(name) for name in source.namelist()}


def _part_seeds(archive: bytes, parts: tuple[str, ...]) -> list[bytes]:
    members = _members(archive)
    return [bytes([n]) + members[part] for n, part in enumerate(parts) if part in members]


def _with(members: dict[str, bytes], part: str, content: bytes) -> bytes:
    """Return an archive with one part of this content; stored, which is quicker than deflated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as out:
        for name, data in {**members, part: content}.items():
            out.writestr(name, data)
    return file.getvalue()
