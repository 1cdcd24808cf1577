"""Counters over the verdicts of a person or a group; pure, no Django.

Percentages are tenths of a percent as text would print them: one decimal. HK are the working days
of that person that are over: days off, days before joining and days still to come are not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from attendance.law.cases import Verdict
from attendance.law.codes import LEAVES, NAMES, Code, Flag

NOT_COUNTED = frozenset(
    {
        Code.DAY_OFF,
        Code.COLLECTIVE_LEAVE,
        Code.NOT_OVER,
        Code.UNSCHEDULED,
        Code.NOT_EMPLOYED,
    }
)
DEFINITIONS = (
    "HK: hari kerja pegawai itu dalam periode, tanpa hari libur dan cuti bersama.",
    "H: hadir, dengan absen masuk atau pulang.",
    "TL: terlambat; PSW: pulang sebelum waktunya; ditulis banyaknya hari dan menit.",
    "TAM: tidak absen masuk; TAP: tidak absen pulang; setengah hari kerja, atau menurut ketetapan.",
    "TK: tanpa keterangan; DL: dinas luar; TB: tugas belajar; S: sakit; I: izin.",
    "LAIN: alasan lain yang sah.",
    "C: cuti, yaitu " + ", ".join(f"{code} {NAMES[code]}" for code in LEAVES) + ".",
    "KJK: kekurangan jam kerja neto dalam menit, di luar hari TK.",
    "Jam lebih tidak menggantikan keterlambatan.",
    "Persen hadir fisik = H dibagi HK; persen hadir sah = (HK - TK) dibagi HK.",
    "M: hari yang memakai daftar hadir manual; hak cuti: hari kerja pada cuti bersama.",
    "Non-jari: hari dengan absen tanpa sidik jari di luar pengecualian yang terdaftar.",
    "Belum final: hari yang belum dapat dinilai, belum final, atau belum terjadwal.",
    (
        f"L: {NAMES[Code.DAY_OFF]}; CBer: {NAMES[Code.COLLECTIVE_LEAVE]}; ?:"
        f" {NAMES[Code.NOT_OVER]}; JD?: {NAMES[Code.UNSCHEDULED]}; - : {NAMES[Code.NOT_EMPLOYED]}."
    ),
    "Tanda * : surat masih menunggu keputusan atasan langsung.",
)
# Those whose columns no letter and no report of the month prints are left out there.
PRINTED_DEFINITIONS = tuple(
    text for text in DEFINITIONS if not text.startswith(("M:", "Non-jari:"))
)


@dataclass(frozen=True)
class Counters:
    """What a recap counts. Minutes in `*_minutes` and `deficit_*`; days elsewhere."""

    working_days: int = 0
    present: int = 0
    late: int = 0
    late_minutes: int = 0
    early: int = 0
    early_minutes: int = 0
    missing_in: int = 0
    missing_out: int = 0
    sick: int = 0
    permission: int = 0
    leave: Mapping[str, int] = field(default_factory=dict)
    official_duty: int = 0
    study: int = 0
    other: int = 0
    unexplained: int = 0
    waiting: int = 0
    not_over: int = 0
    extra_leave: int = 0
    manual: int = 0
    not_by_finger: int = 0
    deficit_gross: int = 0
    deficit_excused: int = 0

    @property
    def deficit_net(self) -> int:
        return self.deficit_gross - self.deficit_excused

    @property
    def leave_total(self) -> int:
        return sum(self.leave.values())

    @property
    def present_percent(self) -> str:
        return percent(self.present, self.working_days)

    @property
    def lawful_percent(self) -> str:
        return percent(self.working_days - self.unexplained, self.working_days)

    def as_data(self) -> dict[str, Any]:
        """Return the counters under the short names that the reports print."""
        return {
            "HK": self.working_days,
            "H": self.present,
            "TL_n": self.late,
            "TL_m": self.late_minutes,
            "PSW_n": self.early,
            "PSW_m": self.early_minutes,
            "TAM": self.missing_in,
            "TAP": self.missing_out,
            "S": self.sick,
            "I": self.permission,
            "C": {str(code): self.leave.get(str(code), 0) for code in LEAVES},
            "C_n": self.leave_total,
            "DL": self.official_duty,
            "TB": self.study,
            "LAIN": self.other,
            "TK": self.unexplained,
            "menunggu": self.waiting,
            "belum": self.not_over,
            "hak_cuti": self.extra_leave,
            "M": self.manual,
            "non_jari": self.not_by_finger,
            "KJK": self.deficit_net,
            "KJK_bruto": self.deficit_gross,
            "KJK_dikecualikan": self.deficit_excused,
            "pct": self.present_percent,
            "pct_sah": self.lawful_percent,
        }


def percent(part: int, whole: int) -> str:
    """Return a percentage with one decimal and a comma, or a dash where there is nothing."""
    if whole <= 0:
        return "-"
    tenths = (part * 1000 + whole // 2) // whole
    return f"{tenths // 10},{tenths % 10}"


def count(verdicts: Iterable[Verdict]) -> Counters:
    """Add up days of one person, or of many. TK days are left out of the deficits."""
    total = sum(map(_counted, verdicts))
    sums = {name: total >> place & _MOST for name, place in _PLACES}
    leave = {code: days for code in _LEAVES if (days := sums.pop(code))}
    return Counters(leave=leave, **sums)


@lru_cache(maxsize=16_384)
def _counted(verdict: Verdict) -> int:
    """Return what one day adds to each column, as one long number with a place for each.

    So a month is added up in one addition per day, not in one per day and column.
    """
    return sum(value << place for value, (_, place) in zip(_columns(verdict), _PLACES, strict=True))


def _columns(verdict: Verdict) -> Iterable[int]:
    day = dict.fromkeys(_COLUMNS, 0)
    day["not_over"] = not verdict.is_final
    if verdict.code not in NOT_COUNTED:
        day |= {
            "working_days": 1,
            _counted_as(verdict): 1,
            "late": verdict.late > 0,
            "late_minutes": verdict.late,
            "early": verdict.early > 0,
            "early_minutes": verdict.early,
            "extra_leave": Flag.EXTRA_LEAVE in verdict.flags,
            "manual": Flag.MANUAL in verdict.flags,
            "not_by_finger": Flag.NOT_BY_FINGER in verdict.flags,
        }
        if verdict.code is Code.PRESENT:
            day |= {"missing_in": verdict.missing_in, "missing_out": verdict.missing_out}
        if verdict.code is not Code.UNEXPLAINED and not verdict.provisional:
            day["deficit_gross"] = verdict.deficit_gross
            day["deficit_excused"] = verdict.deficit_excused
    return day.values()


def _counted_as(verdict: Verdict) -> str:
    if verdict.provisional:
        return "waiting"
    return str(verdict.code) if verdict.code in LEAVES else COUNTED_AS[verdict.code]


def add_up(people: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several `Counters.as_data()`, with the percentages of the whole."""
    total = Counters().as_data()
    for counters in people:
        for name, value in counters.items():
            if isinstance(value, int):
                total[name] += value
        for code, days in counters["C"].items():
            total["C"][code] += days
    total["pct"] = percent(total["H"], total["HK"])
    total["pct_sah"] = percent(total["HK"] - total["TK"], total["HK"])
    return total


COUNTED_AS = {
    Code.PRESENT: "present",
    Code.SICK: "sick",
    Code.PERMISSION: "permission",
    Code.OFFICIAL_DUTY: "official_duty",
    Code.STUDY: "study",
    Code.OTHER: "other",
    Code.UNEXPLAINED: "unexplained",
}
_FIELDS = tuple(entry.name for entry in fields(Counters) if entry.name != "leave")
_LEAVES = tuple(map(str, LEAVES))
_COLUMNS = (*_FIELDS, *_LEAVES)
_WIDTH = 40  # bits of a place: minutes of a province's year fit many times
_MOST = (1 << _WIDTH) - 1
_PLACES = tuple((name, index * _WIDTH) for index, name in enumerate(_COLUMNS))
