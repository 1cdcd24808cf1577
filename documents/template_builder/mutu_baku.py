"""Mutu baku in Word: the table of norms against what happened, and the same drawn as bars."""

from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Cm

from documents.template_builder.frame import CENTER, HEAD, RIGHT, Column, Letter, element, put

NORM, WORK, LATE, WAIT = "A6A6A6", "2E75B6", "C00000", "F4B183"
BOX = 0.34


def standards(letter: Letter) -> None:
    """Add the table: a row per visit to a step, then the sums."""
    letter.table(
        "baris in mutu",
        [
            Column("Langkah", 6.3, "{{ baris.langkah }}"),
            Column("Pelaksana", 2.0, "{{ baris.pelaksana }}"),
            Column("Norma", 2.3, "{{ baris.norma }}", RIGHT),
            Column("Kerja", 2.6, "{{ baris.kerja }}", RIGHT),
            Column("Tunggu", 2.6, "{{ baris.tunggu }}", RIGHT),
            Column("Selisih", 2.7, "{{ baris.selisih }}", RIGHT),
            Column("Put.", 0.9, "{{ baris.putaran }}", CENTER),
            Column("Oleh", 3.5, "{{ baris.oleh }}"),
            Column("Keterangan", 3.2, "{{ baris.keterangan }}"),
        ],
        size=8.5,
    )
    letter.pairs(
        [
            ("Jumlah norma menurut dokumen SOP", "{{ total.norma_dokumen }}"),
            ("Jumlah norma terhitung", "{{ total.norma_terhitung }}"),
            ("Jumlah waktu kerja", "{{ total.kerja }}"),
            ("Jumlah waktu tunggu", "{{ total.tunggu }}"),
        ],
        label=7.0,
        size=9.5,
    )
    letter.text(
        "Kerja dihitung dari tahap diambil sampai diserahkan dalam jam kerja; tunggu dihitung dari "
        "tahap tersedia sampai diambil. Norma dibandingkan dengan waktu kerja.",
        size=8.5,
        before=4,
    )


def bars(letter: Letter) -> None:
    """Add the diagram: per visit three bars of shaded boxes: norm, work, waiting."""
    letter.text(
        "Norma dan kerja: satu kotak = {{ diagram.skala }}. Tunggu: satu kotak = "
        "{{ diagram.skala_tunggu }}. Kerja yang melampaui norma berwarna merah.",
        size=8.5,
        after=3,
        keep=True,
    )
    table = letter.grid(6, [6.0, 1.3, BOX, BOX, BOX, 3.6], exact=True)
    letter.margins(table, side=0.06, top=0)
    letter.repeat(table.rows[0])
    _head(letter, table)
    letter.fill(table.rows[1].cells[0], "{%tr for baris in diagram.baris %}", size=6)
    late = f'("{LATE}" if baris.lewat else "{WORK}")'
    drawn = [("norma", f'"{NORM}"'), ("kerja", late), ("tunggu", f'"{WAIT}"')]
    for index, (name, color) in enumerate(drawn):
        _bar(letter, table.rows[2 + index], name, color, first=index == 0)
    letter.fill(table.rows[5].cells[0], "{%tr endfor %}", size=6)
    letter.text("", size=6)


def _head(letter: Letter, table: Any) -> None:
    texts = ["Langkah", "", "{%tc for k in diagram.kotak %}", "", "{%tc endfor %}", "Lama"]
    for cell, text in zip(table.rows[0].cells, texts, strict=True):
        letter.fill(cell, text, bold=True, align=CENTER, size=8, color=HEAD)
        _sides(cell, text not in ("Langkah", "Lama"))


def _bar(letter: Letter, row: Any, name: str, color: str, *, first: bool) -> None:
    row.height, row.height_rule = Cm(0.36), WD_ROW_HEIGHT_RULE.AT_LEAST
    shaded = "{% cellbg " + color + " if k <= baris." + name + '.panjang else "auto" %}'
    step = "{{ baris.langkah }}{% if baris.putaran > 1 %} (putaran {{ baris.putaran }}){% endif %}"
    texts = [
        step if first else "",
        name,
        "{%tc for k in diagram.kotak %}",
        shaded,
        "{%tc endfor %}",
        "{{ baris." + name + ".teks }}",
    ]
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        last = name == "tunggu"
        letter.fill(cell, text, size=7, keep=not last, align=RIGHT if index == 5 else None)
        _sides(cell, index in (2, 3, 4))
    merge = element("w:vMerge", val="restart") if first else element("w:vMerge")
    put(row.cells[0]._tc.get_or_add_tcPr(), merge)


def _sides(cell: Any, inner: bool) -> None:
    """Boxes of a bar touch each other: no lines between them, a white one above and below."""
    if not inner:
        return
    borders = element("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        color = "FFFFFF" if side in ("top", "bottom") else "auto"
        line = "single" if color == "FFFFFF" else "nil"
        borders.append(element(f"w:{side}", val=line, sz="4", space="0", color=color))
    put(cell._tc.get_or_add_tcPr(), borders)
