"""Which keys the pages of tasks listen to (`sopan/keys.js`), and whether this browser wants them.

A single letter may be pressed by voice or by a trembling hand: it can be turned off (WCAG 2.1.4).
"""

from django.http import HttpRequest

COOKIE = "sopan_pintasan"
OFF = "mati"
AGE = 365 * 24 * 3600
GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Di daftar tugas",
        (
            ("j atau ↓", "Tugas berikutnya"),
            ("k atau ↑", "Tugas sebelumnya"),
            ("Enter", "Membuka tugas yang disorot"),
            ("x", "Menandai tugas di antrean untuk diambil bersama"),
            ("/", "Ke kotak pencarian"),
        ),
    ),
    (
        "Di halaman tugas",
        (
            ("m", "Ke tombol Kerjakan, atau ke isian pertama"),
            ("Ctrl + S", "Menyimpan draf"),
        ),
    ),
    (
        "Di semua halaman tugas",
        (
            ("g lalu t", "Tugas saya"),
            ("g lalu a", "Antrean"),
            ("g lalu r", "Riwayat"),
            ("g lalu p", "Proses"),
            ("?", "Halaman ini"),
        ),
    ),
)


def are_on(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) != OFF
