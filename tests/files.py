"""Small files of every kind, made in memory."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache

from openpyxl import Workbook
from PIL import Image


def image(kind: str = "JPEG", size: tuple[int, int] = (40, 50), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "steelblue").save(file, kind, **options)
    return file.getvalue()


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return file.getvalue()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """Return the archive with one more member, or with that member replaced."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {n: source.read(n) for n in source.namelist()}
    return archive({**members, name: data})


@cache
def xlsx_bomb(megabytes: int = 200) -> bytes:
    """A workbook of some hundred kB whose sheet unfolds to hundreds of MB."""
    return with_member(
        workbook([["nama", "nip"]]), "xl/worksheets/sheet1.xml", b" " * (megabytes * 1024 * 1024)
    )


def overlapping_zip() -> bytes:
    """Two directory entries that read the same bytes (CVE-2024-0450 in small)."""
    one = archive({"a.txt": b"x" * 100})
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[start:end]
    second = entry.replace(b"a.txt", b"b.txt")
    directory = entry + second
    tail = bytearray(one[end:])
    tail[8:12] = (2).to_bytes(2, "little") * 2
    tail[12:16] = len(directory).to_bytes(4, "little")
    return one[:start] + directory + bytes(tail)
