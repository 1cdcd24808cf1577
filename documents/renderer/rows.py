"""Long tables, fast: rows go around the library as text and are put in when all else is done.

A `{%tr for %}` writes most of a matrix. Parsing, mending and writing those rows costs ten times
their text; so the loop's rows are caught while Jinja writes them, one of them stays in the table as
a sample, and the others take its place in the finished file. Nothing parses these rows any more:
only a loop whose template proves that every row is well-formed, whatever the data, is caught. Any
other loop is rendered the ordinary way.
"""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes, pass_context
from lxml import etree

from documents.renderer.names import W, w

ROW, ROWS, TABLE = " row", " rows", " table"  # names of filters that no template can write
_PRINTED = "\ue000"  # stands for a {{ }} while the template is looked at
_CONTROL = "sopan"
_NAMESPACE = re.compile(r'xmlns:[\w.-]+="[^"<>]*"')
_SPAN = re.compile(r'<w:gridSpan w:val="(\d+)"')
# What needs the rest of the document: numbers of its own, relations, fields, tables in cells.
_NOT_IN_ROWS = frozenset(map(w, (
    "tbl", "drawing", "pict", "object", "fldChar", "fldSimple", "instrText", "sdt", "gridBefore",
    "gridAfter", "altChunk", "subDoc", "footnoteReference", "endnoteReference",
)))  # fmt: skip


class Unprovable(Exception):
    """The template does not prove that its rows are whole."""


class Rows:
    """The rows of one document that were caught while it was rendered."""

    def __init__(self) -> None:
        self.mark = f"sopan{secrets.token_hex(8)}"
        self.spans = True
        self.caught: list[str] = []
        self.tables: list[list[str]] = []

    @property
    def filters(self) -> dict[str, Any]:
        """What Jinja calls with the text of a turn of a loop, and of the whole loop."""
        return {ROW: self.row, ROWS: self.rows, TABLE: self.table}

    @pass_context
    def row(self, context: Any, text: str) -> str:
        """Keep what one turn of the loop wrote; nothing of it stays where it was."""
        self.caught.append(text)
        return ""

    @pass_context
    def rows(self, context: Any, text: str) -> str:
        """Keep what one turn wrote where it may write any number of rows."""
        self.caught += [f"{row}</w:tr>" for row in text.split("</w:tr>")[:-1]]
        return ""

    @pass_context
    def table(self, context: Any, text: str) -> str:
        """Leave the widest row between two comments; `text` is the loop's `else`."""
        rows, self.caught = self.caught, []
        if not rows:
            return text
        sample = max(rows, key=_columns if self.spans else _cells)
        name = f"{self.mark}-{len(self.tables)}"
        self.tables.append(rows)
        return f"<!--{name}-->{sample}<!--/{name}-->"

    def spliced(self, xml: bytes) -> Iterator[bytes]:
        """Return the part piece by piece, with all rows in the places of their samples."""
        end = 0
        for number, rows in enumerate(self.tables):
            name = f"{self.mark}-{number}".encode()
            begin = xml.index(b"<!--%s-->" % name)
            yield xml[end:begin]
            end = xml.index(b"<!--/%s-->" % name, begin) + len(name) + 8
            for row in rows:
                yield row.encode()
        yield xml[end:]

    def catch(self, tree: nodes.Template) -> None:
        """Change the syntax tree so that the rows of provable loops are caught."""
        self.spans = any("gridSpan" in data.data for data in tree.find_all(nodes.TemplateData))
        head = next((data.data for data in tree.find_all(nodes.TemplateData)), "")
        namespaces = " ".join(sorted(set(_NAMESPACE.findall(head.partition(">")[0]))))
        try:
            _look(tree.body, "", namespaces)
        except Unprovable:
            return


def _cells(row: str) -> int:
    return row.count("</w:tc>")


def _columns(row: str) -> int:
    return _cells(row) + sum(int(span) - 1 for span in _SPAN.findall(row))


def _look(body: list[nodes.Node], parent: str, namespaces: str) -> None:
    """Wrap every provable loop over rows in `body`, which stands in an element `parent`."""
    tree, controls = _outline(body, namespaces)
    for place in _places(tree, len(controls)):
        index = controls[int(place.text)]
        control, inside = body[index], _parent(place, tree, parent)
        if isinstance(control, nodes.For) and inside == w("tbl"):
            try:
                turn = _prove(control.body, inside, namespaces)
            except Unprovable:
                continue
            one = len(turn) == 1 and turn[0].tag == w("tr")
            control.body = [_caught(control.body, ROW if one else ROWS)]
            body[index] = _caught([control], TABLE)
            continue
        for branch in _branches(control):
            try:
                _look(branch, inside, namespaces)
            except Unprovable:
                continue


def _caught(body: list[nodes.Node], name: str) -> nodes.FilterBlock:
    line = body[0].lineno if body else 1
    catcher = nodes.Filter(None, name, [], [], None, None, lineno=line)
    return nodes.FilterBlock(body, catcher, lineno=line)


def _branches(control: nodes.Node) -> Iterator[list[nodes.Node]]:
    """Return the bodies of an `if` or a `for`."""
    if isinstance(control, nodes.If):
        yield control.body
        for other in control.elif_:
            yield other.body
        yield control.else_
    elif isinstance(control, nodes.For):
        yield control.body
        yield control.else_


def _outline(body: list[nodes.Node], namespaces: str) -> tuple[Any, list[int]]:
    """Return the markup of these nodes as a tree, and where in `body` its controls stand.

    A processing instruction stands for each `if` and `for`. Raises Unprovable if an element that
    begins here does not end here.
    """
    parts: list[str] = []
    controls: list[int] = []
    for index, node in enumerate(body):
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                parts.append(child.data if isinstance(child, nodes.TemplateData) else _PRINTED)
        elif isinstance(node, (nodes.If, nodes.For)):
            parts.append(f"<?{_CONTROL} {len(controls)}?>")
            controls.append(index)
        elif not isinstance(node, nodes.Assign):
            raise Unprovable
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(f"<root {namespaces}>{''.join(parts)}</root>", parser), controls
    except etree.XMLSyntaxError:
        raise Unprovable from None


def _places(tree: Any, count: int) -> list[Any]:
    places = list(tree.iter(etree.ProcessingInstruction))
    if [place.target for place in places] != [_CONTROL] * count:
        raise Unprovable
    return places


def _parent(node: Any, tree: Any, parent: str) -> str:
    above = node.getparent()
    return parent if above is tree else str(above.tag)


def _prove(body: list[nodes.Node], parent: str, namespaces: str) -> Any:
    """Return the outline of `body`, which stands in an element `parent`.

    Raises Unprovable unless whatever it prints is whole and allowed among rows.
    """
    tree, controls = _outline(body, namespaces)
    for node in tree.iter(etree.Element):
        tag = parent if node is tree else node.tag
        texts = [node.text, *(child.tail for child in node)]
        if tag != w("t") and any(_PRINTED in (text or "") for text in texts):
            raise Unprovable
        if tag in _NOT_IN_ROWS and node is not tree:
            raise Unprovable
        if node is not tree:
            _prove_filled(node)
        elif tag == w("tbl") and any(child.tag != w("tr") for child in node.iterchildren(W + "*")):
            raise Unprovable
    for place in _places(tree, len(controls)):
        control = body[controls[int(place.text)]]
        for branch in _branches(control):
            _prove(branch, _parent(place, tree, parent), namespaces)
    return tree


def _prove_filled(element: Any) -> None:
    """Word wants a cell in each row and a paragraph at the end of each cell, come what may."""
    if element.tag == w("tr") and element.find(w("tc")) is None:
        raise Unprovable
    if element.tag == w("tc") and (len(element) == 0 or element[-1].tag != w("p")):
        raise Unprovable
