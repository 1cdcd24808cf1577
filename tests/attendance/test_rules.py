"""What a day comes to, beyond the table of worked examples, and what is said about it."""

from datetime import date, datetime, timedelta

import pytest

from attendance.law.cases import DayCase, Outage, Tap, by_finger, minute_of, moment_of
from attendance.law.codes import NAMES, PRIORITY, Code, Flag, LetterState
from attendance.law.policy import DEFAULT
from attendance.rules import judge, settled
from organization.calendars.work_hours import STANDARD_WEEK, DayHours, NoHours
from tests.attendance.made_days import (
    FRIDAY,
    FULL_DAY,
    GOOD_FRIDAY,
    MONDAY,
    NIGHT,
    NURSE,
    NYEPI_LEAVE,
    SHORT_FRIDAY,
    THURSDAY,
    UNROSTERED,
    case,
    letter,
    taps,
)

DUTY = letter(Code.OFFICIAL_DUTY, number="800/12", id=3)
OFF = NoHours()
STANDARD_SENTENCE = (
    "Pola Standar, Pasal 10 Pergub NTT 67/2019: masuk 07.30, pulang 16.00, 450 menit kerja"
    " (Pasal 10 ayat 2)."
)


def said(day: DayCase) -> str:
    return " ".join(judge(day).reasons)


# First and last


def test_an_hour_between_first_and_last_tap_makes_them_in_and_out() -> None:
    assert not judge(case(FULL_DAY, "07:20 08:20")).missing_out
    assert judge(case(FULL_DAY, "07:20 08:19")).missing_out


@pytest.mark.parametrize(
    ("hours", "clock", "counts_as_in"),
    [
        (FULL_DAY, "11:44", True),
        (FULL_DAY, "11:45", False),
        (SHORT_FRIDAY, "11:59", True),
        (SHORT_FRIDAY, "12:00", False),
        (NIGHT, "+01:59", True),
        (NIGHT, "+02:00", False),
    ],
)
def test_a_single_tap_is_in_before_the_midpoint(
    hours: DayHours, clock: str, counts_as_in: bool
) -> None:
    verdict = judge(case(hours, clock))

    assert (verdict.missing_in, verdict.missing_out) == (not counts_as_in, counts_as_in)


def test_a_tap_after_midnight_belongs_to_the_day_before() -> None:
    assert judge(case(FULL_DAY, "07:20 +01:10")).left == 25 * 60 + 10


def test_a_tap_before_five_is_named_but_not_used() -> None:
    day = case(FULL_DAY, "04:50 16:00")

    assert judge(day).missing_in
    assert "Absen 04.50 tidak dipakai: hari absensi 05.00 sampai 03.59." in said(day)


def test_a_tap_of_the_next_days_small_hours_is_not_spoken_of() -> None:
    assert judge(case(FULL_DAY, "07:20 16:00 +04:30")) == judge(case(FULL_DAY, "07:20 16:00"))


def test_first_and_last_tap_say_as_much_as_all_of_them() -> None:
    everything = case(FULL_DAY, "07:20 07:21 12:02 12:58 16:03")
    ends = case(FULL_DAY, "07:20 16:03", raw=5)

    assert judge(ends) == judge(everything)
    assert (judge(ends).punches, judge(ends).used) == (5, 2)


def test_of_two_taps_in_one_minute_the_better_proof_is_used() -> None:
    proven, typed = Tap(440), Tap(440, finger=False)

    for pair in ((proven, typed), (typed, proven)):
        assert judge(DayCase(FULL_DAY, (*pair, Tap(960)))).flags == ()


# Decisions of the office


def test_a_missing_tap_may_cost_the_whole_day() -> None:
    strict = DEFAULT.changed({"missing_punch": "full"})

    assert judge(case(FULL_DAY, "07:20", policy=strict)).deficit_net == 450
    assert "seluruh hari, 450 menit" in said(case(FULL_DAY, "07:20", policy=strict))


def test_the_span_of_a_single_tap_and_the_tolerance_are_settings() -> None:
    wide = DEFAULT.changed({"single_span": "120", "manual_tolerance": "30"})

    assert judge(case(FULL_DAY, "07:20 09:00", policy=wide)).missing_out
    both = taps("07:50 16:00") + taps("07:30 16:00", manual=True)
    assert judge(DayCase(FULL_DAY, both, policy=wide)).flags == (Flag.LATE,)


# Letters


def test_permission_to_leave_early_does_not_excuse_lateness() -> None:
    ill = letter(Code.SICK, before_leaving=True)

    assert judge(case(FULL_DAY, "08:00 13:20", letters=(ill,))).deficit_net == 30


def test_presence_during_approved_leave_keeps_the_leave_and_is_an_anomaly() -> None:
    day = case(FULL_DAY, "07:20 16:00", letters=(letter(Code.ANNUAL_LEAVE),))

    assert (judge(day).code, judge(day).deficit_net) == (Code.ANNUAL_LEAVE, 0)
    assert judge(day).flags == (Flag.PUNCHED_WHILE_AWAY,)
    assert "Ada absen 07.20 dan 16.00 padahal tercatat cuti tahunan: periksa." in said(day)


def test_taps_count_while_a_letter_waits() -> None:
    waiting = letter(Code.SICK, state=LetterState.PENDING)

    verdict = judge(case(FULL_DAY, "07:20 16:00", letters=(waiting,)))

    assert (verdict.label, verdict.flags) == ("H", (Flag.WAITING,))


def test_of_several_approved_letters_the_order_decides_and_the_others_are_named() -> None:
    both = (letter(Code.SICK, number="7"), letter(Code.ANNUAL_LEAVE, number="8"))

    for day in (case(letters=both), case(letters=both[::-1])):
        assert judge(day).label == "CT"
        assert judge(day).flags == (Flag.LETTERS_OVERLAP,)
        assert "Surat lain berlaku pada hari yang sama: sakit 7." in said(day)


def test_a_day_waits_for_the_letter_of_the_whole_day_among_several() -> None:
    pending = (
        letter(Code.ANNUAL_LEAVE, "08:00-09:00", state=LetterState.PENDING),
        letter(Code.SICK, state=LetterState.PENDING, id=9),
    )

    assert (judge(case(letters=pending)).label, judge(case(letters=pending)).letter_id) == ("S*", 9)


def test_hours_of_two_letters_that_overlap_are_excused_once() -> None:
    hours = (letter(Code.PERMISSION, "13:00-15:00"), letter(Code.SICK, "14:00-16:00"))

    verdict = judge(case(FULL_DAY, "07:20 12:00", letters=hours))

    assert (verdict.deficit_gross, verdict.deficit_excused) == (180, 180)


def test_hours_excuse_what_a_missing_tap_is_taken_to_cost_there() -> None:
    # Without a tap in the morning the first 225 minutes of work count as lost: 07.30 to 11.15.
    morning = letter(Code.PERMISSION, "07:30-10:00")

    verdict = judge(case(FULL_DAY, "16:05", letters=(morning,)))

    assert (verdict.deficit_gross, verdict.deficit_excused) == (225, 150)


def test_a_letter_is_named_with_its_number_and_the_article() -> None:
    assert "Surat dinas luar 800/12 disetujui atasan langsung (Pasal 9 ayat 3)." in said(
        case(letters=(DUTY,))
    )
    assert judge(case(letters=(DUTY,))).letter_id == 3


def test_a_holiday_goes_before_a_letter() -> None:
    assert judge(case(holiday=GOOD_FRIDAY, letters=(DUTY,))).code is Code.DAY_OFF


# Rosters and holidays


def test_a_pattern_that_works_on_holidays_is_judged_on_them() -> None:
    on_holiday = case(NURSE, "07:20 14:30", holiday=GOOD_FRIDAY)

    assert (judge(on_holiday).label, judge(on_holiday).flags) == ("H", ())
    assert "Pola ini tetap bekerja pada hari libur Wafat Yesus Kristus." in said(on_holiday)
    assert "hak cuti tahunan bertambah" in said(case(NURSE, "07:20 14:30", holiday=NYEPI_LEAVE))


def test_a_day_the_roster_leaves_free_stays_free_on_a_holiday() -> None:
    assert judge(case(OFF, holiday=NYEPI_LEAVE)).code is Code.COLLECTIVE_LEAVE
    assert judge(case(OFF, holiday=GOOD_FRIDAY)).code is Code.DAY_OFF


def test_without_a_roster_nobody_is_absent_and_the_way_out_is_told() -> None:
    verdict = judge(case(UNROSTERED, "07:20"))

    assert (verdict.label, verdict.deficit_gross, verdict.is_final) == ("JD?", 0, False)
    assert verdict.reasons[-1] == UNROSTERED.detail


def test_a_letter_holds_on_a_day_without_a_roster() -> None:
    verdict = judge(case(UNROSTERED, letters=(letter(Code.MATERNITY_LEAVE),)))

    assert (verdict.label, verdict.flags) == ("CM", (Flag.NO_ROSTER,))


# Days whose evidence is not whole


def test_a_day_that_is_not_over_is_not_judged_yet_but_shows_who_came() -> None:
    verdict = judge(case(FULL_DAY, "07:40", over=False))

    assert (verdict.code, verdict.deficit_net, verdict.is_final) == (Code.NOT_OVER, 0, False)
    assert (verdict.came, verdict.left, verdict.late) == (460, None, 10)


def test_after_the_last_contact_with_a_machine_nobody_is_absent() -> None:
    day = case(unheard="Mesin Lobi")

    assert (judge(day).code, judge(day).deficit_net) == (Code.NOT_OVER, 0)
    assert judge(day).reasons[-1] == (
        "Belum final, mesin belum terhubung lagi sejak hari itu: Mesin Lobi."
    )


def test_a_deficit_is_not_final_while_a_machine_may_hold_another_tap() -> None:
    for clocks in ("07:20", "07:20 12:01", "07:50 16:00"):
        verdict = judge(case(FULL_DAY, clocks, unheard="Mesin Lobi"))
        assert (verdict.code, verdict.is_final) == (Code.PRESENT, False)
    assert judge(case(FULL_DAY, "07:20 16:00", unheard="Mesin Lobi")).is_final


def test_of_an_outage_the_list_is_awaited_and_then_says_who_was_there() -> None:
    awaited = case(outage=Outage.UNLISTED)
    listed = case(outage=Outage.LISTED)

    assert judge(awaited).code is Code.NOT_OVER
    assert "daftar hadir manual belum lengkap (Pasal 13 ayat 4)" in said(awaited)
    assert judge(listed).code is Code.UNEXPLAINED
    assert "tidak ada pada daftar hadir manual" in said(listed)


def test_what_the_list_and_the_machine_tell_differently_is_left_to_bkd() -> None:
    both = taps("07:50 16:00") + taps("07:30 16:05", manual=True)
    day = DayCase(FULL_DAY, both, outage=Outage.LISTED)

    assert (judge(day).late, judge(day).flags) == (20, (Flag.LATE, Flag.MANUAL_CONFLICT))
    assert "Daftar manual 07.30, mesin 07.50: selisih lebih dari 10 menit." in said(day)


# Proof


def test_41_a_shifted_clock_shows_both_times() -> None:
    day = DayCase(FULL_DAY, tuple(Tap(minute, shifted=60) for minute in (449, 965)))

    assert (judge(day).late, judge(day).flags) == (0, (Flag.CLOCK_SHIFTED,))
    assert "Jam mesin dikoreksi BKD +60 menit: 06.29 menjadi 07.29." in said(day)


def test_what_bkd_added_says_so() -> None:
    day = DayCase(FULL_DAY, (Tap(440), Tap(965, corrected=True, finger=False)))

    assert judge(day).flags == (Flag.CORRECTED,)
    assert "Absen 16.05 ditambahkan dengan koreksi BKD (Pasal 6 ayat 2)." in said(day)


def test_61_another_agencys_machine_is_named() -> None:
    day = DayCase(FULL_DAY, (Tap(440, elsewhere="Mesin Lobi, Dinas PU"), Tap(965)))

    assert "Absen 07.20 di Mesin Lobi, Dinas PU; tetap dihitung." in said(day)


def test_taps_without_finger_are_listed_even_where_they_decide_nothing() -> None:
    typed = taps("07:20 16:00", finger=False)

    for day in (DayCase(OFF, typed), DayCase(FULL_DAY, typed, letters=(DUTY,))):
        assert Flag.NOT_BY_FINGER in judge(day).flags
        assert Flag.NOT_BY_FINGER not in judge(day._replace(finger_excused=True)).flags


@pytest.mark.parametrize(("code", "finger"), [(None, True), (1, True), (3, False), (15, False)])
def test_a_machine_says_whether_a_finger_was_read(code: int | None, finger: bool) -> None:
    assert by_finger(code) is finger


# Words and helpers


def test_reasons_name_limit_rule_and_pattern() -> None:
    assert judge(case(FULL_DAY, "08:05 16:40")).reasons == (
        "Masuk 08.05, batas 07.30: terlambat 35 menit (Pasal 10 ayat 5).",
        "Pulang 16.40, sesuai jam kerja.",
        STANDARD_SENTENCE,
    )


def test_a_night_shift_is_told_with_the_day_its_hours_lie_on() -> None:
    assert "Pulang 06.30 hari berikutnya, paling cepat 07.00 hari berikutnya" in said(
        case(NIGHT, "20:55 +06:30")
    )


def test_30_at_the_freeze_a_letter_that_waits_counts_as_unexplained() -> None:
    waiting = letter(Code.OFFICIAL_DUTY, state=LetterState.PENDING)

    verdict = settled(judge(case(letters=(waiting,))))

    assert (verdict.label, verdict.deficit_net) == ("TK", 450)
    assert "menunggu keputusan saat rekap dibekukan" in verdict.reasons[-1]


def test_seconds_are_cut_off_and_minutes_come_back_as_moments() -> None:
    late_home = datetime(2026, 4, 7, 1, 10, 59)

    assert minute_of(late_home, MONDAY) == 25 * 60 + 10
    assert moment_of(25 * 60 + 10, MONDAY) == late_home.replace(second=0)
    assert minute_of(datetime(2026, 4, 5, 23, 50), MONDAY) == -10


def test_every_code_has_words_and_every_letter_a_rank() -> None:
    assert set(NAMES) == set(Code)
    assert {Code.PRESENT, Code.UNEXPLAINED}.isdisjoint(PRIORITY)


def test_27_a_letter_over_a_weekend_leaves_the_weekend_off() -> None:
    days = [THURSDAY + timedelta(days=n) for n in range(6)]

    labels = [judge(case(STANDARD_WEEK[d.weekday()], letters=(DUTY,))).label for d in days]

    assert labels == ["DL", "DL", "L", "L", "DL", "DL"]
    assert days[1] == FRIDAY == date(2026, 4, 10)
