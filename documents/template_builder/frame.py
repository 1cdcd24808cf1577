"""The common frame of official letters: page, letterhead, title, tables, signature, footer."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Arial"
LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
A4_SHORT, A4_LONG = Cm(21.0), Cm(29.7)
MADE_ON = datetime(2026, 1, 1)  # fixed, so that the same script makes the same bytes


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, width in cm, and what each row prints."""

    heading: str
    width: float
    cell: str
    align: Any = LEFT


def element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


class Letter:
    """A Word file under construction. Texts may hold Jinja tags of docxtpl."""

    def __init__(self, *, size: float = 11) -> None:
        self.document = Document()
        self._style(size)
        self._page(self.document.sections[0], landscape=False)
        self._footer()
        properties = self.document.core_properties
        properties.author, properties.title, properties.comments = "", "", ""
        properties.created = properties.modified = MADE_ON
        properties.last_modified_by = ""

    def _style(self, size: float) -> None:
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(size)
        fonts = normal.element.rPr.rFonts
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        normal.element.rPr.append(element("w:lang", val="id-ID", eastAsia="id-ID"))
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.08

    def _page(self, section: Any, *, landscape: bool) -> None:
        width, height = (A4_LONG, A4_SHORT) if landscape else (A4_SHORT, A4_LONG)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        section.top_margin = Cm(1.3 if landscape else 1.8)
        section.bottom_margin = Cm(1.6)
        section.left_margin, section.right_margin = Cm(2.5), Cm(2.0)
        section.footer_distance, section.header_distance = Cm(0.9), Cm(0.9)

    def _footer(self, width: float = 16.5) -> None:
        footer = self.document.sections[-1].footer
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style = self.document.styles["Normal"]  # "Footer" has tab stops of its own
        line.paragraph_format.tab_stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT)
        self._border(line, "top", "single", "4", space="4", color="7F7F7F")
        self._small(line.add_run("SOPan · berkas {{ berkas }} · putaran {{ versi }}"))
        self._small(line.add_run("\tHalaman "))
        self._field(line, "PAGE")
        self._small(line.add_run(" dari "))
        self._field(line, "NUMPAGES")

    def _small(self, run: Any) -> Any:
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x59, 0x59, 0x59)
        return run

    def _field(self, paragraph: Any, instruction: str) -> None:
        for kind in ("begin", "separate", "end"):
            run = self._small(paragraph.add_run())
            run._r.append(element("w:fldChar", fldCharType=kind))
            if kind == "begin":
                text = OxmlElement("w:instrText")
                text.set(qn("xml:space"), "preserve")
                text.text = f" {instruction} "
                self._small(paragraph.add_run())._r.append(text)
            elif kind == "separate":
                self._small(paragraph.add_run("1"))

    def _border(
        self, paragraph: Any, side: str, line: str, size: str, *, space: str, color: str
    ) -> None:
        borders = element("w:pBdr")
        borders.append(element(f"w:{side}", val=line, sz=size, space=space, color=color))
        properties = paragraph._p.get_or_add_pPr()
        # The schema wants the border before spacing, indents and alignment.
        for later in ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"):
            found = properties.find(qn(later))
            if found is not None:
                found.addprevious(borders)
                return
        properties.append(borders)

    # --- pieces of a letter ---

    def text(
        self,
        text: str,
        *,
        align: Any = None,
        bold: bool = False,
        underline: bool = False,
        size: float | None = None,
        before: float = 0,
        after: float = 0,
        indent: float = 0,
        hanging: float = 0,
        keep: bool = False,
        into: Any = None,
    ) -> Any:
        """Add a paragraph (to a cell, where one is given)."""
        paragraph = (into or self.document).add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.underline = bold or None, underline or None
        if size:
            run.font.size = Pt(size)
        shape = paragraph.paragraph_format
        if size and not text:  # a gap: an empty line would be as high as a written one
            shape.line_spacing = Pt(size)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        if indent or hanging:
            shape.left_indent, shape.first_line_indent = Cm(indent), Cm(-hanging)
        shape.keep_with_next = keep or None
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def tag(self, code: str, *, into: Any = None) -> None:
        """Add a paragraph that only carries a tag; it vanishes when the template is filled."""
        self.text("{%p " + code + " %}", into=into)

    def letterhead(self) -> None:
        self.text("{{ kop.pemerintah|upper }}", align=CENTER, bold=True, size=13)
        self.text("{{ kop.nama|upper }}", align=CENTER, bold=True, size=16)
        address = self.text("{{ kop.alamat }}", align=CENTER, size=9, after=10)
        self._border(address, "bottom", "thinThickSmallGap", "24", space="4", color="000000")

    def title(self, text: str, *lines: str) -> None:
        """Add the title, lines below it, and the number where the document has one."""
        self.text(text, align=CENTER, bold=True, underline=True, size=13, before=4, keep=True)
        for line in lines:
            self.text(line, align=CENTER, keep=True)
        self.tag("if nomor")
        self.text("Nomor: {{ nomor }}", align=CENTER, keep=True)
        self.tag("endif")
        self.text("", size=6)

    def heading(self, text: str) -> None:
        self.text(text, bold=True, before=10, after=3, keep=True)

    def body(self, text: str, *, before: float = 0, after: float = 6, first: float = 1.25) -> None:
        paragraph = self.text(text, align=JUSTIFY, before=before, after=after)
        paragraph.paragraph_format.first_line_indent = Cm(first)

    def each(self, loop: str, text: str, *, into: Any = None, indent: float = 0.7) -> None:
        """Add one hanging paragraph per row of the loop (`row in rows`)."""
        self.tag(f"for {loop}", into=into)
        self.text(text, into=into, align=JUSTIFY, indent=indent, hanging=0.7)
        self.tag("endfor", into=into)

    def table(
        self,
        loop: str,
        columns: Sequence[Column],
        *,
        size: float = 9.5,
        total: Sequence[str] = (),
    ) -> Any:
        """Add a table with one row per row of the loop; its heading is repeated on each page."""
        rows = 4 + bool(total)
        table = self.grid(rows, [c.width for c in columns])
        heading, start, row, end = (table.rows[i] for i in range(4))
        self.repeat(heading)
        for cell, column in zip(heading.cells, columns, strict=True):
            self.fill(cell, column.heading, bold=True, align=CENTER, size=size, shade="E7E6E6")
        self.fill(start.cells[0], "{%tr for " + loop + " %}", size=size)
        for cell, column in zip(row.cells, columns, strict=True):
            self.fill(cell, column.cell, align=column.align, size=size)
        self.fill(end.cells[0], "{%tr endfor %}", size=size)
        if total:
            for cell, text, column in zip(table.rows[4].cells, total, columns, strict=True):
                self.fill(cell, text, bold=True, align=column.align, size=size, shade="F2F2F2")
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
    ) -> None:
        """Add a table, or one sentence where the list is empty."""
        self.tag(f"if {name}")
        self.table(loop, columns, size=size)
        self.tag("else")
        self.text(otherwise, after=4)
        self.tag("endif")

    def grid(self, rows: int, widths: Sequence[float], *, borders: bool = True) -> Any:
        table = self.document.add_table(rows=rows, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if borders:
            table.style = self.document.styles["Table Grid"]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        self._cell_margins(table, 0.12)
        return table

    def _cell_margins(self, table: Any, side: float) -> None:
        margins = element("w:tblCellMar")
        for name, width in (("top", 0.04), ("left", side), ("bottom", 0.04), ("right", side)):
            margins.append(element(f"w:{name}", w=str(round(width * 567)), type="dxa"))
        table._tbl.tblPr.append(margins)

    def repeat(self, row: Any) -> None:
        row._tr.get_or_add_trPr().append(element("w:tblHeader"))

    def fill(
        self,
        cell: Any,
        text: str,
        *,
        align: Any = LEFT,
        bold: bool = False,
        size: float = 9.5,
        shade: str = "",
    ) -> Any:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = align
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold or None, Pt(size)
        paragraph.paragraph_format.line_spacing = 1.0
        if shade:
            cell._tc.get_or_add_tcPr().append(
                element("w:shd", val="clear", color="auto", fill=shade)
            )
        return paragraph

    def pairs(
        self, rows: Sequence[tuple[str, str]], *, label: float = 4.0, width: float = 16.5
    ) -> None:
        """Add lines of the form `label : value` without borders."""
        table = self.grid(len(rows), [label, 0.5, width - label - 0.5], borders=False)
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        for row, (name, value) in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, (name, ":", value), strict=True):
                self.fill(cell, text, size=11)

    def signature(
        self,
        *,
        dated: str = "{{ tempat }}, {{ tanggal }}",
        space: float = 8.0,
        size: float | None = None,
    ) -> None:
        """Add the block at the right: office, space, name in bold and underlined, rank, NIP."""
        self.text("", size=8, keep=True)
        cell = self.grid(1, [space, 8.5], borders=False).rows[0].cells[1]
        self._signed(cell, dated, size)

    def _signed(self, cell: Any, dated: str, size: float | None = None) -> None:
        if dated:
            self.text(dated, into=cell, size=size, keep=True)
        self.tag("if ttd.a_n", into=cell)
        self.text("a.n. {{ ttd.a_n }}", into=cell, bold=True, size=size, keep=True)
        self.tag("endif", into=cell)
        self.text("{{ ttd.jabatan }},", into=cell, bold=True, size=size, keep=True)
        self._name(cell, "ttd", size)

    def _name(self, cell: Any, who: str, size: float | None = None) -> None:
        """Room for the signature, then the name; a person without NIP has none printed."""
        for _ in range(3):
            self.text("", into=cell, size=(size or 11) * 1.35, keep=True)
        name = "{{ " + who + ".nama }}"
        self.text(name, into=cell, bold=True, underline=True, size=size, keep=True)
        self.tag(f"if {who}.pangkat", into=cell)
        self.text("{{ " + who + ".pangkat }}", into=cell, size=size, keep=True)
        self.tag("endif", into=cell)
        self.tag(f"if {who}.nip", into=cell)
        self.text("NIP. {{ " + who + ".nip }}", into=cell, size=size)
        self.tag("endif", into=cell)
        # Word puts an empty paragraph first into each cell; it would push the block down.
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)

    def two_signatures(self, who: str) -> None:
        """Add two blocks: the signatory who acknowledges at the left, the person at the right."""
        self.text("", size=8, keep=True)
        left, right = self.grid(1, [8.25, 8.25], borders=False).rows[0].cells
        self._signed(left, "Mengetahui,")
        self.text("{{ tempat }}, {{ tanggal }}", into=right, keep=True)
        self.text("Yang menyatakan,", into=right, bold=True, keep=True)
        self._name(right, who)

    def carbon_copy(self, *receivers: str) -> None:
        self.text("Tembusan:", before=8, size=10, underline=True, keep=True)
        for number, receiver in enumerate(receivers, start=1):
            self.text(f"{number}.\t{receiver}", size=10, indent=0.7, hanging=0.7)

    def landscape(self, *, margin: float = 1.0) -> None:
        """Begin a landscape page; what follows stands on it."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self._page(section, landscape=True)
        section.left_margin = section.right_margin = Cm(margin)
        self._footer(29.7 - 2 * margin)

    def portrait(self) -> None:
        self._page(self.document.add_section(WD_SECTION.NEW_PAGE), landscape=False)
        self._footer()

    def content(self) -> bytes:
        """Return the file; the same letter gives the same bytes."""
        raw, tidy = io.BytesIO(), io.BytesIO()
        self.document.save(raw)
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(tidy, "w") as target:
            for name in source.namelist():
                member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(member, source.read(name))
        return tidy.getvalue()
