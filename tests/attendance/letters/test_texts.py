"""Days and spans as an office writes them."""

from datetime import date

import pytest

from attendance.letters.texts import days_text, span_text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([], "-"),
        ([7], "7 April 2026"),
        ([7, 8], "7 dan 8 April 2026"),
        ([7, 8, 21], "7, 8 dan 21 April 2026"),
        ([1, 2, 6, 7, 8, 9, 10, 14], "1, 2, 6-10 dan 14 April 2026"),
        ([6, 7, 8], "6-8 April 2026"),
    ],
)
def test_days_of_a_month_are_listed(days: list[int], text: str) -> None:
    assert days_text([date(2026, 4, day) for day in days]) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 4, 7), date(2026, 4, 7), "7 April 2026"),
        (date(2026, 4, 7), date(2026, 4, 9), "7-9 April 2026"),
        (date(2026, 4, 30), date(2026, 5, 2), "30 April - 2 Mei 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 Desember 2026 - 2 Januari 2027"),
    ],
)
def test_a_span_names_no_more_than_it_must(first: date, last: date, text: str) -> None:
    assert span_text(first, last) == text
