"""Where the pages of this room lie; stable paths that guards, panels and documents may name."""

LETTERS = "/absensi/surat/"
APPROVALS = "/absensi/persetujuan/"
RECAPS = "/absensi/rekap/"
MINE = "/absensi/saya/"


def letters(month: str = "") -> str:
    return f"{LETTERS}?bulan={month}" if month else LETTERS


def letter(letter_id: int) -> str:
    return f"{LETTERS}{letter_id}/"


def scan(letter_id: int) -> str:
    return f"{letter(letter_id)}pindaian/"


def recap(recap_id: int) -> str:
    return f"{RECAPS}{recap_id}/"


def person(recap_id: int, employee_id: int) -> str:
    """The days of one person in a recap, each with its reasons."""
    return f"{recap(recap_id)}pegawai/{employee_id}/"
