"""A person's month as it holds: as frozen, or as the rules judge it now, with reasons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attendance import links
from attendance.days.judging import Judgement
from attendance.days.months import Month
from attendance.days.stored import as_data, day_of
from attendance.law.codes import NAMES, Code, Flag
from attendance.law.counting import count
from attendance.models import LateFinding, RecapRow
from devices.models import Punch
from devices.punches import day_bounds
from foundation.indonesian import day_name
from organization.models import Employee

LOOKS = {
    Code.PRESENT: "present",
    Code.UNEXPLAINED: "unexplained",
    Code.DAY_OFF: "off",
    Code.COLLECTIVE_LEAVE: "off",
    Code.NOT_EMPLOYED: "off",
    Code.NOT_OVER: "off",
    Code.UNSCHEDULED: "waiting",
}
# Flags that the times of the line tell already.
TOLD = frozenset({Flag.LATE, Flag.EARLY, Flag.NO_IN, Flag.NO_OUT, Flag.WAITING, Flag.NO_ROSTER})


@dataclass(frozen=True)
class DayLine:
    """A day as the sheet prints it; `data` is what `stored.as_data` wrote."""

    on: date
    data: Mapping[str, Any]
    taps: Sequence[str] = ()  # every believed punch of the calendar day, "07.21"
    why: str = ""
    differs: bool = False  # late data would judge it otherwise

    @property
    def weekday(self) -> str:
        return day_name(self.on)

    @property
    def code(self) -> Code:
        return Code(self.data["kode"].removesuffix("*"))

    @property
    def name(self) -> str:
        name = NAMES[self.code].capitalize()
        return f"{name}, menunggu keputusan" if self.data["kode"].endswith("*") else name

    @property
    def look(self) -> str:
        if self.data["kode"].endswith("*"):
            return "waiting"
        if self.code is Code.PRESENT and self.data["KJK"]:
            return "lacking"  # as the month of the whole agency marks it
        return LOOKS.get(self.code, "away")

    @property
    def came(self) -> str:
        return str(self.data["masuk"])[11:16].replace(":", ".")

    @property
    def left(self) -> str:
        text = str(self.data["pulang"])
        tomorrow = " (besok)" if text[:10] > self.on.isoformat() else ""
        return text[11:16].replace(":", ".") + tomorrow

    @property
    def notes(self) -> list[str]:
        return [flag for flag in self.data["tanda"] if flag not in TOLD]

    @property
    def letter_link(self) -> str:
        return links.letter(self.data["surat"]) if self.data["surat"] else ""


@dataclass(frozen=True)
class PersonSheet:
    """A month of one person. `row` is the frozen one that holds, None where nothing is frozen."""

    employee: Employee
    month: Month
    row: RecapRow | None
    days: Sequence[DayLine]
    total: Mapping[str, Any]
    findings: Sequence[LateFinding] = field(default=())
    judgement: Judgement | None = None  # what the days were judged by, where nothing is frozen

    @property
    def badge(self) -> tuple[str, str, str]:
        if self.row is not None:
            return "ok", "lock", f"Dibekukan, {self.row.recap.title}"
        return "info", "hourglass", "Sementara, menurut data sekarang"


def frozen_row(employee: Employee, month: Month) -> RecapRow | None:
    """Return the person's row in the frozen version that holds now; one query."""
    rows = RecapRow.objects.frozen().filter(employee=employee, recap__month=month.first)
    return rows.select_related("recap__agency").order_by("-recap__version").first()


def sheet_of(
    employee: Employee, month: Month, *, now: datetime, as_now: bool = False
) -> PersonSheet:
    """Return the month: as frozen where it is, unless asked as it would be judged now."""
    row = None if as_now else frozen_row(employee, month)
    findings: list[LateFinding] = []
    judgement = None
    if row is not None:
        data, total = row.days, row.counters
        waiting = LateFinding.objects.filter(recap=row.recap, employee=employee)
        findings = list(waiting.filter(status=LateFinding.Status.OPEN).order_by("day"))
    else:
        judgement = Judgement.of(employee.agency, month.first, month.last, [employee], now)
        verdicts = judgement.verdicts(employee)
        data = [*map(as_data, month.days, verdicts)]
        total = count(verdicts).as_data()
    taps = _taps(employee, month)
    late = {finding.day for finding in findings}
    days = [
        DayLine(on := day_of(day), day, taps.get(on, ()), links.why(employee.pk, on), on in late)
        for day in data
    ]
    return PersonSheet(employee, month, row, days, total, findings, judgement)


def _taps(employee: Employee, month: Month) -> dict[date, list[str]]:
    """Return the believed punches by calendar day; one query."""
    zone = ZoneInfo(employee.agency.time_zone)
    start, end = day_bounds(month.first, month.last, zone)
    rows = Punch.objects.counted().between(start, end).filter(employee=employee)
    found: dict[date, list[str]] = defaultdict(list)
    for at in rows.order_by("at").values_list("at", flat=True):
        local = at.astimezone(zone)
        found[local.date()].append(f"{local:%H.%M}")
    return found
