"""What must hold for any day, whatever the punches and letters."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.codes import PRIORITY, Code, LetterState
from attendance.counting import count
from attendance.rules import CalendarDay, Letter, PunchTime, judge_day, settled

# What holds for any day.

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SECONDS = st.integers(0, 23 * 3600 - 1)


@st.composite
def any_letter(draw: st.DrawFn, day: date) -> Letter:
    kind = draw(st.sampled_from(PRIORITY))
    return Letter(
        kind,
        day - timedelta(days=draw(st.integers(0, 3))),
        day + timedelta(days=draw(st.integers(0, 3))),
        draw(st.sampled_from(list(LetterState))),
        before_leaving=kind in (Code.SICK, Code.PERMISSION) and draw(st.booleans()),
    )


@st.composite
def any_day(draw: st.DrawFn) -> dict[str, object]:
    day = draw(DAYS)
    begins = datetime.combine(day, time(5))
    moments = draw(st.lists(SECONDS, max_size=6))
    return {
        "day": day,
        "punches": [PunchTime(begins + timedelta(seconds=s)) for s in moments],
        "letters": draw(st.lists(any_letter(day), max_size=3)),
        "holiday": draw(st.sampled_from([None, None, CalendarDay("Uji")])),
        "employed": draw(st.sampled_from([True, True, False])),
        "over": draw(st.sampled_from([True, True, False])),
    }


@settings(max_examples=100, deadline=None)
@given(any_day())
def test_no_figure_is_negative_nor_above_the_target(facts: dict[str, object]) -> None:
    verdict = judge_day(**facts)  # type: ignore[arg-type]

    assert 0 <= verdict.deficit_excused <= verdict.deficit_gross <= verdict.target
    assert verdict.late_minutes >= 0
    assert verdict.early_minutes >= 0
    assert verdict.reasons
    assert all(verdict.reasons)
    assert settled(verdict).deficit_net == verdict.deficit_net


@settings(max_examples=100, deadline=None)
@given(any_day(), st.randoms(use_true_random=False))
def test_the_order_of_punches_and_letters_does_not_matter(
    facts: dict[str, object], chance: random.Random
) -> None:
    punches, letters = list(facts["punches"]), list(facts["letters"])  # type: ignore[call-overload]
    chance.shuffle(punches)
    verdict = judge_day(**(facts | {"punches": punches, "letters": letters}))  # type: ignore[arg-type]

    assert verdict == judge_day(**facts)  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(any_day(), st.floats(0, 1))
def test_a_punch_between_the_others_never_raises_the_deficit(
    facts: dict[str, object], where: float
) -> None:
    punches = sorted(facts["punches"], key=lambda p: p.local)  # type: ignore[call-overload]
    if not punches:
        return
    first, last = punches[0].local, punches[-1].local
    between = replace(punches[0], local=first + (last - first) * where)

    before = judge_day(**facts)  # type: ignore[arg-type]
    after = judge_day(**(facts | {"punches": [*punches, between]}))  # type: ignore[arg-type]

    assert after.deficit_net <= before.deficit_net


@settings(max_examples=100, deadline=None)
@given(st.lists(any_day(), max_size=12))
def test_every_working_day_is_counted_once(month: list[dict[str, object]]) -> None:
    totals = count(judge_day(**facts) for facts in month)  # type: ignore[arg-type]

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
