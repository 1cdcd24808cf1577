"""Log harian of Kabupaten Tapin's Tim IT, after its SOP of the Govem application (acts 1 to 6)."""

from documents.template_builder.frame import CENTER, DATED, Column, Letter, Signer

NUMBER = Column("No", 1.0, "{{ loop.index }}", CENTER)


def daily_log() -> bytes:
    """What was checked, who was there, who was called and answered, what was kept."""
    letter = Letter(size=10)
    letter.letterhead()
    letter.title("LOG HARIAN PRESENSI PEGAWAI", "{{ log.hari }}", "Nomor SOP: {{ sop.nomor }}")
    letter.heading("A.  Pemeriksaan sistem dan jadwal hari ini")
    letter.table_or(
        "log.pemeriksaan",
        "Tidak ada pemeriksaan yang dicatat.",
        "baris in log.pemeriksaan",
        [
            NUMBER,
            Column("Kegiatan", 7.0, "{{ baris.kegiatan }}"),
            Column("Waktu", 2.2, "{{ baris.waktu }}", CENTER),
            Column("Hasil", 2.6, "{{ baris.hasil }}", CENTER),
            Column("Catatan", 3.7, "{{ baris.catatan }}"),
        ],
    )
    letter.heading("B.  Kehadiran")
    letter.pairs(
        [
            ("Pegawai", "{{ log.jumlah.pegawai }} orang"),
            ("Presensi masuk", "{{ log.jumlah.masuk }} orang"),
            ("Presensi pulang", "{{ log.jumlah.pulang }} orang"),
            ("Belum presensi", "{{ log.jumlah.belum }} orang"),
            ("Izin, sakit, cuti, dinas", "{{ log.jumlah.izin }} orang"),
        ],
        label=5.0,
    )
    letter.heading("C.  Masalah yang ditangani")
    letter.table_or(
        "log.masalah",
        "Tidak ada masalah yang dilaporkan.",
        "baris in log.masalah",
        [
            NUMBER,
            Column("Waktu", 2.0, "{{ baris.waktu }}", CENTER),
            Column("Pelapor", 4.0, "{{ baris.pelapor }}"),
            Column("Masalah", 4.7, "{{ baris.masalah }}"),
            Column("Penanganan", 4.8, "{{ baris.penanganan }}"),
        ],
    )
    letter.heading("D.  Pegawai yang dihubungi untuk klarifikasi")
    letter.table_or(
        "log.dihubungi",
        "Semua pegawai sudah melakukan presensi.",
        "baris in log.dihubungi",
        [
            NUMBER,
            Column("Nama", 4.6, "{{ baris.nama }}"),
            Column("Belum", 2.2, "{{ baris.belum }}", CENTER),
            Column("Dihubungi", 2.8, "{{ baris.waktu }}\n{{ baris.cara }}"),
            Column("Jawaban", 5.9, "{{ baris.jawaban }}"),
        ],
    )
    letter.heading("E.  Salinan data presensi hari ini (backup)")
    letter.pairs(
        [
            ("Berkas", "{{ log.cadangan.berkas }}"),
            ("Ukuran", "{{ log.cadangan.ukuran }}"),
            ("Waktu", "{{ log.cadangan.waktu }}"),
            ("SHA-256", "{{ log.cadangan.sha256 }}"),
            ("Diuji baca", "{{ log.cadangan.diuji }}"),
        ],
        size=9.5,
    )
    letter.heading("F.  Rapat singkat dan kesiapan esok hari")
    letter.body("{{ log.rapat or 'Tidak diadakan rapat.' }}", first=0)
    letter.body("Kesiapan sistem: {{ log.kesiapan }}", first=0)
    letter.two_signatures(right=Signer("ttd", DATED, official=True))
    return letter.content()
