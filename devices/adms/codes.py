"""Numbers that machines answer with, in words.

Sources: Attendance PUSH 2.4, appendices 1 and 3; Security PUSH 3.1.2, appendix 1.
"""

from devices.adms.calls import Dialect

RETURN_TEXT = {
    0: "berhasil",
    -1: "parameter salah, tidak didukung, atau tidak ada data",
    -2: "ukuran berkas tidak cocok",
    -3: "gagal membaca atau menulis di mesin",
    -4: "data tidak cocok",
    -5: "memori mesin penuh",
    -6: "data tidak sah",
    -9: "ukuran sidik jari tidak cocok",
    -10: "PIN tidak ada di mesin",
    -11: "format sidik jari salah",
    -12: "sidik jari tidak sah",
    -22: "perintah tidak dikenal",
    -30: "versi sidik jari berbeda dengan mesin",
    -1001: "kapasitas mesin penuh",
    -1002: "perintah tidak didukung mesin",
    -1003: "mesin kehabisan waktu",
    -1004: "perintah tidak cocok dengan pengaturan mesin",
    -1005: "mesin sedang sibuk",
    -1006: "perintah terlalu panjang",
    -1007: "memori mesin tidak cukup",
    -1008: "mesin gagal mengambil data dari server",
}
# The 3.x dialect counts otherwise.
ACCESS_RETURN_TEXT = {
    -1: "perintah gagal dikirim",
    -2: "perintah tidak dijawab",
    -3: "memori sementara mesin tidak cukup",
    -7: "perintah terulang",
    -8: "sambungan belum diizinkan",
    -9: "data rusak",
    -10: "data tidak terbaca mesin",
    -11: "parameter salah",
    -12: "perintah gagal dikerjakan",
    -13: "perintah tidak dikenal",
    -14: "kata sandi sambungan salah",
    -15: "gagal menulis di mesin",
    -16: "gagal membaca di mesin",
    -18: "memori mesin penuh",
    -26: "sidik jari kosong",
    -27: "PIN tidak ada di mesin",
    -30: "versi sidik jari berbeda dengan mesin",
    -604: "memori mesin tidak cukup",
    -620: "susunan perintah salah",
    -629: "tabel tidak dikenal mesin",
    -631: "panjang sidik jari tidak cocok",
    -708: "perintah tidak didukung mesin",
    -725: "mesin kehabisan waktu",
}
ENROL_TEXT = {
    2: "sidik jari ini sudah ada di mesin",
    4: "mutu sidik jari kurang baik",
    5: "sidik jari sudah dipakai",
    6: "perekaman dibatalkan di mesin",
    7: "mesin sedang sibuk",
}

OPERATION_TEXT = {
    0: "mesin dinyalakan",
    1: "mesin dimatikan",
    2: "verifikasi gagal",
    3: "alarm",
    4: "masuk menu",
    5: "pengaturan diubah",
    6: "sidik jari direkam",
    7: "kata sandi direkam",
    8: "kartu direkam",
    9: "pegawai dihapus",
    10: "sidik jari dihapus",
    11: "kata sandi dihapus",
    12: "kartu dihapus",
    13: "data dihapus",
    14: "kartu dibuat",
    15: "kartu didaftarkan",
    16: "pendaftaran kartu",
    17: "pendaftaran kartu dihapus",
    18: "isi kartu dihapus",
    19: "data dipindahkan ke kartu",
    20: "data disalin dari kartu",
    21: "jam mesin diubah",
    22: "pengaturan pabrik dipulihkan",
    23: "catatan absen dihapus",
    24: "hak admin dihapus",
    30: "pegawai baru",
    35: "foto dihapus",
    36: "data pegawai diubah",
    41: "data diunduh ke USB",
    68: "foto pegawai direkam",
    69: "foto pegawai diubah",
    70: "nama diubah",
    71: "hak pegawai diubah",
    76: "alamat IP diubah",
    77: "subnet mask diubah",
    78: "gateway diubah",
    79: "DNS diubah",
    80: "kata sandi sambungan diubah",
    81: "nomor mesin diubah",
    82: "alamat server diubah",
    83: "port server diubah",
    101: "wajah direkam",
    106: "wajah dihapus",
    113: "kata sandi diubah",
    124: "telapak tangan direkam",
    125: "telapak tangan diubah",
    126: "telapak tangan dihapus",
}
# What an inspector should see: alarm, deletions, the clock, the address of the server.
TAMPER_OPERATIONS = frozenset({3, 13, 21, 22, 23, 24, 82, 83})
NOT_THERE = (-4, -10, -27)


def succeeded(kind: str, code: int) -> bool:
    """Tell whether a return code means that a command of this kind did its work.

    A positive code is a number of records, except at an enrolment, where it is a failure. What was
    to be deleted and is not there is deleted; a query that finds nothing has been answered.
    """
    if kind.startswith("enrol"):
        return code == 0
    if kind.startswith("delete"):
        return code >= 0 or code in NOT_THERE
    if kind.startswith("query"):
        return code >= -1 or code in NOT_THERE
    return code >= 0


def return_text(kind: str, code: int, *, dialect: str = Dialect.ATTENDANCE) -> str:
    """Return what a code means for a command of this kind, for people."""
    if kind.startswith("enrol") and code in ENROL_TEXT:
        return ENROL_TEXT[code]
    if code > 0 and succeeded(kind, code):
        return f"berhasil ({code})"
    texts = RETURN_TEXT
    if dialect == Dialect.ACCESS:
        texts = {0: RETURN_TEXT[0], **ACCESS_RETURN_TEXT}
    return texts.get(code, f"kode {code} yang tidak dikenal")


def operation_text(code: int) -> str:
    """Return what was done at a machine's menu, for people."""
    return OPERATION_TEXT.get(code, f"kegiatan nomor {code}")
