"""What a month of days adds up to."""

from datetime import date

from attendance.law.cases import DayCase, Verdict
from attendance.law.codes import Code, LetterState
from attendance.law.counting import Counters, add_up, count, percent
from attendance.rules import judge
from organization.calendars.work_hours import STANDARD_WEEK
from tests.attendance.made_days import FULL_DAY, GOOD_FRIDAY, NURSE, NYEPI_LEAVE, case, letter, taps


def day(clocks: str = "", **values: object) -> Verdict:
    return judge(case(FULL_DAY, clocks, **values))


def test_50_days_before_joining_are_not_counted() -> None:
    april = [date(2026, 4, n) for n in range(1, 31)]

    def verdicts(joined: date) -> list[Verdict]:
        return [
            judge(
                DayCase(
                    STANDARD_WEEK[on.weekday()],
                    employed=on >= joined,
                    holiday=GOOD_FRIDAY if on.day == 3 else None,
                )
            )
            for on in april
        ]

    assert count(verdicts(date(2026, 4, 13))).working_days == 14
    assert count(verdicts(april[0])).working_days == 21
    assert verdicts(date(2026, 4, 13))[0].label == "-"


def test_56_deficits_of_unexplained_days_stay_out_of_the_month() -> None:
    month = [day("08:05 16:00"), day("08:10 15:30"), day("07:31 16:00"), day("07:20"), day()]

    totals = count(month)

    assert (totals.unexplained, totals.deficit_net) == (1, 35 + 70 + 1 + 225)


def test_63_study_leave_fills_every_working_day() -> None:
    semester = letter(Code.STUDY)
    week = [judge(DayCase(hours, letters=(semester,))) for hours in STANDARD_WEEK]

    totals = count(week)

    assert (totals.study, totals.working_days, totals.late, totals.deficit_net) == (5, 5, 0, 0)


def test_a_month_of_letters_is_counted_by_kind() -> None:
    kinds = (Code.SICK, Code.PERMISSION, Code.MATERNITY_LEAVE, Code.OTHER)
    waiting = letter(Code.OFFICIAL_DUTY, state=LetterState.PENDING)
    month = [*(day(letters=(letter(kind),)) for kind in kinds), day(letters=(waiting,))]

    data = count(month).as_data()

    assert (data["S"], data["I"], data["C"]["CM"], data["C_n"], data["LAIN"]) == (1, 1, 1, 1, 1)
    assert (data["DL"], data["menunggu"], data["HK"], data["H"]) == (0, 1, 5, 0)
    assert (data["pct"], data["pct_sah"]) == ("0,0", "100,0")


def test_days_that_may_still_change_are_told_apart() -> None:
    totals = count([day("07:20", unheard="Mesin Lobi"), day(over=False), day("07:20 16:00")])

    assert (totals.not_over, totals.working_days, totals.present) == (2, 2, 2)


def test_what_should_be_looked_at_is_counted() -> None:
    nyepi = judge(case(NURSE, "07:20 14:35", holiday=NYEPI_LEAVE))
    listed = day()._replace()  # an ordinary TK beside them
    by_list = judge(DayCase(FULL_DAY, taps("07:20 16:00", manual=True)))
    by_password = judge(DayCase(FULL_DAY, taps("07:20 16:00", finger=False)))

    data = count([nyepi, listed, by_list, by_password]).as_data()

    assert (data["hak_cuti"], data["M"], data["non_jari"]) == (1, 1, 1)


def test_sums_of_people_are_the_counts_of_all_their_days() -> None:
    anna = [day("08:05 16:00"), day(), day("07:20")]
    yosef = [day(letters=(letter(Code.MATERNITY_LEAVE),)), day()]

    total = add_up([count(anna).as_data(), count(yosef).as_data()])

    assert total == count([*anna, *yosef]).as_data()
    assert (total["C"]["CM"], total["TK"], total["pct"]) == (1, 2, "40,0")


def test_nothing_adds_up_to_nothing() -> None:
    assert count([]) == Counters()
    assert percent(1, 0) == "-"
