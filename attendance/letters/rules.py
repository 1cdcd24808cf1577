"""What a letter may say, and where it contradicts itself or another letter."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from attendance.exceptions import InvalidLetter
from attendance.law.codes import DUTIES, LEAVES, NAMES, OFFERED, Code
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from organization.mandates.superiors import employed
from organization.models import Employee

LONGEST = timedelta(days=1100)  # a semester, three years of unpaid leave
WAY_OUT = (
    "Bila surat itu keliru, batalkan atau perpendek dahulu; bila tidak, ubah tanggal surat ini."
)
MAY_LEAVE_EARLY = frozenset({Code.SICK, Code.PERMISSION})  # art. 9(4)
MAY_BE_HOURS = frozenset({Code.SICK, Code.PERMISSION, Code.OFFICIAL_DUTY, Code.OTHER})
# What an official orders or grants carries his number; a person may declare sickness himself
# (art. 9(3): "yang bersangkutan dan/atau pejabat yang berwenang").
BY_AN_OFFICIAL = DUTIES | frozenset(LEAVES)


@dataclass(frozen=True, kw_only=True)
class LetterData:
    """What a letter says. `before_leaving`: permission to go home early on one day (art. 9(4)).

    `from_time` and `to_time` are wall time of the agency: an absence of hours within one day.
    """

    kind: str
    first_on: date
    last_on: date
    number: str = ""
    issuer: str = ""
    reason: str = ""
    before_leaving: bool = False
    from_time: time | None = None
    to_time: time | None = None

    @property
    def is_of_hours(self) -> bool:
        return self.from_time is not None or self.to_time is not None


def check(employee: Employee, data: LetterData, *, besides: int = 0) -> None:
    """Raise InvalidLetter with a sentence per field; `besides` is the letter being corrected."""
    errors = _kind_errors(data) | _hour_errors(data) | _day_errors(employee, data)
    if not errors and (overlap := overlapping(employee, data, besides)):
        errors["first_on"] = f"Bertumpuk dengan {letter_title(overlap)}. {WAY_OUT}"
    if errors:
        raise InvalidLetter(errors)


def _kind_errors(data: LetterData) -> dict[str, str]:
    if data.kind not in OFFERED:
        return {"kind": "Pilih jenis ketidakhadiran dari daftar."}
    if data.before_leaving and data.kind not in MAY_LEAVE_EARLY:
        return {"before_leaving": "Pulang sebelum waktunya hanya untuk izin atau sakit."}
    return {}


def _hour_errors(data: LetterData) -> dict[str, str]:
    if not data.is_of_hours:
        return {}
    if data.from_time is None or data.to_time is None:
        return {"from_time": "Isi jam mulai dan jam selesai, atau kosongkan keduanya."}
    if data.to_time <= data.from_time:
        return {"to_time": "Jam selesai harus sesudah jam mulai pada hari yang sama."}
    if data.before_leaving:
        return {"from_time": "Pilih salah satu: jam tertentu, atau pulang sebelum waktunya."}
    if data.kind not in MAY_BE_HOURS:
        name = NAMES[Code(data.kind)] if data.kind in OFFERED else "jenis ini"
        return {"from_time": f"Jam tertentu tidak berlaku untuk {name}; kosongkan jamnya."}
    return {}


def _day_errors(employee: Employee, data: LetterData) -> dict[str, str]:
    if data.last_on < data.first_on:
        return {"last_on": "Tanggal akhir mendahului tanggal awal; periksa kedua tanggalnya."}
    if data.last_on - data.first_on > LONGEST:
        return {"last_on": "Masa surat lebih dari tiga tahun; periksa tahunnya."}
    if data.first_on != data.last_on and data.before_leaving:
        return {"last_on": "Pulang sebelum waktunya berlaku untuk satu hari."}
    if data.first_on != data.last_on and data.is_of_hours:
        return {"last_on": "Izin beberapa jam berlaku untuk satu hari."}
    if not employed(employee, data.first_on):
        return {"first_on": f"{employee.name} tidak bekerja di sini pada tanggal itu."}
    return {}


def overlapping(employee: Employee, data: LetterData, besides: int = 0) -> AbsenceLetter | None:
    """Return a living letter of the same days; two of hours may share a day, not an hour."""
    alive = AbsenceLetter.objects.filter(employee=employee).alive().exclude(pk=besides)
    letters = alive.overlapping(data.first_on, data.last_on).select_related("employee")
    return next((letter for letter in letters if _shares_hours(letter, data)), None)


def _shares_hours(letter: AbsenceLetter, data: LetterData) -> bool:
    theirs, ours = _hours(letter), _hours(data)
    if theirs is None or ours is None:
        return True
    return theirs[0] < ours[1] and ours[0] < theirs[1]


def _hours(said: AbsenceLetter | LetterData) -> tuple[time, time] | None:
    """Return from when until when; None where whole days are meant."""
    if said.from_time is None or said.to_time is None:
        return None
    return said.from_time, said.to_time


def lacks_official_data(letter: AbsenceLetter) -> list[str]:
    """Name what a letter of an official must carry and does not."""
    if Code(letter.kind) not in BY_AN_OFFICIAL:
        return []
    wanted = {"nomor surat": letter.number, "pejabat penerbit": letter.issuer}
    return [label for label, value in wanted.items() if not value]


def columns(data: LetterData) -> dict[str, Any]:
    """Return the data as the row keeps them."""
    return {
        "kind": data.kind,
        "first_on": data.first_on,
        "last_on": data.last_on,
        "number": data.number.strip()[:100],
        "issuer": data.issuer.strip()[:150],
        "reason": data.reason.strip()[:300],
        "before_leaving": data.before_leaving,
        "from_time": data.from_time,
        "to_time": data.to_time,
    }


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of absence as a form offers them, in the order of the SOP."""
    return [(str(code), NAMES[code].capitalize()) for code in OFFERED]
