"""Papers of a machine out of order (art. 13) and of a correction (art. 6(2)b).

What nobody stores is printed as a dotted line: it is written by hand on the paper.
"""

from documents.template_builder.attendance_periods import by_unit
from documents.template_builder.frame import CENTER, DATED, Column, Letter, Signer

LAW = "Peraturan Gubernur Nusa Tenggara Timur Nomor 67 Tahun 2019"
LINE = "." * 88
PROOF = "(SHA-256 {{ koreksi.sidik }})"
NUMBER = Column("No", 1.0, "{{ loop.index }}", CENTER)
MACHINES = [
    NUMBER,
    Column("Mesin", 4.2, "{{ baris.nama }}"),
    Column("Nomor seri", 4.0, "{{ baris.sn }}"),
    Column("Merk / tipe", 3.4, "{{ baris.merk or '....................' }}"),
    Column("Lokasi", 4.6, "{{ baris.lokasi }}"),
]
DAYS = [
    NUMBER,
    Column("Hari dan tanggal", 7.0, "{{ baris.tanggal }}"),
    Column("Pegawai", 3.0, "{{ baris.pegawai }}", CENTER),
    Column("Baris daftar manual", 4.0, "{{ baris.baris }}", CENTER),
]
DELIVERED = [
    NUMBER,
    Column("Tanggal", 2.6, "{{ kirim.tanggal }}"),
    Column("Softcopy / hardcopy", 3.9, "{{ kirim.softcopy }}\n{{ kirim.hardcopy }}"),
    Column("Dikirim", 3.3, "{{ kirim.dikirim }}"),
    Column("Diterima BKD", 3.5, "{{ kirim.diterima }}\n{{ kirim.tanda_terima }}"),
    Column("Tembusan Diskominfo", 3.5, "{{ kirim.tembusan }}\n{{ kirim.keadaan }}"),
]
LISTED = [
    Column("No", 1.0, "{{ orang.no }}", CENTER),
    Column("Nama", 6.2, "{{ orang.nama }}"),
    Column("NIP", 4.4, "{{ orang.nip }}"),
    Column("Tanggal", 3.4, "{{ orang.tanggal }}"),
    Column("Masuk", 1.6, "{{ orang.masuk }}", CENTER),
    Column("Pulang", 1.6, "{{ orang.pulang }}", CENTER),
]


def outage_letter() -> bytes:
    """Laporan gangguan: the office tells Diskominfo and BKD (art. 13(2))."""
    letter = Letter()
    letter.letterhead()
    letter.letter_head(
        "Laporan gangguan mesin absensi, {{ gangguan.tanggal }}",
        ["Kepala Dinas Komunikasi dan Informatika", "Provinsi Nusa Tenggara Timur", "di Kupang"],
        nature="Segera",
    )
    letter.body(
        f"Dengan hormat, sesuai {LAW} Pasal 13 bersama ini dilaporkan gangguan mesin absensi pada "
        "{{ pd.nama }}{% if gangguan.semua %} yang mengenai semua mesin{% endif %}:"
    )
    letter.table_or("gangguan.mesin", LINE, "baris in gangguan.mesin", MACHINES, size=9)
    letter.pairs(
        [
            ("Sejak", "{{ gangguan.mulai }}"),
            ("Sampai", "{{ gangguan.selesai }} ({{ gangguan.lama }})"),
            ("Gejala", _written("gangguan.gejala")),
            ("Sebab", "{{ gangguan.sebab }}"),
            ("Dicatat oleh", "{{ gangguan.dicatat }}"),
            ("Diteruskan", "{{ gangguan.diteruskan or '-' }}"),
            ("Daftar hadir manual", "{{ gangguan.daftar }}"),
        ],
        label=4.5,
    )
    letter.text("Hari yang terdampak:", before=8, after=3, keep=True)
    letter.table("baris in hari_terdampak", DAYS, size=9)
    letter.tag("if gangguan.dugaan")
    letter.body("Ada dugaan perusakan, dicatat terpisah menurut Pasal 14.", first=0)
    letter.tag("endif")
    letter.body(
        "Selama gangguan, kehadiran dibuktikan dengan daftar hadir manual yang ditandatangani dan "
        "direkap setiap hari. Mohon perbaikan mesin tersebut. Atas perhatian dan kerja sama "
        "Saudara disampaikan terima kasih."
    )
    letter.signature(dated="")
    letter.carbon_copy(
        "Kepala Badan Kepegawaian Daerah Provinsi Nusa Tenggara Timur;",
        "Sekretaris Daerah Provinsi Nusa Tenggara Timur;",
        "Arsip.",
    )
    return letter.content()


def outage_record() -> bytes:
    """Berita acara of the trouble and its repair, by two parties and a witness."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("BERITA ACARA GANGGUAN DAN PERBAIKAN MESIN ABSENSI")
    letter.body("Pada hari ini, {{ hari }}, bertempat di {{ pd.nama }}, kami:")
    _party(letter, "1.", "pihak.petugas", "Pihak Pertama, petugas {{ pd.nama }}")
    _party(letter, "2.", "pihak.teknisi", "Pihak Kedua, teknisi yang memeriksa dan memperbaiki")
    letter.body(
        "menyatakan bahwa mesin absensi berikut terganggu dan telah diperiksa dengan hasil di "
        f"bawah ini, sesuai {LAW} Pasal 13.",
        before=6,
    )
    letter.table_or("gangguan.mesin", LINE, "baris in gangguan.mesin", MACHINES, size=9)
    letter.pairs(
        [
            ("Terganggu", "{{ gangguan.tanggal }} ({{ gangguan.lama }})"),
            ("Gejala", _written("gangguan.gejala")),
            ("Sebab", "{{ gangguan.sebab }}"),
            ("Diagnosa", _written("gangguan.diagnosa", 2)),
            ("Tindakan", _written("gangguan.tindakan", 2)),
            ("Suku cadang", _written("gangguan.suku_cadang")),
            ("Hasil uji", _written("gangguan.hasil")),
        ],
        label=3.2,
    )
    letter.text("Hari yang terdampak dan daftar hadir manualnya:", before=8, after=3, keep=True)
    letter.table("baris in hari_terdampak", DAYS, size=9)
    letter.tag("if kiriman")
    letter.text("Rekap manual yang dikirim:", before=8, after=3, keep=True)
    letter.table("kirim in kiriman", DELIVERED, size=8.5)
    letter.tag("endif")
    letter.tag("if gangguan.daftar_lengkap")
    letter.body("Daftar manual dinyatakan lengkap {{ gangguan.daftar_lengkap }}.", first=0)
    letter.tag("endif")
    letter.body("Demikian berita acara ini dibuat dengan sebenarnya.", first=0)
    letter.three_signatures(
        Signer("pihak.petugas", "\u00a0\nPihak Pertama,"),
        Signer("pihak.teknisi", DATED + "\nPihak Kedua,"),
        Signer("pihak.saksi", "Disaksikan oleh,"),
    )
    letter.tag("if daftar")
    letter.text("Lampiran: rekap daftar hadir manual", bold=True, before=14, after=4, keep=True)
    letter.table("orang in daftar", LISTED, size=8.5)
    letter.tag("endif")
    return letter.content()


def manual_list() -> bytes:
    """The list that is signed while machines are out of order (art. 13(4)), and its recap."""
    letter = Letter(paper="F4", size=10)
    letter.letterhead()
    letter.title("DAFTAR HADIR MANUAL", "{{ hari }}", "Gangguan mesin: {{ gangguan.sebab }}")
    letter.text(
        "Ditulis dan diparaf sendiri oleh pegawai saat datang dan saat pulang; yang tidak hadir "
        "dikosongkan dan dicoret oleh Operator.",
        size=9, after=3,
    )  # fmt: skip
    by_unit(
        letter,
        [
            Column("No", 1.0, "{{ orang.no }}", CENTER),
            Column("Nama / NIP", 6.6, "{{ orang.nama }}\n{{ orang.nip }}"),
            Column("Jam\nmasuk", 1.8, "", CENTER),
            Column("Paraf\nmasuk", 2.3, "", CENTER),
            Column("Jam\npulang", 1.8, "", CENTER),
            Column("Paraf\npulang", 2.3, "", CENTER),
            Column("Ket.", 1.9, "", CENTER),
        ],
        (),
        size=8.5,
    )
    letter.tag("if terisi")
    letter.text("REKAP DAFTAR HADIR MANUAL", bold=True, align=CENTER, before=12, after=4, keep=True)
    letter.table("orang in terisi", [c for c in LISTED if c.heading != "Tanggal"], size=8.5)
    letter.text(
        "Pegawai {{ rekap.pegawai }}, terdaftar {{ rekap.terdaftar }}: jam masuk "
        "{{ rekap.masuk }}, jam pulang {{ rekap.pulang }}; tidak terdaftar {{ rekap.tidak }}.",
        size=9.5, after=3,
    )  # fmt: skip
    letter.text("Keadaan daftar: {{ gangguan.daftar }}.", size=9.5)
    letter.tag("endif")
    letter.pairs(
        [
            (
                "Softcopy dikirim",
                f"tanggal {LINE[:20]} kepada {LINE[:28]}",
            ),
            (
                "Hardcopy diterima",
                f"tanggal {LINE[:20]} oleh {LINE[:30]}",
            ),
        ],
        size=9.5,
    )
    letter.text("Daftar ini memuat {{ jumlah_pegawai }} pegawai.", size=9.5, before=4)
    letter.two_signatures()
    letter.carbon_copy(
        "Kepala Badan Kepegawaian Daerah (asli);",
        "Kepala Dinas Komunikasi dan Informatika (tembusan untuk diinput);",
        "Arsip.",
    )
    return letter.content()


def correction_record() -> bytes:
    """Berita acara of a correction by BKD: before, after, evidence, reason."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("BERITA ACARA KOREKSI DATA ABSENSI")
    letter.body(
        "Pada hari ini, {{ hari }}, berdasarkan " + LAW + " Pasal 6 ayat (2) huruf b, kami:"
    )
    _party(letter, "1.", "pihak.bkd", "Badan Kepegawaian Daerah, yang memutuskan koreksi")
    _party(letter, "2.", "pihak.pd", "{{ pd.nama }}, yang meminta koreksi")
    letter.body("menyatakan bahwa data absensi berikut dikoreksi:", before=6)
    letter.pairs(
        [
            ("Koreksi nomor", "{{ koreksi.nomor }}"),
            ("Jenis", "{{ koreksi.jenis }}"),
            ("Tentang", "{{ koreksi.tentang }}"),
            ("Alasan", "{{ koreksi.alasan }}"),
            ("Bukti", "{{ koreksi.bukti }}{% if koreksi.sidik %} " + PROOF + "{% endif %}"),
            ("Diminta", "{{ koreksi.diminta }}, {{ koreksi.diminta_oleh }}"),
            ("Dikabulkan", "{{ koreksi.diputuskan }}"),
            ("Catatan", "{{ koreksi.catatan or '-' }}"),
        ],
        label=3.4,
    )
    letter.text("Keadaan sebelum dan sesudah koreksi:", before=8, after=3, keep=True)
    letter.table_or(
        "perubahan",
        "Tidak ada hari yang penilaiannya berubah.",
        "baris in perubahan",
        [
            NUMBER,
            Column("Pegawai / tanggal", 4.2, "{{ baris.nama }}\n{{ baris.tanggal }}"),
            Column("Sebelum", 3.8, "{{ baris.semula }}"),
            Column("Sesudah", 3.8, "{{ baris.menjadi }}"),
            Column("Alasan penilaian", 5.2, "{{ baris.alasan or '-' }}"),
        ],
        size=8.5,
    )
    letter.tag("if lebih")
    letter.text("Dan {{ lebih }} hari lagi, tersimpan pada koreksi nomor {{ koreksi.nomor }}.")
    letter.tag("endif")
    letter.body(
        "Absen asli dari mesin tetap tersimpan dan tidak diubah. Untuk bulan yang rekapnya sudah "
        "dibekukan, koreksi berlaku melalui ralat rekap. Demikian berita acara ini dibuat dengan "
        "sebenarnya."
    )
    letter.two_signatures(
        Signer("pihak.pd", "\u00a0\nYang meminta,"),
        Signer("pihak.bkd", DATED + "\nYang mengoreksi,"),
    )
    letter.carbon_copy("Kepala {{ pd.nama }};", "Pegawai yang bersangkutan;", "Arsip.")
    return letter.content()


def _written(field: str, lines: int = 1) -> str:
    """Print a field, or lines to write on where it is empty."""
    return "{{ " + field + " or '" + "\\n".join([LINE] * lines) + "' }}"


def _party(letter: Letter, number: str, who: str, part: str) -> None:
    letter.text(
        f"{number}\t{{{{ {who}.nama }}}}{{% if {who}.nip %}}, NIP. {{{{ {who}.nip }}}}{{% endif %}}"
        f", {{{{ {who}.jabatan }}}}; {part};",
        indent=1.0, hanging=0.7, after=2,
    )  # fmt: skip
