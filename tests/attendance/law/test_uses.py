"""What became of each tap, for whoever asks why."""

from attendance.law.uses import Use, distinct, uses_of
from organization.calendars.work_hours import STANDARD_WEEK
from tests.attendance.made_days import FULL_DAY, SATURDAY, case, taps


def told(clocks: str) -> list[Use]:
    return [use for _, use in uses_of(case(FULL_DAY, clocks))]


def test_the_first_and_the_last_decide_and_repetitions_are_named() -> None:
    assert told("07:20 07:22 12:00 16:01 16:01") == [
        Use.CAME,
        Use.REPEATED,
        Use.IDLE,
        Use.LEFT,
        Use.REPEATED,
    ]


def test_a_tap_before_five_is_outside_the_day() -> None:
    assert told("04:50 07:20 16:00") == [Use.OUTSIDE, Use.CAME, Use.LEFT]


def test_near_a_machine_the_list_is_not_used() -> None:
    listed = taps("07:25 16:05", manual=True)

    uses = dict(uses_of(case(FULL_DAY, "07:31 16:00")._replace(taps=taps("07:31 16:00") + listed)))

    assert uses[listed[0]] is Use.MACHINE_HOLDS
    assert [use for tap, use in uses.items() if not tap.manual] == [Use.CAME, Use.LEFT]


def test_on_a_day_off_no_tap_decides() -> None:
    ((_, use),) = uses_of(case(STANDARD_WEEK[SATURDAY.weekday()], "09:00"))

    assert use is Use.NO_HOURS


def test_15_taps_less_than_five_minutes_apart_are_one() -> None:
    assert distinct(taps("07:20 07:21 07:22 16:01 16:01"), 5) == 2
    assert distinct(taps("07:20 07:25"), 5) == 2
    assert distinct((), 5) == 0
