"""The reports of the SOP on a period: resume and validation."""

from documents.template_builder.frame import CENTER, LEFT, RIGHT, Column, Letter

PERSON = "{{ orang.nama }}\n{{ orang.nip }}"
NUMBER = Column("No", 1.0, "{{ loop.index }}", CENTER)
COUNTED = [
    ("H", "Hadir"), ("DL", "Dinas luar"), ("TB", "Tugas belajar"), ("C", "Cuti"),
    ("S", "Sakit"), ("I", "Izin"), ("LAIN", "Alasan lain"), ("TK", "Tanpa keterangan"),
    ("TL", "Terlambat"), ("PSW", "Pulang sebelum waktu"), ("TAM", "Tidak absen masuk"),
    ("TAP", "Tidak absen pulang"),
]  # fmt: skip
PERIOD = "Periode {{ periode.label }}"
OUTAGES = [
    Column("Tanggal", 4.0, "{{ baris.tanggal }}"),
    Column("Mesin", 3.4, "{{ baris.mesin }}"),
    Column("Sebab", 4.4, "{{ baris.sebab }}"),
    Column("Daftar manual", 4.7, "{{ baris.keadaan }}, {{ baris.baris_manual }} baris"),
]
CORRECTIONS = [
    NUMBER,
    Column("Koreksi", 3.6, "{{ baris.jenis }}"),
    Column("Tentang", 4.7, "{{ baris.tentang }}"),
    Column("Alasan", 4.0, "{{ baris.alasan }}"),
    Column("Diputuskan", 3.2, "{{ baris.diputuskan }}\n{{ baris.oleh }}"),
]
ROUNDS = [
    Column("Ke", 1.0, "{{ baris.ke }}", CENTER),
    Column("Keputusan", 2.9, "{{ baris.keputusan }}"),
    Column("Catatan / alasan", 6.2, "{{ baris.alasan or '-' }}"),
    Column("Oleh", 3.2, "{{ baris.oleh }}"),
    Column("Waktu", 3.2, "{{ baris.waktu }}"),
]


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
    counts = [code for code, _ in COUNTED if code != "LAIN"]
    table = letter.table(
        "baris in per_bidang",
        [
            Column("Bidang", 5.0, "{{ baris.bidang }}"),
            Column("Peg.", 1.1, "{{ baris.pegawai }}", CENTER),
            *(Column(code, 0.95, "{{ baris." + code + " }}", CENTER) for code in counts),
            Column("Hadir (%)", 1.3, "{{ baris.hadir_pct }}", CENTER),
        ],
        size=8,
    )
    letter.margins(table, side=0.05)
    letter.heading("D.  Perbandingan dengan periode lalu")
    letter.tag("if perbandingan")
    letter.table(
        "baris in perbandingan.baris",
        [
            Column("Hal", 7.5, "{{ baris.nama }}"),
            Column("{{ perbandingan.lalu }}", 3.0, "{{ baris.lalu }}", RIGHT),
            Column("{{ periode.label }}", 3.0, "{{ baris.kini }}", RIGHT),
            Column("Selisih", 3.0, "{{ baris.selisih }}", RIGHT),
        ],
        size=9,
    )
    letter.tag("else")
    letter.text("Belum ada rekap periode sebelumnya yang disahkan.", after=4)
    letter.tag("endif")
    _attention(letter)
    letter.body("Demikian resume ini disampaikan untuk menjadi bahan penelitian pimpinan.")
    letter.two_signatures()
    letter.carbon_copy("Pejabat yang menangani kepegawaian;", "Arsip.")
    return letter.content()


def _counts(letter: Letter) -> None:
    """The counts in one table: code, meaning, number."""
    table = letter.grid(3, [1.0] * len(COUNTED))
    letter.margins(table, side=0.05)
    letter.repeat(table.rows[0])
    for index, (code, meaning) in enumerate(COUNTED):
        cells = [row.cells[index] for row in table.rows]
        letter.fill(cells[0], code, bold=True, align=CENTER, size=9.5, color="E7E6E6", keep=True)
        letter.fill(cells[1], meaning, align=CENTER, size=6.5, keep=True)
        letter.fill(cells[2], "{{ jumlah." + code + " }}", bold=True, align=CENTER, size=11)
    letter.text("", size=4)


def _attention(letter: Letter) -> None:
    """Who and what needs the leader's attention."""
    letter.heading("E.  Pegawai tanpa keterangan")
    letter.table_or(
        "tk",
        "Tidak ada pegawai tanpa keterangan.",
        "orang in tk",
        [
            NUMBER,
            Column("Nama / NIP", 5.5, PERSON),
            Column("Tanggal", 4.6, "{{ orang.tanggal }}"),
            Column("Hari", 1.2, "{{ orang.jumlah }}", CENTER),
            Column("Atasan langsung", 4.2, "{{ orang.atasan }}"),
        ],
    )
    letter.heading("F.  Pegawai terlambat")
    letter.table_or(
        "terlambat",
        "Tidak ada pegawai terlambat.",
        "orang in terlambat",
        [
            NUMBER,
            Column("Nama", 7.5, "{{ orang.nama }}"),
            Column("NIP", 4.4, "{{ orang.nip }}"),
            Column("Kali", 1.6, "{{ orang.kali }}", CENTER),
            Column("Menit", 2.0, "{{ orang.menit }}", CENTER),
        ],
    )
    letter.heading("G.  Surat yang belum diputuskan")
    letter.table_or(
        "surat_tertunda",
        "Semua surat ketidakhadiran sudah diputuskan.",
        "orang in surat_tertunda",
        [
            NUMBER,
            Column("Nama", 7.0, "{{ orang.nama }}"),
            Column("Jenis", 4.0, "{{ orang.jenis }}"),
            Column("Tanggal", 4.5, "{{ orang.tanggal }}"),
        ],
    )
    letter.heading("H.  Gangguan mesin")
    letter.table_or("gangguan", "Tidak ada gangguan yang dicatat.", "baris in gangguan", OUTAGES)


def validation() -> bytes:
    """Laporan validasi: what was examined, on which evidence, the rounds, the decision, TK, KJK."""
    letter = Letter(size=10.5)
    letter.letterhead()
    letter.title("LAPORAN VALIDASI KEHADIRAN PEGAWAI", PERIOD)
    letter.body(
        "Berdasarkan {{ sop.judul }} (SOP Nomor {{ sop.nomor }}) telah diteliti resume kehadiran "
        "dan dokumen ketidakhadiran pegawai pada {{ pd.nama }} dengan hasil sebagai berikut."
    )
    letter.heading("A.  Yang diperiksa")
    letter.each("satu in diperiksa", "{{ loop.index }}.\t{{ satu }}")
    _evidence(letter)
    letter.heading("C.  Data yang dikoreksi")
    letter.table_or(
        "koreksi", "Tidak ada koreksi data pada periode ini.", "baris in koreksi", CORRECTIONS,
        size=9,
    )  # fmt: skip
    letter.heading("D.  Riwayat putaran")
    letter.table_or("putaran", "Selesai dalam satu putaran.", "baris in putaran", ROUNDS)
    letter.heading("E.  Keputusan")
    letter.pairs(
        [
            ("Keputusan", "{{ keputusan.label }}"),
            ("Catatan", "{{ keputusan.catatan or '-' }}"),
            ("Oleh", "{{ keputusan.oleh }}"),
            ("Waktu", "{{ keputusan.waktu }}"),
        ]
    )
    _discipline(letter)
    letter.body(
        "Laporan ini menjadi dasar laporan rekapitulasi kehadiran dan SOP Penyusunan Laporan "
        "Disiplin Pegawai."
    )
    letter.signature()
    letter.carbon_copy(
        "Atasan langsung pegawai yang tersebut dalam laporan ini;",
        "Pejabat yang menangani kepegawaian;",
        "Arsip.",
    )
    return letter.content()


def _evidence(letter: Letter) -> None:
    letter.heading("B.  Bukti ketidakhadiran yang diperiksa")
    letter.tag("if bukti.contoh")
    letter.text(
        "Dari {{ bukti.jumlah }} surat dengan pindaian, {{ bukti.contoh|length }} berikut "
        "dicantumkan; sidik adalah enam belas angka pertama SHA-256 pindaian.",
        after=3,
        keep=True,
    )
    letter.table(
        "baris in bukti.contoh",
        [
            NUMBER,
            Column("Nama", 3.6, "{{ baris.nama }}"),
            Column("Surat", 4.3, "{{ baris.jenis }}, {{ baris.tanggal }}\nNo. {{ baris.nomor }}"),
            Column("Hal.", 0.9, "{{ baris.halaman }}", CENTER),
            Column("Sidik", 3.0, "{{ baris.sidik }}", LEFT),
            Column("Keputusan", 3.7, "{{ baris.keputusan }}\n{{ baris.pemutus }}"),
        ],
        size=8,
    )
    letter.tag("else")
    letter.text("Tidak ada surat ketidakhadiran dengan pindaian pada periode ini.", after=4)
    letter.tag("endif")


def _discipline(letter: Letter) -> None:
    letter.heading("F.  Pegawai tanpa keterangan (TK)")
    letter.table_or(
        "tk",
        "Tidak ada pegawai tanpa keterangan.",
        "orang in tk",
        [
            NUMBER,
            Column("Nama", 5.2, "{{ orang.nama }}"),
            Column("NIP", 4.2, "{{ orang.nip }}"),
            Column("Tanggal", 4.7, "{{ orang.tanggal }}"),
            Column("Hari", 1.4, "{{ orang.jumlah }}", CENTER),
        ],
    )
    letter.heading("G.  Kekurangan jam kerja (KJK)")
    letter.table_or(
        "kjk",
        "Tidak ada kekurangan jam kerja.",
        "orang in kjk",
        [
            NUMBER,
            Column("Nama", 8.0, "{{ orang.nama }}"),
            Column("NIP", 5.0, "{{ orang.nip }}"),
            Column("KJK (menit)", 2.5, "{{ orang.menit }}", CENTER),
        ],
    )
