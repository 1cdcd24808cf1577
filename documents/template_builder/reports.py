"""The reports of the SOP: resume, validation, management."""

from documents.template_builder.frame import CENTER, RIGHT, Column, Letter

PERSON = "{{ orang.nama }}\n{{ orang.nip }}"
COUNTED = [
    ("H", "Hadir"), ("DL", "Dinas luar"), ("TB", "Tugas belajar"), ("C", "Cuti"),
    ("S", "Sakit"), ("I", "Izin"), ("TK", "Tanpa keterangan"), ("TL", "Terlambat"),
    ("PSW", "Pulang sebelum waktu"), ("TAM", "Tidak absen masuk"), ("TAP", "Tidak absen pulang"),
]  # fmt: skip
PERIOD = "Periode {{ periode.label }}"


def resume() -> bytes:
    """Resume kehadiran: half a page of words, the counts, and who needs attention."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("RESUME KEHADIRAN PEGAWAI", PERIOD)
    letter.heading("A.  Ringkasan")
    letter.tag("for kalimat in ringkasan.kalimat")
    letter.body("{{ kalimat }}", after=3)
    letter.tag("endfor")
    letter.heading("B.  Rekapitulasi")
    letter.pairs(
        [
            ("Jumlah pegawai", "{{ jumlah.pegawai }} orang"),
            ("Hari kerja", "{{ jumlah.hari_kerja }} hari"),
        ]
    )
    letter.text("", size=4)
    _counts(letter)
    letter.heading("C.  Menurut bidang")
    letter.table(
        "baris in per_bidang",
        [
            Column("Bidang", 8.5, "{{ baris.bidang }}"),
            Column("Pegawai", 2.0, "{{ baris.pegawai }}", CENTER),
            Column("Hadir (%)", 2.0, "{{ baris.hadir_pct }}", CENTER),
            Column("TK (hari)", 2.0, "{{ baris.TK }}", CENTER),
            Column("TL (kali)", 2.0, "{{ baris.TL }}", CENTER),
        ],
    )
    letter.heading("D.  Pegawai tanpa keterangan")
    letter.table_or(
        "tk",
        "Tidak ada pegawai tanpa keterangan.",
        "orang in tk",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama / NIP", 5.5, PERSON),
            Column("Tanggal", 4.6, "{{ orang.tanggal }}"),
            Column("Hari", 1.2, "{{ orang.jumlah }}", CENTER),
            Column("Atasan langsung", 4.2, "{{ orang.atasan }}"),
        ],
    )
    letter.heading("E.  Pegawai terlambat")
    letter.table_or(
        "terlambat",
        "Tidak ada pegawai terlambat.",
        "orang in terlambat",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama", 7.5, "{{ orang.nama }}"),
            Column("NIP", 4.4, "{{ orang.nip }}"),
            Column("Kali", 1.6, "{{ orang.kali }}", CENTER),
            Column("Menit", 2.0, "{{ orang.menit }}", CENTER),
        ],
    )
    letter.heading("F.  Surat yang belum diputuskan")
    letter.table_or(
        "surat_tertunda",
        "Semua surat ketidakhadiran sudah diputuskan.",
        "orang in surat_tertunda",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama", 7.0, "{{ orang.nama }}"),
            Column("Jenis", 4.0, "{{ orang.jenis }}"),
            Column("Tanggal", 4.5, "{{ orang.tanggal }}"),
        ],
    )
    letter.signature()
    letter.carbon_copy("Pejabat yang menangani kepegawaian;", "Arsip.")
    return letter.content()


def _counts(letter: Letter) -> None:
    """The eleven counts in one table: code, meaning, number."""
    width = 16.5 / len(COUNTED)
    table = letter.grid(3, [width] * len(COUNTED))
    letter.repeat(table.rows[0])
    for index, (code, meaning) in enumerate(COUNTED):
        cells = [row.cells[index] for row in table.rows]
        letter.fill(cells[0], code, bold=True, align=CENTER, size=9.5, color="E7E6E6")
        letter.fill(cells[1], meaning, align=CENTER, size=6.5)
        letter.fill(cells[2], "{{ jumlah." + code + " }}", bold=True, align=CENTER, size=11)
    letter.text("", size=4)


def validation() -> bytes:
    """Laporan validasi: what was examined, the rounds, the decision, TK and KJK."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("LAPORAN VALIDASI KEHADIRAN PEGAWAI", PERIOD)
    letter.body(
        "Berdasarkan {{ sop.judul }} (SOP Nomor {{ sop.nomor }}) telah diteliti resume kehadiran "
        "dan dokumen ketidakhadiran pegawai pada {{ pd.nama }} dengan hasil sebagai berikut."
    )
    letter.heading("A.  Yang diperiksa")
    letter.each("satu in diperiksa", "{{ loop.index }}.\t{{ satu }}")
    letter.heading("B.  Riwayat putaran")
    letter.table_or("putaran", "Selesai dalam satu putaran.", "baris in putaran", ROUNDS)
    letter.heading("C.  Keputusan")
    letter.pairs(
        [
            ("Keputusan", "{{ keputusan.label }}"),
            ("Catatan", "{{ keputusan.catatan or '-' }}"),
            ("Oleh", "{{ keputusan.oleh }}"),
            ("Waktu", "{{ keputusan.waktu }}"),
        ]
    )
    letter.heading("D.  Pegawai tanpa keterangan (TK)")
    letter.table_or(
        "tk",
        "Tidak ada pegawai tanpa keterangan.",
        "orang in tk",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama", 6.0, "{{ orang.nama }}"),
            Column("NIP", 4.3, "{{ orang.nip }}"),
            Column("Tanggal", 3.7, "{{ orang.tanggal }}"),
            Column("Hari", 1.5, "{{ orang.jumlah }}", CENTER),
        ],
    )
    letter.heading("E.  Kekurangan jam kerja (KJK)")
    letter.table_or(
        "kjk",
        "Tidak ada kekurangan jam kerja.",
        "orang in kjk",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama", 8.0, "{{ orang.nama }}"),
            Column("NIP", 5.0, "{{ orang.nip }}"),
            Column("KJK (menit)", 2.5, "{{ orang.menit }}", CENTER),
        ],
    )
    letter.body("Laporan ini menjadi dasar laporan rekapitulasi dan laporan disiplin pegawai.")
    letter.signature()
    letter.carbon_copy("Pejabat yang menangani kepegawaian;", "Arsip.")
    return letter.content()


ROUNDS = [
    Column("Putaran", 1.6, "{{ baris.ke }}", CENTER),
    Column("Keputusan", 2.9, "{{ baris.keputusan }}"),
    Column("Catatan / alasan", 5.6, "{{ baris.alasan or '-' }}"),
    Column("Oleh", 3.2, "{{ baris.oleh }}"),
    Column("Waktu", 3.2, "{{ baris.waktu }}"),
]


def management() -> bytes:
    """Laporan pengelolaan e-absensi: the period's whole work, with mutu baku and the archive."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("LAPORAN PENGELOLAAN E-ABSENSI", PERIOD)
    letter.body(
        "Laporan ini disusun sebagai pertanggungjawaban pelaksanaan {{ sop.judul }} (SOP Nomor "
        "{{ sop.nomor }}{% if sop.revisi %}, revisi {{ sop.revisi }}{% endif %}) pada "
        "{{ pd.nama }} untuk periode {{ periode.mulai }} sampai dengan {{ periode.selesai }}."
    )
    letter.heading("A.  Petugas")
    letter.table(
        "orang in petugas",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Nama / NIP", 6.5, PERSON),
            Column("Pangkat / Gol.", 3.5, "{{ orang.pangkat }}"),
            Column("Jabatan", 3.5, "{{ orang.jabatan }}"),
            Column("Tugas", 2.0, "{{ orang.peran }}", CENTER),
        ],
    )
    letter.heading("B.  Mesin")
    letter.table_or(
        "mesin",
        "Tidak ada mesin yang terdaftar.",
        "baris in mesin",
        [
            Column("Mesin", 3.6, "{{ baris.nama }}"),
            Column("Nomor seri", 3.2, "{{ baris.sn }}"),
            Column("Lokasi", 3.4, "{{ baris.lokasi }}"),
            Column("Keadaan", 2.5, "{{ baris.status }}"),
            Column("Pegawai", 1.7, "{{ baris.pegawai }}", CENTER),
            Column("Catatan absen", 2.1, "{{ baris.ketukan }}", CENTER),
        ],
    )
    letter.heading("C.  Riwayat putaran")
    letter.table_or("putaran", "Selesai dalam satu putaran.", "baris in putaran", ROUNDS)
    letter.heading("D.  Kendala")
    _told(letter, "kendala", "Tidak ada kendala yang dicatat.")
    letter.heading("E.  Saran")
    _told(letter, "saran", "Tidak ada saran.")
    letter.landscape(margin=1.8)
    _standards(letter)
    letter.portrait()
    letter.heading("G.  Dokumen yang diarsipkan")
    letter.table_or(
        "arsip",
        "Belum ada dokumen yang ditulis.",
        "baris in arsip",
        [
            Column("No", 1.0, "{{ loop.index }}", CENTER),
            Column("Dokumen", 5.8, "{{ baris.nama }}"),
            Column("SHA-256", 9.7, "{{ baris.sha256 }}"),
        ],
        size=7.5,
    )
    letter.signature()
    letter.carbon_copy("Arsip.")
    return letter.content()


def _told(letter: Letter, name: str, otherwise: str) -> None:
    """Print an answer of a form; the form may not have been asked for it."""
    said = "if " + name + " is defined and " + name
    letter.body(
        "{% " + said + " %}{{ " + name + " }}{% else %}" + otherwise + "{% endif %}", first=0
    )


def _standards(letter: Letter) -> None:
    letter.heading("F.  Mutu baku: norma dan kenyataan")
    letter.table(
        "baris in mutu",
        [
            Column("Langkah", 6.3, "{{ baris.langkah }}"),
            Column("Pelaksana", 1.9, "{{ baris.pelaksana }}"),
            Column("Norma", 2.3, "{{ baris.norma }}", RIGHT),
            Column("Kerja", 2.7, "{{ baris.kerja }}", RIGHT),
            Column("Tunggu", 2.7, "{{ baris.tunggu }}", RIGHT),
            Column("Selisih", 2.9, "{{ baris.selisih }}", RIGHT),
            Column("Put.", 0.9, "{{ baris.putaran }}", CENTER),
            Column("Oleh", 3.5, "{{ baris.oleh }}"),
            Column("Keterangan", 2.9, "{{ baris.keterangan }}"),
        ],
        size=8.5,
    )
    letter.pairs(
        [
            ("Jumlah norma menurut dokumen SOP", "{{ total.norma_dokumen }}"),
            ("Jumlah norma terhitung", "{{ total.norma_terhitung }}"),
            ("Jumlah waktu kerja", "{{ total.kerja }}"),
        ],
        label=7.0,
    )
    letter.text(
        "Kerja dihitung dari tahap diambil sampai diserahkan dalam jam kerja; tunggu dihitung dari "
        "tahap tersedia sampai diambil. Norma dibandingkan dengan waktu kerja.",
        size=8.5,
        before=4,
    )
