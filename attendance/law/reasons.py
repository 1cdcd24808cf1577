"""Verdicts in words: short sentences that name the limit, the rule and the letter; pure."""

from collections.abc import Iterable
from functools import lru_cache

from attendance.law.cases import Holiday, Letter, Outage, Tap
from attendance.law.codes import NAMES, Code
from organization.calendars.work_hours import DAY, DayHours, NoHours, WhyNone

NOT_EMPLOYED = "Belum atau tidak lagi bekerja di perangkat daerah ini."
NOT_OVER = "Hari kerja ini belum berakhir; dinilai sesudah pukul 04.00 hari berikutnya."
SHIFT_NOT_OVER = "Giliran ini belum berakhir; dinilai sesudah rentang absennya lewat."
NOT_LISTED = "Mesin terganggu dan namanya tidak ada pada daftar hadir manual (Pasal 13)."
OTHERS_MACHINE = "Mesin yang terganggu hari itu bukan mesin yang biasa dipakainya."
LIST_AWAITED = "Mesin terganggu; daftar hadir manual belum lengkap (Pasal 13 ayat 4)."
NO_LETTER = "Tidak ada surat keterangan untuk hari ini."
FINGER_EXCUSED = "Absen tanpa sidik jari; pengecualiannya terdaftar."
NOT_BY_FINGER = "Ada absen tanpa sidik jari (Pasal 8 ayat 1): perlu ditinjau."
EXTRA_LEAVE = "Bekerja pada cuti bersama: hak cuti tahunan bertambah satu hari."


@lru_cache(maxsize=4096)
def clock(minute: int) -> str:
    """Return "07.30"; a minute of the next day, or of the day before, says so."""
    days, rest = divmod(minute, DAY)
    text = f"{rest // 60:02d}.{rest % 60:02d}"
    if days == 0:
        return text
    return f"{text} hari berikutnya" if days > 0 else f"{text} hari sebelumnya"


@lru_cache(maxsize=4096)
def pattern(hours: DayHours) -> str:
    rule = "Pasal 10 ayat 3" if hours.pattern_id else "Pasal 10 ayat 2"
    named = hours.pattern + (f", giliran {hours.shift}" if hours.shift else "")
    limits = f"masuk {clock(hours.in_limit)}, pulang {clock(hours.out_limit)}"
    return f"Pola {named}: {limits}, {hours.target} menit kerja ({rule})."


def came(minute: int, late: int, hours: DayHours) -> str:
    if not late:
        return f"Masuk {clock(minute)}, tepat waktu."
    limit = clock(hours.in_limit)
    return f"Masuk {clock(minute)}, batas {limit}: terlambat {late} menit (Pasal 10 ayat 5)."


def left(minute: int, early: int, hours: DayHours) -> str:
    if not early:
        return f"Pulang {clock(minute)}, sesuai jam kerja."
    limit = clock(hours.out_limit)
    return (
        f"Pulang {clock(minute)}, paling cepat {limit}: lebih awal {early} menit (Pasal 10 ayat 5)."
    )


def no_in(hours: DayHours, minutes: int) -> str:
    return _missing("Absen masuk", "sejak", "pulang", hours, minutes)


def no_out(hours: DayHours, minutes: int) -> str:
    return _missing("Absen pulang", "sebelum", "masuk", hours, minutes)


def _missing(what: str, side: str, counted_as: str, hours: DayHours, minutes: int) -> str:
    how = "seluruh hari" if minutes >= hours.target else "setengah hari"
    return (
        f"{what} tidak ada (absen tunggal {side} {clock(hours.midpoint)} dihitung {counted_as}):"
        f" kekurangan {how}, {minutes} menit (ketetapan kantor)."
    )


def no_punches(target: int) -> str:
    return f"Tidak ada absen masuk dan pulang; kekurangan {target} menit (Pasal 10 ayat 4)."


def day_off(hours: NoHours | DayHours, holiday: Holiday | None) -> str:
    if holiday is None:
        return f"Bukan hari kerja menurut pola {hours.pattern}." if hours.pattern else "Libur."
    if holiday.collective_leave:
        return f"Cuti bersama: {holiday.name}. Tidak mengurangi cuti tahunan."
    return f"Libur: {holiday.name}."


def worked_on_day_off(taps: str) -> str:
    return f"Hadir saat libur, absen {taps}."


def works_on_holiday(holiday: Holiday) -> str:
    kind = "cuti bersama" if holiday.collective_leave else "hari libur"
    return f"Pola ini tetap bekerja pada {kind} {holiday.name}."


def unscheduled(hours: NoHours) -> str:
    if hours.detail:
        return hours.detail
    if hours.why is WhyNone.CONFLICT:
        return f"Dua pola jam kerja bertumpuk: {hours.pattern}. Akhiri salah satunya."
    if hours.why is WhyNone.UNSET:
        return "Jam kerja paruh waktunya belum ditetapkan. Catat polanya menurut keputusan."
    return f"Giliran hari ini belum dijadwalkan pada pola {hours.pattern}. Isi jadwalnya."


def still_counted(taps: str) -> str:
    return f"Ada absen {taps}; dinilai sesudah jadwalnya jelas."


def away(letter: Letter) -> str:
    return f"Surat {letter} disetujui atasan langsung (Pasal 9 ayat 3)."


def punched_while_away(taps: str, kind: Code) -> str:
    return f"Ada absen {taps} padahal tercatat {NAMES[kind]}: periksa."


def overlapping(letters: Iterable[Letter]) -> str:
    others = ", ".join(str(letter) for letter in letters)
    return f"Surat lain berlaku pada hari yang sama: {others}. Batalkan yang tidak dipakai."


def pending(letter: Letter) -> str:
    return f"Surat {letter} belum diputuskan atasan langsung."


def rejected(letter: Letter) -> str:
    return f"Surat {letter} ditolak atasan langsung."


def settled(kind: Code) -> str:
    return f"Surat {NAMES[kind]} masih menunggu keputusan saat rekap dibekukan."


def left_early_excused(letter: Letter) -> str:
    return f"Pulang lebih awal diizinkan: surat {letter} (Pasal 9 ayat 4)."


def leaving_not_punched(letter: Letter) -> str:
    return f"Surat {letter} untuk pulang lebih awal berlaku bila ada absen pulang (Pasal 9 ayat 4)."


def hours_excused(letter: Letter, span: tuple[int, int], minutes: int) -> str:
    told = f"Surat {letter}, {clock(span[0])} sampai {clock(span[1])}"
    if not minutes:
        return f"{told}: tidak ada kekurangan pada jam itu."
    return f"{told}: {minutes} menit kekurangan dikecualikan (Pasal 9 ayat 3)."


def not_final(unheard: str, outage: Outage) -> str:
    """Say why more taps may still come."""
    if outage is Outage.UNLISTED:
        return f"Belum final: {LIST_AWAITED[0].lower()}{LIST_AWAITED[1:]}"
    return f"Belum final, mesin belum terhubung lagi sejak hari itu: {unheard.rstrip('.')}."


def manual(taps: Iterable[Tap]) -> str:
    return f"Dari daftar hadir manual: {listed(taps)} (Pasal 13 ayat 5)."


def manual_conflict(machine: int, listed_at: int, tolerance: int) -> str:
    return (
        f"Daftar manual {clock(listed_at)}, mesin {clock(machine)}: selisih lebih dari {tolerance}"
        " menit. Dipakai jam mesin sampai BKD memutuskan."
    )


def corrected(taps: Iterable[Tap]) -> str:
    return f"Absen {listed(taps)} ditambahkan dengan koreksi BKD (Pasal 6 ayat 2)."


def elsewhere(tap: Tap) -> str:
    return f"Absen {clock(tap.minute)} di {tap.elsewhere}; tetap dihitung."


def shifted(tap: Tap) -> str:
    shown = clock(tap.minute - tap.shifted)
    return f"Jam mesin dikoreksi BKD {tap.shifted:+d} menit: {shown} menjadi {clock(tap.minute)}."


def outside(taps: Iterable[Tap], reach: tuple[int, int]) -> str:
    begins, ends = reach
    day = f"hari absensi {clock(begins)} sampai {clock((ends - 1) % DAY)}"
    return f"Absen {listed(taps)} tidak dipakai: {day}."


def listed(taps: Iterable[Tap]) -> str:
    """Return the first and the last of the taps; those between them decide nothing."""
    minutes = sorted(tap.minute for tap in taps)
    shown = minutes if len(minutes) < 2 or minutes[0] == minutes[-1] else [minutes[0], minutes[-1]]
    return " dan ".join(clock(minute) for minute in dict.fromkeys(shown))
