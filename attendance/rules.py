"""The verdict of one day, by Pergub NTT 67/2019 art. 8 to 10 and 13; pure, no Django, no dates.

Where the Pergub is silent the office decided: `attendance/policy.toml`. The first and the last tap
of the day decide; longer stay never makes up for lateness.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from attendance.law import reasons as words
from attendance.law.cases import DayCase, Letter, Outage, Tap, Verdict
from attendance.law.codes import DUTIES, PRIORITY, Code, Flag, LetterState
from attendance.law.losses import excused
from attendance.law.presence import in_and_out, letter_span, present
from organization.calendars.work_hours import DAY, DAY_ENDS, Day, DayHours, NoHours, WhyNone

__all__ = ["DayCase", "Letter", "Outage", "Tap", "Verdict", "judge", "settled"]

KEPT = 32_768  # different days remembered; a province's month has about as many


@lru_cache(maxsize=KEPT)
def judge(case: DayCase) -> Verdict:
    """Return the verdict of a day.

    Priority: not employed, no roster, day off (unless the pattern works on holidays), approved
    letter of the whole day, punches, manual list, undecided letter, unexplained.
    """
    if not case.employed:
        return Verdict(Code.NOT_EMPLOYED, reasons=(words.NOT_EMPLOYED,))
    begins, ends = case.reach
    taps = tuple(tap for tap in case.taps if begins <= tap.minute < ends)
    verdict = _judge(case, taps, len(taps) if case.raw is None else case.raw)
    if len(taps) == len(case.taps):
        return verdict
    stray = [tap for tap in case.taps if tap not in taps and 0 <= tap.minute < DAY]
    if not stray:
        return verdict
    first, *rest = verdict.reasons
    return verdict._replace(reasons=(first, words.outside(stray, case.reach), *rest))


def settled(verdict: Verdict) -> Verdict:
    """Return the verdict as it stands when the recap is frozen: undecided letters do not count."""
    if not verdict.provisional:
        return verdict
    return verdict._replace(
        code=Code.UNEXPLAINED,
        reasons=(*verdict.reasons, words.settled(verdict.code)),
        provisional=False,
    )


def _judge(case: DayCase, taps: tuple[Tap, ...], raw: int) -> Verdict:
    hours, holiday = case.hours, case.holiday
    letters = sorted(case.letters, key=_rank) if case.letters else []
    away = [x for x in letters if x.state is LetterState.APPROVED and _fills(x, hours)]
    if isinstance(hours, NoHours):
        if hours.why is WhyNone.OFF:
            return _day_off(case, taps, raw)
        return _away(case, away, taps, raw) if away else _unscheduled(hours, taps, raw)
    if holiday is not None and not hours.works_holidays:
        return _day_off(case, taps, raw)
    if away:
        return _away(case, away, taps, raw)
    if not case.over:
        return _not_over(case, hours, taps, raw)
    if taps:
        return present(case, hours, taps, raw, letters)
    return _absent(case, hours, letters)


def _day_off(case: DayCase, taps: tuple[Tap, ...], raw: int) -> Verdict:
    holiday = case.holiday
    collective = holiday is not None and holiday.collective_leave
    code = Code.COLLECTIVE_LEAVE if collective else Code.DAY_OFF
    verdict = Verdict(
        code,
        reasons=(words.day_off(case.hours, holiday),),
        pattern=case.hours.pattern,
    )
    if not taps:
        return verdict
    first, last = min(taps).minute, max(taps).minute
    return verdict._replace(
        flags=(Flag.WORKED_ON_DAY_OFF, *_proof(case, taps)),
        reasons=(*verdict.reasons, words.worked_on_day_off(words.listed(taps))),
        came=first,
        left=last if last - first >= case.policy.single_span else None,
        punches=raw,
    )


def _unscheduled(hours: NoHours, taps: tuple[Tap, ...], raw: int) -> Verdict:
    told = [words.still_counted(words.listed(taps))] if taps else []
    return Verdict(
        Code.UNSCHEDULED,
        (Flag.NO_ROSTER,),
        (*told, words.unscheduled(hours)),
        punches=raw,
        pattern=hours.pattern,
    )


def _away(case: DayCase, letters: Sequence[Letter], taps: tuple[Tap, ...], raw: int) -> Verdict:
    """Several letters of one day: the highest in rank holds, the others are named."""
    letter, others = letters[0], letters[1:]
    hours = case.hours
    reasons, flags = [words.away(letter)], list[Flag]()
    if taps:
        reasons.append(words.punched_while_away(words.listed(taps), letter.kind))
        flags += [Flag.PUNCHED_WHILE_AWAY, *_proof(case, taps)]
    if others:
        reasons.append(words.overlapping(others))
        flags.append(Flag.LETTERS_OVERLAP)
    target = 0
    if isinstance(hours, DayHours):
        target = hours.target
        reasons.append(words.pattern(hours))
    else:
        reasons.append(words.unscheduled(hours))
        flags.append(Flag.NO_ROSTER)
    lost = 0 if letter.kind in DUTIES else target
    return Verdict(
        letter.kind,
        tuple(flags),
        tuple(reasons),
        target=target,
        deficit_gross=lost,
        deficit_excused=lost,
        punches=raw,
        letter_id=letter.id,
        pattern=hours.pattern,
        pattern_id=hours.pattern_id if isinstance(hours, DayHours) else 0,
    )


def _not_over(case: DayCase, hours: DayHours, taps: tuple[Tap, ...], raw: int) -> Verdict:
    """A day that is under way shows who came and how late, and costs nothing yet."""
    came, left = in_and_out(hours, taps, case)[:2] if taps else (None, None)
    ordinary = case.reach[1] <= DAY_ENDS
    return Verdict(
        Code.NOT_OVER,
        reasons=(words.NOT_OVER if ordinary else words.SHIFT_NOT_OVER, words.pattern(hours)),
        target=hours.target,
        came=came.minute if came else None,
        left=left.minute if left else None,
        late=max(0, came.minute - hours.in_limit) if came else 0,
        punches=raw,
        pattern=hours.pattern,
        pattern_id=hours.pattern_id,
    )


def _absent(case: DayCase, hours: DayHours, letters: Sequence[Letter]) -> Verdict:
    pending = _first(letters, LetterState.PENDING)
    if case.unheard or case.outage is Outage.UNLISTED:
        told = [words.pending(pending)] if pending else []
        return Verdict(
            Code.NOT_OVER,
            (Flag.NOT_FINAL,),
            (*told, words.pattern(hours), words.not_final(case.unheard, case.outage)),
            target=hours.target,
            pattern=hours.pattern,
            pattern_id=hours.pattern_id,
        )
    waiting = (x for x in letters if x.state is LetterState.PENDING and _fills(x, hours))
    held = next(waiting, None)
    reasons = [words.no_punches(hours.target), *_why_unexplained(case, letters, pending)]
    spans = []
    for letter in letters:
        span = letter_span(letter, hours) if letter.state is LetterState.APPROVED else None
        if span is not None:
            spans.append(span)
            reasons.append(words.hours_excused(letter, span, excused(hours.intervals, [span])))
    return Verdict(
        held.kind if held else Code.UNEXPLAINED,
        (Flag.WAITING,) if pending else (),
        (*reasons, words.pattern(hours)),
        provisional=held is not None,
        target=hours.target,
        missing_in=True,
        missing_out=True,
        deficit_gross=hours.target,
        deficit_excused=excused(hours.intervals, spans),
        letter_id=held.id if held else 0,
        pattern=hours.pattern,
        pattern_id=hours.pattern_id,
    )


def _why_unexplained(
    case: DayCase, letters: Sequence[Letter], pending: Letter | None
) -> Iterable[str]:
    rejected = _first(letters, LetterState.REJECTED)
    if case.holiday is not None:
        yield words.works_on_holiday(case.holiday)
    if case.outage is Outage.LISTED:
        yield words.NOT_LISTED
    if case.outage is Outage.OTHERS:
        yield words.OTHERS_MACHINE
    if pending:
        yield words.pending(pending)
    if rejected:
        yield words.rejected(rejected)
    early = _first((x for x in letters if x.before_leaving), LetterState.APPROVED)
    if early:
        yield words.leaving_not_punched(early)
    if not letters:
        yield words.NO_LETTER


def _fills(letter: Letter, hours: Day) -> bool:
    """Whether the letter is about the whole day; hours that contain all work are."""
    if letter.whole_day:
        return True
    span = letter_span(letter, hours) if isinstance(hours, DayHours) else None
    return (
        span is not None
        and isinstance(hours, DayHours)
        and span[0] <= hours.in_limit
        and hours.out_limit <= span[1]
    )


def _proof(case: DayCase, taps: Iterable[Tap]) -> tuple[Flag, ...]:
    """Taps that decide nothing are listed for review all the same (art. 8(1))."""
    doubtful = not case.finger_excused and any(tap.is_unproven for tap in taps)
    return (Flag.NOT_BY_FINGER,) if doubtful else ()


def _first(letters: Iterable[Letter], state: LetterState) -> Letter | None:
    return next((letter for letter in letters if letter.state is state), None)


def _rank(letter: Letter) -> tuple[int, bool, str, int, str, bool, tuple[int, int]]:
    """Order letters the same way however they come."""
    return (
        PRIORITY.index(letter.kind),
        not letter.whole_day,
        letter.state,
        letter.id,
        letter.number,
        letter.before_leaving,
        letter.span or (0, 0),
    )
