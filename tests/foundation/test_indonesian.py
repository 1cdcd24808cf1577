"""Dates, times, durations and numbers in Indonesian."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import indonesian as words

AT = datetime(2024, 3, 4, 23, 30, tzinfo=UTC)  # 5 March 07.30 in Kupang


def test_a_moment_is_told_in_the_zone_of_the_office() -> None:
    assert words.moment_text(AT, "Asia/Makassar") == "5 Maret 2024 07.30 WITA"
    assert words.moment_text(AT, "Asia/Jakarta") == "5 Maret 2024 06.30 WIB"
    assert words.time_text(AT, "Asia/Jayapura") == "08.30 WIT"
    assert words.time_text(AT, "Australia/Darwin") == "09.00 UTC+09.30"


def test_days_and_months_have_their_names() -> None:
    assert words.date_with_day(date(2024, 3, 5)) == "Selasa, 5 Maret 2024"
    assert words.month_name(8) == "Agustus"


@pytest.mark.parametrize(
    ("subject", "label"),
    [("2026-04", "April 2026"), ("2026-04-30", "30 April 2026"), ("2026-13", "2026-13"),
     ("Gangguan mesin 2", "Gangguan mesin 2"), ("", "")],
)  # fmt: skip
def test_the_subject_of_an_instance_is_readable(subject: str, label: str) -> None:
    assert words.period_label(subject) == label


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=45), "45 detik"),
        (timedelta(minutes=5), "5 menit"),
        (timedelta(minutes=5, seconds=7), "5 menit 7 detik"),
        (timedelta(hours=2, minutes=5, seconds=7), "2 jam 5 menit"),
        (timedelta(days=3, hours=1), "3 hari 1 jam"),
        (timedelta(), "0 menit"),
        (timedelta(minutes=-5), "minus 5 menit"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(duration: timedelta, text: str) -> None:
    assert words.duration_text(duration) == text


def test_minutes_of_work_never_become_days() -> None:
    assert words.minutes_text(507) == "8 jam 27 menit"
    assert words.minutes_text(3000) == "50 jam"
    assert words.minutes_text(0) == "0 menit"
    assert words.minutes_text(-5) == "minus 5 menit"


def test_numbers_have_a_comma_before_the_decimals() -> None:
    assert words.number_text(12710) == "12.710"
    assert words.number_text(1234.5, 1) == "1.234,5"
    assert words.percent_text(94.1, 100) == "94,1 %"
    assert words.percent_text(1, 0) == "-"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "nol"), (11, "sebelas"), (19, "sembilan belas"), (20, "dua puluh"), (100, "seratus"),
     (111, "seratus sebelas"), (1000, "seribu"), (2026, "dua ribu dua puluh enam"),
     (1_001_000, "satu juta seribu"), (-7, "minus tujuh")],
)  # fmt: skip
def test_numbers_are_written_in_words(number: int, text: str) -> None:
    assert words.number_words(number) == text


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=10**13))
def test_two_numbers_never_share_their_words(number: int) -> None:
    assert words.number_words(number) != words.number_words(number + 1)


def test_lists_and_sizes_read_naturally() -> None:
    assert words.list_text(["nama"]) == "nama"
    assert words.list_text(["nama", "NIP"]) == "nama dan NIP"
    assert words.list_text(["nama", "NIP", "foto"]) == "nama, NIP, dan foto"
    assert words.size_text(31_457_280) == "30 MB"
    assert words.size_text(0) == "0 byte"


@pytest.mark.parametrize("text", ["2026-04-30", "30-04-2026", "30/4/2026", " 30  April 2026"])
def test_dates_are_read_in_the_forms_people_type(text: str) -> None:
    assert words.parse_date(text) == date(2026, 4, 30)


@pytest.mark.parametrize("text", ["31-04-2026", "besok", "30 Aprilan 2026", "2026-4", ""])
def test_what_is_no_date_is_none(text: str) -> None:
    assert words.parse_date(text) is None


def test_the_time_of_a_machine_is_told_as_people_write_it() -> None:
    assert words.machine_time_text("2026-05-04 07:20:00") == "4 Mei 2026 07.20.00"
    assert words.machine_time_text("2000-00-00 99:99:99") == "2000-00-00 99:99:99"
