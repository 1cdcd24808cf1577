"""A day on which somebody was there: which taps decide, and what is lacking; pure.

The first and the last tap decide. Of an outage, the signed list fills in what machines did not see;
where both speak of the same side, the machine's time holds.
"""

from collections.abc import Sequence
from typing import NamedTuple

from attendance.law import reasons as words
from attendance.law.cases import DayCase, Letter, Outage, Tap, Verdict
from attendance.law.codes import Code, Flag, LetterState
from attendance.law.losses import (
    Stretch,
    Stretches,
    after,
    before,
    excused,
    first_minutes,
    last_minutes,
    length,
)
from organization.calendars.work_hours import DAY, DayHours


class Sides(NamedTuple):
    """The taps that decide, and (machine, list) where the two disagree, for BKD."""

    came: Tap | None
    left: Tap | None
    conflicts: tuple[tuple[int, int], ...] = ()


class _Told:
    """Flags and reasons of a verdict as they come together."""

    __slots__ = ("flags", "letter_id", "reasons")

    def __init__(self) -> None:
        self.flags: list[Flag] = []
        self.reasons: list[str] = []
        self.letter_id = 0

    def flag(self, flag: Flag) -> None:
        if flag not in self.flags:
            self.flags.append(flag)


def present(
    case: DayCase, hours: DayHours, taps: Sequence[Tap], raw: int, letters: Sequence[Letter]
) -> Verdict:
    """Return the verdict of a day over, with at least one tap; letters come by their rank."""
    told = _Told()
    sides = in_and_out(hours, taps, case)
    came, left = sides.came, sides.left
    late = max(0, came.minute - hours.in_limit) if came else 0
    early = max(0, hours.out_limit - left.minute) if left else 0
    target, work = hours.target, hours.intervals
    missing = case.policy.missing(target)
    at_first = before(work, came.minute) if came else first_minutes(work, missing)
    at_last = after(work, left.minute) if left else last_minutes(work, missing)
    gross = min(length(at_first) + length(at_last), target)
    _tell_sides(told, hours, sides, late, early, missing)
    free = _excuse(told, hours, letters, left, at_first, at_last) if letters else 0
    _tell_evidence(told, sides, case)
    if case.holiday is not None:
        _tell_holiday(told, case)
    told.reasons.append(words.pattern(hours))
    if gross > free and (case.unheard or case.outage is Outage.UNLISTED):
        told.flag(Flag.NOT_FINAL)
        told.reasons.append(words.not_final(case.unheard, case.outage))
    return Verdict(
        Code.PRESENT,
        tuple(told.flags),
        tuple(told.reasons),
        target=target,
        came=came.minute if came else None,
        left=left.minute if left else None,
        late=late,
        early=early,
        missing_in=came is None,
        missing_out=left is None,
        deficit_gross=gross,
        deficit_excused=min(free, gross),
        punches=raw,
        used=(came is not None) + (left is not None),
        letter_id=told.letter_id,
        pattern=hours.pattern,
        pattern_id=hours.pattern_id,
    )


def in_and_out(hours: DayHours, taps: Sequence[Tap], case: DayCase) -> Sides:
    """Return the taps that decide; a machine's goes before the manual list's."""
    by_list = [tap for tap in taps if tap.manual]
    if not by_list:
        return Sides(*_first_and_last(hours, taps, case.policy.single_span))
    by_machine = [tap for tap in taps if not tap.manual]
    listed = _first_and_last(hours, by_list, case.policy.single_span)
    if not by_machine:
        return Sides(*listed)
    seen = _first_and_last(hours, by_machine, case.policy.single_span)
    conflicts = [
        (machine.minute, manual.minute)
        for machine, manual in zip(seen, listed, strict=True)
        if machine and manual and _differ(machine, manual, case.policy.manual_tolerance)
    ]
    return Sides(seen[0] or listed[0], seen[1] or listed[1], tuple(conflicts))


def letter_span(letter: Letter, hours: DayHours) -> Stretch | None:
    """Return the minutes of a letter of hours; of a night shift those after midnight too."""
    if letter.span is None:
        return None
    begins, ends = letter.span
    if ends <= hours.in_limit and ends + DAY <= hours.window[1]:
        return begins + DAY, ends + DAY
    return begins, ends


def _first_and_last(
    hours: DayHours, taps: Sequence[Tap], span: int
) -> tuple[Tap | None, Tap | None]:
    """Return first and last tap; a single one is in or out by the midpoint of the limits."""
    ordered = sorted(taps)
    first, last = _best(ordered, ordered[0]), _best(ordered, ordered[-1])
    if last.minute - first.minute >= span:
        return first, last
    return (first, None) if first.minute < hours.midpoint else (None, last)


def _best(taps: Sequence[Tap], found: Tap) -> Tap:
    """Return the best proof among the taps of the same minute."""
    if found.is_plain:
        return found
    same = (tap for tap in taps if tap.minute == found.minute)
    return max(same, key=lambda tap: (tap.is_plain, tap))


def _differ(one: Tap, other: Tap, tolerance: int) -> bool:
    return abs(one.minute - other.minute) > tolerance


def _tell_sides(
    told: _Told, hours: DayHours, sides: Sides, late: int, early: int, missing: int
) -> None:
    came, left = sides.came, sides.left
    if late:
        told.flag(Flag.LATE)
    if early:
        told.flag(Flag.EARLY)
    if came is None:
        told.flag(Flag.NO_IN)
    if left is None:
        told.flag(Flag.NO_OUT)
    told.reasons.append(
        words.came(came.minute, late, hours) if came else words.no_in(hours, missing)
    )
    told.reasons.append(
        words.left(left.minute, early, hours) if left else words.no_out(hours, missing)
    )


def _excuse(
    told: _Told,
    hours: DayHours,
    letters: Sequence[Letter],
    left: Tap | None,
    at_first: Stretches,
    at_last: Stretches,
) -> int:
    """Say what each letter does, and return the minutes that the approved ones excuse together."""
    spans: list[Stretch] = []
    for letter in letters:
        if letter.state is LetterState.PENDING:
            told.flag(Flag.WAITING)
            told.reasons.append(words.pending(letter))
        elif letter.state is LetterState.REJECTED:
            told.reasons.append(words.rejected(letter))
        else:
            spans += _approved(told, hours, letter, left, [*at_first, *at_last])
    at_begin, at_end = excused(at_first, spans), excused(at_last, spans)
    if at_begin:
        told.flag(Flag.LATE_EXCUSED)
    if at_end:
        told.flag(Flag.EARLY_EXCUSED)
    return excused([*at_first, *at_last], spans)


def _approved(
    told: _Told, hours: DayHours, letter: Letter, left: Tap | None, lost: Stretches
) -> list[Stretch]:
    span = letter_span(letter, hours)
    if span is None:
        if left is None:
            told.reasons.append(words.leaving_not_punched(letter))
            return []
        span = (left.minute, max(left.minute, hours.out_limit))
    minutes = excused(lost, [span])
    if letter.span is not None:
        told.reasons.append(words.hours_excused(letter, span, minutes))
    elif minutes:
        told.reasons.append(words.left_early_excused(letter))
    if minutes and not told.letter_id:
        told.letter_id = letter.id
    return [span]


def _tell_evidence(told: _Told, sides: Sides, case: DayCase) -> None:
    """Say what is unusual about the taps that decide."""
    for machine, listed in sides.conflicts:
        told.flag(Flag.MANUAL_CONFLICT)
        told.reasons.append(words.manual_conflict(machine, listed, case.policy.manual_tolerance))
    used = [tap for tap in (sides.came, sides.left) if tap and not tap.is_plain]
    if not used:
        return
    if manual := [tap for tap in used if tap.manual]:
        told.flag(Flag.MANUAL)
        told.reasons.append(words.manual(manual))
    if corrected := [tap for tap in used if tap.corrected]:
        told.flag(Flag.CORRECTED)
        told.reasons.append(words.corrected(corrected))
    for tap in used:
        if tap.elsewhere:
            told.flag(Flag.ELSEWHERE)
            told.reasons.append(words.elsewhere(tap))
        if tap.shifted:
            told.flag(Flag.CLOCK_SHIFTED)
            told.reasons.append(words.shifted(tap))
    if any(tap.is_unproven for tap in used):
        _tell_fingers(told, case)


def _tell_fingers(told: _Told, case: DayCase) -> None:
    if case.finger_excused:
        told.reasons.append(words.FINGER_EXCUSED)
    else:
        told.flag(Flag.NOT_BY_FINGER)
        told.reasons.append(words.NOT_BY_FINGER)


def _tell_holiday(told: _Told, case: DayCase) -> None:
    if case.holiday is None:
        return
    told.reasons.append(words.works_on_holiday(case.holiday))
    if case.holiday.collective_leave:
        told.flag(Flag.EXTRA_LEAVE)
        told.reasons.append(words.EXTRA_LEAVE)
