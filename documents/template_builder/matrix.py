"""Laporan rekapitulasi: a letter to the Governor through the Secretary, and the month's matrix."""

from typing import Any

from docx.oxml.ns import qn

from documents.template_builder.frame import CENTER, LEFT, RIGHT, Letter, element

DAY_WIDTH = 0.43
SUMS = [
    ("HK", 0.55), ("H", 0.55), ("TL_n", 0.55), ("TL_m", 0.7), ("PSW_n", 0.6), ("PSW_m", 0.7),
    ("TAM", 0.62), ("TAP", 0.6), ("S", 0.48), ("I", 0.48), ("C", 0.48), ("DL", 0.5), ("TB", 0.48),
    ("TK", 0.48), ("KJK", 0.75), ("pct", 0.8),
]  # fmt: skip
HEADINGS = {
    "TL_n": "TL\n(n)", "TL_m": "TL\n(mnt)", "PSW_n": "PSW\n(n)", "PSW_m": "PSW\n(mnt)",
    "KJK": "KJK\n(mnt)", "pct": "Hadir\n(%)",
}  # fmt: skip
SHADES = '"E7E6E6" if k in ["L", "CBer", "-"] else "F8CBAD" if k == "TK" else "auto"'


def recap_report() -> bytes:
    """Surat pengantar on one page, then the matrix in landscape with its definitions."""
    letter = Letter()
    _cover(letter)
    letter.landscape(margin=0.9)
    letter.text(
        "REKAPITULASI KEHADIRAN PEGAWAI {{ pd.nama|upper }}", align=CENTER, bold=True, size=11
    )
    letter.text("Periode {{ periode.label }}", align=CENTER, size=9, after=4)
    _matrix(letter)
    letter.text("Keterangan:", bold=True, size=7, before=4, keep=True)
    letter.tag("for satu in definisi")
    letter.text("-\t{{ satu }}", size=7, indent=0.4, hanging=0.4)
    letter.tag("endfor")
    letter.signature(space=18.2, size=9)
    return letter.content()


def _cover(letter: Letter) -> None:
    letter.letterhead()
    letter.text("{{ tempat }}, {{ tanggal }}", align=RIGHT, after=8)
    letter.pairs(
        [
            ("Nomor", "{{ nomor }}"),
            ("Sifat", "Biasa"),
            ("Lampiran", "1 (satu) berkas"),
            ("Hal", "Laporan rekapitulasi kehadiran pegawai {{ periode.label }}"),
        ],
        label=2.2,
    )
    letter.text("", size=6)
    letter.text("Yth. Gubernur Nusa Tenggara Timur", keep=True)
    letter.text("melalui Sekretaris Daerah", indent=0.9, keep=True)
    letter.text("di Kupang", indent=0.9, after=10)
    letter.body(
        "Dengan hormat, sesuai Peraturan Gubernur Nusa Tenggara Timur Nomor 67 Tahun 2019 Pasal 11 "
        "ayat (1), bersama ini disampaikan laporan rekapitulasi kehadiran pegawai pada "
        "{{ pd.nama }} untuk periode {{ periode.mulai }} sampai dengan {{ periode.selesai }} yang "
        "telah divalidasi."
    )
    letter.body(
        "Secara ringkas, dari {{ pegawai|length }} pegawai dengan {{ total.HK }} hari kerja orang "
        "tercatat hadir {{ total.H }}, dinas luar {{ total.DL }}, tugas belajar {{ total.TB }}, "
        "cuti {{ total.C }}, sakit {{ total.S }}, izin {{ total.I }}, dan tanpa keterangan "
        "{{ total.TK }}. Persentase kehadiran {{ total.pct }} %. Rincian per pegawai terlampir."
    )
    letter.body("Demikian disampaikan untuk dipergunakan sebagaimana mestinya.")
    letter.signature(dated="")
    letter.carbon_copy("Kepala Badan Kepegawaian Daerah Provinsi Nusa Tenggara Timur;", "Arsip.")


def _matrix(letter: Letter) -> None:
    """Columns for the days are repeated by `{%tc for %}`: a month has 28 to 31 of them."""
    widths = [0.6, 3.9, 0.7, DAY_WIDTH, DAY_WIDTH, DAY_WIDTH, *(w for _, w in SUMS)]
    table = letter.grid(5, widths)
    _tight(table)
    letter.repeat(table.rows[0])
    heading = ["No", "Nama / NIP", "Gol.", "{%tc for h in hari %}", "{{ h }}", "{%tc endfor %}"]
    heading += [HEADINGS.get(name, name) for name, _ in SUMS]
    for cell, text in zip(table.rows[0].cells, heading, strict=True):
        letter.fill(cell, text, bold=True, align=CENTER, size=5.5, color="D9D9D9")
    letter.fill(table.rows[1].cells[0], "{%tr for orang in pegawai %}", size=5.5)
    person = "{{ orang.nama }}\n{{ orang.nip }}"
    shade = "{% cellbg " + SHADES + " %}{{ k }}"
    row = ["{{ orang.no }}", person, "{{ orang.gol }}"]
    row += ["{%tc for k in orang.kode %}", shade, "{%tc endfor %}"]
    row += ["{{ orang." + name + " }}" for name, _ in SUMS]
    for index, (cell, text) in enumerate(zip(table.rows[2].cells, row, strict=True)):
        letter.fill(cell, text, align=LEFT if index == 1 else CENTER, size=5.5)
    letter.fill(table.rows[3].cells[0], "{%tr endfor %}", size=5.5)
    total = ["", "JUMLAH", "", "{%tc for h in hari %}", "", "{%tc endfor %}"]
    total += ["{{ total." + name + " }}" for name, _ in SUMS]
    for index, (cell, text) in enumerate(zip(table.rows[4].cells, total, strict=True)):
        align = LEFT if index == 1 else CENTER
        letter.fill(cell, text, bold=True, align=align, size=5.5, color="F2F2F2")


def _tight(table: Any) -> None:
    """Let figures touch the lines: 50 columns have to fit on A4."""
    margins = table._tbl.tblPr.find(element("w:tblCellMar").tag)
    for side, width in zip(margins, ("0", "14", "0", "14"), strict=True):  # top, left, ...
        side.set(qn("w:w"), width)
