"""Which rows of tables may go around the library (`rows`): those that a template proves whole.

Caught are all rows of a table in which a loop writes rows, or, where the rest of the table proves
nothing, those of the loop alone. Proven means: whatever the data, what is printed stands in a w:t,
every element that begins ends, and each row has a cell and each cell a paragraph.
"""

import re
from itertools import groupby
from typing import Any

from jinja2 import nodes
from lxml import etree

from documents.renderer.names import W, w
from documents.renderer.turns import branches, remember, statements

# Names of filters that no template can write.
ROW, ROWS, TABLE, SPANNED = " row", " rows", " table", " spanned"
_PRINTED = "\ue000"  # stands for a {{ }} while the template is looked at
_CONTROL = "sopan"
_NAMESPACE = re.compile(r'xmlns:[\w.-]+="[^"<>]*"')
_BEGIN, _END = "</w:tblGrid>", "</w:tbl>"  # between them stand the rows of a table
_EDGES = re.compile(f"(?<={_BEGIN})|(?={_END})")
# What needs the rest of the document: numbers of its own, relations, fields, tables in cells.
_NOT_IN_ROWS = frozenset(map(w, (
    "tbl", "drawing", "pict", "object", "fldChar", "fldSimple", "instrText", "sdt", "gridBefore",
    "gridAfter", "altChunk", "subDoc", "footnoteReference", "endnoteReference",
)))  # fmt: skip


def _told(*conditions: str) -> etree.XPath:
    """Return what tells whether one of these conditions holds in an outline."""
    query = f"boolean({' or '.join(conditions)})"
    return etree.XPath(query, namespaces={"w": W[1:-1]})


_WRONG = _told(
    # Words between elements, or where an office's comment would let them out.
    f"descendant::*[not(self::w:t)]/text()[contains(., '{_PRINTED}')]",
    f"descendant::comment()[contains(., '{_PRINTED}')]",
    # Word wants a cell in each row and a paragraph at the end of each cell, come what may.
    "descendant::w:tr[not(w:tc)]",
    "descendant::w:tc[not((*|comment()|processing-instruction())[last()][self::w:p])]",
)
_PRINTED_HERE = _told(f"text()[contains(., '{_PRINTED}')]")
_NO_ROWS_HERE = _told("*[not(self::w:tr)]", "text()[normalize-space()]")


class Unprovable(Exception):
    """The template does not prove that its rows are whole."""


def catch_rows(tree: nodes.Template) -> None:
    """Wrap, in the syntax tree of a part, what may be caught."""
    head = next((data.data for data in tree.find_all(nodes.TemplateData)), "")
    namespaces = " ".join(sorted(set(_NAMESPACE.findall(head.partition(">")[0]))))
    try:
        _look(tree.body, "", namespaces)
    except Unprovable:
        return


def _look(body: list[nodes.Node], parent: str, namespaces: str) -> None:
    """Wrap every provable table and loop over rows in `body`, which stands in a `parent`."""
    body[:] = _with_tables(body, namespaces)
    tree, controls = _outline(body, namespaces)
    for place in _places(tree, len(controls)):
        index = controls[int(place.text)]
        control, inside = body[index], _parent(place, tree, parent)
        if isinstance(control, nodes.For) and inside == w("tbl"):
            try:
                _prove(control.body, inside, namespaces)
            except Unprovable:
                continue
            _catch_turns(control, namespaces)
            body[index] = _table([control])
            continue
        for branch in branches(control):
            try:
                _look(branch, inside, namespaces)
            except Unprovable:
                continue


def _with_tables(body: list[nodes.Node], namespaces: str) -> list[nodes.Node]:
    """Return the same nodes, with all rows of each provable table wrapped together."""
    done: list[nodes.Node] = []
    table: list[nodes.Node] | None = None
    for node in (part for whole in body for part in _cut(whole)):
        if table is not None and _data(node, 0).startswith(_END):
            done += _whole_table(table, namespaces)
            table = None
        (done if table is None else table).append(node)
        if _data(node, -1).endswith(_BEGIN):
            done += table or []
            table = []
    return done + (table or [])


def _cut(node: nodes.Node) -> list[nodes.Node]:
    """Return the text of a template in pieces: they end before and after the rows of a table."""
    if not isinstance(node, nodes.Output):
        return [node]
    pieces: list[list[nodes.Expr]] = [[]]
    for child in node.nodes:
        if not isinstance(child, nodes.TemplateData):
            pieces[-1].append(child)
            continue
        for number, text in enumerate(_EDGES.split(child.data)):
            if number > 0:
                pieces.append([])
            if text:
                pieces[-1].append(nodes.TemplateData(text, lineno=child.lineno))
    return [nodes.Output(piece, lineno=node.lineno) for piece in pieces if piece]


def _data(node: nodes.Node, index: int) -> str:
    """Return the first or last text of an output, "" where it prints something else."""
    child = node.nodes[index] if isinstance(node, nodes.Output) else None
    return child.data if isinstance(child, nodes.TemplateData) else ""


def _whole_table(rows: list[nodes.Node], namespaces: str) -> list[nodes.Node]:
    """Return what catches all rows of a table; the same nodes if they prove nothing."""
    try:
        tree, controls = _prove(rows, w("tbl"), namespaces)
    except Unprovable:
        return rows
    among = (place for place in _places(tree, len(controls)) if place.getparent() is tree)
    loops = {index for place in among if _is_loop(rows[index := controls[int(place.text)]])}
    # What a `set` names would be forgotten at the end of what is caught together.
    if not loops or any(isinstance(node, nodes.Assign) for node in statements(rows)):
        return rows
    caught: list[nodes.Node] = []
    for whole, group in groupby(range(len(rows)), key=loops.__contains__):
        inside = [rows[index] for index in group]
        if whole:
            for loop in inside:
                _catch_turns(loop, namespaces)
        caught += inside if whole else [_caught(inside, ROWS)]
    return [_table(caught)]


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.For)


def _catch_turns(loop: Any, namespaces: str) -> None:
    """Wrap what a proven loop writes in each turn, and what it writes when it has none."""
    turn, _ = _outline(loop.body, namespaces)
    remember(loop.body)
    one = len(turn) == 1 and turn[0].tag == w("tr")
    loop.body = [_caught(loop.body, ROW if one else ROWS)]


def _table(body: list[nodes.Node]) -> nodes.FilterBlock:
    return _caught(body, SPANNED if any(map(_spans, statements(body))) else TABLE)


def _spans(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and any(
        isinstance(child, nodes.TemplateData) and "gridSpan" in child.data for child in node.nodes
    )


def _caught(body: list[nodes.Node], name: str) -> nodes.FilterBlock:
    line = body[0].lineno if body else 1
    catcher = nodes.Filter(None, name, [], [], None, None, lineno=line)
    return nodes.FilterBlock(body, catcher, lineno=line)


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
        elif not isinstance(node, (nodes.Assign, nodes.FilterBlock)):  # a table caught as a whole
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


def _prove(body: list[nodes.Node], parent: str, namespaces: str) -> tuple[Any, list[int]]:
    """Return the outline of `body`, which stands in an element `parent`, and its controls.

    Raises Unprovable unless whatever it prints is whole and allowed among rows.
    """
    tree, controls = _outline(body, namespaces)
    if next(tree.iter(*_NOT_IN_ROWS), None) is not None:
        raise Unprovable
    if _WRONG(tree) or (parent != w("t") and _PRINTED_HERE(tree)):
        raise Unprovable
    if parent == w("tbl") and _NO_ROWS_HERE(tree):
        raise Unprovable
    for place in _places(tree, len(controls)):
        control = body[controls[int(place.text)]]
        for branch in branches(control):
            _prove(branch, _parent(place, tree, parent), namespaces)
    return tree, controls
