"""The letters of the SOP: assignment, integrity pact, notice to a superior."""

from documents.template_builder.frame import CENTER, DATED, JUSTIFY, Column, Letter, Signer


def assignment() -> bytes:
    """Surat tugas: who is appointed as what, on which basis, for which time."""
    letter = Letter(size=10)
    letter.letterhead()
    letter.title("SURAT TUGAS")
    letter.text("Dasar:", bold=True, after=2, keep=True)
    letter.each("satu in dasar", "{{ loop.index }}.\t{{ satu }}")
    letter.text("MENUGASKAN", align=CENTER, bold=True, before=10, after=6, keep=True)
    letter.text("Kepada:", bold=True, after=3, keep=True)
    letter.table(
        "orang in petugas",
        [
            Column("No", 1.0, "{{ orang.no }}", CENTER),
            Column("Nama / NIP", 5.2, "{{ orang.nama }}\n{{ orang.nip }}"),
            Column("Pangkat / Gol.", 3.3, "{{ orang.pangkat }}"),
            Column("Jabatan", 4.0, "{{ orang.jabatan }}"),
            Column("Ditugaskan sebagai", 3.0, "{{ orang.peran }}", CENTER),
        ],
    )
    letter.text("Untuk:", bold=True, before=4, after=2, keep=True)
    letter.tag("for orang in petugas")
    letter.text("{{ orang.no }}.\t{{ orang.nama }} ({{ orang.peran }}):", indent=0.7, hanging=0.7)
    letter.tag("for satu in orang.tugas")
    letter.text("-\t{{ satu }}", indent=1.4, hanging=0.7)
    letter.tag("endfor")
    letter.tag("endfor")
    letter.body(
        "Surat tugas ini berlaku sejak {{ berlaku.mulai }} sampai dengan {{ berlaku.sampai }}. "
        "Kepada yang bersangkutan agar melaksanakan tugas dengan penuh tanggung jawab dan "
        "melaporkan hasilnya kepada pimpinan.",
        before=8,
        after=4,
    )
    letter.signature(dated="Ditetapkan di {{ tempat }}\npada tanggal {{ tanggal }}")
    letter.carbon_copy(
        "Kepala Badan Kepegawaian Daerah;",
        "Yang bersangkutan untuk dilaksanakan;",
        "Arsip.",
    )
    return letter.content()


PLEDGES = [
    "Melaksanakan tugas pengelolaan e-absensi secara jujur, cermat, dan bertanggung jawab.",
    "Tidak merekam kehadiran atas nama orang lain, dengan sidik jari siapa pun.",
    "Menjaga kerahasiaan data pribadi, sidik jari, dan kata sandi, juga sesudah penugasan ini.",
    "Tidak mengubah, menghapus, atau menambah data kehadiran di luar kewenangan saya.",
    "Segera melaporkan kerusakan mesin, gangguan, dan dugaan penyalahgunaan kepada pimpinan.",
    "Menerima sanksi sesuai ketentuan apabila saya melanggar pakta integritas ini.",
]


def integrity_pact() -> bytes:
    """Pakta integritas of one appointed person, countersigned by the head."""
    letter = Letter()
    letter.letterhead()
    letter.title("PAKTA INTEGRITAS", "Petugas Pengelola e-Absensi")
    letter.text("Yang bertanda tangan di bawah ini:", after=4)
    letter.pairs(
        [
            ("Nama", "{{ item.nama }}"),
            ("NIP", "{{ item.nip }}"),
            ("Pangkat / Gol.", "{{ item.pangkat }}"),
            ("Jabatan", "{{ item.jabatan }}"),
            ("Ditugaskan sebagai", "{{ item.peran }}"),
            ("Perangkat Daerah", "{{ pd.nama }}"),
        ]
    )
    letter.text("dengan ini menyatakan bahwa saya akan:", before=8, after=4)
    for number, pledge in enumerate(PLEDGES, start=1):
        letter.text(f"{number}.\t{pledge}", align=JUSTIFY, indent=0.8, hanging=0.8, after=3)
    letter.body(
        "Pakta integritas ini saya buat dengan sadar dan tanpa paksaan untuk dipergunakan "
        "sebagaimana mestinya."
    )
    letter.two_signatures(
        Signer("ttd", "Mengetahui,", official=True),
        Signer("item", DATED, title="Yang menyatakan"),
    )
    return letter.content()


def notice() -> bytes:
    """Pemberitahuan to one superior: staff without explanation in the period."""
    letter = Letter()
    letter.letterhead()
    letter.letter_head(
        "{% if item.pegawai %}Pemberitahuan{% else %}Pencabutan pemberitahuan{% endif %} pegawai "
        "tanpa keterangan {{ periode.label }}",
        [
            "{{ item.atasan.nama }}",
            ("item.atasan.jabatan|trim('-')", "{{ item.atasan.jabatan }}"),
            "di Tempat",
        ],
        nature="Segera",
    )
    letter.tag("if item.pegawai")
    letter.body(
        "Berdasarkan resume kehadiran pada {{ pd.nama }} periode {{ periode.mulai }} sampai dengan "
        "{{ periode.selesai }}, bersama ini diberitahukan bahwa pegawai di bawah Saudara tercatat "
        "tidak hadir tanpa keterangan sebagai berikut:"
    )
    letter.table(
        "orang in item.pegawai",
        [
            Column("No", 1.0, "{{ orang.no }}", CENTER),
            Column("Nama / NIP", 5.6, "{{ orang.nama }}\n{{ orang.nip }}"),
            Column("Tanggal", 4.9, "{{ orang.tanggal }}"),
            Column("Jumlah hari", 1.8, "{{ orang.jumlah }}", CENTER),
            Column(
                "Kumulatif tahun ini",
                3.2,
                "{{ orang.kumulatif }} hari\n{{ orang.penanda }}",
                CENTER,
            ),
        ],
    )
    letter.tag("endif")
    letter.tag("if item.dicabut")
    letter.body(
        "Pemberitahuan terdahulu pada periode ini dicabut untuk {{ item.dicabut|join('; ') }}: "
        "hari itu tidak lagi tercatat tanpa keterangan."
    )
    letter.tag("endif")
    letter.tag("if item.pegawai")
    letter.body(
        "Sehubungan dengan hal tersebut, Saudara diminta meminta klarifikasi kepada pegawai yang "
        "bersangkutan dan menyampaikan surat keterangan beserta buktinya kepada petugas e-absensi "
        "paling lambat {{ batas_klarifikasi }}. Ketidakhadiran yang tidak diklarifikasi sampai "
        "batas waktu itu dicatat sebagai tanpa keterangan."
    )
    letter.tag("endif")
    letter.tag("if item.catatan")
    letter.body("{{ item.catatan }}")
    letter.tag("endif")
    letter.body("Demikian disampaikan, atas perhatian Saudara diucapkan terima kasih.")
    letter.signature(dated="")
    letter.carbon_copy("Pejabat yang menangani kepegawaian;", "Arsip.")
    return letter.content()
