"""Counters over the verdicts of a person or a group; pure, no Django.

Percentages are tenths of a percent as text would print them: one decimal. HK are the working days
of that person that are over: days off, days before joining and days still to come are not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from attendance.codes import LEAVES, NAMES, Code
from attendance.rules import DayVerdict

NOT_COUNTED = frozenset({Code.DAY_OFF, Code.COLLECTIVE_LEAVE, Code.NOT_OVER, Code.NOT_EMPLOYED})
DEFINITIONS = (
    "HK: hari kerja pegawai itu dalam periode, tanpa hari libur dan cuti bersama.",
    "H: hadir, dengan absen masuk atau pulang.",
    "TL: terlambat; PSW: pulang sebelum waktunya; ditulis banyaknya hari dan menit.",
    "TAM: tidak absen masuk; TAP: tidak absen pulang; masing-masing dihitung setengah hari kerja.",
    "TK: tanpa keterangan; DL: dinas luar; TB: tugas belajar; S: sakit; I: izin.",
    "LAIN: alasan lain yang sah.",
    "C: cuti, yaitu " + ", ".join(f"{code} {NAMES[code]}" for code in LEAVES) + ".",
    "KJK: kekurangan jam kerja neto dalam menit, di luar hari TK.",
    "Jam lebih tidak menggantikan keterlambatan.",
    "Persen hadir fisik = H dibagi HK; persen hadir sah = (HK - TK) dibagi HK.",
    "Tanda * : surat masih menunggu keputusan atasan langsung.",
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


def count(verdicts: Iterable[DayVerdict]) -> Counters:
    """Add up days of one person, or of many. TK days are left out of the deficits."""
    totals: dict[str, int] = {}
    leave: dict[str, int] = {}

    def add(name: str, by: int = 1) -> None:
        totals[name] = totals.get(name, 0) + by

    for verdict in verdicts:
        if verdict.code is Code.NOT_OVER:
            add("not_over")
        if verdict.code in NOT_COUNTED:
            continue
        add("working_days")
        if verdict.provisional:
            add("waiting")
        elif verdict.code in LEAVES:
            leave[str(verdict.code)] = leave.get(str(verdict.code), 0) + 1
        else:
            add(COUNTED_AS[verdict.code])
        add("late", verdict.late_minutes > 0)
        add("late_minutes", verdict.late_minutes)
        add("early", verdict.early_minutes > 0)
        add("early_minutes", verdict.early_minutes)
        if verdict.code is Code.PRESENT:
            add("missing_in", verdict.missing_in)
            add("missing_out", verdict.missing_out)
        if verdict.code is not Code.UNEXPLAINED and not verdict.provisional:
            add("deficit_gross", verdict.deficit_gross)
            add("deficit_excused", verdict.deficit_excused)
    return Counters(leave=leave, **totals)


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
