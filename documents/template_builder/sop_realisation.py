"""Realisasi SOP: what each step of a period's process really took, beside its standard."""

from documents.template_builder import mutu_baku
from documents.template_builder.frame import CENTER, RIGHT, Column, Letter


def realisation() -> bytes:
    """Every visit to a step with its times; the sums; the same drawn as bars."""
    letter = Letter(size=10, paper="F4", landscape=True, margin=1.5)
    letter.letterhead()
    letter.title("REALISASI SOP", "Periode {{ periode.label }}")
    letter.heading("A.  Realisasi tiap tahap")
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
        size=8,
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
    letter.heading("B.  Diagram norma, kerja, dan tunggu", own_page=True)
    mutu_baku.bars(letter)
    letter.text("Waktu kerja dihitung dalam jam kerja perangkat daerah.", size=8.5)
    return letter.content()
