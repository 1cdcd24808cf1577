"""Why a day is as it is: told from the whole month's judgement as from the day's own."""

from datetime import date, timedelta

import pytest

from attendance.days.explaining import explain
from attendance.days.judging import Judgement
from devices.models import Punch
from tests.attendance.asking import add, decide, ignore, request, shift, wita
from tests.attendance.people import AFTER_APRIL, employee_of, submitted, tap
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 4, 13), date(2026, 4, 14), date(2026, 4, 15)


def test_each_day_of_a_month_is_told_as_it_is_told_alone(cast: Cast) -> None:
    employee = employee_of(cast.employee)
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        tap(employee, day, "05:10", "07:25", "07:26", "16:03", "23:50")
    device = Punch.objects.filter(employee=employee).latest("at").device
    assert device is not None
    unused = Punch.objects.filter(employee=employee, local_time__startswith="2026-04-14 16").get()
    decide(cast, request(cast, ignore(unused)))
    decide(cast, request(cast, add(cast.employee, WEDNESDAY, "16:30")))
    moved = wita(MONDAY, "07:00"), wita(MONDAY, "08:00")
    decide(cast, request(cast, shift(device, *moved, minutes=20)))
    submitted(cast, cast.employee)
    month = Judgement.of(employee.agency, FIRST, LAST, [employee], AFTER_APRIL)

    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        alone = explain(employee, day, now=AFTER_APRIL)
        assert explain(employee, day, now=AFTER_APRIL, judgement=month) == alone

    told = explain(employee, TUESDAY, now=AFTER_APRIL, judgement=month)
    assert [row.punch for row in told.corrections] == [unused]
    assert explain(employee, MONDAY, now=AFTER_APRIL, judgement=month).punches[1].note
