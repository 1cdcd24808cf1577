"""Templates for the tests of the renderer: tables with loops, raw XML, small pictures."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from docx import Document as WordFile
from docx.shared import Cm
from lxml import etree

HOSTILE = {
    "markup": "R&D <Sub Bag> Umum",
    "tags": "{{ 7*7 }} {% if x %} {# c #}",
    "escapes of the library": "{_{ 7*7 }_} {_% for %_}",
    "a paragraph": "</w:t></w:r></w:p><w:p><w:r><w:t>PALSU</w:t></w:r></w:p>",
    "entities": "&lt;b&gt; &amp; &#65; ]]> &#xE000;",
    "a long reason": "Sakit & menunggu <surat> dokter. " * 63,
    "right to left": "nama\u202eterbalik\u202c \u200fkanan",
    "emoji": "hadir 🙂👩‍👩‍👧",
    "characters of marks": "\ue000nomor\ue001 \ue002 \ue0001\ue001",
    "quotes": "O'Brien \"Yos\" \\ / =cmd|' /C calc'!A0",
    "comments of XML": "<!--sopan-0--> --> <![CDATA[x]]> <?sopan 0?>",
}


def make_table(
    *rows: Sequence[str], before: Sequence[str] = (), after: Sequence[str] = ()
) -> bytes:
    """Return a template with one table; a row of one text has its tag in the first cell."""
    word = WordFile()
    for text in before:
        word.add_paragraph(text)
    columns = max(len(row) for row in rows)
    table = word.add_table(rows=0, cols=columns)
    for texts in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, texts, strict=False):
            cell.width = Cm(2)
            cell.paragraphs[0].add_run(text)
    for text in after:
        word.add_paragraph(text)
    return saved(word)


def saved(word: Any) -> bytes:
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def part(content: bytes, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_part(template: bytes, name: str, content: bytes) -> bytes:
    """Return the archive with one member added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            if member != name:
                copy.writestr(member, source.read(member))
        copy.writestr(name, content)
    return target.getvalue()


def with_body(template: bytes, old: str, new: str) -> bytes:
    """Return the template with some of the XML of its body replaced."""
    body = part(template).decode()
    assert old in body
    return with_part(template, "word/document.xml", body.replace(old, new).encode())


def same_xml(content: bytes) -> bytes:
    """Return the body in a form that two equal documents share."""
    return etree.tostring(etree.fromstring(part(content)), method="c14n")


def rows_of(content: bytes, table: int = 0) -> list[list[str]]:
    word = WordFile(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for row in word.tables[table].rows]


def png(width: int, height: int) -> bytes:
    """Return a white picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\x00" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
