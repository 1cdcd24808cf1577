"""What a decree on hours cannot mean is named, with the way out; an odd week is only a warning."""

from datetime import date, time
from typing import Any

import pytest

from organization.calendars.pattern_data import (
    HoursData,
    PatternData,
    Whom,
    minutes_of,
    problems_of,
    week_hint,
)
from organization.models import WorkPattern

Kind = WorkPattern.Kind


def clock(text: str) -> time:
    return time.fromisoformat(text.replace(".", ":"))


def hours(text: str, **values: Any) -> HoursData:
    """Read "07.30-16.00/12.00-13.00"."""
    work, _, pause = text.partition("/")
    starts, ends = map(clock, work.split("-"))
    if pause:
        first, _, last = pause.partition("-")
        values |= {
            "break_starts": clock(first) if first else None,
            "break_ends": clock(last) if last else None,
        }
    return HoursData(starts=starts, ends=ends, **values)


def week(text: str = "07.30-16.00/12.00-13.00") -> tuple[HoursData, ...]:
    return tuple(hours(text, weekday=day) for day in range(5))


def shifts(**texts: str) -> tuple[HoursData, ...]:
    return tuple(hours(text, shift=code) for code, text in texts.items())


def data(**values: Any) -> PatternData:
    defaults: dict[str, Any] = {
        "name": "Jam kerja UPT",
        "kind": Kind.WEEKLY,
        "decree_number": "100.3/7/2026",
        "valid_from": date(2026, 5, 1),
        "hours": week(),
        "scopes": (Whom(agency=1),),
    }
    return PatternData(**(defaults | values))


def test_a_decree_as_it_should_be_has_no_problems() -> None:
    assert problems_of(data()) == {}
    night = data(kind=Kind.SHIFT, hours=shifts(P="07.00-14.00", M="21.00-07.00/01.00-02.00"))
    assert problems_of(night) == {}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": " "}, "name", "Beri nama"),
        ({"decree_number": "  "}, "decree_number", "Nomor keputusan kosong"),
        ({"valid_until": date(2026, 4, 30)}, "valid_until", "berakhir sebelum mulai"),
        ({"kind": Kind.SEASON}, "valid_until", "memerlukan tanggal akhir"),
        ({"decree_date": date(2026, 5, 2)}, "decree_date", "setelah pola mulai"),
        ({"scopes": ()}, "scopes", "Pilih untuk siapa"),
        ({"hours": ()}, "hours", "Belum ada jam kerja"),
        ({"hours": shifts(P="07.00-14.00")}, "hours", "pola lain memakai hari"),
        ({"kind": Kind.SHIFT, "hours": week()}, "hours", "memakai kode giliran"),
        ({"hours": (*week(), hours("08.00-09.00", weekday=0))}, "hours", "Senin ditulis dua kali"),
        ({"hours": week("07.30-16.00/12.00-")}, "hours", "baru terisi separuh"),
        ({"hours": week("07.30-16.00/16.00-17.00")}, "hours", "di luar jam kerjanya"),
        ({"hours": week("07.30-16.00/07.00-08.00")}, "hours", "di luar jam kerjanya"),
        ({"hours": week("07.30-16.00/13.00-12.00")}, "hours", "di luar jam kerjanya"),
        ({"hours": week("16.00-15.30")}, "hours", "menjadi 23 jam 30 menit"),
        ({"kind": Kind.SHIFT, "hours": shifts(L="07.00-14.00")}, "hours", "berarti lepas"),
        (
            {"hours": (hours("20.00-07.00", weekday=6), hours("06.30-14.00", weekday=0))},
            "hours",
            "Senin mulai sebelum jam Minggu selesai",
        ),
    ],
)
def test_what_cannot_be_meant_is_named(values: Any, field: str, words: str) -> None:
    problems = problems_of(data(**values))
    assert list(problems) == [field]
    assert words in problems[field]


def test_hours_over_midnight_are_minutes_of_the_day_they_begin_on() -> None:
    night = minutes_of(hours("21.00-07.00/23.30-00.30", shift="M"))
    assert (night.intervals, night.target) == (((1260, 1410), (1470, 1860)), 540)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        ({"hours": week("08.00-15.00/12.00-12.30"), "kind": Kind.SEASON}, ""),
        ({"hours": week("08.00-16.00/12.00-13.00")}, "35 jam"),
        ({"hours": week(), "kind": Kind.SEASON}, "32 jam 30 menit pada bulan Ramadan"),
        ({"hours": week("08.00-12.00"), "kind": Kind.PART_TIME}, ""),
        ({"hours": shifts(P="07.00-14.00"), "kind": Kind.SHIFT}, ""),
    ],
)
def test_a_week_of_another_length_is_only_warned_of(values: Any, words: str) -> None:
    hint = week_hint(data(**values))
    assert bool(hint) == bool(words)
    assert words in hint
