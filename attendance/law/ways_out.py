"""What would change a day's verdict, in sentences that name the way; pure, no Django."""

from collections.abc import Iterator

from attendance.law.cases import DayCase, Outage, Verdict
from attendance.law.codes import Code, Flag
from attendance.law.reasons import clock
from organization.calendars.work_hours import DayHours

CORRECTION = "Absen yang benar-benar dilakukan tetapi tidak terekam: petugas PD meminta koreksi BKD"
LETTER = "Surat keterangan yang dipindai dan disetujui atasan langsung (Pasal 9 ayat 3)"
NOTHING = "Tidak ada yang kurang pada hari ini."
FROZEN = (
    "Rekap bulan ini sudah dibekukan: data baru menjadi data susulan dan mengubah hari ini hanya"
    " lewat ralat BKD."
)


def ways_out(case: DayCase, verdict: Verdict, *, frozen: bool) -> tuple[str, ...]:
    """Return what could still change this day; the first is the most likely."""
    found = tuple(_ways(case, verdict))
    if frozen:
        return (FROZEN, *(way for way in found if way != NOTHING))
    return found or (NOTHING,)


def _ways(case: DayCase, verdict: Verdict) -> Iterator[str]:
    code = verdict.code
    if code is Code.NOT_EMPLOYED:
        yield "Tanggal mulai bekerja atau berhenti yang salah: perbaiki pada data pegawai."
    elif code is Code.UNSCHEDULED:
        yield (
            "Jadwal giliran atau jam kerja paruh waktu yang diisi, atau salah satu pola yang"
            " bertumpuk dicabut (Kalender)."
        )
    elif verdict.provisional:
        yield "Keputusan atasan langsung atas surat yang menunggu."
    elif not case.over:
        yield f"Absen yang masih dilakukan sebelum {clock(case.reach[1])}."
    if case.outage is Outage.UNLISTED:
        yield "Daftar hadir manual dari hari gangguan, setelah diisi lengkap (Pasal 13)."
    if case.unheard and Flag.NOT_FINAL in verdict.flags:
        yield f"Data yang masih tersimpan di mesin: {case.unheard}, bila terhubung lagi."
    if code is Code.UNEXPLAINED:
        yield f"{LETTER}."
        yield f"{CORRECTION} (Pasal 6 ayat 2)."
    if code is Code.PRESENT and verdict.deficit_net:
        yield from _for_present(case, verdict)
    if code in LETTERS and not verdict.provisional:
        yield "Surat yang dipersingkat karena kembali lebih awal, atau dicabut oleh BKD."
    if Flag.NOT_BY_FINGER in verdict.flags:
        yield "Pengecualian sidik jari yang terdaftar (Pasal 8 ayat 1) menghapus catatan non-jari."


LETTERS = frozenset(Code) - {
    Code.PRESENT,
    Code.UNEXPLAINED,
    Code.DAY_OFF,
    Code.COLLECTIVE_LEAVE,
    Code.NOT_OVER,
    Code.UNSCHEDULED,
    Code.NOT_EMPLOYED,
}


def _for_present(case: DayCase, verdict: Verdict) -> Iterator[str]:
    hours = case.hours
    if not isinstance(hours, DayHours):
        return
    if verdict.late and verdict.came is not None:
        span = f"{clock(hours.in_limit)} sampai {clock(verdict.came)}"
        yield f"Surat izin untuk jam {span}, disetujui atasan langsung."
    if verdict.early and verdict.left is not None:
        span = f"{clock(verdict.left)} sampai {clock(hours.out_limit)}"
        yield f"Surat pulang lebih awal untuk jam {span} (Pasal 9 ayat 4)."
    if verdict.missing_in or verdict.missing_out:
        yield f"{CORRECTION} (Pasal 6 ayat 2)."
    else:
        yield "Jam mesin yang ternyata salah: BKD dapat menggesernya dengan bukti."
