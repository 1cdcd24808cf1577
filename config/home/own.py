"""One's own attendance: today, the month so far, the days to look at and why, one's letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attendance import links
from attendance.days.explaining import Explanation, explain
from attendance.days.months import Month
from attendance.days.person_months import PersonSheet, sheet_of
from attendance.letters.texts import badge_of, letter_span
from attendance.models import AbsenceLetter
from attendance.views.weeks import DayShown, weeks_of
from organization.models import User
from organization.permissions import local_date

SHOWN_LETTERS = 3


@dataclass(frozen=True)
class OwnLetter:
    """A letter that is not decided yet."""

    letter: AbsenceLetter

    @property
    def link(self) -> str:
        return links.letter(self.letter.pk)

    @property
    def span(self) -> str:
        return letter_span(self.letter)

    @property
    def badge(self) -> tuple[str, str, str]:
        return badge_of(self.letter)


@dataclass(frozen=True)
class Own:
    """What somebody sees of himself."""

    sheet: PersonSheet
    today: Explanation
    days: Sequence[DayShown]  # to be looked at, the newest first
    letters: Sequence[OwnLetter]
    letter_count: int

    @property
    def month_link(self) -> str:
        return f"{links.MINE}?bulan={self.sheet.month}"

    @property
    def today_link(self) -> str:
        return links.why(self.sheet.employee.pk, self.today.day)

    @property
    def letters_link(self) -> str:
        return links.MY_LETTERS

    @property
    def total(self) -> Mapping[str, Any]:
        return self.sheet.total


def own(user: User, now: datetime) -> Own | None:
    """Return what there is of this person himself; None for an account without a person."""
    person = user.employee
    if person is None:
        return None
    today = local_date(person.agency, now)
    sheet = sheet_of(person, Month.of(today), now=now)
    days = [day for week in weeks_of(sheet.days, today) for day in week.days if day.matters]
    letters = list(AbsenceLetter.objects.filter(employee=person).select_related("employee"))
    open_letters = [OwnLetter(letter) for letter in letters if letter.is_undecided]
    return Own(
        sheet=sheet,
        today=explain(person, today, now=now, judgement=sheet.judgement),
        days=days[::-1],
        letters=open_letters[:SHOWN_LETTERS],
        letter_count=len(letters),
    )
