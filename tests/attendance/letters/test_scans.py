"""How many pages a scan has; nothing of it is run, and no broken file breaks us."""

import io
import zlib

import pytest
from pypdf import PdfWriter

from attendance.letters.scans import count_pages
from foundation.uploads import SCANS, check_bytes
from tests import files


def pages_of(content: bytes) -> int:
    return count_pages(check_bytes(content, name="surat", allowed=SCANS))


def document(pages: int, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("pages", [1, 2, 37])
def test_the_pages_of_a_pdf_are_counted(pages: int) -> None:
    assert pages_of(document(pages)) == pages


def test_a_picture_is_one_page() -> None:
    assert pages_of(files.image()) == 1


def lying(count: bytes) -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count " + count + b">>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


BOMB = zlib.compress(b"0" * 50_000_000)


@pytest.mark.parametrize(
    "content",
    [
        files.pdf(),
        b"%PDF-1.4 surat keterangan\n%%EOF\n",
        document(2, password="rahasia"),
        document(2)[:400] + b"\n%%EOF\n",
        lying(b"-3"),
        lying(b"99999999999"),
        lying(b"2 0 R"),
        lying(b"/Nama"),
        b"%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
        + str(len(BOMB)).encode() + b">>stream\n" + BOMB + b"\nendstream endobj\n"
        b"trailer<</Root 5 0 R>>\n%%EOF\n",
        b"%PDF-1.4\n" + b"[" * 20_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    ],
    ids=[
        "no pages", "a mere label", "locked", "torn", "negative", "absurd", "points at itself",
        "a name", "bomb", "deep",
    ],
)  # fmt: skip
def test_a_pdf_that_does_not_say_has_an_unknown_number(content: bytes) -> None:
    assert pages_of(content) == 0
