"""Laporan evaluasi berkala (art. 13(6)): agencies side by side, what stands out, what to do."""

from documents.template_builder.attendance_periods import definitions
from documents.template_builder.frame import CENTER, DATED, Column, Letter, Signer

INDICATORS = [
    ("Peg.", 1.2, "pegawai"), ("HK", 1.3, "HK"), ("Hadir\nfisik\n(%)", 1.3, "pct"),
    ("Hadir\nsah\n(%)", 1.3, "pct_sah"), ("TK\n(hari)", 1.2, "TK"), ("TL\n(kali)", 1.2, "TL_n"),
    ("PSW\n(kali)", 1.2, "PSW_n"), ("TAM +\nTAP", 1.3, ""), ("KJK\nper\norang", 1.3, "KJK_orang"),
    ("Sah", 1.1, "disahkan"), ("Tepat", 1.2, "tepat"), ("Ralat", 1.2, "ralat"),
    ("Koreksi", 1.5, "koreksi"), ("Mesin", 1.3, "mesin"), ("Gang-\nguan", 1.3, "gangguan"),
    ("M", 1.0, "M"), ("Non-\njari", 1.2, "non_jari"),
]  # fmt: skip
FROZEN = [
    ("Peg.", 1.2, "pegawai"), ("Terekam", 1.7, "terekam"), ("Mesin\nbekerja", 1.7, "mesin"),
    ("Manual\n(hari)", 1.5, "manual"), ("Non-jari\n(hari)", 1.6, "non_jari"),
    ("TK\n(hari)", 1.3, "TK"), ("KJK per\norang", 1.5, "KJK"), ("Sah", 1.1, "disahkan"),
    ("Surat\nterlambat", 1.8, "surat"), ("Dikem-\nbalikan", 1.5, "kembali"),
    ("Lewat\nbaku", 1.3, "baku"), ("Koreksi\nmenunggu", 1.8, "koreksi"),
    ("Petugas", 1.5, "petugas"),
]  # fmt: skip
WRITTEN = 6  # empty rows for recommendations


def evaluation() -> bytes:
    letter = Letter(landscape=True, margin=1.5, size=10)
    letter.letterhead()
    letter.title("LAPORAN EVALUASI BERKALA PENGELOLAAN E-ABSENSI", "{{ periode.label }}")
    letter.body(
        "Sesuai Peraturan Gubernur Nusa Tenggara Timur Nomor 67 Tahun 2019 Pasal 13 ayat (6), "
        "dilaporkan kepada Gubernur melalui Sekretaris Daerah hasil pengawasan dan evaluasi atas "
        "{{ jumlah_pd }} perangkat daerah dengan {{ total.pegawai }} pegawai: hadir fisik "
        "{{ total.pct }} %, hadir sah {{ total.pct_sah }} %, tanpa keterangan {{ total.TK }} hari.",
        first=0,
    )
    letter.heading("A.  Indikator dan peringkat")
    cells = {"": "{{ baris.TAM + baris.TAP }}"}
    letter.table_or(
        "daftar",
        "Belum ada perangkat daerah yang harinya sudah dinilai.",
        "baris in daftar",
        [
            Column("Per.", 1.0, "{{ baris.peringkat }}", CENTER),
            Column("Perangkat Daerah", 6.0, "{{ baris.nama }}"),
            *(
                Column(head, width, cells.get(name, "{{ baris." + name + " }}"), CENTER)
                for head, width, name in INDICATORS
            ),
        ],
        size=7.5,
    )
    letter.tag("if belum")
    letter.text("Belum ada penilaian: {{ belum|join('; ') }}.", size=9, after=3)
    letter.tag("endif")
    letter.heading("B.  Yang perlu diperhatikan")
    letter.table_or(
        "perhatian",
        "Tidak ada.",
        "baris in perhatian",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Perangkat Daerah", 8.0, "{{ baris.nama }}"),
            Column("Catatan", 17.0, "{{ baris.catatan }}"),
        ],
        size=9,
    )
    letter.heading("C.  Rekomendasi dan tindak lanjut")
    _recommendations(letter)
    definitions(letter)
    letter.two_signatures(
        Signer("pihak.bersama", "\u00a0\nBersama-sama,"),
        Signer("pihak.penyusun", DATED + "\nPenyusun,"),
    )
    letter.carbon_copy("Sekretaris Daerah;", "Kepala perangkat daerah yang dievaluasi;", "Arsip.")
    return letter.content()


def evaluation_record() -> bytes:
    """Berita acara of the evaluation, by BKD and the managers of the application."""
    letter = Letter(landscape=True, margin=1.5, size=10)
    letter.letterhead()
    letter.title("BERITA ACARA EVALUASI BERKALA E-ABSENSI", "{{ evaluasi.triwulan }}")
    letter.body(
        "Pada hari ini, {{ hari }}, kami yang bertanda tangan di bawah ini, Badan Kepegawaian "
        "Daerah dan Pengelola Aplikasi e-Absensi, sesuai Peraturan Gubernur Nusa Tenggara Timur "
        "Nomor 67 Tahun 2019 Pasal 13 ayat (6), menyatakan hasil pengawasan dan evaluasi atas "
        "{{ evaluasi.jumlah_pd }} perangkat daerah untuk masa {{ evaluasi.mulai }} sampai "
        "{{ evaluasi.selesai }}, yang dibahas pada {{ tanggal_pertemuan }} di "
        "{{ tempat_pertemuan }}.",
        first=0,
    )
    letter.heading("A.  Indikator")
    letter.table_or(
        "indikator",
        "Tidak ada perangkat daerah yang dievaluasi.",
        "baris in indikator",
        [
            Column("No", 0.9, "{{ baris.no }}", CENTER),
            Column("Perangkat Daerah", 5.6, "{{ baris.nama }}"),
            *(Column(head, width, "{{ baris." + name + " }}", CENTER)
              for head, width, name in FROZEN),
        ],
        size=8,
    )  # fmt: skip
    letter.text(
        "Dibekukan {{ evaluasi.dibekukan }}, sidik SHA-256 {{ evaluasi.sidik }}. KJK dalam menit; "
        "Sah: bulan yang rekapnya disahkan.",
        size=8,
        before=3,
    )
    letter.heading("B.  Temuan, rekomendasi, dan batas waktu")
    letter.table_or(
        "temuan",
        "Tidak ada temuan.",
        "baris in temuan",
        [
            Column("No", 0.9, "{{ baris.no }}", CENTER),
            Column("Perangkat Daerah", 5.6, "{{ baris.nama }}"),
            Column("Bagian", 2.2, "{{ baris.bagian }}"),
            Column("Temuan", 7.4, "{{ baris.uraian }}"),
            Column("Rekomendasi", 7.4, "{{ baris.rekomendasi }}"),
            Column("Batas waktu", 3.0, "{{ baris.batas }}"),
        ],
        size=9,
    )
    letter.heading("C.  Kesimpulan")
    letter.body("{{ kesimpulan_evaluasi }}", first=0)
    letter.body("Demikian berita acara ini dibuat dengan sebenarnya.", first=0)
    letter.two_signatures(
        Signer("mengetahui", "\u00a0\nPengelola Aplikasi,", official=True),
        Signer("ttd", DATED + "\nBadan Kepegawaian Daerah,", official=True),
    )
    letter.carbon_copy("Sekretaris Daerah;", "Kepala perangkat daerah yang bersangkutan;", "Arsip.")
    return letter.content()


def _recommendations(letter: Letter) -> None:
    """Rows to write on: what is recommended, to whom, until when."""
    heads = ["No", "Rekomendasi", "Perangkat Daerah", "Batas waktu"]
    table = letter.grid(1 + WRITTEN, [1.0, 14.0, 7.0, 4.0])
    letter.repeat(table.rows[0])
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        letter.fill(cell, text, bold=True, align=CENTER, size=9, color="E7E6E6", keep=True)
    for number, row in enumerate(table.rows[1:], 1):
        letter.fill(row.cells[0], f"{number}\n", align=CENTER, size=9)
    letter.text("", size=6)
