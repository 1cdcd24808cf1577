"""What is decided about a frozen month changes nothing there: it waits as late data for BKD."""

from datetime import date
from typing import Any

import pytest

from attendance import services
from attendance.days.months import Month
from attendance.models import LateFinding, MonthSheet, Recap
from attendance.recaps.seals import is_intact
from attendance.services.outages import record_outage
from attendance.services.policies import set_policy
from attendance.services.sheets import rebuild_sheets
from foundation import outbox
from foundation.actors import SYSTEM
from tests.attendance.asking import add, bkd, decide, request
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april, tap
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 14)


@pytest.fixture
def frozen(cast: Cast) -> Recap:
    """April, in which Joko came on the 14th but no machine told when he left."""
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    tap(employee_of(cast.employee), DAY, "07:20")
    rebuild_sheets(agency=cast.agency, month=Month.of(DAY), now=AFTER_APRIL)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    return services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def the_workers_turn() -> None:
    while outbox.drain():
        pass


def finding() -> Any:
    found = LateFinding.objects.get()
    return found.employee.name, found.day, found.was["KJK"], found.becomes["KJK"]


def test_a_granted_correction_is_late_data_and_the_recap_stays(cast: Cast, frozen: Recap) -> None:
    row = decide(cast, request(cast, add(cast.employee, DAY, "16:02")))
    the_workers_turn()
    assert finding() == ("Joko Tallo", DAY, 225, 0)
    assert LateFinding.objects.get().cause.startswith(f"Koreksi BKD nomor {row.pk}")
    assert is_intact(Recap.objects.get(pk=frozen.pk))
    sheet = MonthSheet.objects.get(employee=cast.employee.employee, month=APRIL.first)
    assert "koreksi BKD" in sheet.days


def test_a_value_set_for_a_frozen_month_is_late_data(cast: Cast, frozen: Recap) -> None:
    set_policy(
        name="missing_punch", value="full", agency=None, decree_number="SK 14/2026",
        valid_from=APRIL.first, user=bkd(cast), now=AFTER_APRIL,
    )  # fmt: skip
    the_workers_turn()
    assert finding() == ("Joko Tallo", DAY, 225, 450)
    assert is_intact(Recap.objects.get(pk=frozen.pk))


def test_an_outage_recorded_late_leaves_days_open_and_is_no_finding_yet(
    cast: Cast, frozen: Recap
) -> None:
    record_outage(
        agency=cast.agency, device=None, first_on=DAY, last_on=DAY, reason="Listrik padam",
        user=cast.operator, now=AFTER_APRIL,
    )  # fmt: skip
    the_workers_turn()
    assert not LateFinding.objects.exists()
    assert is_intact(Recap.objects.get(pk=frozen.pk))
