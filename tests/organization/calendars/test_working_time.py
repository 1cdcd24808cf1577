"""Working minutes between two moments, counted by hand and by properties."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organization.calendars.working_time import (
    WorkingHours,
    standard_hours,
    working_day,
    working_days_after,
    working_time,
)

WITA = ZoneInfo("Asia/Makassar")
Stretches = Sequence[tuple[int, int]]


def without(*closed: date) -> Callable[[date], Stretches]:
    """Return the standard with these days off."""
    return lambda day: () if day in closed else standard_hours(day)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of April 2026 in Kupang; the 6th is a Monday."""
    return datetime(2026, 4, day, hour, minute, tzinfo=WITA)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(6, 9), at(6, 9, 20), 20),  # within a morning
        (at(6, 6), at(6, 7, 45), 15),  # begun before the office opened
        (at(6, 11, 50), at(6, 13, 10), 20),  # across the lunch break
        (at(6, 15, 55), at(7, 7, 35), 10),  # over a night
        (at(10, 16, 20), at(13, 7, 40), 20),  # over a weekend: Friday ends at 16.30
        (at(10, 11), at(10, 13, 30), 60),  # Friday's longer break
        (at(6, 20), at(6, 23), 0),  # at night nobody works
        (at(6, 7, 30), at(11, 0), 2250),  # a week of 37.5 hours
        (at(6, 9, 20), at(6, 9), 0),  # a clock that stepped back
    ],
)
def test_only_office_hours_count(start: datetime, end: datetime, minutes: int) -> None:
    assert working_time(start, end, zone=WITA) == timedelta(minutes=minutes)


def test_a_public_holiday_has_no_working_time() -> None:
    friday = date(2026, 4, 3)
    start, end = at(3, 9), at(3, 10)
    assert working_time(start, end, zone=WITA, calendar=without(friday)) == timedelta()


def test_the_hours_are_the_agencys_own_wherever_the_server_stands() -> None:
    start = datetime(2026, 4, 5, 23, 30, tzinfo=ZoneInfo("UTC"))  # 07.30 on Monday in Kupang
    assert working_time(start, start + timedelta(hours=1), zone=WITA) == timedelta(hours=1)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=WITA)
)


@settings(max_examples=60, deadline=None)
@given(moments, st.timedeltas(timedelta(), timedelta(days=9)), st.floats(0, 1))
def test_the_parts_of_a_stretch_add_up(start: datetime, length: timedelta, share: float) -> None:
    end, middle = start + length, start + length * share
    whole = working_time(start, end, zone=WITA)
    parts = working_time(start, middle, zone=WITA) + working_time(middle, end, zone=WITA)
    assert whole == parts
    assert timedelta() <= whole <= length


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(moments, moments), min_size=2, max_size=6))
def test_what_was_asked_before_changes_no_answer(
    asked: list[tuple[datetime, datetime]],
) -> None:
    kept = WorkingHours(WITA)
    found = [kept.between(start, end) for start, end in asked]
    assert found == [working_time(start, end, zone=WITA) for start, end in asked]


def test_days_that_were_counted_are_not_counted_again() -> None:
    asked: list[date] = []

    def calendar(day: date) -> Stretches:
        asked.append(day)
        return standard_hours(day)

    hours = WorkingHours(WITA, calendar)
    hours.between(at(1, 9), at(30, 9))
    asked.clear()
    hours.between(at(2, 10), at(29, 10))
    # Each of the two moments, and the night before it.
    assert [day.day for day in asked] == [28, 29, 1, 2]


def test_a_day_of_work_begins_and_ends_and_a_day_off_does_neither() -> None:
    monday, saturday = date(2026, 4, 20), date(2026, 4, 25)
    found = working_day(monday, zone=WITA)
    assert found is not None
    assert [f"{at:%H.%M}" for at in found] == ["07.30", "16.00"]
    assert working_day(saturday, zone=WITA) is None
    assert working_day(monday, zone=WITA, calendar=without(monday)) is None


def test_a_night_shift_is_work_on_both_of_its_days() -> None:
    def nights(day: date) -> Stretches:
        return ((21 * 60, 31 * 60),) if day == date(2026, 4, 6) else ()

    assert working_time(at(7, 1), at(7, 9), zone=WITA, calendar=nights) == timedelta(hours=6)
    assert working_time(at(6, 20), at(8, 9), zone=WITA, calendar=nights) == timedelta(hours=10)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 6)),  # Good Friday and a weekend
        (date(2026, 4, 6), 0, date(2026, 4, 6)),
        (date(2026, 4, 6), 3, date(2026, 4, 9)),
        (date(2026, 4, 11), 1, date(2026, 4, 13)),
    ],
)
def test_days_without_work_are_not_counted(day: date, count: int, expected: date) -> None:
    calendar = without(date(2026, 4, 3))
    assert working_days_after(day, count, calendar=calendar) == expected


def test_a_calendar_without_work_is_named_and_not_followed_for_ever() -> None:
    with pytest.raises(ValueError, match="tidak memuat hari kerja"):
        working_days_after(date(2026, 4, 6), 1, calendar=lambda day: ())
