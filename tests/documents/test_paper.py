"""A standard template goes on the paper of the office; an office's own stays as it was made."""

import io
from typing import Literal

import pytest
from docx import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.shared import Length, Mm

from documents.catalogue import report_named
from documents.issue.paper import A4, F4, on_paper
from documents.models import Letterhead
from documents.office.choosing import Template
from documents.template_builder.frame import Column, Letter
from processes.models import Instance
from tests.documents.test_services import content_of, issue

Size = tuple[int, int]


def word(*sizes: Size) -> bytes:
    """Return a file with a section for each size in millimetres; wide ones are landscape."""
    file = WordFile()
    for number, (width, height) in enumerate(sizes):
        section = file.sections[0] if number == 0 else file.add_section()
        section.page_width, section.page_height = Mm(width), Mm(height)
        wide = width > height
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def sizes(content: bytes) -> list[Size]:
    rows = WordFile(io.BytesIO(content)).sections
    return [(_millimetres(s.page_width), _millimetres(s.page_height)) for s in rows]


def _millimetres(length: Length | None) -> int:
    return round(length.mm) if length else 0


def test_a4_becomes_f4_upright_and_landscape() -> None:
    changed = on_paper(word((210, 297), (297, 210)), F4)
    assert sizes(changed) == [(215, 330), (330, 215)]
    assert WordFile(io.BytesIO(changed)).sections[1].orientation == WD_ORIENT.LANDSCAPE


def test_paper_of_f4_becomes_a4_upright_and_landscape() -> None:
    changed = on_paper(word((215, 330), (330, 215), (148, 210)), A4)
    assert sizes(changed) == [(210, 297), (297, 210), (148, 210)]


def test_other_sizes_stay_and_a4_is_left_alone() -> None:
    template = word((148, 210), (215, 330))
    assert on_paper(template, F4) == template
    assert on_paper(word((210, 297)), A4) == word((210, 297))


@pytest.mark.parametrize(("made_for", "paper"), [("A4", F4), ("F4", A4)])
def test_tables_and_foot_fill_the_page_on_either_paper(
    made_for: Literal["A4", "F4"], paper: str
) -> None:
    letter = Letter(paper=made_for)
    letter.table("satu in daftar", [Column("Nama", 3.0, "a"), Column("Nilai", 1.0, "b")])
    letter.landscape()
    letter.table("satu in daftar", [Column("Nama", 2.0, "a"), Column("Nilai", 2.0, "b")])

    file = WordFile(io.BytesIO(on_paper(letter.content(), paper)))

    for section, table in zip(file.sections, file.tables, strict=True):
        edges = (section.page_width, section.left_margin, section.right_margin)
        page, left, right = (edge or 0 for edge in edges)
        for each in (table, section.footer.tables[0]):
            columns = sum(column.width or 0 for column in each.columns)
            assert columns / (page - left - right) == pytest.approx(1, abs=0.002)
            cells = sum(cell.width or 0 for cell in each.rows[0].cells)
            assert cells == columns


def test_a_page_with_line_art_keeps_its_paper() -> None:
    """Its pictures are as high as their rows: narrower ones would no longer meet."""
    sheet = report_named("lembar_sop").template
    assert on_paper(sheet, A4) == sheet
    matrix = report_named("rekap_bulanan").template
    assert on_paper(matrix, A4) != matrix


@pytest.mark.parametrize(("version", "size"), [(0, (215, 330)), (3, (210, 297))])
def test_only_standard_templates_follow_the_setting(
    instance: Instance, version: int, size: Size
) -> None:
    Letterhead.objects.create(agency=instance.agency, paper=F4)
    document = issue(instance, template=Template("uji/surat.docx", word((210, 297)), version))
    assert sizes(content_of(document)) == [size]
