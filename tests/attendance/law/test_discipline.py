"""Counters of PP 94/2021: days of a calendar year, days in a row, and what they lead to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.law.discipline import BANDS, RUN_BAND, WorkedDay, count_year, crossed

JANUARY = date(2026, 1, 5)


def days(pattern: str, first: date = JANUARY) -> list[WorkedDay]:
    """Return working days, one after the other: `x` is unexplained."""
    return [
        WorkedDay(first + timedelta(days=number), mark == "x")
        for number, mark in enumerate(pattern)
    ]


@pytest.mark.parametrize(
    ("unexplained", "name"),
    [
        (0, None), (1, None), (2, None), (3, "teguran lisan"), (4, "teguran tertulis"),
        (6, "teguran tertulis"), (7, "pernyataan tidak puas secara tertulis"),
        (10, "pernyataan tidak puas secara tertulis"),
        (11, "pemotongan tukin 25 % selama 6 bulan"), (13, "pemotongan tukin 25 % selama 6 bulan"),
        (14, "pemotongan tukin 25 % selama 9 bulan"), (16, "pemotongan tukin 25 % selama 9 bulan"),
        (17, "pemotongan tukin 25 % selama 12 bulan"),
        (20, "pemotongan tukin 25 % selama 12 bulan"),
        (21, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
        (24, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
        (25, "pembebasan dari jabatan menjadi pelaksana selama 12 bulan"),
        (27, "pembebasan dari jabatan menjadi pelaksana selama 12 bulan"),
        (28, "pemberhentian"), (200, "pemberhentian"),
    ],
)  # fmt: skip
def test_days_of_the_year_lead_to_the_bands(unexplained: int, name: str | None) -> None:
    counted = count_year(days("x-" * unexplained), 2026)  # never two in a row

    assert [band.name for band in counted.bands] == ([name] if name else [])


def test_57_the_third_day_of_the_year_is_flagged_and_the_next_year_begins_anew() -> None:
    found = [WorkedDay(date(2026, month, 22), True) for month in (1, 3, 4)]

    counted = count_year(found, 2026)

    assert (counted.unexplained, counted.last_on) == (3, date(2026, 4, 22))
    assert [band.text for band in counted.bands] == ["3 hari: teguran lisan"]
    assert count_year(found, 2027).unexplained == 0


@pytest.mark.parametrize(("run", "flagged"), [(9, False), (10, True), (11, True)])
def test_ten_working_days_in_a_row_are_flagged(run: int, flagged: bool) -> None:
    counted = count_year(days("-" + "x" * run + "-"), 2026)

    assert (RUN_BAND in counted.bands, counted.longest_run) == (flagged, run)


def test_a_day_at_work_ends_a_run() -> None:
    counted = count_year(days("xxxxx-xxxxx"), 2026)

    assert (counted.unexplained, counted.longest_run) == (10, 5)


def test_a_run_goes_on_over_days_off() -> None:
    """Days off are no working days: they are not handed in, so they end nothing."""
    week = days("xxxxx") + days("xxxxx", JANUARY + timedelta(days=7))

    assert count_year(week, 2026).longest_run == 10


def test_56_deficits_are_told_in_days_for_information_only() -> None:
    found = [
        WorkedDay(JANUARY + timedelta(days=n), False, m) for n, m in enumerate((35, 70, 1, 225))
    ]
    found.append(WorkedDay(JANUARY + timedelta(days=9), True))

    counted = count_year(found, 2026)

    assert (counted.unexplained, counted.deficit, counted.deficit_days) == (1, 331, (0, 331))
    assert counted.bands == ()


def test_bkd_may_decide_that_deficits_add_up_to_days() -> None:
    found = [WorkedDay(JANUARY + timedelta(days=n), False, 225) for n in range(5)]
    found.append(WorkedDay(JANUARY + timedelta(days=9), True))

    counted = count_year(found, 2026, deficit_counts=True)

    assert (counted.unexplained, counted.days) == (1, 3)
    assert counted.bands == (BANDS[0],)


def test_only_a_new_band_is_crossed() -> None:
    assert crossed(2, 2) is None
    assert crossed(2, 3) == BANDS[0]
    assert crossed(3, 4) == BANDS[1]
    assert crossed(4, 6) is None


@given(st.text(alphabet="x-", max_size=260))
def test_a_run_is_never_longer_than_the_year_and_order_never_matters(pattern: str) -> None:
    found = days(pattern)

    counted = count_year(found, 2026)

    assert counted == count_year(reversed(found), 2026)
    assert counted.unexplained == pattern.count("x")
    assert 0 <= counted.longest_run <= counted.unexplained
    assert len(counted.bands) <= 2
