"""The month of an agency as rows of HTML, made without a template's loop over 34,000 cells.

End tags that HTML does not ask for are left out, and a plain present day has no class: a month of
1,100 people stays under 600 kB. Whoever opens a cell is led by the row and the column it stands in.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.html import escape

from attendance.days.stored import outline
from attendance.law.codes import NAMES, Code, Flag
from attendance.law.counting import add_up

# A mark beside the code, as small letters; colour never tells anything alone.
MARKS = {
    Flag.LATE: ("t", "terlambat (TL)"),
    Flag.EARLY: ("p", "pulang sebelum waktunya (PSW)"),
    Flag.NO_IN: ("m", "tanpa absen masuk (TAM)"),
    Flag.NO_OUT: ("k", "tanpa absen pulang (TAP)"),
    Flag.LATE_EXCUSED: ("i", "terlambat atau pulang awal dengan izin"),
    Flag.EARLY_EXCUSED: ("i", "terlambat atau pulang awal dengan izin"),
    Flag.NOT_FINAL: ("?", "belum final"),
}
UNMARKED = frozenset({Flag.WAITING, Flag.NO_ROSTER})  # the star and the code say it already
OTHER_MARK = ("!", "ada catatan lain, misalnya koreksi BKD atau absen tanpa sidik jari")
DIFFERS_MARK = ("≠", "data susulan: berbeda dari isi rekap yang dibekukan")
LOOKS = {
    Code.UNEXPLAINED: "u",
    Code.DAY_OFF: "o",
    Code.COLLECTIVE_LEAVE: "o",
    Code.NOT_EMPLOYED: "o",
    Code.NOT_OVER: "n",
    Code.UNSCHEDULED: "n",
}
AWAY, WAITING, MARKED = "a", "w", "m"
# Columns after the days: what is printed, which counter, what it means.
SUMS = (
    ("HK", "HK", "hari kerja"),
    ("H", "H", "hadir"),
    ("TK", "TK", "tanpa keterangan"),
    ("TL", "TL_n", "hari terlambat"),
    ("mnt", "TL_m", "menit terlambat"),
    ("PSW", "PSW_n", "hari pulang sebelum waktunya"),
    ("mnt", "PSW_m", "menit pulang sebelum waktunya"),
    ("TAM", "TAM", "hari tanpa absen masuk"),
    ("TAP", "TAP", "hari tanpa absen pulang"),
    ("DL", "DL", "dinas luar"),
    ("C", "C_n", "cuti, semua jenis"),
    ("S", "S", "sakit"),
    ("I", "I", "izin"),
    ("lain", "LAIN", "alasan lain yang sah"),
    ("*", "menunggu", "surat menunggu keputusan"),
    ("KJK", "KJK", "kekurangan jam kerja neto, menit"),
    ("%", "pct", "persen hadir fisik"),
)
Line = str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A person as the matrix needs him. `lines` are those of `stored.pack`, one per day.

    `labels` are what a frozen recap prints; None where nothing is frozen.
    """

    employee_id: int
    name: str
    number: str
    unit: str
    employment: str
    lines: Sequence[Line]
    counters: Mapping[str, Any]
    labels: Sequence[str] | None = None
    differs: frozenset[int] = frozenset()  # days (from 0) that late data would change

    @property
    def codes(self) -> list[str]:
        return list(self.labels) if self.labels is not None else [_label(x) for x in self.lines]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; empty means all."""

    unit: str = ""
    employment: str = ""
    mark: str = ""  # a code or a flag
    name: str = ""

    def keeps(self, row: MatrixRow) -> bool:
        wanted = self.name.casefold()
        return (
            (not self.unit or row.unit == self.unit)
            and (not self.employment or row.employment == self.employment)
            and (not wanted or wanted in row.name.casefold() or wanted in row.number)
            and (not self.mark or self._marked(row))
        )

    def _marked(self, row: MatrixRow) -> bool:
        if self.mark == DIFFERS_MARK[0]:
            return bool(row.differs)
        if self.mark == "*":
            return any(code.endswith("*") for code in row.codes)
        if self.mark in FLAGS:
            return any(_flag_pattern(self.mark).search(line) for line in row.lines)
        return any(code.removesuffix("*") == self.mark for code in row.codes)


FLAGS = frozenset(map(str, Flag))


@dataclass
class Matrix:
    """The table's body and foot, ready to be printed, and how many people are in it."""

    body: str = ""
    foot: str = ""
    people: int = 0
    total: Mapping[str, Any] = field(default_factory=dict)


def draw(rows: Iterable[MatrixRow], subject: str, days: int) -> Matrix:
    """Return the matrix of these people, who come by unit; a row of its own begins each unit."""
    rows = list(rows)
    parts: list[str] = []
    unit: str | None = None
    width = days + len(SUMS)
    for row in rows:
        if row.unit != unit:
            unit = row.unit
            parts.append(f"<tr class=g><th scope=rowgroup>{escape(unit)}<td colspan={width}>")
        parts.append(_row(row, subject))
    total = add_up(row.counters for row in rows)
    foot = f"<tr><th scope=row>Jumlah {len(rows)} pegawai<td colspan={days}>{_sums(total)}"
    return Matrix("\n".join(parts), foot, len(rows), total)


def legend() -> list[tuple[str, str]]:
    """Return every code and mark with its meaning."""
    marks = dict.fromkeys([*MARKS.values(), OTHER_MARK, DIFFERS_MARK])
    return [(str(code), NAMES[code]) for code in Code] + [
        ("*", "surat masih menunggu keputusan"),
        *marks,
    ]


def choices() -> list[tuple[str, str]]:
    """Return what days may be filtered by: codes first, then flags."""
    codes = [(str(code), f"{code} {NAMES[code]}") for code in Code if code not in _DULL]
    flags = [
        (str(flag), f"{flag}, {MARKS[flag][1]}" if flag in _NAMED else str(flag)) for flag in Flag
    ]
    return [*codes, ("*", "* surat menunggu keputusan"), *flags, DIFFERS_MARK]


_DULL = frozenset({Code.PRESENT, Code.DAY_OFF, Code.NOT_EMPLOYED})
_NAMED = frozenset({Flag.LATE, Flag.EARLY, Flag.NO_IN, Flag.NO_OUT})


def _row(row: MatrixRow, subject: str) -> str:
    head = f'<tr><th scope=row><a href="{row.employee_id}/?bulan={subject}">{escape(row.name)}</a>'
    if row.labels is None:
        cells = [_cell(*outline(line)) for line in row.lines]
    else:
        cells = _frozen_cells(row, row.labels)
    return "".join([head, *cells, _sums(row.counters)])


def _frozen_cells(row: MatrixRow, labels: Sequence[str]) -> list[str]:
    """Return the days as frozen; marks come from the sheet where it agrees with the recap."""
    lines = row.lines if len(row.lines) == len(labels) else [""] * len(labels)
    cells = []
    for day, (label, line) in enumerate(zip(labels, lines, strict=True)):
        if line and day not in row.differs and _label(line) == label:
            cells.append(_cell(*outline(line)))
        else:
            flags = DIFFERS_MARK[0] if line or day in row.differs else ""
            provisional = label.endswith("*")
            cells.append(_cell(label.removesuffix("*"), flags, provisional))
    return cells


def _label(line: Line) -> str:
    code, _, provisional = outline(line)
    return f"{code}*" if provisional else code


@lru_cache(maxsize=2048)
def _cell(code: str, flags: str, provisional: bool) -> str:
    """Return one day. There are few different ones: minutes do not show."""
    marks = _marks(flags)
    look = WAITING if provisional else LOOKS.get(Code(code), AWAY)
    if code == Code.PRESENT:
        look = MARKED if marks else ""
    shown = escape(f"{code}*" if provisional else code)
    return (
        f"<td{f' class={look}' if look else ''}>{shown}{f'<i>{escape(marks)}</i>' if marks else ''}"
    )


def _marks(flags: str) -> str:
    if flags == DIFFERS_MARK[0]:
        return flags
    found = [Flag(flag) for flag in flags.split("|")] if flags else []
    marks = [MARKS.get(flag, OTHER_MARK)[0] for flag in found if flag not in UNMARKED]
    return "".join(dict.fromkeys(marks))


def _sums(counters: Mapping[str, Any]) -> str:
    return "".join([f"<td>{counters.get(name) or ''}" for _, name, _ in SUMS])


@lru_cache(maxsize=64)
def _flag_pattern(flag: str) -> re.Pattern[str]:
    return re.compile(rf"[,|]{re.escape(flag)}(?=[,|]|$)")


def counters_of_text(text: str) -> dict[str, Any]:
    """Read the counters of a sheet; an empty sheet has none."""
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
