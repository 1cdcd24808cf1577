"""Lembar SOP as Permenpan 35/2012 has it: the head on one page, the table of the flow after it.

The signs of the flow are one picture per row, in a cell without margins and as high as the row,
so that lines meet at the edges of rows. The lanes stand in tables within the head of that column,
since their number differs from SOP to SOP.
"""

from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.shared import Cm, Pt

from documents.template_builder.frame import CENTER, HEAD, Letter, element, put
from documents.template_builder.frame.elements import LOGO
from workflows.drawing.sop_flow_layout import WIDTH
from workflows.drawing.sop_sheet import ACTIVITY, LETTERS, NOTE, OUTPUT, REQUIREMENTS, TIME

NUMBER, FLOW = 0.9, WIDTH / 100
SIZE = LETTERS
LANES, LANE_END = "{%tc for jalur in lembar.pelaksana %}", "{%tc endfor %}"


def sop_sheet() -> bytes:
    """The head of the sheet, then a table per page of the flow, then its sum and notes."""
    letter = Letter(size=10, paper="F4", landscape=True, margin=1.5)
    letter.text("STANDAR OPERASIONAL PROSEDUR (SOP)", align=CENTER, bold=True, size=13, after=6)
    _who_and_what(letter)
    letter.text("", size=4)
    _conditions(letter)
    letter.tag("for halaman in lembar.halaman")
    page = letter.text("", size=1)
    page.paragraph_format.page_break_before = True
    _flow(letter)
    letter.tag("endfor")
    _sum(letter)
    letter.tag("for kalimat in lembar.catatan")
    letter.text("{{ kalimat }}", size=SIZE, before=2)
    letter.tag("endfor")
    letter.text(
        "Lembar ini disusun dari alur dan mutu baku yang dijalankan (versi {{ lembar.versi }}); "
        "anak panah dengan huruf berlanjut di halaman yang memuat huruf yang sama.",
        size=7.5,
        before=4,
    )
    return letter.content()


def _who_and_what(letter: Letter) -> None:
    """Whose SOP it is at the left, its number and dates at the right."""
    table = letter.grid(1, [1.0, 1.5])
    letter.margins(table, side=0.15, top=0)
    left, right = table.rows[0].cells
    _no_margins(right)
    left.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    first = left.paragraphs[0]
    first.alignment = CENTER
    letter.picture(first, LOGO, "logo", width=2.2)
    for text in ("{{ kop.pemerintah|upper }}", "{{ kop.nama|upper }}"):
        letter.text(text, align=CENTER, bold=True, size=11, into=left, before=2)
    letter.tag("if lembar.unit", into=left)
    letter.text("{{ lembar.unit|upper }}", align=CENTER, bold=True, size=11, into=left)
    letter.tag("endif", into=left)
    rows = [
        ("Nomor SOP", "{{ lembar.nomor }}"),
        ("Tanggal Pembuatan", "{{ lembar.dibuat }}"),
        ("Tanggal Revisi", "{{ lembar.direvisi }}"),
        ("Tanggal Efektif", "{{ lembar.efektif }}"),
        ("Disahkan oleh", "{{ lembar.disahkan }}"),
        ("Judul SOP", "{{ lembar.judul|upper }}"),
    ]
    inner = _within(letter, right, len(rows), [4.2, 13.8])
    for row, (name, value) in zip(inner.rows, rows, strict=True):
        letter.fill(row.cells[0], name, size=10)
        letter.fill(row.cells[1], value, size=10, bold=name == "Judul SOP")
    letter.margins(inner, side=0.12, top=0.08)
    _inner_lines(inner, "insideH", "insideV")


def _conditions(letter: Letter) -> None:
    """What the SOP rests on, needs and is tied to, two by two."""
    lists = [
        ("Dasar Hukum", "dasar"), ("Kualifikasi Pelaksana", "kualifikasi"),
        ("Keterkaitan", "keterkaitan"), ("Peralatan/Perlengkapan", "peralatan"),
        ("Peringatan", ""), ("Pencatatan dan Pendataan", "pencatatan"),
    ]  # fmt: skip
    table = letter.grid(3, [1.5, 1.0])
    letter.margins(table, side=0.15, top=0.08)
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, (label, name) in zip(cells, lists, strict=True):
        letter.fill(cell, label, bold=True, size=9.5)
        if name:
            letter.tag(f"for satu in lembar.{name}", into=cell)
            text = "{{ loop.index }}.\t{{ satu }}"
            letter.text(text, into=cell, size=9.5, indent=0.6, hanging=0.6)
            letter.tag("endfor", into=cell)
        else:
            letter.text("{{ lembar.peringatan }}", into=cell, size=9.5)


def _flow(letter: Letter) -> None:
    """The SOP-AP table of one page; its three heads stand on each."""
    widths = [NUMBER, ACTIVITY, FLOW, REQUIREMENTS, TIME, OUTPUT, NOTE]
    table = letter.grid(6, widths)
    # Word gives all cells of a row the largest of their upper and lower margins.
    letter.margins(table, side=0.12, top=0)
    titles = ["No.", "Tahap Kegiatan", "Pelaksana", "Mutu Baku", "", "", "Keterangan"]
    for cell, text in zip(table.rows[0].cells, titles, strict=True):
        _head(letter, cell, text)
    table.rows[0].cells[3].merge(table.rows[0].cells[5])
    names: list[str | None] = ["", "", None, "Kelengkapan", "Waktu", "Output", ""]
    for index, (cell, name) in enumerate(zip(table.rows[1].cells, names, strict=True)):
        if name is None:
            _lanes(letter, cell, "{{ jalur }}", bold=True)
        else:
            _head(letter, cell, name)
        if index in (0, 1, 6):
            _joined(table.rows[0].cells[index], cell)
    after = ["{{ lembar.pelaksana|length + " + place + " }}" for place in "3456"]
    numbers: list[str | None] = ["1", "2", None, *after]
    for cell, number in zip(table.rows[2].cells, numbers, strict=True):
        if number is None:
            _lanes(letter, cell, "{{ loop.index + 2 }}")
        else:
            letter.fill(cell, number, size=7, align=CENTER)
    for row in table.rows[:3]:
        letter.repeat(row)
    _rows(letter, table)


def _rows(letter: Letter, table: Any) -> None:
    letter.fill(table.rows[3].cells[0], "{%tr for langkah in halaman.langkah %}", size=SIZE)
    texts: list[str | None] = [
        "{{ langkah.no }}.", "{{ langkah.kegiatan }}", None, "{{ langkah.kelengkapan }}",
        "{{ langkah.waktu }}", "{{ langkah.output }}", "{{ langkah.keterangan }}",
    ]  # fmt: skip
    for place, (cell, text) in enumerate(zip(table.rows[4].cells, texts, strict=True)):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        if text is None:
            _picture(letter, cell)
        else:
            letter.fill(cell, text, size=SIZE, align=CENTER if place in (0, 4) else None)
    letter.fill(table.rows[5].cells[0], "{%tr endfor %}", size=SIZE)


def _picture(letter: Letter, cell: Any) -> None:
    """The row's part of the flow, edge to edge: no margin, no line higher than the picture."""
    _no_margins(cell)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.0
    letter.picture(paragraph, LOGO, "alur", width=FLOW)
    inline = paragraph._p.find(".//{*}inline")
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")  # LibreOffice takes 3 mm where nothing is said
    inline.docPr.set("descr", "gambar {{ langkah.gambar }} | {{ langkah.kata }}")
    for run in paragraph.runs:
        run.font.size = Pt(1)
    _small_mark(paragraph)


def _sum(letter: Letter) -> None:
    table = letter.grid(1, [1.0])
    letter.fill(
        table.rows[0].cells[0], "Waktu yang diperlukan: {{ lembar.jumlah }}", bold=True, size=9,
        color=HEAD,
    )  # fmt: skip


def _lanes(letter: Letter, cell: Any, text: str, *, bold: bool = False) -> None:
    """A table of one row within a cell: a column per lane, all of one width."""
    _no_margins(cell)
    inner = _within(letter, cell, 1, [FLOW / 3] * 3)
    put(inner._tbl.tblPr, element("w:tblW", w=str(round(FLOW * 567)), type="dxa"))
    letter.margins(inner, side=0.05, top=0.02)
    for inside, content in zip(inner.rows[0].cells, (LANES, text, LANE_END), strict=True):
        width = inside._tc.get_or_add_tcPr().find("{*}tcW")
        inside._tc.tcPr.remove(width)  # cells that say no width share the table's
        letter.fill(inside, content, size=SIZE if bold else 7, bold=bold, align=CENTER)
        if bold:
            inside.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _inner_lines(inner, "insideV")


def _inner_lines(table: Any, *sides: str) -> None:
    borders = element("w:tblBorders")
    for side in sides:
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="auto"))
    put(table._tbl.tblPr, borders)


def _within(letter: Letter, cell: Any, rows: int, widths: list[float]) -> Any:
    """Return a table in a cell, before the paragraph that every cell ends with."""
    table = cell.add_table(rows, len(widths))
    table.autofit = False
    table.style = letter.document.styles["Normal Table"]
    for row in table.rows:
        for inside, width in zip(row.cells, widths, strict=True):
            inside.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    first, last = cell.paragraphs[0], cell.paragraphs[-1]
    first._p.getparent().remove(first._p)
    last.paragraph_format.line_spacing = Pt(1)
    _small_mark(last)
    return table


def _small_mark(paragraph: Any) -> None:
    """Make the end of a paragraph so small that it takes no room."""
    mark = element("w:rPr")
    mark.append(element("w:sz", val="2"))
    put(paragraph._p.get_or_add_pPr(), mark)


def _head(letter: Letter, cell: Any, text: str) -> None:
    if text:
        letter.fill(cell, text, bold=True, align=CENTER, size=SIZE + 0.5, color=HEAD)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _joined(upper: Any, lower: Any) -> None:
    """Make one cell of two that lie on each other."""
    put(upper._tc.get_or_add_tcPr(), element("w:vMerge", val="restart"))
    put(lower._tc.get_or_add_tcPr(), element("w:vMerge"))


def _no_margins(cell: Any) -> None:
    margins = element("w:tcMar")
    for side in ("top", "left", "bottom", "right"):
        margins.append(element(f"w:{side}", w="0", type="dxa"))
    put(cell._tc.get_or_add_tcPr(), margins)
