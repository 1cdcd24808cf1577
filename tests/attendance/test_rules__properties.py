"""What must hold for any day, whatever its taps, letters, patterns and outages."""

import random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attendance.law.cases import DayCase, Letter, Outage, Tap
from attendance.law.codes import PRIORITY, Code, LetterState
from attendance.law.counting import count
from attendance.law.losses import after, before, excused, first_minutes, last_minutes, length
from attendance.law.policy import DEFAULT
from attendance.rules import judge, settled
from organization.calendars.work_hours import DAY, DayHours, NoHours
from tests.attendance.made_days import (
    FULL_DAY,
    GOOD_FRIDAY,
    NIGHT,
    NURSE,
    NYEPI_LEAVE,
    PART_TIME,
    RAMADAN,
    SHORT_FRIDAY,
    TWO_PATTERNS,
    UNROSTERED,
)

PATTERNS = [FULL_DAY, SHORT_FRIDAY, NIGHT, NURSE, PART_TIME, RAMADAN]
HOURS = st.sampled_from([*PATTERNS, NoHours(), UNROSTERED, TWO_PATTERNS])
MINUTES = st.integers(-120, 2 * DAY)
POLICIES = st.sampled_from([DEFAULT, DEFAULT.changed({"missing_punch": "full"})])
PLAIN = MINUTES.map(Tap)
ANY_TAP = st.builds(
    Tap,
    MINUTES,
    finger=st.booleans(),
    manual=st.booleans(),
    corrected=st.booleans(),
    elsewhere=st.sampled_from(["", "Dinas PU"]),
    shifted=st.sampled_from([0, 0, 60, -60]),
)


@st.composite
def any_letter(draw: st.DrawFn) -> Letter:
    begin = draw(st.integers(0, DAY - 2))
    span = (begin, draw(st.integers(begin + 1, DAY - 1)))
    return Letter(
        draw(st.sampled_from(PRIORITY)),
        draw(st.sampled_from(list(LetterState))),
        number=draw(st.sampled_from(["", "800/1"])),
        id=draw(st.integers(1, 3)),
        before_leaving=draw(st.booleans()),
        span=draw(st.sampled_from([None, span])),
    )


@st.composite
def any_day(draw: st.DrawFn, taps: st.SearchStrategy[Tap] = ANY_TAP) -> DayCase:
    return DayCase(
        hours=draw(HOURS),
        taps=tuple(draw(st.lists(taps, max_size=6))),
        letters=tuple(draw(st.lists(any_letter(), max_size=3))),
        holiday=draw(st.sampled_from([None, None, GOOD_FRIDAY, NYEPI_LEAVE])),
        employed=draw(st.sampled_from([True, True, True, False])),
        over=draw(st.sampled_from([True, True, True, False])),
        outage=draw(st.sampled_from([Outage.NONE, *Outage])),
        unheard=draw(st.sampled_from(["", "", "Mesin Lobi"])),
        finger_excused=draw(st.booleans()),
        policy=draw(POLICIES),
    )


@settings(max_examples=300, deadline=None)
@given(any_day())
def test_a_day_has_one_code_and_no_figure_beyond_its_target(day: DayCase) -> None:
    verdict = judge(day)

    assert verdict.code in Code
    assert verdict.deficit_net == verdict.deficit_gross - verdict.deficit_excused
    assert 0 <= verdict.deficit_excused <= verdict.deficit_gross <= verdict.target
    assert 0 <= verdict.deficit_net <= verdict.target
    assert verdict.late >= 0
    assert verdict.early >= 0
    assert verdict.reasons
    assert all(verdict.reasons)
    assert len(set(verdict.flags)) == len(verdict.flags)
    assert settled(verdict).deficit_net == verdict.deficit_net


@settings(max_examples=100, deadline=None)
@given(any_day())
def test_judging_twice_gives_the_same(day: DayCase) -> None:
    first = judge(day)
    judge.cache_clear()

    assert judge(day) == first


@settings(max_examples=200, deadline=None)
@given(any_day(), st.randoms(use_true_random=False))
def test_the_order_of_taps_and_letters_never_matters(day: DayCase, chance: random.Random) -> None:
    taps, letters = list(day.taps), list(day.letters)
    chance.shuffle(taps)
    chance.shuffle(letters)

    assert judge(day._replace(taps=tuple(taps), letters=tuple(letters))) == judge(day)


@settings(max_examples=200, deadline=None)
@given(any_day(taps=PLAIN))
def test_taps_strictly_between_first_and_last_change_nothing(day: DayCase) -> None:
    begins, ends = day.reach
    inside = sorted(tap for tap in day.taps if begins <= tap.minute < ends)
    assume(len(inside) > 1)
    few = day._replace(taps=(inside[0], inside[-1]), raw=len(inside))

    assert judge(few) == judge(day._replace(taps=tuple(inside)))


@settings(max_examples=300, deadline=None)
@given(any_day(), any_letter())
def test_a_letter_only_ever_lowers_the_deficit(day: DayCase, letter: Letter) -> None:
    with_it = judge(day._replace(letters=(*day.letters, letter)))

    assert with_it.deficit_net <= judge(day).deficit_net


@settings(max_examples=100, deadline=None)
@given(st.lists(any_day(), max_size=12))
def test_every_working_day_is_counted_once(month: list[DayCase]) -> None:
    totals = count(judge(day) for day in month)

    parts = (
        totals.present,
        totals.unexplained,
        totals.sick,
        totals.permission,
        totals.leave_total,
        totals.official_duty,
        totals.study,
        totals.other,
        totals.waiting,
    )
    assert sum(parts) == totals.working_days


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATTERNS), st.integers(0, 2 * DAY))
def test_work_is_before_or_after_a_minute(hours: DayHours, minute: int) -> None:
    work = hours.intervals
    done, left = before(work, minute), after(work, minute)

    assert length(done) + length(left) == hours.target
    assert excused(work, done) + excused(work, left) == hours.target
    assert excused(done, left) == 0


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATTERNS), st.integers(0, 700))
def test_the_first_and_the_last_minutes_of_work_are_as_many_as_asked(
    hours: DayHours, minutes: int
) -> None:
    expected = min(minutes, hours.target)

    assert length(first_minutes(hours.intervals, minutes)) == expected
    assert length(last_minutes(hours.intervals, minutes)) == expected
