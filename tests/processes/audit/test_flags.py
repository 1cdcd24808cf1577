"""What an auditor is told about a visit beside its times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from organization.calendars.working_time import standard_hours
from processes.audit.measured import flags
from processes.audit.measured.flags import EventMoment
from processes.models import Task

NINE = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)  # Monday, 09.00 WITA
ZONE = ZoneInfo("Asia/Makassar")


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def earlier(start: int, end: int, why: str) -> list[dict[str, str]]:
    return [{"from": at(start).isoformat(), "until": at(end).isoformat(), "why": why}]


@pytest.mark.parametrize(
    ("acting_as", "expected"),
    [("Kadis", False), ("Plt. Kadis", True), ("Plh. Kadis", True), ("Plhari", False), ("", False)],
)
def test_who_acts_for_another_is_a_substitute(acting_as: str, expected: bool) -> None:
    assert flags.by_substitute(Task(acting_as=acting_as)) is expected


@pytest.mark.parametrize(
    ("minutes", "closed"),
    [
        (0, False),
        (-91, True),  # 07.29
        (-90, False),  # 07.30, the door opens
        (180, False),  # 12.00, still there
        (181, True),  # 12.01
        (420, False),  # 16.00
        (421, True),
    ],
)
def test_the_first_and_the_last_moment_of_a_stretch_are_inside(minutes: int, closed: bool) -> None:
    task = Task(kind="user", submitted_at=at(minutes))
    assert flags.outside_hours(task, zone=ZONE, calendar=standard_hours) is closed


def test_the_system_has_no_office_hours() -> None:
    task = Task(kind="automatic", submitted_at=at(600))
    assert not flags.outside_hours(task, zone=ZONE, calendar=standard_hours)


@pytest.mark.parametrize(
    ("why", "expected"),
    [("released", False), ("handed_over", False), ("taken", True), ("reoffered", True)],
)
def test_only_a_claim_that_was_taken_is_forced(why: str, expected: bool) -> None:
    task = Task(kind="user", earlier=earlier(0, 5, why), claimed_at=at(10), submitted_at=at(20))
    assert flags.forced(task) is expected


@pytest.mark.parametrize(
    ("owner", "minutes", "expected"), [(7, 30, True), (None, 60, False), (7, 60, False)]
)
def test_a_timer_is_forced_by_who_ends_it_early(
    owner: int | None, minutes: int, expected: bool
) -> None:
    timer = Task(kind="timer", owner_id=owner, due_at=at(60), submitted_at=at(minutes))
    assert flags.forced(timer) is expected


def test_work_recorded_late_is_backdated_and_work_recorded_at_once_is_not() -> None:
    assert flags.backdated(Task(effective_at=at(1), submitted_at=at(2)))
    assert not flags.backdated(Task(effective_at=at(2), submitted_at=at(2)))


@pytest.mark.parametrize(
    "moments",
    [
        {"claimed_at": at(-1), "submitted_at": at(5)},
        {"claimed_at": at(5), "submitted_at": at(4)},
        {"submitted_at": at(-1)},
        {"earlier": earlier(3, 2, "released"), "claimed_at": at(5), "submitted_at": at(6)},
        {"earlier": earlier(1, 6, "released"), "claimed_at": at(5), "submitted_at": at(7)},
    ],
)
def test_a_moment_before_the_one_it_follows_is_a_clock_set_back(
    moments: dict[str, datetime],
) -> None:
    assert flags.clock_back(Task(offered_at=NINE, **moments))


def test_moments_in_order_and_at_once_are_no_clock_set_back() -> None:
    done = Task(
        offered_at=NINE,
        earlier=earlier(0, 2, "released"),
        claimed_at=at(2),
        submitted_at=at(2),
    )
    assert not flags.clock_back(done)


def test_an_event_before_the_one_it_follows_names_its_subject() -> None:
    events = [
        EventMoment(1, at(0), "task_opened", "a"),
        EventMoment(2, at(5), "task_claimed", "a"),
        EventMoment(3, at(4), "task_completed", "b"),
        EventMoment(4, at(4), "task_opened", "c"),
    ]
    assert flags.stepped_back(events) == {"b"}
