"""Tables from people are read as text, and tables for people hold no formula."""

import csv
import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from foundation.cells import (
    CellsRefused,
    Row,
    clean,
    csv_parts,
    read_csv,
    read_table,
    read_xlsx,
    safe_text,
    write_csv,
    write_xlsx,
)
from foundation.uploads import TABLES, check_bytes
from tests import files

TEXT = "nama;nip\r\nJosé Bere;123\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_csv_is_read_in_every_encoding_that_excel_writes(encoding: str) -> None:
    upload = check_bytes(TEXT.encode(encoding), name="pegawai.csv", allowed=TABLES)
    table = read_table(upload)
    assert table.header == Row(1, ("nama", "nip"))
    assert table.rows == (Row(2, ("José Bere", "123")),)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_is_read_with_every_usual_separator(delimiter: str) -> None:
    content = f'nama{delimiter}nip\n"Bere{delimiter} S.Kom."{delimiter}123\n'.encode()
    assert read_csv(content).rows[0].cells == (f"Bere{delimiter} S.Kom.".strip(), "123") or (
        delimiter == "\t" and read_csv(content).rows[0].cells == ("Bere S.Kom.", "123")
    )


def test_excels_own_hint_about_the_separator_is_no_row() -> None:
    table = read_csv(b"sep=,\r\nnama,nip\r\nBere,1\r\n")
    assert table.header.cells == ("nama", "nip")
    assert table.rows == (Row(3, ("Bere", "1")),)


def test_line_numbers_are_those_of_the_file_across_empty_and_broken_lines() -> None:
    table = read_csv(b'\n\nnama;nip\n"Bere\nYuliana";1\n\n;;\nKlau;2\n')
    assert table.header.line == 3
    assert [(row.line, row.cells) for row in table.rows] == [
        (4, ("Bere Yuliana", "1")),
        (8, ("Klau", "2")),
    ]


def test_invisible_and_double_spaces_go() -> None:
    assert read_csv("n\nA\u00a0\u200b  B\u202e\n".encode()).rows[0].cells == ("A B",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"   \n\n", "tidak memuat satu baris pun"),
        (b'nama;nip\n"Bere;1\n', "tanda kutip"),
        ("nama;nip\n".encode("utf-16")[:-1], "UTF-16"),
        (b"nama;ni\x00p\n" + b"x" * 600, "byte nol"),
        (b";".join([b"x"] * 61) + b"\n", "60 kolom"),
        (b"nama\n" + b"x\n" * 20_001, "20000 baris"),
    ],
)
def test_csv_that_is_no_table_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(CellsRefused, match=sentence):
        read_csv(content)


def test_a_cell_that_is_too_long_is_named() -> None:
    row = read_csv(b"a;b\nx;" + b"y" * 2001 + b"\n").rows[0]
    assert row.problems[0].column == 1
    assert "terlalu panjang" in row.problems[0].text


def test_xlsx_cells_become_text() -> None:
    content = files.workbook(
        [["nama", "mulai", "umur", "aktif"], ["Bere", date(2010, 1, 31), 41.0, True], ["Klau"]]
    )
    table = read_xlsx(content)
    assert table.rows[0].cells == ("Bere", "2010-01-31", "41", "ya")
    assert table.rows[1].cells == ("Klau",)
    assert table.rows[1].cell(3) == ""


def test_a_nip_that_excel_rounded_is_a_problem_and_not_a_guess() -> None:
    row = read_xlsx(files.workbook([["nip"], [198503122010011007]])).rows[0]
    assert "format sel menjadi Teks" in row.problems[0].text
    assert row.cell(0) == ""


def test_formulas_and_errors_in_xlsx_are_problems() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["nama", "nip"])
    sheet.append(["=1+1", "x"])
    sheet["B2"] = "#REF!"
    file = io.BytesIO()
    book.save(file)
    problems = read_xlsx(file.getvalue()).rows[0].problems
    assert [p.column for p in problems] == [0, 1]
    assert "rumus" in problems[0].text
    assert "galat" in problems[1].text


def test_a_sheet_that_claims_a_million_rows_is_read_no_further_than_the_limit() -> None:
    content = files.workbook([["nama"], ["Bere"]])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>nama</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Bere</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    with pytest.raises(CellsRefused, match="20000 baris"):
        read_xlsx(files.with_member(content, "xl/worksheets/sheet1.xml", sheet))


@pytest.mark.parametrize(
    "content",
    [
        files.xlsx_bomb(),
        files.with_member(files.workbook([["a"]]), "xl/worksheets/sheet1.xml", b"<broken"),
        files.with_member(files.workbook([["a"]]), "xl/workbook.xml", b"<broken"),
        files.archive({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}),
        b"PK\x03\x04",
    ],
    ids=["bomb", "sheet", "workbook", "hollow", "torn"],
)
def test_a_bad_workbook_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(CellsRefused):
        read_xlsx(content)


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-1", "@SUM(A1)", "\tx", "\rx", " =1"])
@pytest.mark.fault("F33")
def test_text_that_could_be_a_formula_is_written_as_text(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    line = write_csv(["a"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert next(csv.reader(io.StringIO(line), delimiter=";"))[0].startswith("'")
    sheet = load_workbook(io.BytesIO(write_xlsx(["a"], [[text]]))).active
    assert sheet is not None
    assert sheet.cell(2, 1).data_type == "s"


def test_the_header_and_the_names_stay_in_sight() -> None:
    content = write_xlsx(["No", "Nama", "1"], [[1, "Joko", "H"]], kept_columns=2)

    assert load_workbook(io.BytesIO(content)).worksheets[0].freeze_panes == "C2"


def test_numbers_stay_numbers() -> None:
    assert safe_text(-5) == "-5"
    sheet = load_workbook(io.BytesIO(write_xlsx(["a"], [[-5]]))).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == -5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
@pytest.mark.fault("F33")
def test_no_text_whatever_becomes_a_formula_or_breaks_the_workbook(cells: list[str]) -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(["x"] * len(cells), [cells]))).active
    assert sheet is not None
    assert all(cell.data_type in "sn" for row in sheet for cell in row)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_never_a_crash(content: bytes) -> None:
    with suppress(CellsRefused):
        assert read_csv(content).header.cells


def test_a_csv_written_in_parts_is_the_same_csv() -> None:
    rows = [[f"Pegawai {number}; Kupang", "=1+1"] for number in range(5000)]

    parts = list(csv_parts(["nama", "isi"], iter(rows)))

    assert len(parts) > 2
    assert b"".join(parts) == write_csv(["nama", "isi"], rows)


def test_letters_that_come_together_when_a_hidden_one_is_left_out_are_composed() -> None:
    assert clean("e\u200d\u0301") == "\u00e9"
