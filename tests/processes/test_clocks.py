"""The clock of a task in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from organization.calendars.working_time import standard_hours
from organization.models import Agency
from processes import spells
from processes.clocks import Clock, clock_of, short
from processes.models import Task

MONDAY = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)  # 09.00 WITA
MINUTES = timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Makassar")
WORK = spells.work(ZONE, standard_hours)


def task(**values: object) -> Task:
    agency = Agency(code="uji", name="Uji", time_zone="Asia/Makassar")
    return Task(agency=agency, **({"offered_at": MONDAY} | values))


def claimed(minutes: int) -> Task:
    return task(status="claimed", claimed_at=MONDAY, due_at=MONDAY + minutes * MINUTES)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "kurang dari 1 mnt"),
        (12 * MINUTES, "12 mnt"),
        (60 * MINUTES, "1 jam"),
        (timedelta(hours=30, minutes=5), "30 jam 5 mnt"),
    ],
)
def test_working_hours_are_never_told_as_days(span: timedelta, words: str) -> None:
    assert short(span) == words


@pytest.mark.parametrize(
    ("minutes", "kind", "words"),
    [
        (0, "ok", "Sisa 20 mnt"),
        (14, "ok", "Sisa 6 mnt"),
        (15, "soon", "Sisa 5 mnt"),
        (20, "soon", "Sisa kurang dari 1 mnt"),
        (21, "late", "Terlambat 1 mnt"),
        (32, "late", "Terlambat 12 mnt"),
    ],
)
def test_the_state_turns_before_the_time_is_over(minutes: int, kind: str, words: str) -> None:
    clock = clock_of(claimed(20), work=WORK, now=MONDAY + minutes * MINUTES)
    assert (clock.state.kind, clock.state.words) == (kind, words)


def test_a_holiday_does_not_count() -> None:
    closed = spells.work(ZONE, lambda day: ())
    clock = clock_of(claimed(20), work=closed, now=MONDAY + timedelta(hours=3))
    assert clock.handled == timedelta()
    assert not clock.running


def test_the_clock_stands_still_in_the_lunch_break() -> None:
    noon = MONDAY + timedelta(hours=3)
    assert not clock_of(claimed(20), work=WORK, now=noon).running
    assert clock_of(claimed(20), work=WORK, now=MONDAY).running


def test_before_the_claim_the_waiting_is_told() -> None:
    clock = clock_of(task(), work=WORK, now=MONDAY + 90 * MINUTES)
    assert clock.state.words == "Menunggu 1 jam 30 mnt"
    assert clock_of(task(), work=WORK, now=MONDAY).state.words == "Baru tiba"


def test_a_step_without_a_norm_only_counts() -> None:
    counted = Clock(standard=None, handled=5 * MINUTES, waited=timedelta(), running=True)
    assert counted.state.words == "Dikerjakan 5 mnt"
    assert not counted.is_late


def test_a_finished_task_stops_its_clock() -> None:
    done = claimed(20)
    done.submitted_at = MONDAY + 7 * MINUTES
    assert clock_of(done, work=WORK, now=MONDAY + timedelta(days=30)).handled == 7 * MINUTES
