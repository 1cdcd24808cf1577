"""Verdicts as plain data in recaps, and in short in sheets."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.days.stored import as_data, day_of, from_data, outline, pack, unpack
from attendance.law.cases import DayCase, Verdict
from attendance.law.codes import Code
from attendance.models import Recap, RecapRow
from attendance.recaps.seals import content_hash
from attendance.rules import judge
from organization.models import Agency
from tests.attendance.made_days import FULL_DAY, NIGHT, case, letter
from tests.attendance.test_rules__properties import any_day

MONDAY = date(2026, 4, 6)
# A day as recaps were frozen with it before patterns were told.
FROZEN_BEFORE = {
    "tanggal": "2026-04-06",
    "kode": "H",
    "alasan": ["Masuk 08.05, batas 07.30: terlambat 35 menit.", "Pulang 16.40, sesuai jam kerja."],
    "tanda": ["TL"],
    "target": 450,
    "masuk": "2026-04-06T08:05:00",
    "pulang": "2026-04-06T16:40:00",
    "TL": 35,
    "PSW": 0,
    "TAM": False,
    "TAP": False,
    "KJK_bruto": 35,
    "KJK_dikecualikan": 0,
    "KJK": 35,
    "absen": 2,
    "surat": 0,
}


@settings(max_examples=150, deadline=None)
@given(any_day(), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_a_verdict_comes_back_from_a_recap_as_it_was(day: DayCase, on: date) -> None:
    data = json.loads(json.dumps(as_data(on, judge(day))))

    assert from_data(data) == judge(day)
    assert day_of(data) == on


@settings(max_examples=150, deadline=None)
@given(st.lists(any_day(), max_size=31))
def test_a_month_comes_back_from_a_sheet_without_reasons_and_pattern_names(
    month: list[DayCase],
) -> None:
    verdicts = [judge(day) for day in month]

    assert unpack(pack(verdicts)) == tuple(v._replace(reasons=(), pattern="") for v in verdicts)


@settings(max_examples=100, deadline=None)
@given(any_day())
def test_an_outline_says_what_the_matrix_prints(day: DayCase) -> None:
    verdict = judge(day)

    assert outline(pack([verdict])) == (
        str(verdict.code),
        "|".join(verdict.flags),
        verdict.provisional,
    )


def test_a_sheet_is_short() -> None:
    plain = judge(case(FULL_DAY, "07:20 16:05"))

    assert pack([plain]) == "H,440,965,450,,,,,,,2,2"
    assert len(pack([plain] * 31)) < 800
    assert pack([]) == ""
    assert unpack("") == ()


def test_a_day_frozen_before_patterns_were_told_is_read_as_it_is() -> None:
    verdict = from_data(FROZEN_BEFORE)

    assert verdict == judge(case(FULL_DAY, "08:05 16:40"))._replace(
        reasons=tuple(FROZEN_BEFORE["alasan"]),  # type: ignore[arg-type]
        pattern="",
    )
    assert as_data(MONDAY, verdict) == FROZEN_BEFORE | {"dipakai": 2, "pola": "", "pola_id": 0}


def test_what_was_frozen_before_still_has_its_hash() -> None:
    recap = Recap(
        agency=Agency(code="KOMINFO"), month=MONDAY.replace(day=1), figures={"pegawai": 1}
    )
    row = RecapRow(name="Anna Bere", number="1", codes=["H"], days=[FROZEN_BEFORE])

    assert content_hash(recap, [row]) == (
        "fd665efa7dc1eeb2132945aed0c8a7a2235f2b35d4c9558f1a48ac273a59aff6"
    )


def test_a_night_keeps_the_date_of_each_tap() -> None:
    data = as_data(date(2026, 4, 30), judge(case(NIGHT, "20:55 +07:05")))

    assert (data["tanggal"], data["masuk"], data["pulang"]) == (
        "2026-04-30",
        "2026-04-30T20:55:00",
        "2026-05-01T07:05:00",
    )


def test_a_waiting_letter_keeps_its_star() -> None:
    waiting = letter(Code.OFFICIAL_DUTY, id=5)
    verdict = Verdict(Code.OFFICIAL_DUTY, provisional=True, letter_id=waiting.id)

    assert as_data(MONDAY, verdict)["kode"] == "DL*"
    assert unpack(pack([verdict])) == (verdict,)
