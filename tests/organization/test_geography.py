"""Distances on the globe, and plans drawn from coordinates."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organization.geography import HALF, Point, distance, offset, plan_of

OFFICE = Point(-2.935, 115.15)
points = st.builds(Point, st.floats(-85, 85), st.floats(-180, 180))
near = st.builds(
    lambda north, east: Point(OFFICE.latitude + north, OFFICE.longitude + east),
    st.floats(-0.05, 0.05),
    st.floats(-0.05, 0.05),
)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert distance(Point(-3, 115), Point(-2, 115)) == pytest.approx(111_195, abs=1)


def test_two_cities_lie_as_far_apart_as_is_known() -> None:
    kupang, rantau = Point(-10.1772, 123.6070), Point(-2.9350, 115.1500)
    assert distance(kupang, rantau) == pytest.approx(1_231_000, rel=0.01)


@given(one=points, other=points)
def test_distance_is_the_same_both_ways_and_never_more_than_half_round(
    one: Point, other: Point
) -> None:
    away = distance(one, other)
    assert 0 <= away <= 20_015_200
    assert away == pytest.approx(distance(other, one), abs=1e-3)
    assert distance(one, one) == 0


@given(one=points, other=points, third=points)
def test_a_detour_is_never_shorter(one: Point, other: Point, third: Point) -> None:
    assert distance(one, third) <= distance(one, other) + distance(other, third) + 1e-3


@given(place=near)
def test_near_places_lie_where_the_plan_says(place: Point) -> None:
    assert hypot(*offset(OFFICE, place)) == pytest.approx(
        distance(OFFICE, place), rel=2e-3, abs=0.1
    )


def test_the_date_line_is_no_way_round_the_world() -> None:
    east, north = offset(Point(0, 179.999), Point(0, -179.999))
    assert east == pytest.approx(222.4, abs=0.1)
    assert north == 0


@pytest.mark.parametrize(
    "point", [Point(91, 0), Point(0, 181), Point(float("nan"), 0), Point(0, float("inf"))]
)
def test_places_that_are_none_are_told(point: Point) -> None:
    assert not point.is_possible
    assert OFFICE.is_possible


@given(place=near, accuracy=st.floats(0, 5000), radius=st.integers(20, 5000))
def test_every_dot_lies_on_the_plan(place: Point, accuracy: float, radius: int) -> None:
    plan = plan_of(OFFICE, radius, place, accuracy)
    assert plan.dot is not None
    assert hypot(plan.dot.x, plan.dot.y) <= HALF + 0.2
    assert 0 < plan.radius <= HALF
    assert 0 < plan.scale <= HALF
    east, north = offset(OFFICE, place)
    if hypot(east, north) > 1 and hypot(plan.dot.x, plan.dot.y) > 1:
        assert east * plan.dot.x >= -1e-6  # east is right
        assert north * plan.dot.y <= 1e-6  # north is up


def test_a_plan_without_anybody_shows_the_office_and_its_scale() -> None:
    plan = plan_of(OFFICE, 100)
    assert plan.dot is None
    assert plan.radius == HALF / 1.25
    assert plan.scale_metres == 50


def test_who_is_far_away_stands_on_the_edge_where_he_is() -> None:
    plan = plan_of(OFFICE, 100, Point(OFFICE.latitude + 1, OFFICE.longitude), 10)
    assert plan.dot is not None
    assert plan.dot.is_outside
    assert plan.dot.x == 0
    assert -HALF < plan.dot.y < -HALF * 0.9
