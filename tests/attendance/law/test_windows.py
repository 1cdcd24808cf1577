"""Which taps belong to which day."""

from hypothesis import given
from hypothesis import strategies as st

from attendance.law.windows import window_of
from organization.calendars.work_hours import DAY, STANDARD_WEEK, Day, NoHours
from tests.attendance.made_days import FULL_DAY, NIGHT, NURSE, RAMADAN, shift

OFF = NoHours()
EVENING = shift("14:00-21:00")
DAYS = st.sampled_from([FULL_DAY, OFF, NIGHT, NURSE, EVENING, RAMADAN, STANDARD_WEEK[4]])


def test_an_ordinary_day_lasts_from_five_to_four() -> None:
    assert window_of(FULL_DAY, FULL_DAY, FULL_DAY) == (5 * 60, 28 * 60)
    assert window_of(FULL_DAY, OFF, OFF) == (5 * 60, 28 * 60)


def test_42_the_morning_after_a_night_shift_belongs_to_the_night() -> None:
    assert window_of(OFF, NIGHT, OFF) == (17 * 60, 35 * 60)
    assert window_of(NIGHT, OFF, OFF) == (11 * 60, 28 * 60)


def test_between_two_shifts_the_nearer_limit_decides_and_the_earlier_day_at_the_same_distance() -> (
    None
):
    # The night ends at 07.00, the next shift begins at 07.30.
    assert window_of(NIGHT, NURSE, OFF)[0] == 7 * 60 + 16
    assert window_of(OFF, NIGHT, NURSE)[1] == 31 * 60 + 16
    assert window_of(NIGHT, FULL_DAY, OFF)[0] == 7 * 60 + 16


def test_a_night_that_ends_early_leaves_the_next_morning_alone() -> None:
    late = shift("18:00-02:00")

    assert window_of(late, FULL_DAY, OFF)[0] == 5 * 60
    assert window_of(OFF, late, FULL_DAY)[1] == 29 * 60


@given(DAYS, DAYS, DAYS, DAYS)
def test_no_minute_belongs_to_two_days(one: Day, two: Day, three: Day, four: Day) -> None:
    _, ends = window_of(one, two, three)
    begins, _ = window_of(two, three, four)

    assert ends <= begins + DAY
