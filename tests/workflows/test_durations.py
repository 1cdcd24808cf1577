"""Durations of SOP files: what is read, what is refused, how they are told."""

from datetime import timedelta

import pytest

from workflows import durations
from workflows.durations import DurationError


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT5M", timedelta(minutes=5)),
        ("PT62M", timedelta(minutes=62)),
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        ("P3D", timedelta(days=3)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        (" PT20S\n", timedelta(seconds=20)),
    ],
)
def test_a_literal_duration_is_read(text: str, length: timedelta) -> None:
    assert durations.parse(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "", "P", "PT", "P1DT", "5", "5M", "PT5", "pt5m", "P1Y", "P1M", "P1Y2M", "PT1.5H", "PT1,5H",
        "-PT5M", "P-1D", "PT0S", "P0D", "P367D", "PT9999999M", "P1W2D", "PT5M5H", "P1H", "PT1D",
        "R3/PT5M", "2026-04-30", "PT\u0665M", "PT5M; import os", "__import__('os')", "5 menit",
    ],
)  # fmt: skip
def test_what_is_no_fixed_length_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        durations.parse(text)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 menit"),
        (timedelta(seconds=45), "45 detik"),
        (timedelta(minutes=5), "5 menit"),
        (timedelta(minutes=62), "62 menit"),
        (timedelta(minutes=62, seconds=30), "62 menit 30 detik"),
        (timedelta(hours=2), "2 jam"),
        (timedelta(hours=7, minutes=30), "7 jam 30 menit"),
        (timedelta(days=3), "3 hari"),
        (-timedelta(minutes=5), "minus 5 menit"),
    ],
)
def test_a_length_is_told_as_a_sop_sheet_tells_it(length: timedelta, words: str) -> None:
    assert durations.in_words(length) == words
