"""Shares with their interval, as a book of statistics has them."""

from datetime import timedelta

import pytest

from processes.audit.statistics import Share, is_few, ratio, span, spans, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # By hand: (p + z²/2n ± z√(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
        (8, 10, 0.4902, 0.9433),
        (1, 2, 0.0945, 0.9055),
        (50, 100, 0.4038, 0.5962),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(
    successes: int, n: int, low: float, high: float
) -> None:
    bounds = wilson(successes, n)
    assert bounds is not None
    assert bounds == pytest.approx((low, high), abs=0.00005)


def test_nothing_of_nothing_has_no_share_and_no_interval() -> None:
    share = Share(0, 0)
    assert wilson(0, 0) is None
    assert (share.value, share.low, share.high) == (None, None, None)


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3)])
def test_what_is_no_part_of_the_whole_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(successes, n)


def test_fewer_than_five_are_few() -> None:
    assert [is_few(n) for n in (0, 4, 5)] == [True, True, False]
    assert Share(4, 4).is_thin
    assert not Share(5, 5).is_thin


def test_seconds_become_durations_and_nothing_stays_nothing() -> None:
    assert span(89.6) == timedelta(seconds=90)
    assert span(None) is None
    assert spans([60.0, 120.4], 2) == (timedelta(minutes=1), timedelta(minutes=2))
    assert spans(None, 2) == (None, None)


def test_a_ratio_needs_both_sides() -> None:
    assert ratio(30, 60) == 0.5
    assert [ratio(None, 60), ratio(30, None), ratio(30, 0)] == [None, None, None]
