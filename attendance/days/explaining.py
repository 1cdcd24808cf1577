"""Why a day counts as it does: every punch and its fate, letters, outages, values in force."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from attendance.days.judging import Judgement
from attendance.days.loading import ClockShift
from attendance.law.cases import DayCase, Verdict, by_finger
from attendance.law.codes import Code
from attendance.law.policy import Setting, Value, in_words, settings
from attendance.law.reasons import clock
from attendance.law.uses import Use, uses_of
from attendance.law.ways_out import LETTERS
from attendance.models import AbsenceLetter, Correction, Outage
from attendance.rules import judge
from devices.models import Punch
from devices.punches import Stretch
from organization.calendars.work_hours import DAY, DayHours
from organization.models import Employee

DECIDES = frozenset({Use.CAME, Use.LEFT})
IGNORED = "tidak dipakai atas keputusan koreksi BKD"
OTHER_DAY = "dihitung pada hari lain"
LIST, FIX = Punch.Channel.LIST.value, Punch.Channel.CORRECTION.value


@dataclass(frozen=True)
class PunchLine:
    """One punch near the day. `minute` counts from the day's midnight, after any clock repair."""

    minute: int
    shown: str  # the machine's own clock, to the second
    source: str
    proof: str
    use: str
    decides: bool
    note: str = ""

    @property
    def clock(self) -> str:
        return clock(self.minute)


@dataclass(frozen=True)
class RuleLine:
    """A value that had a say: in force on that day, by a decree or by this system's own choice."""

    setting: Setting
    value: Value
    decree: str

    @property
    def text(self) -> str:
        """Return the value as people read it, with its unit."""
        if self.setting.name == "day_begins":
            return clock(int(self.value))
        return f"{in_words(self.value)} {self.setting.unit}".strip()

    @property
    def is_verified(self) -> bool:
        return bool(self.decree) or self.setting.verified


@dataclass(frozen=True)
class Explanation:
    """Everything a page needs to tell why; all of it as known now."""

    employee: Employee
    day: date
    case: DayCase
    verdict: Verdict
    punches: Sequence[PunchLine]
    letters: Sequence[AbsenceLetter]
    outages: Sequence[Outage]
    corrections: Sequence[Correction]
    rules: Sequence[RuleLine]
    articles: Sequence[str]

    @property
    def hours(self) -> DayHours | None:
        return self.case.hours if isinstance(self.case.hours, DayHours) else None

    @property
    def used(self) -> list[PunchLine]:
        return [line for line in self.punches if line.decides]

    @property
    def unused(self) -> list[PunchLine]:
        return [line for line in self.punches if not line.decides]


def explain(
    employee: Employee, day: date, *, now: datetime, judgement: Judgement | None = None
) -> Explanation:
    """Judge one day of a person and keep what it rests on; some fifteen queries.

    Four, if `judgement` was made already of days that this one is among.
    """
    judgement = judgement or Judgement.of(employee.agency, day, day, [employee], now)
    known = judgement.known
    rows = _rows(employee, day, known.zone)
    case = judgement.case(employee, day)
    verdict = judge(case)
    letters = AbsenceLetter.objects.filter(employee=employee).overlapping(day, day)
    overrides = known.policies.overrides(day)
    return Explanation(
        employee=employee,
        day=day,
        case=case,
        verdict=verdict,
        punches=_punches(rows, employee, day, judgement, case, verdict),
        letters=list(letters.select_related("decided_by").order_by("pk")),
        outages=known.outages.on(day),
        corrections=_corrections(employee, day, {row.pk for row in rows} & {*known.ignored}),
        rules=[
            RuleLine(
                setting=setting,
                value=getattr(case.policy, name, setting.value),
                decree=overrides[name].decree_number if name in overrides else "",
            )
            for name, setting in settings().items()
            if name in _names(case, verdict)
        ],
        articles=list(_articles(case, verdict)),
    )


def _rows(employee: Employee, day: date, zone: ZoneInfo) -> list[Punch]:
    """Return the person's punches of the day and of the days beside it; one query."""
    stretch = _stretch(day, zone)
    rows = Punch.objects.filter(employee=employee).between(
        stretch.moment(stretch.start), stretch.moment(stretch.end)
    )
    return list(rows.select_related("device__agency").order_by("at", "pk"))


def _stretch(day: date, zone: ZoneInfo) -> Stretch:
    return Stretch(day, zone, -DAY, 2 * DAY)


def _punches(
    rows: Sequence[Punch],
    employee: Employee,
    day: date,
    judgement: Judgement,
    case: DayCase,
    verdict: Verdict,
) -> list[PunchLine]:
    known = judgement.known
    stretch = _stretch(day, known.zone)
    fates = _fates(case, verdict)
    begins, ends = case.reach
    ignored = set(known.ignored)
    lines = []
    for row in rows:
        shown = stretch.minute(row.at)
        minute = shown + _shift(row, known.shifts)
        own = fates.get((minute, _way(row.channel)))
        if row.quarantine:
            use = f"dikarantina, jamnya tidak dipercaya: {row.quarantine}"
        elif row.pk in ignored:
            use = IGNORED
        elif own:
            use = own.pop(0)
        else:
            use = OTHER_DAY
        near = begins <= minute < ends or 0 <= minute < DAY
        if near or own is not None:
            lines.append(_line(row, minute, shown, use, employee))
    return lines


def _fates(case: DayCase, verdict: Verdict) -> dict[tuple[int, str], list[str]]:
    """Return what became of the taps, by minute and by how they came."""
    idle = ""
    if verdict.code not in (Code.PRESENT, Code.NOT_OVER, Code.UNSCHEDULED):
        idle = f"tidak menentukan: hari ini tercatat {verdict.label}"
    fates: dict[tuple[int, str], list[str]] = {}
    for tap, use in uses_of(case):
        told = idle if idle and use in DECIDES else str(use)
        way = LIST if tap.manual else FIX if tap.corrected else ""
        fates.setdefault((tap.minute, way), []).append(told)
    return fates


def _way(channel: str) -> str:
    """Return the channel of what no machine told; machines and check-ins are one."""
    return channel if channel in (LIST, FIX) else ""


def _shift(row: Punch, shifts: Mapping[int, Sequence[ClockShift]]) -> int:
    return sum(
        shift.minutes
        for shift in shifts.get(row.device_id or 0, ())
        if shift.begins <= row.at < shift.ends
    )


def _line(row: Punch, minute: int, shown: int, use: str, employee: Employee) -> PunchLine:
    device = row.device
    name = device.name if device else str(Punch.Channel(row.channel).label)
    if device is not None and device.agency_id != employee.agency_id:
        name = f"{name}, {device.agency}"
    note = ""
    if minute != shown:
        note = f"jam mesin {clock(shown)} digeser {minute - shown:+d} menit oleh BKD"
    return PunchLine(
        minute=minute,
        shown=row.local_time[11:].replace(":", "."),
        source=name,
        proof=_proof(row),
        use=use,
        decides=use in DECIDES,
        note=note,
    )


def _proof(row: Punch) -> str:
    if row.device_id is None:
        return str(Punch.Channel(row.channel).label)
    if row.verify is None:
        return "cara tidak disebut mesin"
    return "sidik jari" if by_finger(row.verify) else f"bukan sidik jari (kode {row.verify})"


def _corrections(employee: Employee, day: date, ignored: Collection[int]) -> list[Correction]:
    own = Q(employee=employee, day=day)
    rows = Correction.objects.filter(own | Q(employee=employee, punch__in=ignored))
    return list(rows.select_related("requested_by").order_by("pk").distinct())


def _names(case: DayCase, verdict: Verdict) -> set[str]:
    """Name the settings that had a say in this day."""
    names = {"seconds", "day_begins"}
    if isinstance(case.hours, DayHours) and case.hours.shift:
        names = {"seconds", "shift_margin"}
    if len(case.taps) > 1:
        names |= {"repeated_tap", "single_span"}
    if verdict.missing_in or verdict.missing_out:
        names |= {"missing_punch", "single_span"}
    if any(tap.manual for tap in case.taps):
        names.add("manual_tolerance")
    if verdict.provisional:
        names |= {"reminder_days", "escalation_days"}
    return names


def _articles(case: DayCase, verdict: Verdict) -> Iterable[str]:
    hours = case.hours
    if isinstance(hours, DayHours):
        own = "Pasal 10 ayat 3: jam kerja yang ditetapkan pimpinan"
        yield own if hours.pattern_id else "Pasal 10 ayat 1 dan 2: hari dan jam kerja"
    if verdict.late or verdict.early:
        yield "Pasal 10 ayat 5: terlambat dan pulang sebelum waktunya mengurangi jam kerja"
    if verdict.code is Code.UNEXPLAINED:
        yield "Pasal 10 ayat 4: tanpa absen dan tanpa surat mengurangi jam kerja"
    if verdict.code in LETTERS or case.letters:
        yield "Pasal 9 ayat 3 dan 5: ketidakhadiran dibuktikan dengan surat yang dipindai"
    if any(letter.before_leaving for letter in case.letters):
        yield "Pasal 9 ayat 4: izin atau sakit sebelum jam kerja berakhir"
    if case.outage:
        yield "Pasal 13: gangguan mesin dan daftar hadir manual"
    if any(tap.corrected or tap.shifted for tap in case.taps):
        yield "Pasal 6 ayat 2: perbaikan data oleh BKD"
    if any(tap.is_unproven for tap in case.taps):
        yield "Pasal 8 ayat 1: absen dengan sidik jari sendiri"
