"""What is folded away while the library reads a template comes back as it was."""

import io
from typing import Any

import pytest
from docx import Document as WordFile
from docxtpl import DocxTemplate
from lxml import etree

from documents.renderer.folding import Folded
from documents.renderer.tables import ordered
from documents.renderer.word import parts_of, patched
from tests.documents.samples import NAMES, template_path

LOOK = '<w:rPr><w:b/><w:sz w:val="20"/></w:rPr>'
SHADED = '<w:rPr><w:shd w:val="clear" w:fill="FF0000"/></w:rPr>'
TAG = "<w:t>{{ nama }}</w:t>"
SOURCES = {
    "a look": f"<w:p><w:r>{LOOK}{TAG}</w:r></w:p>",
    "a look within a tag": f"<w:p><w:r><w:t>{{{{</w:t></w:r><w:r>{LOOK}<w:t> nama }}}}</w:t></w:r>"
    "</w:p>",
    "a shade": f"<w:tc><w:tcPr></w:tcPr><w:p><w:r>{SHADED}<w:t>{{% cellbg x %}}</w:t></w:r>"
    f"<w:r>{SHADED}{TAG}</w:r></w:p></w:tc>",
    "a row that goes": f"<w:tr><w:tc><w:p><w:r>{LOOK}<w:t>{{%tr for a in b %}}</w:t></w:r></w:p>"
    "</w:tc></w:tr>",
    "cells that merge": "<w:tc><w:tcPr></w:tcPr><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>"
    "<w:t>{% vm %}{{ nama }}</w:t></w:r></w:p></w:tc>",
    "paragraphs that merge": "<w:p><w:r><w:t>{% if a -%}</w:t></w:r></w:p><w:p><w:pPr><w:tabs>"
    f"<w:tab/></w:tabs></w:pPr><w:r>{TAG}</w:r></w:p>",
    "what looks like ours": f"<w:p><w:_0/><w:r>{LOOK}{TAG}</w:r></w:p>",
    "a look in a look": f"<w:p><w:pPr>{LOOK}<w:pPrChange><w:pPr><w:b/></w:pPr></w:pPrChange>"
    f"</w:pPr><w:r>{TAG}</w:r></w:p>",
}


def by_the_library(source: str) -> str:
    return str(DocxTemplate(None).patch_xml(source))


@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_comes_out_as_the_library_alone_would_bring_it(kind: str) -> None:
    folded = Folded(SOURCES[kind])
    assert folded.unfolded(by_the_library(folded.source)) == by_the_library(SOURCES[kind])


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_our_templates_does(name: str) -> None:
    word: Any = WordFile(io.BytesIO(template_path(name).read_bytes()))
    for _, root, _ in parts_of(word.part):
        source = etree.tostring(root, encoding="unicode", with_tail=False)
        assert patched(root) == ordered(by_the_library(source))


def test_looks_are_read_once_however_often_they_come() -> None:
    assert Folded(f"<w:p>{LOOK}{LOOK}</w:p>").source == "<w:p><w:_0/><w:_0/></w:p>"
