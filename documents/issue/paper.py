"""On which paper a template is printed: A4 or F4 (folio), whichever it was made for.

F4 is 215 x 330 mm in Indonesian offices; Word measures in twentieths of a point. Tables of the
standard templates fill the page between its margins, so that they grow and shrink with it.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from lxml import etree

from documents.renderer.names import LINE_ART, WP, w
from documents.renderer.packing import repack

A4, F4 = "A4", "F4"
_BODY, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_TWIPS = {A4: (11906, 16838), F4: (12189, 18709)}  # short edge, long edge
_TOLERANCE = 20  # programs round differently
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def on_paper(template: bytes, paper: str) -> bytes:
    """Return the Word file with its A4 and F4 pages, upright or landscape, on this paper.

    Margins stay; tables, also those at head and foot, keep their share of the page. Pages of
    another size stay what they are, and so do those with line art, which is drawn to measure.
    """
    return _changed(template, paper)


@lru_cache(maxsize=32)
def _changed(template: bytes, paper: str) -> bytes:
    with zipfile.ZipFile(BytesIO(template)) as archive:
        body = _parsed(archive.read(_BODY))
        has_relations = _RELATIONS in archive.namelist()
        targets = _targets(archive.read(_RELATIONS)) if has_relations else {}
        changed: dict[str, Any] = {}
        for section, blocks in _sections(body):
            if any(_has_line_art(block) for block in blocks):
                continue
            share = _resized(section, paper)
            if share == 1:
                continue
            changed[_BODY] = body
            for block in blocks:
                _scale_tables(block, share)
            for reference in section.iterchildren(w("headerReference"), w("footerReference")):
                part = targets.get(reference.get(_ID), "")
                if part and part not in changed:
                    changed[part] = _parsed(archive.read(part))
                    _scale_tables(changed[part], share)
                    _scale(changed[part].iter(w("tab")), w("pos"), share)
    written = {part: [_written(root)] for part, root in changed.items()}
    return repack(template, written) if written else template


def _sections(body: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Yield the properties of each section with the blocks that stand in it."""
    blocks: list[Any] = []
    for block in body[0]:
        if block.tag == w("sectPr"):
            yield block, blocks
            return
        blocks.append(block)
        section = block.find(f"{w('pPr')}/{w('sectPr')}")
        if section is not None:
            yield section, blocks
            blocks = []


def _resized(section: Any, paper: str) -> float:
    """Put a section on the paper; return by what the room between its margins grew."""
    size, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    if size is None:
        return 1
    edges = [int(size.get(w(name), 0)) for name in ("w", "h")]
    fitted = [_edge(edge, paper) for edge in edges]
    if None in fitted or fitted == edges:
        return 1
    for name, edge in zip(("w", "h"), fitted, strict=True):
        size.set(w(name), str(edge))
    aside = sum(int(margins.get(w(s), 0)) for s in ("left", "right")) if margins is not None else 0
    return ((fitted[0] or 0) - aside) / (edges[0] - aside)


def _edge(edge: int, paper: str) -> int | None:
    """Return what an edge of a known paper is on this one; None for another paper's."""
    if any(abs(edge - here) <= _TOLERANCE for here in _TWIPS[paper]):
        return edge
    for known in _TWIPS.values():
        for old, new in zip(known, _TWIPS[paper], strict=True):
            if abs(edge - old) <= _TOLERANCE:
                return new
    return None


def _has_line_art(block: Any) -> bool:
    """Say whether pictures stand there whose lines go on from row to row, as high as their rows."""
    told = (properties.get("descr") or "" for properties in block.iter(f"{WP}docPr"))
    return any(text.startswith(LINE_ART) for text in told)


def _scale_tables(block: Any, share: float) -> None:
    for name in ("tblW", "tcW"):
        fixed = (width for width in block.iter(w(name)) if width.get(w("type")) == "dxa")
        _scale(fixed, w("w"), share)
    _scale(block.iter(w("gridCol")), w("w"), share)


def _scale(elements: Iterator[Any], name: str, share: float) -> None:
    for element in elements:
        if element.get(name) is not None:
            element.set(name, str(round(int(element.get(name)) * share)))


def _targets(relations: bytes) -> Mapping[str, str]:
    """Return the parts that the body names, by the name it gives them."""
    rows = _parsed(relations).iterchildren("{*}Relationship")
    return {row.get("Id"): posixpath.join("word", row.get("Target", "")) for row in rows}


def _parsed(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
