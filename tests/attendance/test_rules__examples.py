"""The worked examples of the office that are about one day, with their minutes, in a table.

Those about letters, recaps and corrections (30, 32, 57 to 60, 65) are played with the services.
"""

import os
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest

from attendance.law.cases import DayCase, Outage
from attendance.law.codes import Code, LetterState
from attendance.rules import judge
from organization.calendars.work_hours import STANDARD_WEEK, Day
from tests.attendance.made_days import (
    FRIDAY,
    GOOD_FRIDAY,
    MONDAY,
    NIGHT,
    NURSE,
    NYEPI_LEAVE,
    PART_TIME,
    RAMADAN,
    RAMADAN_FRIDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    TWO_PATTERNS,
    UNROSTERED,
    WEDNESDAY,
    letter,
    taps,
    told_by_machine,
)

APRIL_30, MAY_1 = date(2026, 4, 30), date(2026, 5, 1)
DL, S, I, CT = Code.OFFICIAL_DUTY, Code.SICK, Code.PERMISSION, Code.ANNUAL_LEAVE  # noqa: E741

LEAVES_ILL = letter(S, before_leaving=True)


class Example(NamedTuple):
    """One line of the table: what happened, and what the day comes to."""

    name: str
    day: date
    clocks: str
    label: str
    flags: str = ""
    late: int = 0
    early: int = 0
    gross: int = 0
    excused: int = 0
    hours: Day | None = None  # None: the standard of the weekday
    given: dict[str, Any] = {}


def manual(day: date, clocks: str) -> dict[str, Any]:
    return {"listed": taps(clocks, day, manual=True), "outage": Outage.LISTED}


def letters(*found: Any) -> dict[str, Any]:
    return {"letters": found}


E = Example
EXAMPLES = [
    # in and out
    E("01", MONDAY, "07:12:40 16:05:10", "H"),
    E("02 limits are inclusive", MONDAY, "07:30:00 16:00:00", "H"),
    E("03 seconds are cut off", MONDAY, "07:30:59 15:59:59", "H", "PSW", 0, 1, 1),
    E("04", TUESDAY, "07:31:00 16:00", "H", "TL", 1, 0, 1),
    E("05 staying longer gives nothing", TUESDAY, "08:05 16:40", "H", "TL", 35, 0, 35),
    E("06", TUESDAY, "07:25 15:20", "H", "PSW", 0, 40, 40),
    E("07", TUESDAY, "08:10 15:30", "H", "TL PSW", 40, 30, 70),
    E("08 arrival in the break", TUESDAY, "12:30 16:00", "H", "TL", 300, 0, 270),
    E("09 leaving in the break", TUESDAY, "07:30 12:30", "H", "PSW", 0, 210, 180),
    # a tap is missing
    E("10", WEDNESDAY, "16:10", "H", "TAM", 0, 0, 225),
    E("11", WEDNESDAY, "07:20", "H", "TAP", 0, 0, 225),
    E("11 twice", WEDNESDAY, "07:20 07:22", "H", "TAP", 0, 0, 225),
    E("12", WEDNESDAY, "", "TK", "", 0, 0, 450),
    E("13 within the hour", WEDNESDAY, "07:40 08:39", "H", "TL TAP", 10, 0, 235),
    E("14 before the midpoint", WEDNESDAY, "11:44", "H", "TL TAP", 254, 0, 450),
    E("14 from the midpoint on", WEDNESDAY, "11:45", "H", "PSW TAM", 0, 255, 420),
    # many taps
    E("15 two machines", WEDNESDAY, "07:20 07:21 07:22 16:01 16:01", "H"),
    E("16 lunch", WEDNESDAY, "07:20 12:02 12:58 16:03", "H"),
    E("17 keys are not read", WEDNESDAY, "07:20 16:03", "H"),
    # Fridays and days off
    E("18", FRIDAY, "07:29 16:30", "H"),
    E("19 the habit of other days", FRIDAY, "07:29 16:00", "H", "PSW", 0, 30, 30),
    E("20 the long break", FRIDAY, "12:15 16:30", "H", "TL", 285, 0, 240),
    E("20 single, before twelve", FRIDAY, "11:59", "H", "TL TAP", 269, 0, 450),
    E("21 weekend", SATURDAY, "07:30 12:00", "L", "hadir saat libur"),
    E("22 holiday", date(2026, 4, 3), "07:30 12:00", "L", "hadir saat libur",
      given={"holiday": GOOD_FRIDAY}),
    E("23 cuti bersama", date(2026, 3, 18), "", "CBer", given={"holiday": NYEPI_LEAVE}),
    E("24 rostered nurse", date(2026, 3, 18), "07:20 14:35", "H", "hak cuti +1",
      hours=NURSE, given={"holiday": NYEPI_LEAVE}),
    E("24 rostered, absent", date(2026, 3, 18), "", "TK", "", 0, 0, 420,
      hours=NURSE, given={"holiday": NYEPI_LEAVE}),
    E("25", SATURDAY, "", "L"),
    # letters
    E("26", TUESDAY, "", "DL", given=letters(letter(DL))),
    E("27 weekend inside", SATURDAY, "", "L", given=letters(letter(DL))),
    E("28 tap while away", TUESDAY, "07:20 16:00", "DL", "absen saat tidak di kantor",
      given=letters(letter(DL))),
    E("29 waiting", WEDNESDAY, "", "DL*", "menunggu", 0, 0, 450,
      given=letters(letter(DL, state=LetterState.PENDING))),
    E("31 rejected", WEDNESDAY, "", "TK", "", 0, 0, 450,
      given=letters(letter(S, state=LetterState.REJECTED))),
    E("33", THURSDAY, "07:28 13:20", "H", "PSW PSW diizinkan", 0, 160, 160, 160,
      given=letters(LEAVES_ILL)),
    E("34 late with permission", TUESDAY, "09:20 16:00", "H", "TL TL diizinkan", 110, 0, 110, 110,
      given=letters(letter(I, "07:30-09:30"))),
    E("34 later than permitted", TUESDAY, "09:45 16:00", "H", "TL TL diizinkan", 135, 0, 135, 120,
      given=letters(letter(I, "07:30-09:30"))),
    E("35 hours over the break", TUESDAY, "07:20 11:00", "H", "PSW PSW diizinkan", 0, 300, 240, 120,
      given=letters(letter(I, "11:00-14:00"))),
    E("35 hours in between", TUESDAY, "07:20 16:00", "H", given=letters(letter(I, "10:00-11:00"))),
    E("35 all hours", TUESDAY, "", "I", "", 0, 0, 450, 450,
      given=letters(letter(I, "07:30-16:00"))),
    E("35 absent for longer", TUESDAY, "", "TK", "", 0, 0, 450, 150,
      given=letters(letter(I, "07:30-10:00"))),
    E("36 not for lateness", THURSDAY, "08:00 13:20", "H", "TL PSW PSW diizinkan",
      30, 160, 190, 160, given=letters(LEAVES_ILL)),
    E("36 no tap on leaving", THURSDAY, "07:20", "H", "TAP", 0, 0, 225,
      given=letters(LEAVES_ILL)),
    E("36 never came", THURSDAY, "", "TK", "", 0, 0, 450, given=letters(LEAVES_ILL)),
    # outages
    E("37", MONDAY, "", "H", "TL M", 5, 0, 5, given=manual(MONDAY, "07:35 16:00")),
    E("38 the machine is near", MONDAY, "07:31 16:00", "H", "TL", 1, 0, 1,
      given=manual(MONDAY, "07:25 16:05")),
    E("38 the machine saw the morning", MONDAY, "07:20", "H", "M",
      given=manual(MONDAY, "07:21 16:02")),
    E("39 they differ", MONDAY, "07:50 16:00", "H", "TL manual berbeda dengan mesin", 20, 0, 20,
      given=manual(MONDAY, "07:30 16:00")),
    E("39 list awaited", MONDAY, "", "?", "belum final", given={"outage": Outage.UNLISTED}),
    E("39 list awaited, came", MONDAY, "07:20", "H", "TAP belum final", 0, 0, 225,
      given={"outage": Outage.UNLISTED}),
    E("39 not on the list", MONDAY, "", "TK", "", 0, 0, 450, given={"outage": Outage.LISTED}),
    # clocks
    E("41 an hour behind", MONDAY, "06:29 15:05", "H", "PSW", 0, 55, 55),
    # shifts
    E("42", APRIL_30, "20:55 +07:05", "H", hours=NIGHT),
    E("42 the next day is free", MAY_1, "07:05", "L",
      given={"holiday": GOOD_FRIDAY, "window": (660, 1680)}),
    E("43 late", APRIL_30, "21:20 +07:05", "H", "TL", 20, 0, 20, hours=NIGHT),
    E("44 early", APRIL_30, "20:55 +06:30", "H", "PSW", 0, 30, 30, hours=NIGHT),
    E("44 permitted after midnight", APRIL_30, "20:55 +06:30", "H", "PSW PSW diizinkan", 0, 30,
      30, 30, hours=NIGHT, given=letters(letter(I, "06:00-07:00"))),
    E("45 no out", APRIL_30, "21:00", "H", "TAP", 0, 0, 300, hours=NIGHT),
    E("46 no in", APRIL_30, "+07:02", "H", "TAM", 0, 0, 300, hours=NIGHT),
    # people
    E("47 honorer", MONDAY, "08:00 16:00", "H", "TL", 30, 0, 30),
    E("48 PPPK", MONDAY, "", "TK", "", 0, 0, 450),
    E("49 part time", MONDAY, "08:10 12:00", "H", "TL", 10, 0, 10, hours=PART_TIME),
    E("50 before joining", MONDAY, "", "-", given={"employed": False}),
    E("51 after leaving", MONDAY, "07:20 16:00", "-", given={"employed": False}),
    # patterns
    E("52 no roster", MONDAY, "07:20 14:35", "JD?", "belum terjadwal", hours=UNROSTERED),
    E("53 Ramadan", date(2026, 3, 2), "07:40 14:45", "H", "PSW", 0, 15, 15, hours=RAMADAN),
    E("54 Ramadan, Friday", date(2026, 3, 6), "08:00 15:00", "H", "PSW", 0, 30, 30,
      hours=RAMADAN_FRIDAY),
    E("55 two patterns", MONDAY, "", "JD?", "belum terjadwal", hours=TWO_PATTERNS),
    # proof
    E("61 another agency's machine", MONDAY, "", "H", "mesin PD lain",
      given={"listed": (told_by_machine(MONDAY, "07:20", elsewhere="Mesin Lobi, Dinas PU"),
                        told_by_machine(MONDAY, "16:00"))}),
    E("62 password", MONDAY, "", "H", "non-sidik jari",
      given={"listed": taps("07:20 16:00", finger=False)}),
    E("62 registered exception", MONDAY, "", "H",
      given={"listed": taps("07:20 16:00", finger=False), "finger_excused": True}),
    E("63 study", MONDAY, "", "TB", given=letters(letter(Code.STUDY))),
    E("64 leave before duty", MONDAY, "", "CT", "surat bertumpuk", 0, 0, 450, 450,
      given=letters(letter(DL, id=1), letter(CT, id=2))),
]  # fmt: skip


@pytest.fixture(params=["UTC", "Asia/Jakarta", "America/New_York"])
def _server_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    judge.cache_clear()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("_server_zone")
@pytest.mark.parametrize("example", EXAMPLES, ids=[example.name for example in EXAMPLES])
def test_a_day_is_judged_like_the_worked_example(example: Example) -> None:
    verdict = judge(case_of(example))

    assert (verdict.label, " ".join(verdict.flags)) == (example.label, example.flags)
    assert (verdict.late, verdict.early) == (example.late, example.early)
    assert (verdict.deficit_gross, verdict.deficit_excused) == (example.gross, example.excused)
    assert verdict.deficit_net == example.gross - example.excused


def test_15_five_taps_were_made_and_two_decide() -> None:
    verdict = judge(case_of(next(x for x in EXAMPLES if x.name.startswith("15"))))

    assert (verdict.punches, verdict.used) == (5, 2)


def case_of(example: Example) -> DayCase:
    given = dict(example.given)
    made = taps(example.clocks, example.day) + given.pop("listed", ())
    hours = example.hours or STANDARD_WEEK[example.day.weekday()]
    return DayCase(hours, made, **given)
