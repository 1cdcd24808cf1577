"""People whose fingers no machine can read."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance.days.months import judge_people
from attendance.exceptions import DataRefused
from attendance.law.codes import Flag
from attendance.models import FingerException
from attendance.services.finger_exceptions import end_exception, register_exception
from foundation.models import Event, OutboxJob
from organization.models import User
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)


def register(cast: Cast, **values: Any) -> FingerException:
    given: dict[str, Any] = {
        "employee": cast.employee.employee, "reason": "Luka bakar", "letter_number": "800/7/2026",
        "valid_from": date(2026, 4, 1), "valid_until": date(2026, 4, 30), "user": cast.admin,
        "now": AFTER_APRIL,
    }  # fmt: skip
    return register_exception(**(given | values))


def flags(whose: User) -> tuple[Flag, ...]:
    employee = employee_of(whose)
    (person,) = judge_people(employee.agency, [MONDAY], [employee], now=AFTER_APRIL)
    return person.verdicts[0].flags


def test_punches_without_a_finger_are_marked_unless_an_exception_holds(cast: Cast) -> None:
    """Example 62: by password, counted, to be reviewed."""
    tap(employee_of(cast.employee), MONDAY, "07:20", "16:05", verify=3)
    assert flags(cast.employee) == (Flag.NOT_BY_FINGER,)
    row = register(cast)
    assert flags(cast.employee) == ()
    end_exception(
        exception_id=row.pk, valid_until=date(2026, 4, 10), user=cast.admin, now=AFTER_APRIL
    )
    assert flags(cast.employee) == (Flag.NOT_BY_FINGER,)


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({"reason": " "}, "reason", "Tuliskan mengapa"),
        ({"letter_number": ""}, "letter_number", "nomor surat"),
        ({"valid_until": date(2026, 3, 1)}, "valid_until", "mendahului awal"),
        ({"valid_from": date(2009, 1, 1)}, "valid_from", "tidak bekerja di sini"),
    ],
)
def test_mistakes_are_named(cast: Cast, values: dict[str, Any], field: str, text: str) -> None:
    with pytest.raises(DataRefused) as refusal:
        register(cast, **values)
    assert text in refusal.value.errors[field]


def test_two_exceptions_of_the_same_days_are_refused(cast: Cast) -> None:
    register(cast)
    with pytest.raises(DataRefused, match=r"Sudah terdaftar dengan surat 800/7/2026"):
        register(cast, valid_from=date(2026, 4, 30), valid_until=None)
    register(cast, valid_from=date(2026, 5, 1), valid_until=None)


@pytest.mark.parametrize("name", ["operator", "kadis", "employee", "outsider"])
def test_only_who_may_registers_them(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        register(cast, user=getattr(cast, name))


def test_an_exception_is_not_made_longer_than_its_letter(cast: Cast) -> None:
    row = register(cast)
    for day, text in [(date(2026, 3, 1), "mendahului"), (date(2026, 5, 1), "surat yang baru")]:
        with pytest.raises(DataRefused, match=text):
            end_exception(exception_id=row.pk, valid_until=day, user=cast.admin, now=AFTER_APRIL)


def test_its_days_are_judged_anew_and_the_event_tells_nothing_of_the_hand(cast: Cast) -> None:
    row = register(cast)
    payload = OutboxJob.objects.get(kind="attendance.rejudge").payload
    assert payload["employees"] == [employee_of(cast.employee).pk]
    assert (payload["first"], payload["last"]) == ("2026-04-01", "2026-04-30")
    event = Event.objects.get(subject=f"attendance.fingerexception:{row.pk}")
    assert "Luka" not in str(event.after)
