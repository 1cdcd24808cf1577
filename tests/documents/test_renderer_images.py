"""Pictures in the places that a template keeps for them."""

import io
from typing import Any

import pytest
from docx import Document as WordFile
from docx.shared import Cm

from documents.exceptions import RenderingError
from documents.filling import fill_template
from documents.renderer.names import WP, A, R
from tests.documents.renderer_words import png, saved


def template(*places: str, header: str = "") -> bytes:
    """Return a template with square places of 2 cm."""
    word = WordFile()
    for place in places:
        _add(word.add_paragraph("{{ nama }}"), place)
    if header:
        _add(word.sections[0].header.paragraphs[0], header)
    return saved(word)


def _add(paragraph: Any, place: str) -> None:
    run = paragraph.add_run()
    run.add_picture(io.BytesIO(png(4, 4)), Cm(2), Cm(2))
    run._r.find(f".//{WP}docPr").set("descr", place)


def filled(source: bytes, **images: bytes) -> Any:
    content = fill_template(source, {"nama": "Halo"}, name="kop.docx", images=images)
    return WordFile(io.BytesIO(content))


def shown(part: Any) -> list[tuple[bytes, int, int]]:
    """Return bytes, width and height of each picture in a part."""
    found = []
    for drawing in part._element.iter(f"{WP}inline"):
        extent, blip = drawing.find(f"{WP}extent"), drawing.find(f".//{A}blip")
        content = part.part.related_parts[blip.get(f"{R}embed")].blob
        found.append((content, int(extent.get("cx")), int(extent.get("cy"))))
    return found


def test_a_logo_fills_its_place_and_keeps_its_proportions() -> None:
    wide, high = png(200, 100), png(100, 200)
    assert shown(filled(template("logo"), logo=wide)) == [(wide, Cm(2), Cm(1))]
    assert shown(filled(template("logo"), logo=high)) == [(high, Cm(1), Cm(2))]


def test_a_place_without_a_picture_is_taken_out_and_its_paragraph_stays() -> None:
    word = filled(template("logo", "qr"), qr=png(9, 9))
    assert [content for content, _, _ in shown(word)] == [png(9, 9)]
    assert [paragraph.text for paragraph in word.paragraphs] == ["Halo", "Halo"]


def test_a_picture_of_the_template_itself_stays() -> None:
    assert shown(filled(template("lambang daerah"), logo=png(9, 9)))[0][0] == png(4, 4)


def test_a_place_in_the_header_is_filled() -> None:
    word = filled(template(header="QR "), qr=png(8, 8))
    assert shown(word.sections[0].header) == [(png(8, 8), Cm(2), Cm(2))]


def test_pictures_in_one_letter_have_numbers_of_their_own() -> None:
    word = filled(template("logo", "logo", header="logo"), logo=png(5, 5))
    trees = (word._element, word.sections[0].header._element)
    numbers = [each.get("id") for tree in trees for each in tree.iter(f"{WP}docPr")]
    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    "bad", [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xffrusak", png(4, 4)[:20]]
)
def test_bytes_that_are_no_picture_are_an_error_with_a_way_out(bad: bytes) -> None:
    with pytest.raises(RenderingError, match="PNG atau JPEG"):
        filled(template("logo"), logo=bad)
