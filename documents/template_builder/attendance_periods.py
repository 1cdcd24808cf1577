"""Recaps of a day and of a week (Pergub NTT 67/2019 art. 11(1)): a table per bidang, the sums."""

from collections.abc import Sequence

from documents.template_builder.frame import CENTER, SUM, Column, Letter

NUMBER = Column("No", 0.9, "{{ orang.no }}", CENTER)
PERSON = "{{ orang.nama }}\n{{ orang.nip }}"
# What stands at the foot: counter, its words.
COUNTED = [
    ("H", "Hadir"), ("DL", "Dinas luar"), ("S", "Sakit"), ("I", "Izin"), ("C", "Cuti"),
    ("TB", "Tugas belajar"), ("LAIN", "Alasan lain"), ("TK", "Tanpa ket."),
    ("menunggu", "Surat menunggu"), ("belum", "Belum final"), ("pct", "Hadir fisik (%)"),
    ("pct_sah", "Hadir sah (%)"),
]  # fmt: skip


def daily() -> bytes:
    letter = Letter(paper="F4", size=10)
    letter.letterhead()
    letter.title("REKAP HARIAN KEHADIRAN PEGAWAI", "{{ hari }}")
    _basis(letter)
    columns = [
        NUMBER,
        Column("Nama / NIP", 5.0, PERSON),
        Column("Gol.", 1.0, "{{ orang.gol }}", CENTER),
        Column("Jabatan", 3.3, "{{ orang.jabatan }}"),
        Column("Masuk", 1.3, "{{ orang.masuk or '-' }}", CENTER),
        Column("Pulang", 1.3, "{{ orang.pulang or '-' }}", CENTER),
        Column("TL\n(mnt)", 1.0, "{{ orang.TL_m or '-' }}", CENTER),
        Column("PSW\n(mnt)", 1.0, "{{ orang.PSW_m or '-' }}", CENTER),
        Column("Status", 1.3, "{{ orang.kode }}", CENTER),
        Column("Keterangan / no. surat", 3.4, "{{ orang.keterangan }}"),
    ]
    sums = ["", "JUMLAH ({{ bagian.jumlah.pegawai }} pegawai)", "", "", "", ""]
    sums += ["{{ bagian.jumlah.TL_m }}", "{{ bagian.jumlah.PSW_m }}"]
    sums += [
        "H {{ bagian.jumlah.H }}",
        "TK {{ bagian.jumlah.TK }}; hadir {{ bagian.jumlah.pct }} %",
    ]
    by_unit(letter, columns, sums, size=8)
    _foot(letter)
    return letter.content()


def weekly() -> bytes:
    letter = Letter(paper="F4", landscape=True, margin=1.2, size=10)
    letter.letterhead()
    letter.title("REKAP MINGGUAN KEHADIRAN PEGAWAI", "{{ periode.label }}")
    _basis(letter)
    columns = [
        NUMBER,
        Column("Nama / NIP", 6.4, PERSON),
        Column("Gol.", 1.1, "{{ orang.gol }}", CENTER),
        Column("Jabatan", 5.0, "{{ orang.jabatan }}"),
        *(
            Column(
                "{{ hari[" + str(day) + "] }}", 1.5, "{{ orang.kode[" + str(day) + "] }}", CENTER
            )
            for day in range(7)
        ),
        *(
            Column(heading, 1.4, "{{ orang." + name + " or '-' }}", CENTER)
            for heading, name in WEEK_SUMS
        ),
    ]
    sums = ["", "JUMLAH ({{ bagian.jumlah.pegawai }} pegawai)", "", "", *[""] * 7]
    sums += ["{{ bagian.jumlah." + name + " }}" for _, name in WEEK_SUMS]
    by_unit(letter, columns, sums, size=8)
    _foot(letter)
    return letter.content()


def _day(index: int) -> Column:
    """Return the column of one day of the week, with its date at the head."""
    return Column(f"{{{{ hari[{index}] }}}}", 1.5, f"{{{{ orang.kode[{index}] }}}}", CENTER)


WEEK_SUMS = [("TL\n(mnt)", "TL_m"), ("PSW\n(mnt)", "PSW_m"), ("KJK\n(mnt)", "KJK"), ("TK", "TK")]


def by_unit(letter: Letter, columns: Sequence[Column], sums: Sequence[str], *, size: float) -> None:
    """Add a table per part of `bagian`; `sums` are the last row where a bidang ends."""
    letter.tag("for bagian in bagian")
    letter.text(
        "{{ bagian.bidang }}{% if bagian.lanjutan %} (lanjutan){% endif %}",
        bold=True, size=9, before=4, after=2, keep=True,
    )  # fmt: skip
    table = letter.table("orang in bagian.pegawai", columns, size=size)
    letter.margins(table, side=0.06, top=0.02)
    if sums:
        _add_sums(letter, table, columns, sums, size)
    letter.tag("endfor")


def _add_sums(
    letter: Letter, table: object, columns: Sequence[Column], sums: Sequence[str], size: float
) -> None:
    """Three rows: the sums, between two that leave them out where a bidang goes on."""
    opening, row, closing = (table.add_row() for _ in range(3))  # type: ignore[attr-defined]
    letter.fill(opening.cells[0], "{%tr if bagian.jumlah %}", size=size)
    for cell, text, column in zip(row.cells, sums, columns, strict=True):
        letter.fill(cell, text, bold=True, align=column.align, size=size, color=SUM)
    letter.fill(closing.cells[0], "{%tr endif %}", size=size)


def _basis(letter: Letter) -> None:
    letter.tag("if sementara")
    letter.text("{{ dasar }}", bold=True, size=9, after=4)
    letter.tag("else")
    letter.text("{{ dasar }}", size=9, after=4)
    letter.tag("endif")
    letter.tag("if not bagian")
    letter.text("Tidak ada pegawai pada periode ini.", after=4)
    letter.tag("endif")


def _foot(letter: Letter) -> None:
    """The counts of all, what they mean, who signs."""
    letter.text("Jumlah seluruhnya", bold=True, before=6, after=2, keep=True)
    table = letter.grid(2, [1.3, *[1.0] * len(COUNTED)])
    letter.margins(table, side=0.04)
    letter.repeat(table.rows[0])
    counted = [("jumlah_pegawai", "Pegawai"), *((f"total.{name}", word) for name, word in COUNTED)]
    for index, (name, word) in enumerate(counted):
        head, value = (row.cells[index] for row in table.rows)
        letter.fill(head, word, align=CENTER, size=7, color="E7E6E6", keep=True)
        letter.fill(value, "{{ " + name + " }}", bold=True, align=CENTER, size=10)
    letter.text("", size=4)
    definitions(letter)
    letter.two_signatures()
    letter.carbon_copy("Gubernur melalui Sekretaris Daerah;", "Arsip.")


def definitions(letter: Letter, *, size: float = 7) -> None:
    """Print how the columns are counted, on the page of the signature that follows."""
    letter.text("Keterangan:", bold=True, size=size, before=4, keep=True)
    letter.tag("for satu in definisi")
    letter.text("-\t{{ satu }}", size=size, indent=0.4, hanging=0.4, keep=True)
    letter.tag("endfor")
