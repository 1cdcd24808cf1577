"""Long tables, fast: rows go around the library as text and are put in when all else is done.

A `{%tr for %}` writes most of a matrix. Parsing, mending and writing those rows costs ten times
their text; so the rows are caught while Jinja writes them, one of them stays in the table as a
sample, and the others take its place in the finished file. Nothing parses these rows any more: only
what the template proves to be well-formed (`catching`) is caught.
"""

import re
import secrets
from collections.abc import Iterator
from itertools import chain
from typing import Any

from jinja2 import nodes, pass_context

from documents.renderer.catching import ROW, ROWS, SPANNED, TABLE, catch_rows

Row = list[str]  # in pieces: most of them are the same text in all rows, kept once
MAX_PART = 256 * 1024 * 1024
AT_ONCE = 8  # rows that are put together: some hundred kilobytes stay near the processor
_SPAN = re.compile(r'<w:gridSpan w:val="(\d+)"')
_WIDTH = re.compile(r'<w:tcW [^<>]*w:type="dxa"')


class Rows:
    """The rows of one document that were caught while it was rendered."""

    def __init__(self) -> None:
        self.mark = f"sopan{secrets.token_hex(8)}"
        self.caught: list[Row] = []
        self.tables: list[list[Row]] = []

    @property
    def filters(self) -> dict[str, Any]:
        """What Jinja calls with one row, with any number of rows, and at the end of them."""
        return {ROW: self.row, ROWS: self.rows, TABLE: self.table, SPANNED: self.spanned}

    def row(self, pieces: Row) -> None:
        """Keep what one turn of the loop wrote; nothing of it stays where it was."""
        self.caught.append(pieces)

    @pass_context
    def rows(self, context: Any, text: str) -> str:
        """Keep what was written where any number of rows may be."""
        self.caught += [[row, "</w:tr>"] for row in text.split("</w:tr>")[:-1]]
        return ""

    @pass_context
    def table(self, context: Any, text: str) -> str:
        """Leave the widest row between two comments; `text` is what was not caught."""
        rows, self.caught = self.caught, []
        counts = _Counts()
        return self._sampled(rows, [sum(map(counts.__getitem__, row)) for row in rows], text)

    @pass_context
    def spanned(self, context: Any, text: str) -> str:
        """Do as `table` where a cell may span several columns, which only the whole row tells."""
        rows, self.caught = self.caught, []
        return self._sampled(rows, [_columns("".join(row)) for row in rows], text)

    def _sampled(self, rows: list[Row], widths: list[int], text: str) -> str:
        if not rows:
            return text
        most = max(widths)
        widest = (row for row, width in zip(rows, widths, strict=True) if width == most)
        sample = next(filter(_has_widths, map("".join, widest)), None)
        if sample is None:
            sample = "".join(rows[widths.index(most)])
        name = f"{self.mark}-{len(self.tables)}"
        self.tables.append(rows)
        return f"<!--{name}-->{sample}<!--/{name}-->"

    def spliced(self, xml: bytes) -> Iterator[bytes]:
        """Yield the part piece by piece, with all rows in the places of their samples.

        Raises MemoryError beyond what any part may be: rows that are the same in all their pieces
        take no memory here, but would take it from whoever opens the file.
        """
        size = 0
        for piece in self._pieces(xml):
            size += len(piece)
            if size > MAX_PART:
                raise MemoryError
            yield piece

    def _pieces(self, xml: bytes) -> Iterator[bytes]:
        end = 0
        for number, rows in enumerate(self.tables):
            name = f"{self.mark}-{number}".encode()
            begin = xml.index(b"<!--%s-->" % name)
            yield xml[end:begin]
            end = xml.index(b"<!--/%s-->" % name, begin) + len(name) + 8
            for start in range(0, len(rows), AT_ONCE):
                yield "".join(chain.from_iterable(rows[start : start + AT_ONCE])).encode()
        yield xml[end:]

    def catch(self, tree: nodes.Template) -> None:
        """Change the syntax tree so that provable rows are caught."""
        catch_rows(tree)


class _Counts(dict[str, int]):
    """How many cells end in a piece of a row, counted once."""

    def __missing__(self, piece: str) -> int:
        self[piece] = count = _cells(piece)
        return count


def _cells(row: str) -> int:
    return row.count("</w:tc>")


def _columns(row: str) -> int:
    return _cells(row) + sum(int(span) - 1 for span in _SPAN.findall(row))


def _has_widths(row: str) -> bool:
    """Tell whether each cell says its width: columns are made after the first such row."""
    return len(_WIDTH.findall(row)) == _cells(row)
