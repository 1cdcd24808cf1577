"""What a press on a phone is worth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.checkins.rules import (
    Earlier,
    Flag,
    Judged,
    Limits,
    Office,
    Problem,
    Reason,
    Told,
    judge_press,
    speed,
)
from organization.geography import DEGREE, Point, distance

NOW = datetime(2026, 4, 20, 23, 10, tzinfo=UTC)
CENTRE = Point(-2.935, 115.15)
OFFICE = Office(1, "Kantor", CENTRE, 100)
LIMITS = Limits(accuracy=100, speed=150)


def north(metres: float, of: Point = CENTRE) -> Point:
    return Point(of.latitude + metres / DEGREE, of.longitude)


def judged(
    told: Told, *, earlier: Earlier | None = None, offices: tuple[Office, ...] = (OFFICE,)
) -> Judged:
    return judge_press(told, offices, LIMITS, now=NOW, earlier=earlier)


def at(metres: float, accuracy: float = 10, **values: Any) -> Told:
    return replace(Told(point=north(metres), accuracy=accuracy), **values)


def test_who_is_in_the_office_is_present() -> None:
    told = judged(at(40))
    assert told.is_accepted
    assert told.office == OFFICE
    assert told.distance == pytest.approx(40, abs=0.1)
    assert not told.flags


def test_a_step_too_far_is_outside_whatever_the_circle_of_accuracy_says() -> None:
    assert judged(at(99.9)).is_accepted
    assert judged(at(100.1, accuracy=90)).reason is Reason.OUTSIDE


def test_an_accuracy_that_reaches_over_the_fence_is_flagged_and_not_refused() -> None:
    assert judged(at(80, accuracy=30)).flags == {Flag.ACCURACY}
    assert judged(at(80, accuracy=30)).is_accepted
    assert not judged(at(80, accuracy=15)).flags


def test_a_place_that_is_not_known_exactly_enough_is_asked_for_again() -> None:
    assert judged(at(0, accuracy=100)).is_accepted
    assert judged(at(0, accuracy=100.5)).reason is Reason.INACCURATE


def test_the_nearest_office_counts() -> None:
    other = Office(2, "UPT", north(5000), 50)
    assert judged(at(5010), offices=(OFFICE, other)).office == other


def test_without_an_office_nobody_can_be_there() -> None:
    assert judged(at(0), offices=()).reason is Reason.NO_OFFICE


@pytest.mark.parametrize("problem", list(Problem))
def test_a_phone_that_tells_no_place_is_no_presence(problem: Problem) -> None:
    assert judged(Told(problem=problem)).reason is Reason.LOCATION_OFF


@pytest.mark.parametrize(
    ("latitude", "accuracy"),
    [(95.0, 10.0), (float("nan"), 10.0), (-2.9, -1.0), (-2.9, float("nan"))],
)
def test_impossible_numbers_are_refused(latitude: float, accuracy: float) -> None:
    told = Told(point=Point(latitude, 115.15), accuracy=accuracy)
    assert judged(told).reason is Reason.IMPOSSIBLE


def test_a_place_that_calls_itself_mocked_is_refused_and_flagged() -> None:
    told = judged(at(0, mocked=True))
    assert told.reason is Reason.MOCKED
    assert Flag.MOCK in told.flags


def test_what_was_kept_on_the_phone_is_no_presence_even_in_the_office() -> None:
    told = judged(at(0, queued=True))
    assert told.reason is Reason.LATE_SENT
    assert Flag.LATE_SENT in told.flags
    assert judged(Told(problem=Problem.DENIED, queued=True)).reason is Reason.LATE_SENT


@given(minutes=st.integers(-600_000, 600_000))
def test_a_phone_whose_clock_is_wrong_is_not_late(minutes: int) -> None:
    measured = NOW + timedelta(minutes=minutes)
    at_once = at(0, measured_at=measured, sent_at=measured + timedelta(seconds=20))
    kept = at(0, measured_at=measured, sent_at=measured + timedelta(minutes=9))
    assert judged(at_once).is_accepted
    assert judged(kept).reason is Reason.LATE_SENT


def test_travelling_faster_than_anybody_can_is_flagged() -> None:
    before = Earlier(NOW - timedelta(minutes=30), north(100_000), 10)  # 200 km/h
    assert judged(at(0), earlier=before).flags == {Flag.TRAVEL}
    assert judged(at(0), earlier=before).is_accepted
    slow = replace(before, at=NOW - timedelta(hours=1))
    assert not judged(at(0), earlier=slow).flags


def test_presses_nearby_say_nothing_about_travelling() -> None:
    before = Earlier(NOW - timedelta(seconds=1), north(900), 10)
    assert not judged(at(0), earlier=before).flags


def test_the_same_place_to_the_last_digit_is_flagged() -> None:
    before = Earlier(NOW - timedelta(hours=8), north(12), 10)
    assert judged(at(12), earlier=before).flags == {Flag.SAME_SPOT}
    assert not judged(at(12, accuracy=11), earlier=before).flags


@given(
    metres=st.floats(-400, 400), accuracy=st.floats(0, 400), radius=st.integers(20, 300),
)  # fmt: skip
def test_a_presence_always_lies_inside_and_is_exact_enough(
    metres: float, accuracy: float, radius: int
) -> None:
    office = replace(OFFICE, radius=radius)
    told = judge_press(at(metres, accuracy), (office,), LIMITS, now=NOW)
    inside = distance(CENTRE, north(metres)) <= radius
    assert told.is_accepted == (inside and accuracy <= LIMITS.accuracy)
    assert (told.reason is Reason.INACCURATE) == (accuracy > LIMITS.accuracy)


@given(seconds=st.floats(0, 100_000), doubt=st.floats(0, 5000))
def test_speed_is_never_negative_and_doubt_slows_it(seconds: float, doubt: float) -> None:
    span = timedelta(seconds=seconds)
    assert 0 <= speed(CENTRE, north(3000), span, doubt) <= speed(CENTRE, north(3000), span)
