"""The verdict of one day, by Pergub NTT 67/2019 art. 9 and 10; pure, no Django, no clock.

Where the Pergub is silent the office decided: minutes are floored, a business day lasts from 05.00
to 03.59, one missing punch costs half a day, and longer stay never makes up for lateness.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from attendance.codes import DUTIES, NAMES, PRIORITY, Code, Flag, LetterState
from attendance.patterns import STANDARD, Pattern, WorkDay

DAY_BEGINS = time(5, 0)
REPEATED_TAP = timedelta(minutes=5)
SINGLE_PUNCH_SPAN = timedelta(minutes=60)
# Verification codes of the machines in which a finger takes part.
FINGERPRINT_CODES = frozenset({1, 5, 6, 8, 9, 10, 12, 13, 14, 16, 19, 20})


@dataclass(frozen=True)
class PunchTime:
    """One tap on a machine, in the agency's local time. `state` (the in/out key) is not trusted."""

    local: datetime
    state: int | None = None
    verify: int | None = None


@dataclass(frozen=True)
class Letter:
    """A letter of absence over whole days; `before_leaving` means going early (art. 9(4))."""

    kind: Code
    first: date
    last: date
    state: LetterState
    number: str = ""
    before_leaving: bool = False
    id: int = 0

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{NAMES[self.kind]} {self.number}".strip()


@dataclass(frozen=True)
class CalendarDay:
    """A day without work for all, with its name."""

    name: str
    collective_leave: bool = False


@dataclass(frozen=True)
class DayVerdict:
    """What one day of one person counts as, and why. Minutes; deficits are work time not done."""

    day: date
    code: Code
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...] = ()
    provisional: bool = False
    target: int = 0
    first_in: datetime | None = None
    last_out: datetime | None = None
    late_minutes: int = 0
    early_minutes: int = 0
    missing_in: bool = False
    missing_out: bool = False
    deficit_gross: int = 0
    deficit_excused: int = 0
    punches: int = 0
    letter_id: int = 0

    @property
    def deficit_net(self) -> int:
        return self.deficit_gross - self.deficit_excused

    @property
    def label(self) -> str:
        """The code as it is printed; a star marks a letter that is not decided yet."""
        return f"{self.code}*" if self.provisional else str(self.code)


def judge_day(
    day: date,
    *,
    punches: Iterable[PunchTime] = (),
    pattern: Pattern = STANDARD,
    letters: Iterable[Letter] = (),
    holiday: CalendarDay | None = None,
    employed: bool = True,
    over: bool = True,
) -> DayVerdict:
    """Return the verdict of a day; `over` is False while its punches may still be made.

    Priority: not employed, day off, approved letter, punches, undecided letter, unexplained.
    """
    if not employed:
        reason = "Belum atau tidak lagi bekerja di perangkat daerah ini."
        return DayVerdict(day, Code.NOT_EMPLOYED, (reason,))
    hours = pattern.on(day)
    punches = tuple(punches)
    verdict = _judge(day, hours, punches_of_day(day, punches), letters, holiday, over)
    stray = [p for p in punches if p.local.date() == day and p.local.hour == DAY_BEGINS.hour - 1]
    if not stray:
        return verdict
    reason = f"Absen {_listed(stray)} tidak dipakai: hari absensi 05.00 sampai 03.59."
    return replace(verdict, reasons=(*verdict.reasons, reason))


def _judge(
    day: date,
    hours: WorkDay | None,
    taps: tuple[PunchTime, ...],
    letters: Iterable[Letter],
    holiday: CalendarDay | None,
    over: bool,
) -> DayVerdict:
    if hours is None or holiday is not None:
        return _day_off(day, holiday, taps)
    covering = sorted((letter for letter in letters if letter.covers(day)), key=_rank)
    approved = _first((x for x in covering if not x.before_leaving), LetterState.APPROVED)
    if approved:
        return _away(day, hours, approved, taps)
    if not over:
        reason = "Hari kerja ini belum berakhir; dinilai sesudah pukul 04.00 hari berikutnya."
        return DayVerdict(day, Code.NOT_OVER, (reason,), punches=len(taps))
    if taps:
        return _present(day, hours, taps, covering)
    return _absent(day, hours, covering)


def settled(verdict: DayVerdict) -> DayVerdict:
    """Return the verdict as it stands when the recap is frozen: undecided letters do not count."""
    if not verdict.provisional:
        return verdict
    reason = f"Surat {NAMES[verdict.code]} masih menunggu keputusan saat rekap dibekukan."
    return replace(
        verdict,
        code=Code.UNEXPLAINED,
        reasons=(*verdict.reasons, reason),
        provisional=False,
    )


def punches_of_day(day: date, punches: Iterable[PunchTime]) -> tuple[PunchTime, ...]:
    """Return the taps of the business day in order, floored to the minute."""
    begins = datetime.combine(day, DAY_BEGINS)
    ends = begins + timedelta(hours=23)
    floored = (
        PunchTime(p.local.replace(second=0, microsecond=0), p.state, p.verify) for p in punches
    )
    return tuple(sorted((p for p in floored if begins <= p.local < ends), key=_moment))


def distinct(taps: Iterable[PunchTime]) -> int:
    """Count taps, those less than five minutes after the one before (on any machine) as one."""
    count, previous = 0, None
    for tap in taps:
        if previous is None or tap.local - previous >= REPEATED_TAP:
            count += 1
        previous = tap.local
    return count


def _day_off(day: date, holiday: CalendarDay | None, taps: tuple[PunchTime, ...]) -> DayVerdict:
    if holiday is None:
        code, reason = Code.DAY_OFF, "Bukan hari kerja."
    elif holiday.collective_leave:
        reason = f"Cuti bersama: {holiday.name}. Tidak mengurangi cuti tahunan."
        code = Code.COLLECTIVE_LEAVE
    else:
        code, reason = Code.DAY_OFF, f"Libur: {holiday.name}."
    if not taps:
        return DayVerdict(day, code, (reason,))
    worked = f"Hadir saat libur, absen {_listed(taps)}."
    flags = (Flag.WORKED_ON_DAY_OFF, *_verification(taps))
    return DayVerdict(day, code, (reason, worked), flags, punches=distinct(taps))


def _away(day: date, hours: WorkDay, letter: Letter, taps: tuple[PunchTime, ...]) -> DayVerdict:
    reasons = [f"Surat {letter} disetujui atasan langsung."]
    flags: list[Flag] = []
    if taps:
        reasons.append(f"Ada absen {_listed(taps)} padahal tercatat {NAMES[letter.kind]}: periksa.")
        flags = [Flag.PUNCHED_WHILE_AWAY, *_verification(taps)]
    lost = 0 if letter.kind in DUTIES else hours.target
    return DayVerdict(
        day,
        letter.kind,
        tuple(reasons),
        tuple(flags),
        target=hours.target,
        deficit_gross=lost,
        deficit_excused=lost,
        punches=distinct(taps),
        letter_id=letter.id,
    )


def _absent(day: date, hours: WorkDay, letters: list[Letter]) -> DayVerdict:
    reasons = [f"Tidak ada absen masuk dan pulang; kekurangan {hours.target} menit."]
    pending = _first(letters, LetterState.PENDING)
    rejected = _first(letters, LetterState.REJECTED)
    if pending and not pending.before_leaving:
        reasons.append(f"Surat {pending} belum diputuskan atasan langsung.")
    elif rejected:
        reasons.append(f"Surat {rejected} ditolak atasan langsung.")
    else:
        reasons.append("Tidak ada surat keterangan untuk hari ini.")
    held = pending if pending and not pending.before_leaving else None
    return DayVerdict(
        day,
        held.kind if held else Code.UNEXPLAINED,
        tuple(reasons),
        (Flag.WAITING,) if held else (),
        provisional=held is not None,
        target=hours.target,
        missing_in=True,
        missing_out=True,
        deficit_gross=hours.target,
        letter_id=held.id if held else 0,
    )


def _present(
    day: date, hours: WorkDay, taps: tuple[PunchTime, ...], letters: list[Letter]
) -> DayVerdict:
    came, left = _in_and_out(day, hours, taps)
    limit_in, limit_out = _at(day, hours.in_limit), _at(day, hours.out_limit)
    late = _minutes(came - limit_in) if came else 0
    early = _minutes(limit_out - left) if left else 0
    lost_before = _lost(day, hours, until=came) if came else hours.target // 2
    lost_after = _lost(day, hours, since=left) if left else hours.target // 2
    gross = min(lost_before + lost_after, hours.target)
    permission = _first((x for x in letters if x.before_leaving), LetterState.APPROVED)
    excused = min(lost_after, gross) if permission and left and early else 0
    reasons = [*_reasons_in(hours, came, late), *_reasons_out(hours, left, early)]
    if permission and excused:
        reasons.append(f"Pulang lebih awal diizinkan: surat {permission} (Pasal 9 ayat 4).")
    reasons += _undecided(letters)
    shown = {
        Flag.LATE: late > 0,
        Flag.EARLY: early > 0,
        Flag.NO_IN: came is None,
        Flag.NO_OUT: left is None,
        Flag.EARLY_EXCUSED: excused > 0,
        Flag.WAITING: _first(letters, LetterState.PENDING) is not None,
    }
    return DayVerdict(
        day,
        Code.PRESENT,
        tuple(reasons),
        (*(flag for flag, holds in shown.items() if holds), *_verification(taps)),
        target=hours.target,
        first_in=came,
        last_out=left,
        late_minutes=late,
        early_minutes=early,
        missing_in=came is None,
        missing_out=left is None,
        deficit_gross=gross,
        deficit_excused=excused,
        punches=distinct(taps),
        letter_id=permission.id if permission and excused else 0,
    )


def _in_and_out(
    day: date, hours: WorkDay, taps: tuple[PunchTime, ...]
) -> tuple[datetime | None, datetime | None]:
    """Return first and last punch; a single punch is in or out by the midpoint of the limits."""
    first, last = taps[0].local, taps[-1].local
    if last - first >= SINGLE_PUNCH_SPAN:
        return first, last
    return (first, None) if first < _at(day, hours.midpoint) else (None, last)


def _reasons_in(hours: WorkDay, came: datetime | None, late: int) -> list[str]:
    if came is None:
        return [_missing_reason(hours, "Absen masuk", "sesudah", "pulang")]
    if late:
        return [f"Masuk {_hour(came)}, batas {_hour(hours.in_limit)}: terlambat {late} menit."]
    return [f"Masuk {_hour(came)}, tepat waktu."]


def _reasons_out(hours: WorkDay, left: datetime | None, early: int) -> list[str]:
    if left is None:
        return [_missing_reason(hours, "Absen pulang", "sebelum", "masuk")]
    if early:
        limit = _hour(hours.out_limit)
        return [f"Pulang {_hour(left)}, paling cepat {limit}: lebih awal {early} menit."]
    return [f"Pulang {_hour(left)}, sesuai jam kerja."]


def _missing_reason(hours: WorkDay, what: str, side: str, counted_as: str) -> str:
    return (
        f"{what} tidak ada (absen tunggal {side} {_hour(hours.midpoint)} dihitung {counted_as}):"
        f" kekurangan setengah hari, {hours.target // 2} menit."
    )


def _undecided(letters: list[Letter]) -> list[str]:
    pending = _first(letters, LetterState.PENDING)
    return [f"Surat {pending} belum diputuskan atasan langsung."] if pending else []


def _verification(taps: tuple[PunchTime, ...]) -> tuple[Flag, ...]:
    """Art. 8(1) asks for the own finger; a code the machine did not give is not counted."""
    others = (t for t in taps if t.verify is not None and t.verify not in FINGERPRINT_CODES)
    return (Flag.NOT_BY_FINGER,) if any(others) else ()


def _lost(
    day: date, hours: WorkDay, *, until: datetime | None = None, since: datetime | None = None
) -> int:
    """Count minutes of work before `until` or after `since`."""
    lost = timedelta()
    for start, end in hours.intervals:
        begins, ends = _at(day, start), _at(day, end)
        if until is not None:
            ends = min(ends, until)
        if since is not None:
            begins = max(begins, since)
        lost += max(ends - begins, timedelta())
    return _minutes(lost)


def _first(letters: Iterable[Letter], state: LetterState) -> Letter | None:
    return next((letter for letter in letters if letter.state is state), None)


def _moment(punch: PunchTime) -> datetime:
    return punch.local


def _rank(letter: Letter) -> int:
    return PRIORITY.index(letter.kind)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _hour(moment: time | datetime) -> str:
    return f"{moment:%H.%M}"


def _listed(taps: Iterable[PunchTime]) -> str:
    return ", ".join(_hour(tap.local) for tap in taps)
