"""What bears on one day of one person, and what the day comes to; pure, no Django, no dates.

All times are whole minutes since midnight of the day that is judged: 450 is 07.30, 1505 is 01.05 of
the next morning. Equal days are equal values, so a verdict is made once for all who had such a day.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple, Protocol

from attendance.law.codes import NAMES, Code, Flag, LetterState
from attendance.law.policy import DEFAULT, Policy
from organization.calendars.work_hours import DAY, DAY_BEGINS, DAY_ENDS, Day, DayHours

# Verification codes of the machines in which a finger takes part.
FINGERPRINT_CODES = frozenset({1, 5, 6, 8, 9, 10, 12, 13, 14, 16, 19, 20})


class Tap(NamedTuple):
    """One time somebody was there. The machine's in/out key is no part of it: nobody trusts it."""

    minute: int
    finger: bool = True  # proven by the own finger, as art. 8(1) asks
    manual: bool = False  # from the signed list of an outage (art. 13(5))
    corrected: bool = False  # added by BKD's correction (art. 6(2)b)
    elsewhere: str = ""  # another agency's machine, by name
    shifted: int = 0  # the machine's clock was corrected by so many minutes, contained in `minute`

    @property
    def is_plain(self) -> bool:
        """The own finger on a machine of the own agency with a sound clock."""
        return self.finger and not (self.manual or self.corrected or self.elsewhere or self.shifted)

    @property
    def is_unproven(self) -> bool:
        """A machine took it without a finger; lists and corrections are proven on paper."""
        return not (self.finger or self.manual or self.corrected)


class Letter(NamedTuple):
    """A letter of absence as far as it bears on this day.

    `before_leaving`: going early (art. 9(4)), from the tap on leaving; `span`: these minutes only,
    the end not included; otherwise the whole day.
    """

    kind: Code
    state: LetterState = LetterState.APPROVED
    number: str = ""
    id: int = 0
    before_leaving: bool = False
    span: tuple[int, int] | None = None

    @property
    def whole_day(self) -> bool:
        return not self.before_leaving and self.span is None

    def __str__(self) -> str:
        return f"{NAMES[self.kind]} {self.number}".strip()


class Holiday(Protocol):
    """A day without work for all; `collective_leave` is cuti bersama."""

    @property
    def name(self) -> str: ...

    @property
    def collective_leave(self) -> bool: ...


class Outage(StrEnum):
    """Whether the machines worked, and how far the signed list is that stands in for them."""

    NONE = ""
    UNLISTED = "unlisted"  # the list is not entered, or not whole
    LISTED = "listed"
    OTHERS = "others"  # a machine failed that other people come and go by


class DayCase(NamedTuple):
    """Everything a verdict rests on. `taps` may come in any order.

    Of a day with plain taps only the first and the last need be there if `raw` tells how many taps
    fell into `window`; None counts those given.
    """

    hours: Day
    taps: tuple[Tap, ...] = ()
    letters: tuple[Letter, ...] = ()
    holiday: Holiday | None = None
    employed: bool = True
    over: bool = True  # no more taps can be made
    outage: Outage = Outage.NONE
    unheard: str = ""  # machines that may still hold taps of this day, as people read it
    finger_excused: bool = False  # fingers that no machine reads are registered
    policy: Policy = DEFAULT
    raw: int | None = None
    window: tuple[int, int] | None = None  # None: that of the hours; see attendance.windows

    @property
    def reach(self) -> tuple[int, int]:
        """Where taps count for this day; the end is not included."""
        if self.window is not None:
            return self.window
        return self.hours.window if isinstance(self.hours, DayHours) else (DAY_BEGINS, DAY_ENDS)


class Verdict(NamedTuple):
    """What the day counts as, and why. Deficits are minutes of work not done."""

    code: Code
    flags: tuple[Flag, ...] = ()
    reasons: tuple[str, ...] = ()
    provisional: bool = False  # by a letter that is not decided yet
    target: int = 0
    came: int | None = None
    left: int | None = None
    late: int = 0
    early: int = 0
    missing_in: bool = False
    missing_out: bool = False
    deficit_gross: int = 0
    deficit_excused: int = 0
    punches: int = 0  # all that were made in the day's window
    used: int = 0  # those that decided: two, one or none
    letter_id: int = 0
    pattern: str = ""  # name and decree; not kept in the short form of a month
    pattern_id: int = 0

    @property
    def deficit_net(self) -> int:
        return self.deficit_gross - self.deficit_excused

    @property
    def label(self) -> str:
        """The code as it is printed; a star marks a letter that is not decided yet."""
        return f"{self.code}*" if self.provisional else str(self.code)

    @property
    def is_final(self) -> bool:
        """No tap or roster that is still awaited can change it; only final days are frozen."""
        return self.code not in UNDECIDED and Flag.NOT_FINAL not in self.flags


UNDECIDED = frozenset({Code.NOT_OVER, Code.UNSCHEDULED})


def by_finger(verify: int | None) -> bool:
    """Whether a tap was proven by a finger; a code the machine did not give is believed."""
    return verify is None or verify in FINGERPRINT_CODES


def minute_of(local: datetime, day: date) -> int:
    """Return a wall-clock moment in minutes since midnight of the day; seconds are cut off."""
    return (local.date() - day).days * DAY + local.hour * 60 + local.minute


def moment_of(minute: int, day: date) -> datetime:
    """Return the wall-clock moment of a minute of the day; the reverse of `minute_of`."""
    days, rest = divmod(minute, DAY)
    return datetime.combine(date.fromordinal(day.toordinal() + days), time(rest // 60, rest % 60))


def span_of(begins: time, ends: time) -> tuple[int, int]:
    """Return the hours of a letter as a `Letter.span`."""
    return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
