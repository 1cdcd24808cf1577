"""A picture described in words is drawn as wide as its place; no description leaves no picture."""

import io

import pytest
from PIL import Image

from documents.renderer.images import ImageRefused
from documents.renderer.line_art import picture_of
from processes.sop_sheet import definition_named
from workflows.drawing.sop_flow_drawing import line_art_of
from workflows.drawing.sop_sheet import sheet_on_paper

PLAIN = "720 158;line 120 0 120 50;head 120 50 110 28 130 28;box 120 85 132 70;start 10 90 26 Ya"


def drawn(description: str) -> Image.Image:
    content, _ = picture_of(description)
    return Image.open(io.BytesIO(content))


def is_ink(picture: Image.Image, x: int, y: int) -> bool:
    return picture.tobytes()[y * picture.width + x] < 60  # one byte per dot


def test_a_description_becomes_a_picture_of_its_size() -> None:
    picture = drawn(PLAIN)

    assert picture.size == (864, 190)
    assert is_ink(picture, 144, 20)  # the line
    assert not is_ink(picture, 500, 100)
    assert not is_ink(picture, 144, 102)  # within the box


def test_a_line_reaches_the_edge_so_that_rows_join() -> None:
    picture = drawn("720 158;line 120 85 120 158")

    assert is_ink(picture, 144, 188)


def test_the_same_description_gives_the_same_picture() -> None:
    assert picture_of(PLAIN) == picture_of(PLAIN)


def test_what_the_sop_draws_can_be_drawn() -> None:
    sheet = sheet_on_paper(definition_named("pengelolaan_e_absensi"))

    sizes = [drawn(line_art_of(row.drawing)).size for row in sheet.rows]
    assert {width for width, _ in sizes} == {864}


@pytest.mark.parametrize(
    "wrong",
    ["", "720", "720 x", "99999 100", "720 0", "720 100;circle 1 2 3 4", "720 100;line 1 2 3",
     "720 100;box 1 2 3 b", "720 100;", "720 100;" + ";".join(["grid 1 1 2 2"] * 1001)],
)  # fmt: skip
def test_what_is_no_description_is_refused(wrong: str) -> None:
    with pytest.raises(ImageRefused):
        picture_of(wrong)
