"""Laporan pengelolaan e-absensi: the period's whole work, with mutu baku and the archive."""

from documents.template_builder import mutu_baku
from documents.template_builder.frame import (
    CENTER,
    DATED,
    KNOWING,
    Column,
    Letter,
    Signer,
)
from documents.template_builder.reports import (
    CORRECTIONS,
    NUMBER,
    PERIOD,
    PERSON,
    ROUNDS,
)

HANDLED_OUTAGES = [
    Column("Tanggal", 2.9, "{{ baris.tanggal }}"),
    Column("Mesin", 2.9, "{{ baris.mesin }}"),
    Column("Sebab", 3.6, "{{ baris.sebab }}"),
    Column("Daftar manual", 2.6, "{{ baris.keadaan }}, {{ baris.baris_manual }} baris"),
    Column("Rekap harian", 2.4, "{{ baris.kiriman }}"),
    Column("Teknisi", 2.1, "{{ baris.teknisi }}"),
]
BESIDE = Signer("pendamping", title="Admin e-Absensi", optional=True)


def management() -> bytes:
    """Signed by Admin and Operator, with the head of the agency taking note."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("LAPORAN PENGELOLAAN E-ABSENSI", PERIOD)
    letter.body(
        "Laporan ini disusun sebagai pertanggungjawaban pelaksanaan {{ sop.judul }} (SOP Nomor "
        "{{ sop.nomor }}{% if sop.revisi %}, revisi {{ sop.revisi }}{% endif %}) pada "
        "{{ pd.nama }} untuk periode {{ periode.mulai }} sampai dengan {{ periode.selesai }}."
    )
    _people_and_machines(letter)
    _events(letter)
    letter.landscape(margin=1.8)
    letter.heading("H.  Mutu baku: norma dan kenyataan")
    mutu_baku.standards(letter)
    letter.heading("I.  Diagram norma, kerja, dan tunggu", own_page=True)
    mutu_baku.bars(letter)
    letter.portrait()
    _end(letter)
    return letter.content()


def _people_and_machines(letter: Letter) -> None:
    letter.heading("A.  Petugas")
    letter.table_or(
        "petugas",
        "Belum ada petugas yang bertugas.",
        "orang in petugas",
        [
            NUMBER,
            Column("Nama / NIP", 6.3, PERSON),
            Column("Pangkat / Gol.", 3.5, "{{ orang.pangkat }}"),
            Column("Jabatan", 3.5, "{{ orang.jabatan }}"),
            Column("Tugas", 2.2, "{{ orang.peran }}", CENTER),
        ],
    )
    letter.heading("B.  Mesin dan sambungannya")
    letter.table_or(
        "mesin",
        "Tidak ada mesin yang terdaftar.",
        "baris in mesin",
        [
            Column("Mesin / lokasi", 3.9, "{{ baris.nama }}\n{{ baris.lokasi }}"),
            Column("Nomor seri", 2.8, "{{ baris.sn }}"),
            Column("Keadaan", 2.0, "{{ baris.status }}"),
            Column("Sambungan terakhir / jam mesin", 4.2, "{{ baris.kontak_terakhir }}\n"
                   "{{ baris.jam }}"),
            Column("Pegawai", 1.5, "{{ baris.pegawai }}", CENTER),
            Column("Absen", 1.5, "{{ baris.ketukan }}", CENTER),
            Column("Hari data", 1.2, "{{ baris.hari }}", CENTER),
        ],
        size=8.5,
    )  # fmt: skip
    letter.text(
        "Diterima {{ transaksi.ketukan }} catatan absen pada {{ transaksi.hari }} hari; "
        "{{ transaksi.pin_tidak_dikenal }} dengan PIN yang tidak dikenal, "
        "{{ transaksi.dikarantina }} tidak dipakai karena jamnya tidak masuk akal.",
        after=3,
    )
    letter.heading("C.  Perekaman sidik jari")
    letter.pairs(
        [
            ("Pegawai", "{{ perekaman.pegawai }} orang"),
            ("Terekam dan diawasi", "{{ perekaman.terekam }} orang"),
            ("Pengecualian", "{{ perekaman.pengecualian }} orang"),
            ("Menyusul", "{{ perekaman.menyusul }} orang"),
            ("Belum", "{{ perekaman.belum }} orang"),
        ],
        label=5.0,
    )


def _events(letter: Letter) -> None:
    letter.heading("D.  Gangguan dan hari dengan daftar manual")
    letter.table_or(
        "gangguan", "Tidak ada gangguan yang dicatat.", "baris in gangguan", HANDLED_OUTAGES, size=9
    )
    letter.heading("E.  Koreksi data oleh BKD")
    letter.table_or(
        "koreksi", "Tidak ada koreksi data pada periode ini.", "baris in koreksi", CORRECTIONS,
        size=9,
    )  # fmt: skip
    letter.heading("F.  Riwayat putaran")
    letter.table_or("putaran", "Selesai dalam satu putaran.", "baris in putaran", ROUNDS)
    letter.heading("G.  Kendala dan saran")
    _told(letter, "Kendala", "kendala", "tidak ada yang dicatat.")
    _told(letter, "Saran", "saran", "tidak ada.")


def _told(letter: Letter, label: str, name: str, otherwise: str) -> None:
    """Print an answer of a form; the form may not have been asked for it."""
    said = "if " + name + " is defined and " + name
    text = "{% " + said + " %}{{ " + name + " }}{% else %}" + otherwise + "{% endif %}"
    letter.body(f"{label}: {text}", first=0)


def _end(letter: Letter) -> None:
    letter.heading("J.  Dokumen yang diarsipkan")
    letter.table_or(
        "arsip",
        "Belum ada dokumen yang ditulis.",
        "baris in arsip",
        [
            NUMBER,
            Column("Dokumen", 4.6, "{{ baris.nama }}"),
            Column("Nomor", 4.6, "{{ baris.nomor or '-' }}"),
            Column("SHA-256", 6.3, "{{ baris.sha256 }}"),
        ],
        size=7.5,
    )
    letter.heading("K.  Bahan yang diserahkan kepada SOP lanjutan")
    letter.table_or(
        "serah_terima",
        "Belum ada bahan yang diserahkan.",
        "baris in serah_terima",
        [
            NUMBER,
            Column("Bahan", 3.6, "{{ baris.bahan }}"),
            Column("Nomor surat", 3.1, "{{ baris.nomor }}"),
            Column("SHA-256 berkas data", 4.2, "{{ baris.sidik }}"),
            Column("Diserahkan", 2.3, "{{ baris.diserahkan }}"),
            Column("Diterima", 2.3, "{{ baris.diterima }}"),
        ],
        size=7.5,
    )
    letter.body(
        "Catatan berkas ini memuat {{ catatan.peristiwa }} peristiwa dengan sidik ujung "
        "{{ catatan.sidik }}. Jangkar catatan nomor {{ catatan.jangkar.nomor }}, "
        "{{ catatan.jangkar.tanggal }}: {{ catatan.jangkar.sidik }}.",
        first=0,
    )
    letter.body("Demikian laporan ini dibuat dengan sebenarnya.", first=0)
    right = Signer("ttd", DATED, official=True)
    letter.three_signatures(BESIDE, right, KNOWING)
    letter.carbon_copy("Arsip.")
