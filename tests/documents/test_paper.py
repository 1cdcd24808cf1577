"""A standard template goes on the paper of the office; an office's own stays as it was made."""

import io

import pytest
from docx import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.shared import Length, Mm

from documents.issue.paper import A4, F4, on_paper
from documents.models import Letterhead
from documents.office.choosing import Template
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


def test_other_sizes_stay_and_a4_is_left_alone() -> None:
    template = word((148, 210), (215, 330))
    assert on_paper(template, F4) == template
    assert on_paper(word((210, 297)), A4) == word((210, 297))


@pytest.mark.parametrize(("version", "size"), [(0, (215, 330)), (3, (210, 297))])
def test_only_standard_templates_follow_the_setting(
    instance: Instance, version: int, size: Size
) -> None:
    Letterhead.objects.create(agency=instance.agency, paper=F4)
    document = issue(instance, template=Template("uji/surat.docx", word((210, 297)), version))
    assert sizes(content_of(document)) == [size]
