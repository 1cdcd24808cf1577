"""Lembar SOP: the sheet as SOP-AP has it, and what each step really took."""

from typing import Any

from documents.template_builder import mutu_baku
from documents.template_builder.frame import CENTER, HEAD, RIGHT, Column, Letter

LANE = 1.5
SIZE = 8


def sop_sheet() -> bytes:
    """The head, the steps with their lanes and mutu baku; then the realisation with times."""
    letter = Letter(size=10, paper="F4", landscape=True, margin=1.5)
    letter.letterhead()
    letter.title("LEMBAR SOP DAN REALISASI", "{{ lembar.judul }}", "Periode {{ periode.label }}")
    _head(letter)
    letter.heading("A.  Prosedur dan mutu baku")
    _steps(letter)
    letter.heading("B.  Realisasi tiap tahap")
    letter.table_or(
        "mutu",
        "Belum ada tahap yang dijalankan.",
        "baris in mutu",
        [
            Column("Tahap", 6.4, "{{ baris.langkah }}"),
            Column("Put.", 0.9, "{{ baris.putaran }}", CENTER),
            Column("Oleh", 3.4, "{{ baris.oleh }}\n{{ baris.pelaksana }}"),
            Column("Tersedia", 2.5, "{{ baris.tersedia }}"),
            Column("Diambil", 2.5, "{{ baris.diambil }}"),
            Column("Selesai", 2.5, "{{ baris.selesai }}"),
            Column("Norma", 2.0, "{{ baris.norma }}", RIGHT),
            Column("Kerja", 2.2, "{{ baris.kerja }}", RIGHT),
            Column("Tunggu", 2.2, "{{ baris.tunggu }}", RIGHT),
            Column("Selisih", 2.2, "{{ baris.selisih }}", RIGHT),
            Column("Keterangan", 3.2, "{{ baris.keterangan }}"),
        ],
        size=SIZE,
    )
    letter.pairs(
        [
            ("Jumlah norma menurut dokumen SOP", "{{ total.norma_dokumen }}"),
            ("Jumlah norma terhitung", "{{ total.norma_terhitung }}"),
            ("Jumlah waktu kerja", "{{ total.kerja }}"),
            ("Jumlah waktu tunggu", "{{ total.tunggu }}"),
        ],
        label=7.0,
        size=9,
    )
    letter.heading("C.  Diagram norma, kerja, dan tunggu")
    mutu_baku.bars(letter)
    letter.text("Waktu kerja dihitung dalam jam kerja perangkat daerah.", size=8.5)
    return letter.content()


def _head(letter: Letter) -> None:
    """What stands at the head of a SOP sheet, in two columns as it is printed."""
    letter.pairs(
        [
            ("Nomor SOP", "{{ lembar.nomor }}"),
            ("Tanggal pembuatan", "{{ lembar.dibuat }}"),
            ("Tanggal revisi", "{{ lembar.direvisi }}"),
            ("Tanggal efektif", "{{ lembar.efektif }}"),
            ("Disahkan oleh", "{{ lembar.disahkan }}"),
            ("Unit / instansi", "{{ lembar.unit }}, {{ lembar.instansi }}"),
        ]
    )
    letter.text("", size=5)
    table = letter.grid(3, [1, 1])
    lists = [
        ("Dasar hukum", "dasar"), ("Kualifikasi pelaksana", "kualifikasi"),
        ("Keterkaitan", "keterkaitan"), ("Peralatan/perlengkapan", "peralatan"),
        ("Peringatan", ""), ("Pencatatan dan pendataan", "pencatatan"),
    ]  # fmt: skip
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, (label, name) in zip(cells, lists, strict=True):
        letter.fill(cell, f"{label}:", bold=True, size=SIZE)
        if name:
            letter.tag(f"for satu in lembar.{name}", into=cell)
            letter.text(
                "{{ loop.index }}.\t{{ satu }}", into=cell, size=SIZE, indent=0.6, hanging=0.6
            )
            letter.tag("endfor", into=cell)
        else:
            letter.text("{{ lembar.peringatan }}", into=cell, size=SIZE)


def _steps(letter: Letter) -> None:
    """The SOP-AP table: its columns of lanes are repeated by `{%tc for %}`."""
    widths = [0.9, 7.2, LANE, LANE, LANE, 4.4, 2.6, 4.0, 4.4]
    table = letter.grid(5, widths, exact=True)
    letter.repeat(table.rows[0])
    lanes = ["{%tc for jalur in lembar.pelaksana %}", "{{ jalur }}", "{%tc endfor %}"]
    heading = ["No", "Kegiatan", *lanes, "Kelengkapan", "Waktu", "Output", "Keterangan"]
    _row(letter, table.rows[0], heading, head=True)
    letter.fill(table.rows[1].cells[0], "{%tr for langkah in lembar.langkah %}", size=SIZE)
    signs = ["{%tc for tanda in langkah.tanda %}", "{{ tanda }}", "{%tc endfor %}"]
    fields = ("kelengkapan", "waktu", "output", "keterangan")
    row = ["{{ langkah.no }}", "{{ langkah.kegiatan }}", *signs]
    _row(letter, table.rows[2], [*row, *("{{ langkah." + name + " }}" for name in fields)])
    letter.fill(table.rows[3].cells[0], "{%tr endfor %}", size=SIZE)
    lanes = ["{%tc for jalur in lembar.pelaksana %}", "", "{%tc endfor %}"]
    _row(
        letter, table.rows[4], ["", "Jumlah", *lanes, "", "{{ lembar.jumlah }}", "", ""], head=True
    )
    letter.text(
        "\u25cf tahap dikerjakan di jalur ini; \u25c6 di jalur ini diputuskan.", size=8, before=3
    )


def _row(letter: Letter, row: Any, texts: list[str], *, head: bool = False) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        middle = head or index == 0 or 2 <= index <= 4
        letter.fill(
            cell, text, size=SIZE, bold=head, align=CENTER if middle else None,
            color=HEAD if head else "",
        )  # fmt: skip
