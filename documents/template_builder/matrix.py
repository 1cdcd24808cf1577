"""Laporan rekapitulasi: a letter to the Governor through the Secretary, and the month's matrix."""

from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import qn

from documents.template_builder.attendance_periods import definitions
from documents.template_builder.frame import CENTER, HEAD, LEFT, SUM, Column, Letter, element, shade

DAY_WIDTH = 0.44
SIZE = 5.5
DAYS, DAY_COLUMNS = 2, (3, 4, 5)  # the style of the days' cells, and their columns
# Every counter of a recap with its heading, its name in the context, and its width in the matrix.
SUMS = [
    ("HK", "HK", 0.5), ("H", "H", 0.5), ("TL\n(n)", "TL_n", 0.5), ("TL\n(mnt)", "TL_m", 0.65),
    ("PSW\n(n)", "PSW_n", 0.55), ("PSW\n(mnt)", "PSW_m", 0.65), ("TAM", "TAM", 0.58),
    ("TAP", "TAP", 0.56), ("S", "S", 0.45), ("I", "I", 0.45), ("CT", "C_jenis.CT", 0.46),
    ("CB", "C_jenis.CBesar", 0.46), ("CS", "C_jenis.CS", 0.46), ("CM", "C_jenis.CM", 0.46),
    ("CAP", "C_jenis.CAP", 0.56), ("CLTN", "C_jenis.CLTN", 0.66), ("DL", "DL", 0.46),
    ("TB", "TB", 0.46), ("LAIN", "LAIN", 0.6), ("TK", "TK", 0.46), ("KJK\n(mnt)", "KJK", 0.7),
    ("H\n(%)", "pct", 0.7), ("Sah\n(%)", "pct_sah", 0.7),
]  # fmt: skip
# What a day's cell is shaded for: days off, and days without explanation.
SHADES = '"E7E6E6" if k in ["L", "CBer", "-"] else "F8CBAD" if k == "TK" else "auto"'


def recap_report() -> bytes:
    """Surat pengantar on one page, the recap by bidang, then the matrix with its definitions."""
    letter = Letter(paper="F4")
    _cover(letter)
    letter.landscape(margin=0.9)
    letter.text("REKAPITULASI KEHADIRAN PEGAWAI", align=CENTER, bold=True, size=11, keep=True)
    letter.text("{{ pd.nama|upper }}", align=CENTER, bold=True, size=11, keep=True)
    letter.text("Periode {{ periode.label }}", align=CENTER, size=9, after=4, keep=True)
    letter.text("A.  Menurut bidang", bold=True, size=9, after=3, keep=True)
    add_units(letter)
    letter.text("B.  Menurut pegawai", bold=True, size=9, keep=True)
    add_matrix(letter)
    definitions(letter)
    letter.text("CB: cuti besar (CBesar).", size=7, indent=0.4)
    letter.signature(space=21.5, size=9)
    return letter.content()


def _cover(letter: Letter) -> None:
    letter.letterhead()
    letter.letter_head(
        "Laporan rekapitulasi kehadiran pegawai {{ periode.label }}",
        ["Gubernur Nusa Tenggara Timur", "melalui Sekretaris Daerah", "di Kupang"],
        attached="1 (satu) berkas",
    )
    letter.body(
        "Dengan hormat, sesuai Peraturan Gubernur Nusa Tenggara Timur Nomor 67 Tahun 2019 Pasal 11 "
        "ayat (1), bersama ini disampaikan laporan rekapitulasi kehadiran pegawai pada "
        "{{ pd.nama }} untuk periode {{ periode.mulai }} sampai dengan {{ periode.selesai }} yang "
        "telah divalidasi."
    )
    letter.body("Secara ringkas, dari {{ jumlah_pegawai }} pegawai tercatat sebagai berikut:")
    counted = [
        ("Hari kerja orang", "{{ total.HK }}"), ("Hadir", "{{ total.H }} hari"),
        ("Dinas luar", "{{ total.DL }} hari"), ("Tugas belajar", "{{ total.TB }} hari"),
        ("Cuti", "{{ total.C }} hari"), ("Sakit", "{{ total.S }} hari"),
        ("Izin", "{{ total.I }} hari"), ("Alasan lain yang sah", "{{ total.LAIN }} hari"),
        ("Tanpa keterangan", "{{ total.TK }} hari"),
        ("Terlambat", "{{ total.TL_n }} kali, {{ total.TL_m }} menit"),
        ("Pulang sebelum waktu", "{{ total.PSW_n }} kali, {{ total.PSW_m }} menit"),
        ("Kekurangan jam kerja", "{{ total.KJK }} menit"),
        ("Hadir fisik", "{{ total.pct }} %"), ("Hadir sah", "{{ total.pct_sah }} %"),
    ]  # fmt: skip
    letter.pairs(counted, label=5.0)
    letter.text("", size=6)
    letter.body(
        "Rincian menurut bidang dan per pegawai terlampir. Demikian disampaikan untuk "
        "dipergunakan sebagaimana mestinya."
    )
    letter.signature(dated="")
    letter.carbon_copy("Kepala Badan Kepegawaian Daerah Provinsi Nusa Tenggara Timur;", "Arsip.")


def add_units(letter: Letter) -> None:
    """Every counter of every bidang, and of all."""
    columns = [
        Column("Bidang", 5.4, "{{ baris.bidang }}"),
        Column("Pegawai", 1.2, "{{ baris.pegawai }}", CENTER),
    ]
    columns += [
        Column(heading, width * 1.5, "{{ baris." + name + " }}", CENTER)
        for heading, name, width in SUMS
    ]
    total = ["JUMLAH", "{{ jumlah_pegawai }}", *("{{ total." + name + " }}" for _, name, _ in SUMS)]
    table = letter.table("baris in per_bidang", columns, size=6.5, total=total)
    letter.margins(table, side=0.03)


def add_matrix(letter: Letter) -> None:
    """A table per part of a bidang; columns for the days are repeated by `{%tc for %}`."""
    letter.tag("for bagian in matriks")
    letter.text(
        "{{ bagian.bidang }}{% if bagian.lanjutan %} (lanjutan){% endif %}",
        bold=True,
        size=7.5,
        before=4,
        after=2,
        keep=True,
    )
    widths = [0.55, 3.65, 0.7, DAY_WIDTH, DAY_WIDTH, DAY_WIDTH, *(w for _, _, w in SUMS)]
    table = letter.grid(7, widths, exact=True, borders=False)
    letter.lines(table)
    letter.margins(table, side=0.025, top=0)
    letter.repeat(table.rows[0])
    styles = [
        letter.cell_style(name, align=align, size=SIZE)
        for name, align in (("Matriks", CENTER), ("Matriks Nama", LEFT), ("Matriks Hari", CENTER))
    ]
    # Four letters on one line of the narrow cell of a day, also where the page is A4.
    styles[DAYS].element.rPr.find(qn("w:sz")).addprevious(element("w:w", val="75"))
    heading = ["No", "Nama / NIP", "Gol.", "{%tc for h in hari %}", "{{ h }}", "{%tc endfor %}"]
    titles = [*heading, *(text for text, _, _ in SUMS)]
    _row(table.rows[0], titles, [styles[0]] * 3, bold=True, color=HEAD)
    letter.fill(table.rows[1].cells[0], "{%tr for orang in bagian.pegawai %}", size=SIZE)
    _row(table.rows[2], _person(), styles)
    letter.fill(table.rows[3].cells[0], "{%tr endfor %}", size=SIZE)
    letter.fill(table.rows[4].cells[0], "{%tr if bagian.jumlah %}", size=SIZE)
    _row(table.rows[5], _sums_of_a_part(), styles, bold=True, color=SUM)
    letter.fill(table.rows[6].cells[0], "{%tr endif %}", size=SIZE)
    letter.tag("endfor")


def _person() -> list[str]:
    # The long code would not stay on one line: the column of its sum is called so, too.
    shade = "{% cellbg " + SHADES + " %}{{ k|replace('CBesar', 'CB') }}"
    row = ["{{ orang.no }}", "{{ orang.nama }}\n{{ orang.nip }}", "{{ orang.gol }}"]
    row += ["{%tc for k in orang.kode %}", shade, "{%tc endfor %}"]
    return row + ["{{ orang." + name + " }}" for _, name, _ in SUMS]


def _sums_of_a_part() -> list[str]:
    row = ["", "JUMLAH ({{ bagian.jumlah.pegawai }} pegawai)", ""]
    row += ["{%tc for h in hari %}", "", "{%tc endfor %}"]
    return row + ["{{ bagian.jumlah." + name + " }}" for _, name, _ in SUMS]


def _row(
    row: Any,
    texts: Sequence[str],
    styles: Sequence[Any],
    *,
    bold: bool = False,
    color: str = "",
) -> None:
    """Write the texts of a row; the second of the styles is that of names, the third of days."""
    for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.style = styles[DAYS if column in DAY_COLUMNS else column == 1]
        paragraph.add_run(text).bold = bold or None
        if color:
            shade(cell, color)
