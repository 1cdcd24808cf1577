"""The indicators of an agency in words: what stands out for each side, and what it might advise."""

from collections.abc import Iterable
from dataclasses import dataclass

from attendance.models import Evaluation, FollowUp, Side
from attendance.recaps.evaluation_indicators import FEWEST_OFFICERS, Indicators
from documents.periods import period_of
from foundation.indonesian import number_text, percent_text

Badge = tuple[str, str, str]


@dataclass(frozen=True)
class Remark:
    """What stands out in one agency; `advice` is a proposal, officers write what they mean."""

    text: str
    advice: str


def period_text(period: str) -> str:
    """Return "Triwulan I 2026"."""
    return period_of(period).label


def uptime_text(row: Indicators) -> str:
    """Return the share of machine days without an outage: "97,5 %"."""
    days = row["hari_mesin"]
    return percent_text(days - row["hari_mesin_terganggu"], days)


def recorded_text(row: Indicators) -> str:
    """Return the share of people whose finger is recorded, or excepted."""
    return percent_text(row["terekam"], row["pegawai"])


def remarks_of(row: Indicators, side: str) -> list[Remark]:
    """Return what an agency's indicators say to one side; nothing where all is well."""
    found = _discipline(row) if side == Side.DISCIPLINE else _machines(row)
    return [Remark(text, advice) for holds, text, advice in found if holds]


def _discipline(row: Indicators) -> Iterable[tuple[object, str, str]]:
    months, validated = row["bulan"], row["disahkan"]
    return (
        (
            validated < months,
            f"{months - validated} bulan belum disahkan",
            "Sahkan rekap bulan yang tertinggal",
        ),
        (
            row["tepat"] < validated,
            f"{validated - row['tepat']} bulan disahkan terlambat",
            "Sahkan rekap dalam batas hari kerja",
        ),
        (
            row["TK"],
            f"{row['TK']} hari tanpa keterangan",
            "Tindak lanjuti pegawai tanpa keterangan sesuai ketentuan disiplin",
        ),
        (
            row["KJK"] and row["pegawai"] and row["KJK"] / row["pegawai"] >= 450,
            f"KJK {number_text(row['KJK'] / (row['pegawai'] or 1), 0)} menit per pegawai",
            "Bina pegawai dengan kekurangan jam kerja",
        ),
        (
            row["surat_terlambat"],
            f"{row['surat_terlambat']} surat terlambat diputuskan",
            "Putuskan surat ketidakhadiran tepat waktu",
        ),
        (
            row["resume_kembali"],
            f"resume dikembalikan {row['resume_kembali']} kali",
            "Lengkapi data pendukung sebelum resume diajukan",
        ),
        (
            row["lewat_baku"],
            f"{row['lewat_baku']} langkah melebihi waktu baku",
            "Periksa langkah yang melebihi waktu baku",
        ),
        (
            row["koreksi_menunggu"],
            f"{row['koreksi_menunggu']} koreksi menunggu keputusan",
            "Lengkapi permintaan koreksi yang menunggu",
        ),
    )


def _machines(row: Indicators) -> Iterable[tuple[object, str, str]]:
    unrecorded = row["pegawai"] - row["terekam"]
    return (
        (not row["mesin"], "tidak ada mesin aktif", "Sediakan mesin absensi"),
        (
            unrecorded > 0,
            f"{unrecorded} dari {row['pegawai']} pegawai belum terekam",
            "Rekam sidik jari pegawai yang belum terekam",
        ),
        (
            row["hari_mesin_terganggu"],
            f"mesin bekerja {uptime_text(row)} ({row['hari_gangguan']} hari terganggu)",
            "Perbaiki atau ganti mesin yang terganggu",
        ),
        (
            row["M"],
            f"{row['M']} hari orang memakai daftar manual",
            "Kurangi pemakaian daftar hadir manual",
        ),
        (
            row["non_jari"],
            f"{row['non_jari']} hari orang absen tanpa sidik jari",
            "Daftarkan pengecualian atau rekam ulang sidik jari",
        ),
        (
            row["petugas"] < FEWEST_OFFICERS,
            f"{row['petugas']} petugas e-absensi, paling sedikit {FEWEST_OFFICERS}",
            "Tugaskan petugas sampai sedikitnya dua orang PNS",
        ),
    )


def evaluation_badge(row: Evaluation) -> Badge:
    """Return how far an evaluation is, as pages show it."""
    if row.is_cancelled:
        return "info", "cancel", "Dibatalkan"
    if row.outcome == Evaluation.Outcome.CLOSED:
        return "ok", "check-circle", "Selesai"
    if row.outcome == Evaluation.Outcome.ESCALATED:
        return "late", "alert", "Diteruskan kepada Sekda"
    return "info", "hourglass", "Berjalan"


def follow_up_badge(row: FollowUp, late: bool) -> Badge:
    """Return what became of a follow-up, as pages show it."""
    return _BADGES[FollowUp.Status(row.status), late]


_WAITS = ("soon", "hourglass", "Belum dijawab")
_LATE = ("late", "alert", "Terlambat, belum dijawab")
_AGAIN, _ACCEPTED = ("info", "return", "Diminta lagi"), ("ok", "check-circle", "Diterima")
_ESCALATED = ("late", "alert", "Diteruskan kepada Sekda")
_BADGES: dict[tuple[FollowUp.Status, bool], Badge] = {
    (FollowUp.Status.ASKED, False): _WAITS,
    (FollowUp.Status.ASKED, True): _LATE,
    (FollowUp.Status.ANSWERED, False): ("ok", "check", "Dijawab"),
    (FollowUp.Status.ANSWERED, True): ("soon", "alert", "Dijawab terlambat"),
    (FollowUp.Status.AGAIN, False): _AGAIN,
    (FollowUp.Status.AGAIN, True): _AGAIN,
    (FollowUp.Status.ACCEPTED, False): _ACCEPTED,
    (FollowUp.Status.ACCEPTED, True): ("ok", "check-circle", "Diterima, dijawab terlambat"),
    (FollowUp.Status.ESCALATED, False): _ESCALATED,
    (FollowUp.Status.ESCALATED, True): _ESCALATED,
}
