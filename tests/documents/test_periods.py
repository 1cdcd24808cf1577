"""Which times there are to report on: those of a calendar, and begun."""

from datetime import date

import pytest

from documents.periods import DAY, MONTH, MONTHS, WEEK, period_of, refusal_of

TODAY = date(2026, 4, 20)


@pytest.mark.parametrize(
    "subject", ["0001-01", "0001-W01", "1999-12-31", "9999-12", "9999-W52", "9999-12-31", "9999-Q4"]
)
def test_a_year_that_no_office_keeps_is_no_time(subject: str) -> None:
    period = period_of(subject)
    assert (period.label, period.first, period.kind) == (subject, None, "")


@pytest.mark.parametrize(
    ("kind", "subject"), [(DAY, "2026-04-20"), (WEEK, "2026-W17"), (MONTH, "2026-04")]
)
def test_the_time_under_way_is_told(kind: str, subject: str) -> None:
    assert refusal_of(kind, subject, TODAY) == ""


@pytest.mark.parametrize(
    ("kind", "subject", "says"),
    [
        (DAY, "2026-04-21", "Tanggal ini belum mulai"),
        (WEEK, "2026-W18", "Minggu ini belum mulai"),
        (MONTH, "2026-05", "Bulan ini belum mulai"),
        (MONTH, "2026-04-20", "Bulan ini tidak ada"),
        (MONTH, "2026-04/7", "Bulan ini tidak ada"),
        (WEEK, "9999-W52", "Minggu ini tidak ada"),
    ],
)
def test_the_others_are_refused_with_a_sentence(kind: str, subject: str, says: str) -> None:
    assert refusal_of(kind, subject, TODAY).startswith(says)


def test_a_range_of_months_is_named_from_its_first_to_its_last() -> None:
    period = period_of("2026-06..2026-10/some_sop/202610201200-ab")
    assert period.label == "Juni 2026 s.d. Oktober 2026"
    assert (period.first, period.last) == (date(2026, 6, 1), date(2026, 10, 31))
    assert period.kind == MONTHS


@pytest.mark.parametrize(
    "subject",
    ["2026-10..2026-06", "2026-06..", "2026-06..2026-06", "2026-06-01..2026-07", "2026-06..x",
     "2026-06..2026-07..2026-08"],
)  # fmt: skip
def test_what_is_no_range_of_months_is_no_time(subject: str) -> None:
    assert period_of(subject).label == subject
    assert refusal_of(MONTH, subject, TODAY) == "Bulan ini tidak ada; pilih yang lain."
