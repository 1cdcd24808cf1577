"""Contexts as the rooms give them, with invented people: one per template of the e-absensi SOP."""

from typing import Any

FIRST = ["Yohanes", "Maria", "Petrus", "Yuliana", "Agustinus", "Theresia", "Marselinus", "Abdul"]
FAMILY = ["Bere", "Nahak", "Seran", "Klau", "Tefa", "Benu", "Tallo", "Ndun", "Manafe", "Riwu"]
TITLES = ["S.Kom.", "S.T.", "M.Si.", "S.Sos.", "A.Md.", "M.H."]
HOLIDAYS = {3, 4, 5, 11, 12, 18, 19, 25, 26}
SUMS = [
    "HK",
    "H",
    "TL_n",
    "TL_m",
    "PSW_n",
    "PSW_m",
    "TAM",
    "TAP",
    "S",
    "I",
    "C",
    "DL",
    "TB",
    "TK",
    "KJK",
]


def nip(index: int) -> str:
    return f"19{70 + index % 28}{1 + index % 12:02d}15 20{5 + index % 15:02d}01 {1 + index % 2} 001"


def person(index: int) -> dict[str, Any]:
    name = f"{FIRST[index % 8]} {FAMILY[(index * 7) % 10]} {FAMILY[(index * 3 + 1) % 10]}"
    return {
        "no": index + 1,
        "nama": f"{name}, {TITLES[index % 6]}",
        "nip": nip(index),
        "pangkat": "Penata Muda Tk. I (III/b)",
        "jabatan": "Pranata Komputer Ahli Pertama",
        "gol": "III/b",
    }


TASKS = [
    "memfasilitasi pendaftaran semua pegawai dan mesin sidik jari;",
    "memasukkan dan memeriksa data kehadiran serta data pendukung ketidakhadiran;",
    "mengawasi pelaksanaan e-absensi dan membuat cadangan data.",
]
SIGNED = {
    "jabatan": "Kepala Dinas Komunikasi dan Informatika",
    "nama": "Dr. Ratna Seran, S.Kom., M.Si.",
    "pangkat": "Pembina Utama Muda (IV/c)",
    "nip": "19710315 199603 2 004",
    "a_n": "",
}
BASE: dict[str, Any] = {
    "kop": {
        "pemerintah": "Pemerintah Provinsi Nusa Tenggara Timur",
        "nama": "Dinas Komunikasi dan Informatika",
        "alamat": "Jalan Percobaan Nomor 1, Kupang 85111 · Telepon (0380) 000000",
    },
    "nomor": "800/012/KOMINFO/IV/2026",
    "tempat": "Kupang",
    "tanggal": "4 Mei 2026",
    "periode": {"label": "April 2026", "mulai": "1 April 2026", "selesai": "30 April 2026"},
    "pd": {"nama": "Dinas Komunikasi dan Informatika", "kode": "diskominfo"},
    "sop": {"nomor": "07 Tahun 2020", "judul": "Pengelolaan e-Absensi", "revisi": "5 Maret 2024"},
    "ttd": SIGNED,
    "versi": 2,
    "berkas": 17,
}
ROUNDS = [
    {
        "ke": 1,
        "keputusan": "Dikembalikan",
        "alasan": "Surat cuti tanggal 9 April belum dipindai.\nPeriksa juga dinas luar tanggal 14.",
        "oleh": "Ratna Seran",
        "waktu": "4 Mei 2026 09.12 WITA",
    },
    {
        "ke": 2,
        "keputusan": "Setuju",
        "alasan": "",
        "oleh": "Ratna Seran",
        "waktu": "4 Mei 2026 13.40 WITA",
    },
]


def assignment() -> dict[str, Any]:
    roles = ["Petugas pertama", "Petugas kedua", "Petugas kedua"]
    return {
        "petugas": [person(i) | {"peran": role, "tugas": TASKS} for i, role in enumerate(roles)],
        "dasar": [
            (
                "Peraturan Gubernur Nusa Tenggara Timur Nomor 67 Tahun 2019 tentang Pelaksanaan "
                "e-Absensi bagi Aparatur Sipil Negara dan Tenaga Honorer;"
            ),
            "SOP Nomor 07 Tahun 2020 tentang Pengelolaan e-Absensi;",
            "Petunjuk atasan tanggal 30 Maret 2026.",
        ],
        "berlaku": {"mulai": "1 April 2026", "sampai": "31 Desember 2026"},
    }


def integrity_pact() -> dict[str, Any]:
    return {"item": person(0) | {"peran": "Petugas pertama"}}


def notice() -> dict[str, Any]:
    rows = [
        {
            "tanggal": "7, 8, dan 22 April 2026",
            "jumlah": 3,
            "kumulatif": 4,
            "penanda": "4-6 hari: teguran tertulis",
        },
        {"tanggal": "14 April 2026", "jumlah": 1, "kumulatif": 1, "penanda": ""},
    ]
    return {
        "item": {
            "atasan": {
                "nama": "Maria Tefa, S.T., M.Si.",
                "nip": nip(3),
                "jabatan": "Kepala Bidang Aplikasi Informatika",
            },
            "pegawai": [
                person(i) | row | {"no": n}
                for n, (i, row) in enumerate(zip((5, 9), rows, strict=True), 1)
            ],
            "dicabut": ["Joko Tallo: 15 April 2026"],
        },
        "batas_klarifikasi": "8 Mei 2026",
    }


def absent() -> list[dict[str, Any]]:
    return [
        {
            "nama": person(i)["nama"],
            "nip": nip(i),
            "tanggal": "7, 8, dan 22 April 2026",
            "jumlah": 3,
            "atasan": "Maria Tefa, S.T., M.Si.",
        }
        for i in (5, 9, 30)
    ]


def resume() -> dict[str, Any]:
    units = ["Sekretariat", "Informasi dan Komunikasi Publik", "Aplikasi Informatika"]
    return {
        "ringkasan": {
            "kalimat": [
                ("Dari 90 pegawai dengan 1.890 hari kerja, 1.672 tercatat hadir (88,5 %), 113 "
                "dinas luar, dan 57 cuti."),
                "Dibanding Maret 2026 kehadiran naik 0,8 % dan keterlambatan turun 12 kali.",
                "Tiga pegawai tanpa keterangan memerlukan klarifikasi atasan langsung.",
            ]
        },
        "jumlah": {
            "pegawai": 90, "hari_kerja": 21, "H": 1672, "DL": 113, "TB": 21, "C": 57, "S": 12,
            "I": 6, "TK": 9, "TL": 143, "PSW": 61, "TAM": 18, "TAP": 35,
        },
        "per_bidang": [
            {"bidang": unit, "pegawai": 30, "hadir_pct": "88,5", "TK": 3, "TL": 47}
            for unit in units
        ],
        "tk": absent(),
        "terlambat": [
            {"nama": person(i)["nama"], "nip": nip(i), "kali": 9, "menit": 214}
            for i in range(11, 17)
        ],
        "surat_tertunda": [
            {"nama": person(40)["nama"], "jenis": "Dinas luar", "tanggal": "28-30 April 2026"}
        ],
    }  # fmt: skip


def validation() -> dict[str, Any]:
    return {
        "diperiksa": [
            "Resume kehadiran periode April 2026 putaran 2;",
            "31 surat ketidakhadiran beserta pindaian dan persetujuan atasan langsung;",
            "Catatan absen dari 3 mesin.",
        ],
        "keputusan": {
            "label": "Setuju",
            "catatan": "",
            "oleh": "Ratna Seran",
            "waktu": "4 Mei 2026 13.40 WITA",
        },
        "putaran": ROUNDS,
        "tk": absent(),
        "kjk": [
            {"nama": person(i)["nama"], "nip": nip(i), "menit": 30 + 7 * i} for i in range(20, 32)
        ],
    }


def _codes(index: int, days: int) -> list[str]:
    def code(day: int) -> str:
        if day in HOLIDAYS:
            return "L"
        seed = (index * 31 + day * 7) % 97
        return {3: "TK", 11: "DL", 12: "DL", 40: "C", 41: "S", 60: "TL"}.get(seed, "H")

    return [code(day) for day in range(1, days + 1)]


def recap(employees: int = 90, days: int = 30) -> dict[str, Any]:
    rows = []
    for i in range(employees):
        numbers = dict.fromkeys(SUMS, 0) | {"HK": 21, "H": 19, "TL_n": 2, "TL_m": 31, "KJK": 481}
        rows.append(person(i) | numbers | {"kode": _codes(i, days), "pct": "90,5"})
    total = {name: sum(row[name] for row in rows) for name in SUMS} | {"pct": "90,5"}
    return {
        "hari": list(range(1, days + 1)),
        "pegawai": rows,
        "total": total,
        "definisi": [
            (
                "HK: hari kerja pegawai itu. H: hadir. TL/PSW: terlambat/pulang awal (kali, "
                "menit). TAM/TAP: tidak absen masuk/pulang. TK: tanpa keterangan."
            ),
            "KJK: kekurangan jam kerja dalam menit setelah dikurangi yang dikecualikan.",
            "Hadir (%) = H dibagi HK.",
        ],
    }


STEPS = [
    "Menugaskan petugas pengelola e-absensi",
    "Memfasilitasi data pegawai dan registrasi mesin",
    "Melakukan perekaman data sidik jari pegawai dalam mesin",
    "Menyiapkan, mengaktifkan, dan mengontrol pelaksanaan aplikasi e-absensi",
    "Melaksanakan input data pendukung ketidakhadiran pegawai",
    "Mencetak resume sim absensi untuk dilaporkan secara berkala kepada pimpinan",
    "Meneliti laporan resume",
    "Melaporkan hasil pengelolaan kepada pimpinan",
    "Mendokumentasikan dan mengarsipkan data rekapan absensi",
]


def management() -> dict[str, Any]:
    standards = [
        {
            "langkah": f"{number}. {step}",
            "pelaksana": "Petugas",
            "norma": "5 menit",
            "kerja": "4 menit",
            "tunggu": "1 jam 12 menit",
            "selisih": "-1 menit",
            "putaran": 1,
            "oleh": "Sari Benu",
            "keterangan": "masih berlaku" if number < 4 else "",
        }
        for number, step in enumerate(STEPS, start=1)
    ]
    return {
        "petugas": assignment()["petugas"],
        "mutu": standards,
        "total": {
            "norma_dokumen": "62 menit",
            "norma_terhitung": "507 menit (57 + 5 x 90)",
            "kerja": "488 menit",
        },
        "mesin": [
            {
                "nama": f"Mesin {place}",
                "sn": f"BOCK20096101{i}",
                "lokasi": place,
                "status": "Aktif",
                "pegawai": 90,
                "ketukan": 1320 + i,
            }
            for i, place in enumerate(["Lobi", "Sekretariat", "Bidang Aptika"])
        ],
        "putaran": ROUNDS,
        "arsip": [
            {"nama": "Resume Kehadiran April 2026 - putaran 2.docx", "sha256": "5f" * 32},
            {"nama": "Laporan Validasi April 2026.docx", "sha256": "a7" * 32},
        ],
        "kendala": "Mesin Sekretariat tidak tersambung tanggal 13-14 April; data masuk tanggal 15.",
        "saran": "",
    }


CONTEXTS: dict[str, Any] = {
    "surat_tugas.docx": assignment,
    "pakta_integritas.docx": integrity_pact,
    "pemberitahuan.docx": notice,
    "resume.docx": resume,
    "laporan_validasi.docx": validation,
    "laporan_rekapitulasi.docx": recap,
    "laporan_pengelolaan.docx": management,
}


def context_for(template: str) -> dict[str, Any]:
    context: dict[str, Any] = BASE | CONTEXTS[template]()
    return context
