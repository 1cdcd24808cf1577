"""What is open in a month is read from the sheets, and judged only where they are behind."""

from datetime import date
from typing import Any

import pytest

from attendance.days.months import judge_people
from attendance.recaps import open_days
from attendance.recaps.open_days import open_days_of
from attendance.services.sheets import rebuild_sheets, rejudge
from foundation.outbox import drain
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april, submitted, tap
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def april(cast: Cast) -> None:
    """April with an unexplained day, a letter that waits, and everybody's sheet."""
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.admin, 8)])
    submitted(cast, cast.admin, first_on=date(2026, 4, 8), last_on=date(2026, 4, 8))
    drain()
    rebuild_sheets(agency=cast.agency, month=APRIL, now=AFTER_APRIL)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many people were judged, at each asking."""
    counts: list[int] = []

    def noted(agency: Any, days: Any, people: Any, **values: Any) -> Any:
        counts.append(len(people) * len(days))
        return judge_people(agency, days, people, **values)

    monkeypatch.setattr(open_days, "judge_people", noted)
    return counts


@pytest.mark.usefixtures("april")
def test_with_fresh_sheets_nobody_is_judged(cast: Cast, asked: list[int]) -> None:
    found = open_days_of(cast.agency, APRIL, AFTER_APRIL)

    name = employee_of(cast.employee).name
    assert list(found.unexplained) == [(name, [date(2026, 4, 14)])]
    assert (found.people, found.waiting, list(found.obstacles)) == (7, 1, [])
    assert asked == []


@pytest.mark.usefixtures("april")
def test_sheets_say_the_same_as_judging(cast: Cast) -> None:
    from_sheets = open_days_of(cast.agency, APRIL, AFTER_APRIL)
    employee_of(cast.employee).month_sheets.all().delete()

    assert open_days_of(cast.agency, APRIL, AFTER_APRIL) == from_sheets


@pytest.mark.usefixtures("april")
def test_while_days_wait_to_be_judged_the_sheets_are_not_believed(
    cast: Cast, asked: list[int]
) -> None:
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:04")
    day = date(2026, 4, 14)
    rejudge(
        agency_id=cast.agency.pk, employees=None, first=day, last=day, cause="", now=AFTER_APRIL
    )

    found = open_days_of(cast.agency, APRIL, AFTER_APRIL)

    assert list(found.unexplained) == []
    assert asked == [7 * 30]


def test_only_days_that_are_not_final_are_judged_for_their_reasons(
    cast: Cast, asked: list[int]
) -> None:
    fill_april(cast.everyone)
    now = AFTER_APRIL.replace(month=4, day=29)
    rebuild_sheets(agency=cast.agency, month=APRIL, now=now)

    found = open_days_of(cast.agency, APRIL, now)

    assert found.obstacles
    assert asked == [7 * 2]
