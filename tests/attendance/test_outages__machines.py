"""An outage of one machine is about those who come and go by it; of all machines, about all."""

from datetime import date, time
from typing import Any

import pytest

from attendance.days.months import judge_people
from attendance.evidence.outage_lists import ListRow
from attendance.law.codes import Code, Flag
from attendance.models import Outage
from attendance.services.outages import complete_list, enter_list, record_outage
from devices.models import Device, Punch
from foundation.models import OutboxJob
from organization.models import User
from tests.attendance.asking import device_of, manager
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY, TUESDAY = date(2026, 4, 10), date(2026, 4, 13), date(2026, 4, 14)


def verdict(whose: User, day: date = MONDAY) -> Any:
    employee = employee_of(whose)
    (person,) = judge_people(employee.agency, [day], [employee], now=AFTER_APRIL)
    return person.verdicts[0]


def uses(whose: User, device: Device, day: date = FRIDAY) -> None:
    employee = employee_of(whose)
    tap(employee, day, "07:20", "16:35")
    Punch.objects.filter(employee=employee).update(device=device)


@pytest.fixture
def upstairs(cast: Cast) -> Device:
    """A second machine; it is not in service, so nothing is awaited from it."""
    device_of(cast)
    return Device.objects.create(
        agency=cast.agency, serial="ATAS1", name="Mesin Lantai 2", protocol="push",
        registered_at=NOW,
    )  # fmt: skip


def outage(cast: Cast, **values: Any) -> Outage:
    given: dict[str, Any] = {
        "agency": cast.agency, "device": device_of(cast), "first_on": MONDAY, "last_on": TUESDAY,
        "reason": "Listrik padam", "user": cast.operator, "now": AFTER_APRIL,
    }  # fmt: skip
    return record_outage(**(given | values))


def test_who_comes_and_goes_by_another_machine_is_judged_at_once(
    cast: Cast, upstairs: Device
) -> None:
    uses(cast.employee, upstairs)
    uses(cast.superior, device_of(cast))
    recorded = outage(cast)

    found = verdict(cast.employee)
    assert found.code is Code.UNEXPLAINED
    assert any("biasa dipakainya" in reason for reason in found.reasons)
    waiting = verdict(cast.superior)
    assert (waiting.code, waiting.flags) == (Code.NOT_OVER, (Flag.NOT_FINAL,))

    complete_list(
        outage_id=recorded.pk, without_rows=True, user=manager(cast, "p2"), now=AFTER_APRIL
    )
    assert verdict(cast.superior).code is Code.UNEXPLAINED


def test_of_whom_no_machine_is_known_nothing_is_guessed(cast: Cast, upstairs: Device) -> None:
    uses(cast.superior, upstairs)
    outage(cast)
    assert verdict(cast.employee).code is Code.NOT_OVER


def test_who_used_the_machine_once_in_the_month_before_waits_for_the_list(
    cast: Cast, upstairs: Device
) -> None:
    uses(cast.employee, upstairs)
    tap(employee_of(cast.employee), date(2026, 3, 30), "07:21")
    outage(cast)
    assert verdict(cast.employee).code is Code.NOT_OVER


def test_what_is_long_ago_or_came_later_is_no_habit(cast: Cast, upstairs: Device) -> None:
    uses(cast.employee, upstairs)
    tap(employee_of(cast.employee), date(2026, 3, 2), "07:21")
    tap(employee_of(cast.employee), TUESDAY, "07:21", "16:05")
    outage(cast)
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    assert verdict(cast.employee, TUESDAY).code is Code.PRESENT


def test_a_half_day_of_somebody_elsewhere_is_final(cast: Cast, upstairs: Device) -> None:
    uses(cast.employee, upstairs)
    tap(employee_of(cast.employee), MONDAY, "07:21")
    outage(cast)
    found = verdict(cast.employee)
    assert found.is_final
    assert found.deficit_net == 225


def test_an_outage_of_all_machines_is_about_all(cast: Cast, upstairs: Device) -> None:
    uses(cast.employee, upstairs)
    outage(cast, device=None)
    assert verdict(cast.employee).code is Code.NOT_OVER


def test_whose_name_is_typed_from_the_list_waits_for_it(cast: Cast, upstairs: Device) -> None:
    uses(cast.employee, upstairs)
    recorded = outage(cast)
    employee = employee_of(cast.employee)
    OutboxJob.objects.all().delete()
    row = ListRow(employee=employee, day=MONDAY, came=time(7, 25), left=time(16, 2))
    enter_list(outage_id=recorded.pk, rows=[row], user=manager(cast), now=AFTER_APRIL)

    assert verdict(cast.employee).code is Code.NOT_OVER
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert job.payload["employees"] == [employee.pk]

    complete_list(
        outage_id=recorded.pk, without_rows=False, user=manager(cast, "p2"), now=AFTER_APRIL
    )
    assert verdict(cast.employee).code is Code.PRESENT
