"""Laporan audit: where the time of a SOP went beside its standard, and what the figures rest on."""

from documents.template_builder.frame import CENTER, RIGHT, Column, Letter

SIZE = 8
AGENCIES = (
    "{{ audit.lingkup.pd }}{% if audit.lingkup.semua_pd %}: "
    "{{ audit.lingkup.semua_pd|join(', ') }}{% endif %}"
)
VERSIONS = (
    "{% for satu in audit.versi %}{{ satu.versi }} (sejak {{ satu.sejak }})"
    "{% if not loop.last %}, {% endif %}{% endfor %}"
)
SHARE = "{{ baris.sesuai }}{% if baris.selang %} ({{ baris.selang }}){% endif %}"


def audit_report() -> bytes:
    """Scope and counts, steps, returns, waiting, conformance; then the proof."""
    letter = Letter(size=10, paper="A4", landscape=True, margin=1.5)
    letter.letterhead()
    letter.title(
        "LAPORAN AUDIT WAKTU KERJA", "{{ audit.lingkup.sop }}", "{{ audit.lingkup.periode }}"
    )
    _scope(letter)
    _steps(letter)
    _returns(letter)
    _waiting(letter)
    _conformance(letter)
    _proof(letter)
    return letter.content()


def _scope(letter: Letter) -> None:
    letter.heading("A.  Lingkup dan data")
    counts = "{{ audit.jumlah."
    letter.pairs(
        [
            ("Prosedur", "{{ audit.lingkup.sop }}"),
            ("Perangkat daerah", AGENCIES),
            ("Periode", "{{ audit.lingkup.periode }}"),
            ("Durasi menurut", "{{ audit.lingkup.jam }}; penilaian selalu menurut jam kerja"),
            ("Data sampai", "{{ audit.lingkup.sampai }}"),
            ("Berkas", counts + "berkas }}, di antaranya " + counts + "selesai }} selesai"),
            (
                "Kunjungan selesai",
                counts + "kunjungan }}: " + counts + "orang }} dikerjakan orang, " + counts
                + "sistem }} oleh sistem, " + counts + "berlaku }} masih berlaku",
            ),
            ("Versi SOP", VERSIONS),
        ],
        label=4.0,
    )  # fmt: skip
    letter.tag("if audit.jumlah.belum")
    letter.text(
        "{{ audit.jumlah.belum }} berkas yang baru berubah belum terhitung di sini.", before=3
    )
    letter.tag("endif")


def _steps(letter: Letter) -> None:
    letter.heading("B.  Tahap dan mutu baku")
    total = "{{ audit.total."
    letter.table(
        "baris in audit.tahap",
        [
            Column("No", 0.9, "{{ baris.no }}", CENTER),
            Column("Tahap", 5.6, "{{ baris.tahap }}\n{{ baris.pelaksana }}"),
            Column("Baku", 2.0, "{{ baris.baku }}", RIGHT),
            Column("n", 1.0, "{{ baris.n }}", RIGHT),
            Column("Kerja median", 2.1, "{{ baris.median }}", RIGHT),
            Column("Kerja p90", 2.1, "{{ baris.p90 }}", RIGHT),
            Column("Sesuai baku", 2.9, SHARE, RIGHT),
            Column("Lebih", 1.1, "{{ baris.lebih }}", RIGHT),
            Column("Tunggu median", 2.1, "{{ baris.tunggu_median }}", RIGHT),
            Column("Tunggu p90", 2.1, "{{ baris.tunggu_p90 }}", RIGHT),
            Column("Kem-bali", 1.1, "{{ baris.kembali }}", RIGHT),
            Column("Ulang", 1.1, "{{ baris.ulang }}", RIGHT),
            Column("Ber-laku", 1.1, "{{ baris.berlaku }}", RIGHT),
            Column("Ket.", 1.5, "{{ baris.keterangan }}"),
        ],
        size=SIZE,
        total=[
            "", "Jumlah", total + "baku }}", total + "n }}", "", "",
            total + "sesuai }}{% if audit.total.selang %} ({{ audit.total.selang }}){% endif %}",
            total + "lebih }}", "", "", total + "kembali }}", total + "ulang }}",
            total + "berlaku }}", "",
        ],
    )  # fmt: skip
    letter.text(
        "Yang dinilai adalah kerja: sejak diambil sampai dikirim, tanpa jeda, menurut jam kerja. "
        "Tunggu adalah waktu tanpa pemegang. Di dalam kurung selang kepercayaan Wilson 95 %. "
        "Data sedikit: kurang dari lima kunjungan. Jumlah waktu pada lembar SOP: "
        "{{ audit.total.tertulis }}. Tahap yang masih berlaku tidak dinilai.",
        size=8.5,
    )


def _returns(letter: Letter) -> None:
    letter.heading("C.  Pengembalian")
    kembali = "{{ audit.kembali."
    letter.pairs(
        [
            (
                "Selesai sekali jadi",
                kembali + "sekali_jadi }}{% if audit.kembali.selang %} ({{ audit.kembali.selang }})"
                "{% endif %} dari " + kembali + "selesai }} berkas selesai",
            ),
            (
                "Dikembalikan",
                kembali + "jumlah }} kali, " + kembali + "belum_dijawab }} belum dijawab",
            ),
            ("Waktu kerja yang hilang", kembali + "hilang }}"),
            ("Waktu pengerjaan ulang", kembali + "diulang }}"),
        ],
        label=5.0,
    )
    letter.text("", size=4)
    letter.table_or(
        "audit.kembali.baris",
        "Tidak ada pengembalian dalam lingkup ini.",
        "baris in audit.kembali.baris",
        [
            Column("Dikembalikan dari", 9.0, "{{ baris.dari }}"),
            Column("Kepada", 9.0, "{{ baris.ke }}"),
            Column("Kali", 1.6, "{{ baris.n }}", RIGHT),
            Column("Hilang", 3.5, "{{ baris.hilang }}", RIGHT),
            Column("Dikerjakan ulang", 3.5, "{{ baris.diulang }}", RIGHT),
        ],
        size=SIZE,
    )


def _waiting(letter: Letter) -> None:
    letter.heading("D.  Di mana waktu menunggu")
    letter.table_or(
        "audit.tunggu",
        "Belum ada tahap orang yang selesai dalam lingkup ini.",
        "baris in audit.tunggu",
        [
            Column("Pelaksana", 9.0, "{{ baris.jalur }}"),
            Column("n", 1.8, "{{ baris.n }}", RIGHT),
            Column("Jumlah tunggu", 4.5, "{{ baris.jumlah }}", RIGHT),
            Column("Median", 3.5, "{{ baris.median }}", RIGHT),
            Column("p90", 3.5, "{{ baris.p90 }}", RIGHT),
            Column("Bagian", 2.5, "{{ baris.bagian }}", RIGHT),
        ],
        size=SIZE,
    )


def _conformance(letter: Letter) -> None:
    letter.heading("E.  Kepatuhan terhadap alur")
    patuh = "{{ audit.kepatuhan."
    letter.text(
        patuh + "sesuai }}{% if audit.kepatuhan.selang %} ({{ audit.kepatuhan.selang }}){% endif %}"
        " dari " + patuh + "selesai }} berkas selesai berjalan menurut BPMN; " + patuh
        + "menyimpang }} dari " + patuh + "berkas }} berkas menyimpang.",
        after=3,
        keep=True,
    )  # fmt: skip
    letter.table(
        "baris in audit.kepatuhan.baris",
        [
            Column("Temuan", 8.0, "{{ baris.jenis }}"),
            Column("Artinya", 5.0, "{{ baris.arti }}"),
            Column("Berkas", 3.0, "{{ baris.berkas }}", RIGHT),
            Column("Kunjungan", 3.0, "{{ baris.kunjungan }}", RIGHT),
        ],
        size=SIZE,
    )


def _proof(letter: Letter) -> None:
    letter.heading("F.  Bukti")
    letter.text(
        "Sidik SHA-256 atas semua baris di balik angka ini: {{ audit.sidik_data }}", size=9, after=3
    )
    letter.tag("if audit.jangkar")
    letter.text(
        "Jangkar catatan terakhir: nomor {{ audit.jangkar.nomor }}, {{ audit.jangkar.waktu }}, "
        "{{ audit.jangkar.peristiwa }} peristiwa, sidik {{ audit.jangkar.sidik }}",
        size=9,
        after=3,
    )
    letter.tag("else")
    letter.text("Catatan peristiwa belum pernah dijangkarkan.", size=9, after=3)
    letter.tag("endif")
    letter.tag("if audit.pemeriksaan")
    letter.text(
        "Catatan peristiwa terakhir diperiksa {{ audit.pemeriksaan.waktu }}: "
        "{{ audit.pemeriksaan.hasil }}.",
        size=9,
        after=3,
    )
    letter.tag("else")
    letter.text("Catatan peristiwa belum pernah diperiksa seluruhnya.", size=9, after=3)
    letter.tag("endif")
    letter.text("Saringan yang sama pada halaman audit: {{ audit.lingkup.alamat }}", size=8.5)
