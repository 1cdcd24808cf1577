"""Tables: fixed layout (LibreOffice lays them out many times faster), heads on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt

from documents.template_builder.frame.elements import element, put, shade
from documents.template_builder.frame.writing import CENTER, LEFT, Writing

HEAD, SUM = "E7E6E6", "F2F2F2"
TWIPS_PER_CM = 567


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, width (a share of the page), and what each row prints."""

    heading: str
    width: float
    cell: str
    align: Any = LEFT


class Tables(Writing):
    """Adds tables. Widths are shares: a table always fills the page between its margins."""

    def table(
        self,
        loop: str,
        columns: Sequence[Column],
        *,
        size: float = 9.5,
        total: Sequence[str] = (),
    ) -> Any:
        """Add a table with one row per row of the loop; its heading is repeated on each page.

        `total` are the texts of a last row, one per column.
        """
        table = self.grid(4 + bool(total), [c.width for c in columns])
        heading, start, row, end = (table.rows[i] for i in range(4))
        self.repeat(heading)
        for cell, column in zip(heading.cells, columns, strict=True):
            self.fill(cell, column.heading, bold=True, align=CENTER, size=size, color=HEAD)
        self.fill(start.cells[0], "{%tr for " + loop + " %}", size=size)
        for cell, column in zip(row.cells, columns, strict=True):
            self.fill(cell, column.cell, align=column.align, size=size)
        self.fill(end.cells[0], "{%tr endfor %}", size=size)
        if total:
            for cell, text, column in zip(table.rows[4].cells, total, columns, strict=True):
                self.fill(cell, text, bold=True, align=column.align, size=size, color=SUM)
        self.text("", size=6)
        return table

    def table_or(
        self,
        name: str,
        otherwise: str,
        loop: str,
        columns: Sequence[Column],
        *,
        size: float = 9.5,
        total: Sequence[str] = (),
    ) -> None:
        """Add a table, or one sentence where the list is empty."""
        self.tag(f"if {name}")
        self.table(loop, columns, size=size, total=total)
        self.tag("else")
        self.text(otherwise, after=4)
        self.tag("endif")

    def grid(
        self,
        rows: int,
        widths: Sequence[float],
        *,
        borders: bool = True,
        exact: bool = False,
        into: Any = None,
    ) -> Any:
        """Add an empty table of fixed layout whose rows do not break across pages.

        `exact` takes the widths as cm instead of shares, for tables whose columns `{%tc for %}`
        repeats.
        """
        scale = 1.0 if exact else self.width / sum(widths)
        if into is None:
            table = self.document.add_table(rows=rows, cols=len(widths))
        else:
            table = into.add_table(rows, len(widths), Cm(self.width))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        table.style = self.document.styles["Table Grid" if borders else "Normal Table"]
        if not exact:
            whole = round(self.width * TWIPS_PER_CM)
            put(table._tbl.tblPr, element("w:tblW", w=str(whole), type="dxa"))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width * scale)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width * scale)
        self.margins(table, side=0.12)
        return table

    def margins(self, table: Any, *, side: float, top: float = 0.04) -> None:
        """Set the room around what stands in the cells, in cm."""
        margins = element("w:tblCellMar")
        for name, width in (("top", top), ("left", side), ("bottom", top), ("right", side)):
            margins.append(element(f"w:{name}", w=str(round(width * TWIPS_PER_CM)), type="dxa"))
        put(table._tbl.tblPr, margins)

    def lines(self, table: Any) -> None:
        """Draw the lines of a grid made without `borders`, by the table and not by its style.

        LibreOffice converts a table of many cells in three quarters of the time.
        """
        borders = element("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="auto"))
        put(table._tbl.tblPr, borders)

    def cell_style(self, name: str, *, align: Any, size: float) -> Any:
        """Return a new paragraph style for cells that are too many to say all of it in each."""
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.document.styles["Normal"]
        style.font.size = Pt(size)
        style.paragraph_format.alignment, style.paragraph_format.line_spacing = align, 1.0
        return style

    def repeat(self, row: Any) -> None:
        """Print the row again at the head of every page."""
        row._tr.get_or_add_trPr().append(element("w:tblHeader"))

    def fill(
        self,
        cell: Any,
        text: str,
        *,
        align: Any = LEFT,
        bold: bool = False,
        size: float = 9.5,
        color: str = "",
        keep: bool = False,
    ) -> Any:
        """Write into the first paragraph of a cell; `color` is the ground behind it (RRGGBB)."""
        paragraph = cell.paragraphs[0]
        paragraph.alignment = align
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold or None, Pt(size)
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.paragraph_format.keep_with_next = keep or None
        if not text or text.endswith("%}"):  # nothing printed: the line is as high as its mark
            mark = element("w:rPr")
            mark.append(element("w:sz", val=str(round(size * 2))))
            put(paragraph._p.get_or_add_pPr(), mark)
        if color:
            shade(cell, color)
        return paragraph

    def pairs(
        self, rows: Sequence[tuple[str, str]], *, label: float = 4.0, size: float | None = None
    ) -> None:
        """Add lines of the form `label : value` without borders; label in cm."""
        table = self.grid(len(rows), [label, 0.4, self.width - label - 0.4], borders=False)
        self.margins(table, side=0)
        for row, (name, value) in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, (name, ":", value), strict=True):
                self.fill(cell, text, size=size or self.size)
