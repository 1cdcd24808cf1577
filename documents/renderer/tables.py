"""What is put right after a template was rendered: columns of tables, empty cells, numbers."""

import re
from typing import Any

from lxml import etree

from documents.renderer.names import WP, W, w

_CELL = re.compile(r"<w:tcPr>(.*?)</w:tcPr>", re.DOTALL)
_PROPERTY = re.compile(r"<w:(\w+)(?:\s(?:{{.*?}}|{%.*?%}|[^<>{])*?)?(?:/>|>.*?</w:\1>)", re.DOTALL)
_NAMES = {"w": W[1:-1]}
_UNFINISHED = etree.XPath("descendant::w:tc[not(*[last()][self::w:p])]", namespaces=_NAMES)
_SPANS = etree.XPath("boolean(descendant::w:gridSpan)", namespaces=_NAMES)
_CELLS = etree.XPath("count(w:tc)", namespaces=_NAMES)
_WIDTHS = etree.XPath(
    "w:tc/w:tcPr[1]/w:tcW[1][@w:type='dxa']/@w:w", namespaces=_NAMES, smart_strings=False
)
_COLUMN, _WIDE = w("gridCol"), w("w")
_ORDER = (  # CT_TcPr of the schema
    "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar",
    "textDirection", "tcFitText", "vAlign", "hideMark",
)  # fmt: skip


def ordered(source: str) -> str:
    """Return the template with the properties of each cell in the order of the schema.

    The library puts what `cellbg`, `colspan`, `vm` and `hm` ask for at the beginning or the end.
    """
    return _CELL.sub(_ordered_cell, source)


def _ordered_cell(found: re.Match[str]) -> str:
    properties = list(_PROPERTY.finditer(found[1]))
    known = all(each[1] in _ORDER for each in properties)
    if not known or "".join(each[0] for each in properties) != found[1]:
        return found[0]
    properties.sort(key=lambda each: _ORDER.index(each[1]))
    return f"<w:tcPr>{''.join(each[0] for each in properties)}</w:tcPr>"


def mend(tree: Any) -> None:
    """Mend the tables of a rendered part so that Word opens it without a word."""
    for table in list(tree.iter(w("tbl"))):
        if table.find(w("tr")) is None and table.find(w("sdt")) is None:
            _take_out(table)
        else:
            _fit_columns(table)
    unfinished: Any = _UNFINISHED(tree)
    for cell in unfinished:
        cell.append(cell.makeelement(w("p")))


def number_drawings(tree: Any, start: int) -> int:
    """Give each drawing a number of its own, since loops repeat them; return the next free one."""
    for drawing in tree.iter(f"{WP}docPr"):
        drawing.set("id", str(start))
        start += 1
    return start


def _take_out(table: Any) -> None:
    """Remove a table that lost all its rows: Word calls the file damaged otherwise."""
    parent = table.getparent()
    if parent is not None:
        parent.remove(table)


def _fit_columns(table: Any) -> None:
    """Make the grid as long as the longest row: a `{%tc for %}` changes the number of columns.

    The columns get the widths that the cells of such a row ask for; where they do not say, the
    table keeps its width and all columns share it.
    """
    grid = table.find(w("tblGrid"))
    if grid is None:
        return
    rows = table.findall(w("tr"))
    columns = grid.findall(_COLUMN)
    count = _length if _SPANS(table) else _cells
    longest = max(map(count, rows), default=0)
    if longest == 0:
        return
    widths = _asked(rows, longest)
    if widths is None:
        if longest == len(columns):
            return
        total = sum(float(column.get(_WIDE) or 0) for column in columns)
        widths = [str(int(total / longest))] * longest
    for column in columns[longest:]:
        grid.remove(column)
    for _ in range(longest - len(columns)):
        etree.SubElement(grid, _COLUMN)
    for column, width in zip(grid.findall(_COLUMN), widths, strict=True):
        column.set(_WIDE, width)


def _asked(rows: list[Any], length: int) -> list[str] | None:
    """Return the widths of the first row that has a cell with a width for each column."""
    for row in rows:
        widths: Any = _WIDTHS(row)
        if len(widths) == length == _count(row):
            return list(widths)
    return None


def _cells(row: Any) -> int:
    """Return how many columns a row has where no cell spans several."""
    return _count(row) + _outside(row)


def _count(row: Any) -> int:
    cells: Any = _CELLS(row)
    return int(cells)


def _length(row: Any) -> int:
    """Return how many columns a row spans."""
    length = 0
    for cell in row.findall(w("tc")):
        length += _number(cell.find(f"{w('tcPr')}/{w('gridSpan')}"), 1)
    return length + _outside(row)


def _outside(row: Any) -> int:
    """Return the columns left free before and after the cells of a row."""
    properties = row.find(w("trPr"))
    if properties is None:
        return 0
    return sum(_number(properties.find(w(side)), 0) for side in ("gridBefore", "gridAfter"))


def _number(element: Any, otherwise: int) -> int:
    try:
        return otherwise if element is None else int(element.get(w("val"), otherwise))
    except ValueError:
        return otherwise
