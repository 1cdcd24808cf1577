"""The worked examples of the office, on the standard pattern.

Left to the full engine of rules, and why: 24, 42, 45 need rosters and shifts; 37 the manual lists
of an outage; 41 a correction by BKD; 48 (its list) and 57 the cumulated discipline counters.
30, 32, 59 and 65 are about letters and recaps and are tested with the services.
"""

from datetime import date, datetime, time, timedelta

import pytest

from attendance.codes import NAMES, PRIORITY, Code, Flag, LetterState
from attendance.counting import add_up, count
from attendance.patterns import STANDARD, Pattern, WorkDay
from attendance.rules import CalendarDay, DayVerdict, Letter, PunchTime, judge_day, settled

MONDAY = date(2026, 4, 6)
TUESDAY = date(2026, 4, 7)
WEDNESDAY = date(2026, 4, 8)
THURSDAY = date(2026, 4, 9)
FRIDAY = date(2026, 4, 10)


def punch(day: date, clock: str, **values: int) -> PunchTime:
    return PunchTime(datetime.combine(day, time.fromisoformat(clock)), **values)


def judge(day: date, *clocks: str, **given_: object) -> DayVerdict:
    return judge_day(day, punches=[punch(day, clock) for clock in clocks], **given_)  # type: ignore[arg-type]


def letter(kind: Code, first: date, last: date | None = None, **values: object) -> Letter:
    state = values.pop("state", LetterState.APPROVED)
    return Letter(kind, first, last or first, state, **values)  # type: ignore[arg-type]


EXAMPLES = [
    # number, day, punches, flags, late, early, net deficit
    ("01", MONDAY, ["07:12:40", "16:05:10"], "", 0, 0, 0),
    ("02", MONDAY, ["07:30:00", "16:00:00"], "", 0, 0, 0),
    ("04", TUESDAY, ["07:31:00", "16:00"], "TL", 1, 0, 1),
    ("05", TUESDAY, ["08:05", "16:40"], "TL", 35, 0, 35),
    ("06", TUESDAY, ["07:25", "15:20"], "PSW", 0, 40, 40),
    ("07", TUESDAY, ["08:10", "15:30"], "TL PSW", 40, 30, 70),
    ("10", WEDNESDAY, ["16:10"], "TAM", 0, 0, 225),
    ("11", WEDNESDAY, ["07:20"], "TAP", 0, 0, 225),
    ("11b", WEDNESDAY, ["07:20", "07:22"], "TAP", 0, 0, 225),
    ("15", WEDNESDAY, ["07:20", "07:21", "07:22", "16:01", "16:01"], "", 0, 0, 0),
    ("16", WEDNESDAY, ["07:20", "12:02", "12:58", "16:03"], "", 0, 0, 0),
    ("18", FRIDAY, ["07:29", "16:30"], "", 0, 0, 0),
    ("19", FRIDAY, ["07:29", "16:00"], "PSW", 0, 30, 30),
    ("47 honorer", MONDAY, ["08:00", "16:00"], "TL", 30, 0, 30),
]


@pytest.mark.parametrize(
    ("number", "day", "punches", "flags", "late", "early", "net"),
    EXAMPLES,
    ids=[row[0] for row in EXAMPLES],
)
def test_present_days_are_judged_like_the_worked_examples(
    number: str, day: date, punches: list[str], flags: str, late: int, early: int, net: int
) -> None:
    verdict = judge(day, *punches)

    assert verdict.code is Code.PRESENT
    assert " ".join(verdict.flags) == flags
    assert (verdict.late_minutes, verdict.early_minutes) == (late, early)
    assert verdict.deficit_net == net


def test_12_and_48_a_day_without_punch_and_letter_is_unexplained() -> None:
    verdict = judge(WEDNESDAY)

    assert (verdict.code, verdict.deficit_net) == (Code.UNEXPLAINED, 450)
    assert "Tidak ada surat keterangan untuk hari ini." in verdict.reasons


def test_15_repeated_taps_within_five_minutes_are_one() -> None:
    assert judge(WEDNESDAY, "07:20", "07:21", "07:22", "16:01", "16:01").punches == 2


def test_17_the_in_and_out_keys_are_ignored() -> None:
    keys_swapped = [punch(WEDNESDAY, "07:20", state=1), punch(WEDNESDAY, "16:03", state=0)]

    assert judge_day(WEDNESDAY, punches=keys_swapped) == judge(WEDNESDAY, "07:20", "16:03")


def test_22_presence_on_a_holiday_is_noted_and_costs_nothing() -> None:
    good_friday = CalendarDay("Wafat Yesus Kristus")

    verdict = judge(date(2026, 4, 3), "07:30", "12:00", holiday=good_friday)

    assert (verdict.code, verdict.deficit_net) == (Code.DAY_OFF, 0)
    assert verdict.flags == (Flag.WORKED_ON_DAY_OFF,)
    assert verdict.reasons[0] == "Libur: Wafat Yesus Kristus."


def test_23_collective_leave_has_a_code_of_its_own() -> None:
    day = CalendarDay("Hari Suci Nyepi", collective_leave=True)

    verdict = judge(date(2026, 3, 18), holiday=day)

    assert (verdict.code, verdict.deficit_net) == (Code.COLLECTIVE_LEAVE, 0)


@pytest.mark.parametrize("day", [date(2026, 4, 11), date(2026, 4, 12)])
def test_25_saturday_and_sunday_are_days_off(day: date) -> None:
    assert judge(day).code is Code.DAY_OFF


def test_26_an_approved_letter_of_duty_holds_for_each_of_its_days() -> None:
    duty = letter(Code.OFFICIAL_DUTY, TUESDAY, THURSDAY)

    verdicts = [judge(day, letters=[duty]) for day in (TUESDAY, WEDNESDAY, THURSDAY)]

    assert [(v.label, v.deficit_net) for v in verdicts] == [("DL", 0)] * 3


def test_27_a_letter_over_a_weekend_leaves_the_weekend_off() -> None:
    duty = letter(Code.OFFICIAL_DUTY, THURSDAY, date(2026, 4, 14))

    labels = [judge(THURSDAY + timedelta(days=n), letters=[duty]).label for n in range(6)]

    assert labels == ["DL", "DL", "L", "L", "DL", "DL"]


def test_29_a_letter_that_waits_is_shown_as_provisional() -> None:
    waiting = letter(Code.OFFICIAL_DUTY, WEDNESDAY, state=LetterState.PENDING)

    verdict = judge(WEDNESDAY, letters=[waiting])

    assert (verdict.label, verdict.deficit_gross) == ("DL*", 450)
    assert verdict.flags == (Flag.WAITING,)


def test_30_at_the_freeze_a_letter_that_waits_counts_as_unexplained() -> None:
    waiting = letter(Code.OFFICIAL_DUTY, WEDNESDAY, state=LetterState.PENDING)

    verdict = settled(judge(WEDNESDAY, letters=[waiting]))

    assert (verdict.label, verdict.deficit_net) == ("TK", 450)
    assert "menunggu keputusan saat rekap dibekukan" in verdict.reasons[-1]


def test_31_a_rejected_letter_leaves_the_day_unexplained() -> None:
    refused = letter(Code.SICK, WEDNESDAY, state=LetterState.REJECTED, number="12/S")

    verdict = judge(WEDNESDAY, letters=[refused])

    assert (verdict.code, verdict.deficit_net) == (Code.UNEXPLAINED, 450)
    assert "Surat sakit 12/S ditolak atasan langsung." in verdict.reasons


def test_33_leaving_early_with_permission_is_excused() -> None:
    ill = letter(Code.SICK, THURSDAY, before_leaving=True)

    verdict = judge(THURSDAY, "07:28", "13:20", letters=[ill])

    assert verdict.code is Code.PRESENT
    assert verdict.flags == (Flag.EARLY, Flag.EARLY_EXCUSED)
    assert (verdict.early_minutes, verdict.deficit_gross, verdict.deficit_net) == (160, 160, 0)


def test_33b_permission_to_leave_early_does_not_excuse_lateness() -> None:
    ill = letter(Code.SICK, THURSDAY, before_leaving=True)

    assert judge(THURSDAY, "08:00", "13:20", letters=[ill]).deficit_net == 30


def test_33c_permission_to_leave_early_does_not_cover_a_whole_day() -> None:
    ill = letter(Code.SICK, THURSDAY, before_leaving=True)

    assert judge(THURSDAY, letters=[ill]).code is Code.UNEXPLAINED


def test_40_a_punch_of_a_machine_reset_to_2000_is_not_used() -> None:
    reset = PunchTime(datetime(2000, 1, 1, 0, 12))
    usual = [punch(MONDAY, "07:20"), punch(MONDAY, "16:02")]

    assert judge_day(MONDAY, punches=[reset, *usual]) == judge_day(MONDAY, punches=usual)


def test_49_another_pattern_brings_its_own_target() -> None:
    morning = WorkDay(time(8), time(12), ((time(8), time(12)),))
    part_time = Pattern("Paruh waktu", (*[morning] * 5, None, None))

    verdict = judge(MONDAY, "08:10", "12:00", pattern=part_time)

    assert (verdict.late_minutes, verdict.deficit_net, verdict.target) == (10, 10, 240)


def test_50_days_before_joining_are_not_counted() -> None:
    joined = date(2026, 4, 13)
    april = [date(2026, 4, n) for n in range(1, 31)]
    good_friday = CalendarDay("Wafat Yesus Kristus")

    def verdicts(first: date) -> list[DayVerdict]:
        return [
            judge_day(day, employed=day >= first, holiday=good_friday if day.day == 3 else None)
            for day in april
        ]

    assert count(verdicts(joined)).working_days == 14
    assert count(verdicts(april[0])).working_days == 21
    assert verdicts(joined)[0].label == "-"


def test_53_the_hours_of_ramadan_are_a_pattern() -> None:
    usual = WorkDay(time(8), time(15), ((time(8), time(12)), (time(12, 30), time(15))))
    ramadan = Pattern("Ramadan", (*[usual] * 4, None, None, None))

    verdict = judge(date(2026, 3, 2), "07:40", "14:45", pattern=ramadan)

    assert (verdict.early_minutes, verdict.deficit_net, usual.target) == (15, 15, 390)


def test_56_deficits_of_unexplained_days_stay_out_of_the_month() -> None:
    month = [
        judge(MONDAY, "08:05", "16:00"),
        judge(TUESDAY, "08:10", "15:30"),
        judge(THURSDAY, "07:31", "16:00"),
        judge(FRIDAY, "07:20"),
        judge(WEDNESDAY),
    ]

    totals = count(month)

    assert (totals.unexplained, totals.deficit_net) == (1, 35 + 70 + 1 + 225)


def test_62_a_punch_without_finger_counts_and_is_listed() -> None:
    by_password = [punch(MONDAY, "07:20", verify=3), punch(MONDAY, "16:00", verify=1)]

    verdict = judge_day(MONDAY, punches=by_password)

    assert (verdict.code, verdict.deficit_net) == (Code.PRESENT, 0)
    assert verdict.flags == (Flag.NOT_BY_FINGER,)


def test_63_study_leave_fills_every_working_day() -> None:
    semester = letter(Code.STUDY, date(2026, 2, 1), date(2026, 7, 31))
    days = [MONDAY + timedelta(days=n) for n in range(7)]

    totals = count(judge(day, letters=[semester]) for day in days)

    assert (totals.study, totals.working_days, totals.late, totals.deficit_net) == (5, 5, 0, 0)


def test_an_hour_between_first_and_last_punch_makes_them_in_and_out() -> None:
    assert not judge(WEDNESDAY, "07:20", "08:20").missing_out
    assert judge(WEDNESDAY, "07:20", "08:19").missing_out


@pytest.mark.parametrize(
    ("day", "clock", "counts_as_in"),
    [
        (MONDAY, "11:44", True),
        (MONDAY, "11:45", False),
        (FRIDAY, "11:59", True),
        (FRIDAY, "12:00", False),
    ],
)
def test_a_single_punch_is_in_before_the_midpoint(
    day: date, clock: str, counts_as_in: bool
) -> None:
    verdict = judge(day, clock)

    assert (verdict.missing_in, verdict.missing_out) == (not counts_as_in, counts_as_in)


def test_a_lunch_break_is_not_work_that_was_missed() -> None:
    assert judge(MONDAY, "07:30", "12:30").deficit_net == 180
    assert judge(MONDAY, "07:30", "12:30").early_minutes == 210


def test_a_punch_after_midnight_belongs_to_the_day_before() -> None:
    late_home = [punch(MONDAY, "07:20"), punch(TUESDAY, "01:10")]

    assert judge_day(MONDAY, punches=late_home).last_out == datetime(2026, 4, 7, 1, 10)
    assert judge_day(TUESDAY, punches=late_home).code is Code.UNEXPLAINED


def test_a_punch_before_five_is_named_but_not_used() -> None:
    verdict = judge(MONDAY, "04:50", "16:00")

    assert verdict.missing_in
    assert "Absen 04.50 tidak dipakai" in verdict.reasons[-1]


def test_seconds_are_cut_off_the_same_way_for_both_limits() -> None:
    assert judge(MONDAY, "07:30:59", "16:00").late_minutes == 0
    assert judge(MONDAY, "07:30", "15:59:59").early_minutes == 1


def test_presence_during_approved_leave_keeps_the_leave_and_is_an_anomaly() -> None:
    leave = letter(Code.ANNUAL_LEAVE, MONDAY)

    verdict = judge(MONDAY, "07:20", "16:00", letters=[leave])

    assert (verdict.code, verdict.deficit_net) == (Code.ANNUAL_LEAVE, 0)
    assert verdict.flags == (Flag.PUNCHED_WHILE_AWAY,)


def test_punches_count_while_a_letter_waits() -> None:
    waiting = letter(Code.SICK, MONDAY, state=LetterState.PENDING)

    verdict = judge(MONDAY, "07:20", "16:00", letters=[waiting])

    assert (verdict.label, verdict.flags) == ("H", (Flag.WAITING,))


def test_of_two_approved_letters_the_order_of_priority_decides() -> None:
    both = [letter(Code.SICK, MONDAY), letter(Code.ANNUAL_LEAVE, MONDAY)]

    assert judge(MONDAY, letters=both).code is Code.ANNUAL_LEAVE


def test_a_day_that_is_not_over_is_not_judged_yet() -> None:
    verdict = judge(MONDAY, "07:20", over=False)

    assert (verdict.code, verdict.deficit_net) == (Code.NOT_OVER, 0)
    assert count([verdict]).working_days == 0


def test_every_code_has_words_and_every_letter_a_rank() -> None:
    assert set(NAMES) == set(Code)
    assert {Code.PRESENT, Code.UNEXPLAINED}.isdisjoint(PRIORITY)


def test_a_month_of_letters_is_counted_by_kind() -> None:
    letters = [
        letter(Code.SICK, MONDAY),
        letter(Code.PERMISSION, TUESDAY),
        letter(Code.MATERNITY_LEAVE, WEDNESDAY),
        letter(Code.OTHER, THURSDAY),
        letter(Code.OFFICIAL_DUTY, FRIDAY, state=LetterState.PENDING),
    ]

    data = count(judge(MONDAY + timedelta(days=n), letters=letters) for n in range(5)).as_data()

    assert (data["S"], data["I"], data["C"]["CM"], data["C_n"], data["LAIN"]) == (1, 1, 1, 1, 1)
    assert (data["DL"], data["menunggu"], data["HK"], data["H"]) == (0, 1, 5, 0)
    assert (data["pct"], data["pct_sah"]) == ("0,0", "100,0")


def test_sums_of_people_are_the_counts_of_all_their_days() -> None:
    anna = [judge(MONDAY, "08:05", "16:00"), judge(TUESDAY), judge(WEDNESDAY, "07:20")]
    yosef = [judge(MONDAY, letters=[letter(Code.MATERNITY_LEAVE, MONDAY)]), judge(TUESDAY)]

    total = add_up([count(anna).as_data(), count(yosef).as_data()])

    assert total == count([*anna, *yosef]).as_data()
    assert (total["C"]["CM"], total["TK"], total["pct"]) == (1, 2, "40,0")


def test_the_standard_week_has_thirty_seven_and_a_half_hours() -> None:
    assert sum(hours.target for hours in STANDARD.week if hours) == 37.5 * 60
