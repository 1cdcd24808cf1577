"""On which paper a template is printed: A4 as the standard ones are made, or F4 (folio).

F4 is 215 x 330 mm in Indonesian offices; Word measures in twentieths of a point.
"""

import re
import zipfile
from functools import lru_cache
from io import BytesIO

from documents.renderer.packing import repack

A4, F4 = "A4", "F4"
_BODY = "word/document.xml"
_TWIPS = {A4: (11906, 16838), F4: (12189, 18709)}  # short edge, long edge
_TOLERANCE = 20  # programs round differently
_SIZE = re.compile(rb"<w:pgSz\b[^>]*>")


def on_paper(template: bytes, paper: str) -> bytes:
    """Return the Word file with its A4 pages, upright or landscape, on this paper.

    Pages of another size stay what they are.
    """
    return template if paper == A4 else _changed(template, paper)


@lru_cache(maxsize=32)
def _changed(template: bytes, paper: str) -> bytes:
    with zipfile.ZipFile(BytesIO(template)) as archive:
        body = archive.read(_BODY)
    fitted = _SIZE.sub(lambda found: _resized(found[0], paper), body)
    return template if fitted == body else repack(template, {_BODY: [fitted]})


def _resized(size: bytes, paper: str) -> bytes:
    edges = {name: _edge(size, name) for name in (b"w:w", b"w:h")}
    for name, edge in edges.items():
        for old, new in zip(_TWIPS[A4], _TWIPS[paper], strict=True):
            if edge is not None and abs(edge - old) <= _TOLERANCE:
                edges[name] = new
                break
        else:
            return size
    for name, edge in edges.items():
        size = re.sub(rb"\b" + name + rb'="\d+"', name + b'="%d"' % (edge or 0), size)
    return size


def _edge(size: bytes, name: bytes) -> int | None:
    found = re.search(rb"\b" + name + rb'="(\d+)"', size)
    return int(found[1]) if found else None
