"""Papers about what a frozen recap hands to the SOPs that follow: two letters and a receipt."""

from documents.template_builder.frame import CENTER, DATED, Column, Letter, Signer

NUMBER = Column("No", 1.0, "{{ loop.index }}", CENTER)
PERIOD = "Periode {{ periode.label }}"
# The paper names the file by its hash: who has both can tell that they belong together.
FILE = [
    ("Berkas data", "{{ bahan.berkas }} ({{ bahan.ukuran }})"),
    ("SHA-256 berkas", "{{ bahan.sidik }}"),
    ("Rekap dasar", "{{ bahan.rekap }}, dibekukan"),
    ("SHA-256 rekap", "{{ bahan.rekap_sidik }}"),
    ("Penyerahan ke", "{{ bahan.putaran }}"),
]
COUNTED = [
    ("HK", "Hari kerja orang"),
    ("H", "Hadir"),
    ("DL", "Dinas luar"),
    ("TB", "Tugas belajar"),
    ("C", "Cuti"),
    ("S", "Sakit"),
    ("I", "Izin"),
    ("LAIN", "Alasan lain yang sah"),
    ("TK", "Tanpa keterangan"),
]


def discipline() -> bytes:
    """Bahan laporan disiplin: who has unexplained days, with flags for PNS; never a sanction."""
    letter = _letter("BAHAN LAPORAN DISIPLIN PEGAWAI")
    letter.heading("B.  Pegawai tanpa keterangan (TK)")
    letter.table_or(
        "tk",
        "Tidak ada pegawai tanpa keterangan pada periode ini.",
        "orang in tk",
        [
            NUMBER,
            Column("Nama / NIP", 4.4, "{{ orang.nama }}\n{{ orang.nip }}"),
            Column("Status", 2.2, "{{ orang.status }}", CENTER),
            Column("Tanggal TK", 3.0, "{{ orang.tanggal }}"),
            Column("Bulan ini", 1.3, "{{ orang.bulan_ini }}", CENTER),
            Column("Tahun ini", 1.3, "{{ orang.tahun }}", CENTER),
            Column("Penanda PP 94/2021", 3.3, "{{ orang.penanda or '-' }}"),
        ],
        size=8.5,
    )
    letter.body(
        "Penanda hanya untuk PNS dan adalah keterangan, bukan sanksi: hari tanpa keterangan "
        "dijumlahkan sejak 1 Januari dan dibandingkan dengan {{ sumber_penanda }}. Kekurangan jam "
        "kerja setiap pegawai ada pada berkas data.",
        first=0,
    )
    return _end(letter)


def performance() -> bytes:
    """Bahan kinerja individu: the sums of the month; the file holds everybody's counters."""
    letter = _letter("BAHAN KINERJA INDIVIDU PEGAWAI")
    letter.heading("B.  Jumlah seluruh pegawai")
    letter.pairs(
        [
            ("Pegawai", "{{ jumlah_pegawai }} orang"),
            ("Hari kerja", "{{ hari_kerja }} hari"),
            *((meaning, "{{ jumlah." + code + " }}") for code, meaning in COUNTED),
            ("Terlambat", "{{ jumlah.TL_n }} kali, {{ jumlah.TL_m }} menit"),
            ("Pulang sebelum waktu", "{{ jumlah.PSW_n }} kali, {{ jumlah.PSW_m }} menit"),
            ("Kekurangan jam kerja neto", "{{ jumlah.KJK_teks }}"),
        ],
        label=5.2,
    )
    letter.body(
        "Angka setiap pegawai ada pada berkas data, untuk penilaian kinerja menurut Peraturan "
        "Menteri PANRB Nomor 6 Tahun 2022.",
        first=0,
    )
    return _end(letter)


def receipt() -> bytes:
    """Tanda terima, under the kop of whoever received the package."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("TANDA TERIMA BAHAN", "{{ bahan.judul }}")
    letter.body("Telah diterima dari {{ pd.nama }} bahan bagi {{ bahan.tujuan }}:", first=0)
    letter.pairs(
        [
            ("Surat pengantar", "{{ bahan.surat or '-' }}"),
            ("SHA-256 surat", "{{ bahan.surat_sidik or '-' }}"),
            *FILE,
            ("Isi", "{{ bahan.isi }}"),
            ("Diserahkan", "{{ bahan.diserahkan }}"),
            ("Diterima", "{{ penerimaan.waktu }}"),
            ("Nomor agenda", "{{ penerimaan.nomor }}"),
            ("Catatan", "{{ penerimaan.catatan or '-' }}"),
        ],
        label=3.6,
        size=9.5,
    )
    letter.body(
        "Berkas data telah dicocokkan dengan sidik SHA-256 di atas. Langkah selanjutnya mengikuti "
        "{{ bahan.tujuan }}.",
        before=8,
    )
    letter.two_signatures(right=Signer("pihak.bkd", DATED + "\nYang menerima,"))
    letter.carbon_copy("Kepala {{ pd.nama }};", "Arsip.")
    return letter.content()


def _letter(title: str) -> Letter:
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title(title, PERIOD)
    letter.body(
        "Berdasarkan {{ sop.judul }} (SOP Nomor {{ sop.nomor }}) bersama ini diserahkan kepada "
        "Badan Kepegawaian Daerah bahan bagi {{ bahan.tujuan }} dari {{ pd.nama }}."
    )
    letter.tag("if bahan.menggantikan")
    letter.body(
        "Bahan ini menggantikan {{ bahan.menggantikan }}."
        "{% if bahan.alasan %} Alasan ralat: {{ bahan.alasan }}{% endif %}",
        first=0,
    )
    letter.tag("endif")
    letter.tag("if bahan.tanggapan")
    letter.body("Tanggapan atas pengembalian: {{ bahan.tanggapan }}", first=0)
    letter.tag("endif")
    letter.heading("A.  Berkas yang diserahkan")
    letter.pairs([*FILE, ("Isi", "{{ bahan.isi }}")], label=3.6, size=9.5)
    return letter


def _end(letter: Letter) -> bytes:
    letter.body("Demikian bahan ini disampaikan untuk dipergunakan sebagaimana mestinya.")
    letter.signature()
    letter.carbon_copy("Arsip.")
    return letter.content()
