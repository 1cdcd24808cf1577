"""The frame of letters: paper, placeholders, tables, and signatures that no page tears off."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from documents.filling import fill_template
from documents.template_builder.frame import CENTER, Column, Letter
from documents.template_builder.frame.elements import LOGO, QR
from tests.documents.samples import BASE


def opened(letter: Letter) -> Any:
    return WordFile(io.BytesIO(letter.content()))


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("F4", (215, 330))])
def test_papers_are_those_of_indonesian_offices(paper: Any, size: tuple[int, int]) -> None:
    letter = Letter(paper=paper)
    letter.landscape()

    upright, lying = opened(letter).sections

    assert (round(upright.page_width.mm), round(upright.page_height.mm)) == size
    assert (round(lying.page_width.mm), round(lying.page_height.mm)) == size[::-1]


@pytest.mark.parametrize("content", [LOGO, QR])
def test_placeholders_are_small_pictures(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        picture.verify()
    assert len(content) < 300


def test_pictures_are_found_by_their_alternative_text_and_have_numbers_of_their_own() -> None:
    letter = Letter()
    letter.letterhead()
    letter.landscape()
    word = opened(letter)

    parts = [word.element, *(section.footer._element for section in word.sections)]
    found = [(node.get("descr"), node.get("id")) for p in parts for node in p.iter(qn("wp:docPr"))]

    assert sorted(name for name, _ in found) == ["logo", "qr", "qr"]
    assert len({number for _, number in found}) == 3


def test_a_table_fills_the_page_in_fixed_layout_and_its_rows_stay_whole() -> None:
    letter = Letter(paper="F4", landscape=True, margin=1.0)
    letter.table("x in y", [Column("A", 1, "{{ x }}", CENTER), Column("B", 3, "{{ x }}")])

    (table,) = opened(letter).tables

    assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
    assert [round(column.width.cm, 1) for column in table.columns] == [7.8, 23.2]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_the_same_letter_gives_the_same_bytes() -> None:
    def build() -> bytes:
        letter = Letter()
        letter.letterhead()
        letter.two_signatures()
        return letter.content()

    assert build() == build()


def lines_and_signature(lines: int, *, two: bool) -> Letter:
    letter = Letter()
    letter.letterhead()
    letter.title("UJI")
    for number in range(lines):
        letter.text(f"Baris {number}")
    letter.body("PENUTUP surat ini.")
    if two:
        letter.two_signatures()
    else:
        letter.signature()
    letter.carbon_copy("Kepala;", "ARSIP.")
    return letter


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_signature_stays_whole_on_the_page_of_the_last_line(tmp_path: Path) -> None:
    context = BASE | {"mengetahui": BASE["ttd"]}
    files = []
    for two in (False, True):
        for lines in range(28, 38):
            file = tmp_path / f"{'dua' if two else 'satu'}{lines}.docx"
            template = lines_and_signature(lines, two=two).content()
            file.write_bytes(fill_template(template, context, name=file.name))
            files.append(file)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *files],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    for file in files:
        pages = [page.extract_text() for page in PdfReader(file.with_suffix(".pdf")).pages]
        for together in (("PENUTUP", "Kepala Dinas Komunikasi", "NIP."), ("Tembusan", "ARSIP")):
            where = {
                number for number, text in enumerate(pages) for word in together if word in text
            }
            assert len(where) == 1, (file.name, together)
