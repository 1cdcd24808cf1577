"""The number of an employee: NIP of a PNS, NI of a PPPK, an internal number of an honorer.

A NIP has 18 digits: date of birth (8), year and month of the first appointment (6), sex (1), serial
(3). Of the NI PPPK only the length and the date of birth are sure. A person without a NIP gets an
internal number `HNR-...`; a NIP is never invented for him.
"""

import re
from dataclasses import dataclass
from datetime import date

from organization.models import EmploymentStatus

LENGTH = 18
MINIMUM_AGE = 18  # at the first appointment
OLDEST_BIRTH_YEAR = 1930
SPACED = re.compile(r"\d{8} \d{6} \d \d{3}")
INTERNAL = re.compile(r"HNR-[A-Z0-9][A-Z0-9-]{0,24}")


class NumberRefused(ValueError):
    """The number has a defect; the sentence names it and says what to do."""


@dataclass(frozen=True)
class Nip:
    """What a NIP says about its holder."""

    digits: str
    born_on: date
    appointed_on: date  # first day of the month of TMT CPNS
    sex: str  # "L" or "P"
    serial: int


def read_number(text: str, status: str, *, today: date) -> str:
    """Return the number normalised, as it is stored; raise NumberRefused with its first defect."""
    trimmed = " ".join(text.split()).lstrip("'")
    if not trimmed:
        raise NumberRefused("NIP kosong; isi NIP, atau nomor HNR-… untuk tenaga honorer.")
    if status == EmploymentStatus.HONORER:
        return _read_internal(trimmed)
    digits = _read_digits(trimmed)
    if status == EmploymentStatus.PNS:
        parse_nip(digits, today=today)
    else:
        _read_birth_date(digits, today=today)
    return digits


def parse_nip(text: str, *, today: date) -> Nip:
    """Return the parts of a NIP of a PNS; raise NumberRefused naming the first defect."""
    digits = _read_digits(text)
    born_on = _read_birth_date(digits, today=today)
    appointed_on = _read_appointment(digits, born_on, today=today)
    if digits[14] not in "12":
        raise NumberRefused(
            f"Angka ke-15 NIP adalah {digits[14]}; seharusnya 1 (laki-laki) atau 2 (perempuan)."
        )
    if digits[15:] == "000":
        raise NumberRefused("Tiga angka terakhir NIP adalah 000; nomor urut dimulai dari 001.")
    sex = "L" if digits[14] == "1" else "P"
    return Nip(digits, born_on, appointed_on, sex, int(digits[15:]))


def display(number: str) -> str:
    """Return a number as it is printed: "19711115 200012 1 003"; internal numbers as they are."""
    if re.fullmatch(rf"\d{{{LENGTH}}}", number):
        return f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"
    return number


def _read_digits(text: str) -> str:
    trimmed = text.strip()
    if re.fullmatch(r"[\d.,]+[eE]\+?\d+", trimmed):
        raise NumberRefused(
            "NIP berubah menjadi angka pangkat (…E+17) oleh Excel; ubah format kolom menjadi Teks "
            "lalu ketik ulang NIP."
        )
    if re.fullmatch(r"[\d ]+", trimmed) is None or not trimmed.isascii():
        raise NumberRefused("NIP hanya boleh berisi angka; hapus huruf, titik, atau tanda lain.")
    digits = trimmed.replace(" ", "")
    if len(digits) != LENGTH:
        raise NumberRefused(f"NIP terdiri atas {len(digits)} angka; seharusnya {LENGTH} angka.")
    if " " in trimmed and not SPACED.fullmatch(trimmed):
        raise NumberRefused(
            "Spasi di dalam NIP tidak pada tempatnya; tulis 18 angka tanpa spasi atau seperti "
            "19850312 201001 1 007."
        )
    return digits


def _read_birth_date(digits: str, *, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise NumberRefused(
            f"Delapan angka pertama NIP ({digits[:8]}) bukan tanggal lahir yang ada; "
            "urutannya tahun, bulan, tanggal."
        ) from None
    if born_on.year < OLDEST_BIRTH_YEAR or born_on >= today:
        raise NumberRefused(
            f"Tahun lahir pada NIP ({born_on.year}) tidak masuk akal; periksa angka pertama."
        )
    return born_on


def _read_appointment(digits: str, born_on: date, *, today: date) -> date:
    year, month = int(digits[8:12]), int(digits[12:14])
    if not 1 <= month <= 12 or year < OLDEST_BIRTH_YEAR:
        raise NumberRefused(
            f"Angka ke-9 sampai ke-14 NIP ({digits[8:14]}) bukan tahun dan bulan pengangkatan."
        )
    appointed_on = date(year, month, 1)
    if appointed_on > today:
        raise NumberRefused(
            f"Bulan pengangkatan pada NIP ({digits[8:14]}) masih akan datang; periksa angkanya."
        )
    if (year, month) < (born_on.year + MINIMUM_AGE, born_on.month):
        raise NumberRefused(
            "Menurut NIP ini pegawai diangkat sebelum berumur 18 tahun; periksa tanggal lahir dan "
            "bulan pengangkatan."
        )
    return appointed_on


def _read_internal(text: str) -> str:
    number = text.upper()
    if re.fullmatch(r"[\d ]+", number):
        raise NumberRefused(
            "Tenaga honorer tidak memiliki NIP; pakai nomor internal seperti HNR-001, atau "
            "perbaiki kolom status."
        )
    if not INTERNAL.fullmatch(number):
        raise NumberRefused(
            "Nomor tenaga honorer harus berbentuk HNR- diikuti huruf, angka, atau tanda hubung "
            "(misalnya HNR-001)."
        )
    return number
