"""Presses on a phone in words: sentences that say what is, and what to do."""

from collections.abc import Collection, Mapping

from attendance.checkins.rules import Flag, Problem, Reason

PROBLEMS: Mapping[str, str] = {
    Problem.DENIED: "Izin lokasi untuk halaman ini ditolak di ponsel.",
    Problem.UNAVAILABLE: "Ponsel tidak dapat menentukan lokasinya.",
    Problem.TIMEOUT: "Ponsel terlalu lama mencari lokasinya.",
    Problem.INSECURE: "Alamat ini bukan HTTPS; peramban tidak memberi lokasi kepadanya.",
    Problem.NONE: "Tidak ada lokasi yang dikirim; JavaScript peramban ini mungkin dimatikan.",
}
REASONS: Mapping[str, str] = {
    Reason.LOCATION_OFF: "Lokasi tidak terbaca",
    Reason.IMPOSSIBLE: "Koordinat yang dikirim tidak mungkin ada",
    Reason.LATE_SENT: "Dikirim terlambat",
    Reason.MOCKED: "Ponsel menyatakan lokasinya tiruan",
    Reason.NO_OFFICE: "Lokasi kantor belum dicatat",
    Reason.INACCURATE: "Lokasi belum cukup teliti",
    Reason.OUTSIDE: "Di luar lokasi kantor",
}
WAYS_OUT: Mapping[str, str] = {
    Reason.LOCATION_OFF: (
        "Nyalakan lokasi ponsel dan izinkan halaman ini membacanya, lalu tekan lagi. Bila tetap "
        "tidak bisa, minta bantuan dengan satu tekan di bawah."
    ),
    Reason.IMPOSSIBLE: "Tekan sekali lagi; bila terulang, minta bantuan.",
    Reason.LATE_SENT: (
        "Jam pada ponsel tidak dipakai sebagai jam presensi. Tiket klarifikasi sudah dibuat untuk "
        "pengelola presensi; bila Anda masih di kantor, tekan lagi sekarang."
    ),
    Reason.MOCKED: "Matikan aplikasi lokasi tiruan, lalu tekan lagi.",
    Reason.NO_OFFICE: "Laporkan kepada petugas: lokasi kantor belum dicatat di SOPan.",
    Reason.INACCURATE: "Mendekatlah ke jendela atau keluar ruangan sebentar, lalu tekan lagi.",
    Reason.OUTSIDE: "Presensi hanya diterima di lokasi kantor; mendekatlah, lalu tekan lagi.",
}
FLAGS: Mapping[str, str] = {
    Flag.MOCK: "lokasi tiruan",
    Flag.SAME_SPOT: "koordinat sama persis dengan presensi sebelumnya",
    Flag.TRAVEL: "perpindahan terlalu cepat",
    Flag.ACCURACY: "lingkar akurasi melewati batas kantor",
    Flag.LATE_SENT: "dikirim terlambat",
}


def flags_text(flags: Collection[str]) -> str:
    """Return the flags as one phrase in their order; "" for none."""
    return ", ".join(text for flag, text in FLAGS.items() if flag in flags)


def metres_text(metres: float | None) -> str:
    """Return "84 m", "2,4 km"; "-" for nothing."""
    if metres is None:
        return "-"
    if metres < 1000:
        return f"{round(metres)} m"
    return f"{metres / 1000:.1f} km".replace(".", ",")
