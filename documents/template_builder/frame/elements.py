"""Pieces of WordprocessingML that python-docx has no call for, put where the schema wants them."""

import struct
import zlib
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

# The order of children in ECMA-376 part 1 (17.3.1.26, 17.4.60, 17.4.70); Word refuses another one.
ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription tblPrChange"
    ),
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark headers cellIns cellDel cellMerge tcPrChange"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid printerSettings sectPrChange"
    ),
}


def element(tag: str, **attributes: str) -> Any:
    """Return `<w:tag w:name="value" .../>`; the tag is written with its prefix."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def put(properties: Any, child: Any) -> None:
    """Put a child into pPr, tblPr, tcPr or sectPr at the place that the schema gives it.

    A child of the same name that is there already is replaced.
    """
    for old in properties.findall(child.tag):
        properties.remove(old)
    order = ORDER[_local(properties)].split()
    place = order.index(_local(child))
    later = {qn(f"w:{name}") for name in order[place + 1 :]}
    for sibling in properties:
        if sibling.tag in later:
            sibling.addprevious(child)
            return
    properties.append(child)


def _local(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def border(paragraph: Any, side: str, line: str, size: int, *, space: int, color: str) -> None:
    """Draw a line along one side of a paragraph; size in eighths of a point, space in points."""
    borders = element("w:pBdr")
    borders.append(element(f"w:{side}", val=line, sz=str(size), space=str(space), color=color))
    put(paragraph._p.get_or_add_pPr(), borders)


def shade(cell: Any, color: str) -> None:
    put(cell._tc.get_or_add_tcPr(), element("w:shd", val="clear", color="auto", fill=color))


def png(drawn: str) -> bytes:
    """Return a black and white picture; each line is a row, `#` is black."""
    rows = drawn.split()
    width, height = len(rows[0]), len(rows)
    lines = b"".join(
        b"\0" + int("".join("01"[sign != "#"] for sign in row.ljust(-(-width // 8) * 8)), 2)
        .to_bytes(-(-width // 8), "big")
        for row in rows
    )  # fmt: skip
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )  # fmt: skip


LOGO = png(
    """
################
#..............#
#..............#
#.#............#
#.#...###..##..#
#.#...#.#.#....#
#.#...#.#.#.##.#
#.#...#.#.#..#.#
#.###.###..##..#
#..............#
#..............#
.#............#.
..#..........#..
...##......##...
.....##..##.....
.......##.......
"""
)
QR = png(
    """
#######.##.#######
#.....#..#.#.....#
#.###.#.#..#.###.#
#.###.#.##.#.###.#
#.###.#..#.#.###.#
#.....#.#..#.....#
#######.#.#.######
.........##.......
#.##.##.#..#.##.#.
.##.#..##.#..##.##
........#.##.#..#.
#######..#..##.#.#
#.....#.#.##...##.
#.###.#..#.#.#.#.#
#.###.#.##..##..#.
#.###.#...##..##.#
#.....#.#.#..#.#..
#######..#.#.##.##
"""
)
