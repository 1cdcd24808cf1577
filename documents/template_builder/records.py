"""Papers that two or three people sign: receipt of an account, recording of fingerprints."""

from documents.template_builder.frame import CENTER, DATED, Column, Letter, Signer

NUMBER = Column("No", 1.0, "{{ loop.index }}", CENTER)
DUTIES = [
    "Kata sandi saya ganti saat masuk pertama kali dan tidak saya berikan kepada siapa pun.",
    "Akun hanya saya pakai untuk tugas yang tersebut di atas.",
    "Bila kata sandi diketahui orang lain atau tugas saya berakhir, saya segera melaporkannya.",
]


def account_receipt() -> bytes:
    """Tanda terima akun of one officer; the password is never printed."""
    letter = Letter()
    letter.letterhead()
    letter.title("TANDA TERIMA AKUN", "Aplikasi Pengelolaan e-Absensi")
    letter.body("Pada tanggal {{ periode.label }} telah diserahkan akun kepada:", first=0)
    letter.pairs(
        [
            ("Nama", "{{ item.nama }}"),
            ("NIP", "{{ item.nip or '-' }}"),
            ("Pangkat / Gol.", "{{ item.pangkat or '-' }}"),
            ("Jabatan", "{{ item.jabatan or '-' }}"),
            ("Perangkat Daerah", "{{ pd.nama }}"),
            ("Nama pengguna", "{{ item.nama_pengguna }}"),
            ("Peran", "{{ item.peran }}"),
            ("Surat penugasan", "{{ item.surat }}"),
            ("Berlaku sejak", "{{ item.tanggal }}"),
        ],
        label=4.5,
    )
    letter.body(
        "Kata sandi awal disampaikan langsung kepada yang bersangkutan dan tidak dicantumkan di "
        "sini. Dengan menandatangani tanda terima ini saya menyatakan:",
        before=8,
        first=0,
    )
    for number, duty in enumerate(DUTIES, start=1):
        letter.text(f"{number}.\t{duty}", indent=0.8, hanging=0.8, after=3)
    letter.body("Demikian tanda terima ini dibuat untuk dipergunakan sebagaimana mestinya.")
    letter.two_signatures(
        Signer("item", "Yang menerima,", title="{{ item.peran }}"),
        Signer("ttd", DATED + "\nYang menyerahkan,", official=True),
    )
    return letter.content()


def recording() -> bytes:
    """Berita acara perekaman atau perubahan sidik jari of one person (art. 8(3) and 8(4))."""
    letter = Letter()
    letter.letterhead()
    letter.title("BERITA ACARA {{ item.jenis|upper }} SIDIK JARI")
    letter.body(
        "Pada hari ini, {{ item.hari }}, bertempat di {{ pd.nama }}, telah dilakukan "
        "{{ item.jenis }} data sidik jari pegawai:"
    )
    letter.pairs(
        [
            ("Nama", "{{ item.pegawai.nama }}"),
            ("NIP", "{{ item.pegawai.nip or '-' }}"),
            ("Pangkat / Gol.", "{{ item.pegawai.pangkat }}"),
            ("Jabatan", "{{ item.pegawai.jabatan }}"),
            ("Unit kerja", "{{ item.pegawai.bidang }}"),
            ("Alasan", "{{ item.alasan }}"),
        ]
    )
    letter.text("dengan hasil sebagai berikut:", before=8, after=4, keep=True)
    letter.table(
        "baris in item.jari",
        [
            NUMBER,
            Column("Jari", 3.2, "{{ baris.jari }}"),
            Column("Mesin", 3.6, "{{ baris.mesin }}"),
            Column("Nomor seri", 3.3, "{{ baris.sn }}"),
            Column("Waktu perekaman", 3.0, "{{ baris.waktu }}"),
            Column("Disahkan pengawas", 3.0, "{{ baris.diawasi }}"),
        ],
        size=9,
    )
    letter.body(
        "Perekaman dilakukan oleh Operator dengan jari pegawai yang bersangkutan sendiri dan "
        "diawasi langsung oleh Pengelola Aplikasi, sesuai Peraturan Gubernur Nusa Tenggara Timur "
        "Nomor 67 Tahun 2019 Pasal 8."
    )
    letter.tag("if item.tanpa_mesin")
    letter.body(
        "Atas keputusan pengawas, penghapusan sidik jari lama tidak menunggu "
        "{% for mesin in item.tanpa_mesin %}{{ mesin.mesin }} ({{ mesin.sn }}: {{ mesin.alasan }})"
        "{% if not loop.last %}, {% endif %}{% endfor %}. Di sana sidik jari lama dihapus segera "
        "setelah mesinnya menjawab lagi."
    )
    letter.tag("endif")
    letter.body("Demikian berita acara ini dibuat dengan sebenarnya.")
    letter.three_signatures(
        Signer("item.pegawai", "\u00a0\nPegawai yang direkam,", title="{{ item.pegawai.jabatan }}"),
        Signer("item.operator", DATED + "\nYang merekam,", title="{{ item.operator.jabatan }}"),
        Signer(
            "item.pengelola",
            "Yang mengawasi,",
            title="{{ item.pengelola.jabatan }}",
            optional=True,
        ),
    )
    return letter.content()
