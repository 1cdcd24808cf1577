"""The clocks of a task: claims, pauses, and what is left of the time between."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from organization.calendars.working_time import standard_hours
from processes import spells
from processes.models import Task

NINE = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)  # Monday, 09.00 WITA
ZONE = ZoneInfo("Asia/Makassar")
WORK = spells.work(ZONE, standard_hours)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def span(start: int, end: int | None = None, **more: str) -> dict[str, Any]:
    until = {} if end is None else {"until": at(end).isoformat()}
    return {"from": at(start).isoformat(), **until, **more}


def minutes(task: Task, measure: spells.Measure, until: int = 600) -> tuple[float, ...]:
    """Return handling, paused, waiting and lead."""
    times = spells.times(task, until=at(until), measure=measure)
    return tuple(n / 60 for n in (times.handling, times.paused, times.waiting, times.lead))


def test_an_offered_task_only_waits() -> None:
    assert minutes(Task(offered_at=NINE), spells.wall, until=30) == (0, 0, 30, 30)


def test_a_claim_is_handled_until_it_is_submitted_or_until_now() -> None:
    open_task = Task(offered_at=NINE, claimed_at=at(10))
    assert minutes(open_task, spells.wall, until=30) == (20, 0, 10, 30)
    done = Task(offered_at=NINE, claimed_at=at(10), submitted_at=at(25))
    assert minutes(done, spells.wall) == (15, 0, 10, 25)


def test_a_claim_that_was_put_back_counts_and_the_time_after_it_is_waiting() -> None:
    task = Task(offered_at=NINE, earlier=[span(10, 30)], claimed_at=at(50), submitted_at=at(60))
    assert minutes(task, spells.wall) == (30, 0, 30, 60)
    put_back = Task(offered_at=NINE, earlier=[span(10, 30)])
    assert minutes(put_back, spells.wall, until=40) == (20, 0, 20, 40)


def test_a_pause_is_neither_handling_nor_waiting() -> None:
    task = Task(offered_at=NINE, claimed_at=at(10), pauses=[span(20, 35)], submitted_at=at(60))
    assert minutes(task, spells.wall) == (35, 15, 10, 60)


def test_the_pause_that_lasts_counts_until_now() -> None:
    task = Task(offered_at=NINE, claimed_at=NINE, pauses=[span(5, 10), span(20)], status="claimed")
    assert minutes(task, spells.wall, until=60) == (15, 45, 0, 60)
    assert spells.is_paused(task)
    task.pauses[-1]["until"] = at(30).isoformat()
    assert not spells.is_paused(task)


def test_a_lunch_break_counts_on_the_wall_and_not_at_work() -> None:
    # Offered at 11.00, claimed at 11.30, paused 11.50-13.10, sent at 13.20; lunch is 12.00-13.00.
    task = Task(
        offered_at=at(120), claimed_at=at(150), pauses=[span(170, 250)], submitted_at=at(260)
    )
    assert minutes(task, spells.wall) == (30, 80, 30, 140)
    assert minutes(task, WORK) == (30, 20, 30, 80)


@pytest.mark.fault("F45")
def test_a_clock_that_stepped_back_makes_no_negative_time() -> None:
    task = Task(offered_at=at(30), claimed_at=at(20), submitted_at=at(10))
    assert minutes(task, spells.wall) == (0, 0, 0, 0)


def test_the_parts_make_the_whole_to_the_second() -> None:
    odd = timedelta(milliseconds=700)
    task = Task(
        offered_at=NINE - odd, claimed_at=at(10), submitted_at=at(25) + odd, pauses=[span(12, 13)]
    )
    times = spells.times(task, until=at(600), measure=spells.wall)
    assert times.waiting + times.handling + times.paused == times.lead
