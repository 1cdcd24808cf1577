"""What a day can count as: the codes, their Indonesian words and their order; no Django."""

from enum import StrEnum


class Code(StrEnum):
    """What a day counts as, as it is printed in the matrix."""

    PRESENT = "H"
    UNEXPLAINED = "TK"
    OFFICIAL_DUTY = "DL"
    STUDY = "TB"
    ANNUAL_LEAVE = "CT"
    LONG_LEAVE = "CBesar"
    SICK_LEAVE = "CS"
    MATERNITY_LEAVE = "CM"
    IMPORTANT_LEAVE = "CAP"
    UNPAID_LEAVE = "CLTN"
    SICK = "S"
    PERMISSION = "I"
    OTHER = "LAIN"
    DAY_OFF = "L"
    COLLECTIVE_LEAVE = "CBer"
    NOT_OVER = "?"
    UNSCHEDULED = "JD?"
    NOT_EMPLOYED = "-"


DUTIES = frozenset({Code.OFFICIAL_DUTY, Code.STUDY})
LEAVES = (
    Code.ANNUAL_LEAVE,
    Code.LONG_LEAVE,
    Code.SICK_LEAVE,
    Code.MATERNITY_LEAVE,
    Code.IMPORTANT_LEAVE,
    Code.UNPAID_LEAVE,
)
# Which letter holds when several cover a day; the first wins.
PRIORITY = (
    Code.UNPAID_LEAVE,
    Code.STUDY,
    Code.LONG_LEAVE,
    Code.MATERNITY_LEAVE,
    Code.SICK_LEAVE,
    Code.IMPORTANT_LEAVE,
    Code.ANNUAL_LEAVE,
    Code.OFFICIAL_DUTY,
    Code.SICK,
    Code.PERMISSION,
    Code.OTHER,
)
# As a form offers them: the six families of the SOP, in its order.
OFFERED = (
    Code.OFFICIAL_DUTY,
    Code.STUDY,
    *LEAVES,
    Code.SICK,
    Code.PERMISSION,
    Code.OTHER,
)
NAMES = {
    Code.PRESENT: "hadir",
    Code.UNEXPLAINED: "tanpa keterangan",
    Code.OFFICIAL_DUTY: "dinas luar",
    Code.STUDY: "tugas belajar",
    Code.ANNUAL_LEAVE: "cuti tahunan",
    Code.LONG_LEAVE: "cuti besar",
    Code.SICK_LEAVE: "cuti sakit",
    Code.MATERNITY_LEAVE: "cuti melahirkan",
    Code.IMPORTANT_LEAVE: "cuti karena alasan penting",
    Code.UNPAID_LEAVE: "cuti di luar tanggungan negara",
    Code.SICK: "sakit",
    Code.PERMISSION: "izin",
    Code.OTHER: "alasan lain yang sah",
    Code.DAY_OFF: "libur",
    Code.COLLECTIVE_LEAVE: "cuti bersama",
    Code.NOT_OVER: "belum dinilai",
    Code.UNSCHEDULED: "belum terjadwal",
    Code.NOT_EMPLOYED: "belum atau tidak lagi bekerja",
}


class Flag(StrEnum):
    """What a reader should notice beside the code."""

    LATE = "TL"
    EARLY = "PSW"
    NO_IN = "TAM"
    NO_OUT = "TAP"
    EARLY_EXCUSED = "PSW diizinkan"
    LATE_EXCUSED = "TL diizinkan"
    WAITING = "menunggu"
    WORKED_ON_DAY_OFF = "hadir saat libur"
    PUNCHED_WHILE_AWAY = "absen saat tidak di kantor"
    NOT_BY_FINGER = "non-sidik jari"
    MANUAL = "M"
    MANUAL_CONFLICT = "manual berbeda dengan mesin"
    CORRECTED = "koreksi BKD"
    ELSEWHERE = "mesin PD lain"
    CLOCK_SHIFTED = "jam mesin digeser"
    EXTRA_LEAVE = "hak cuti +1"
    LETTERS_OVERLAP = "surat bertumpuk"
    NO_ROSTER = "belum terjadwal"
    NOT_FINAL = "belum final"


class LetterState(StrEnum):
    """How far a letter has come, as far as a day's verdict is concerned."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
