"""Sheets: built from what is known, found out of date, built again; nothing is written twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from attendance import jobs, services
from attendance.days.months import case_of, judge_month
from attendance.days.sheet_texts import codes_of
from attendance.days.stored import unpack
from attendance.law.codes import Code, Flag
from attendance.law.counting import count
from attendance.law.tallies import total, weight
from attendance.models import LateFinding, MonthSheet, PunchLook
from attendance.rules import judge
from attendance.services.sheets import rebuild_sheets, rejudge
from devices.models import Device
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april, tap
from tests.cast import Cast
from tests.devices.make import make_device

EIGHTH = date(2026, 4, 8)


def rebuilt(cast: Cast) -> int:
    return rebuild_sheets(agency=cast.agency, month=APRIL, now=AFTER_APRIL).changed


def code_on(cast: Cast, day: int) -> str:
    sheet = MonthSheet.objects.get(employee=employee_of(cast.employee), month=APRIL.first)
    return codes_of(sheet.codes)[day - 1]


def look_and_work(now: datetime = AFTER_APRIL) -> None:
    jobs.catch_up(now)
    outbox.drain()


def test_a_sheet_says_what_the_rules_say(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 8)])

    assert rebuilt(cast) == 7

    for person in judge_month(cast.agency, APRIL, now=AFTER_APRIL):
        sheet = MonthSheet.objects.get(employee=person.employee)
        assert codes_of(sheet.codes) == [verdict.label for verdict in person.verdicts]
        bare = [v._replace(reasons=(), pattern="") for v in person.verdicts]
        assert list(unpack(sheet.days)) == bare
    assert code_on(cast, 8) == "TK"
    assert MonthSheet.objects.get(employee=employee_of(cast.employee)).unexplained == 1


def test_what_did_not_change_is_not_written(cast: Cast) -> None:
    fill_april(cast.everyone)
    rebuilt(cast)
    before = list(MonthSheet.objects.order_by("pk").values())

    again = rebuild_sheets(agency=cast.agency, month=APRIL, now=AFTER_APRIL + timedelta(hours=1))

    assert (again.people, again.changed) == (7, 0)
    assert list(MonthSheet.objects.order_by("pk").values()) == before


def test_weights_add_up_to_the_counters(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 8), (cast.employee, 9)])
    tap(employee_of(cast.employee), EIGHTH, "08:40", "15:10", verify=15)
    for person in judge_month(cast.agency, APRIL, now=AFTER_APRIL):
        assert total(weight(verdict) for verdict in person.verdicts) == count(person.verdicts)


def test_whoever_left_before_the_month_has_no_sheet(cast: Cast) -> None:
    rebuilt(cast)
    person = employee_of(cast.employee)
    person.left_on = date(2026, 3, 1)
    person.save()

    assert rebuilt(cast) == 1

    assert not MonthSheet.objects.filter(employee=person).exists()


def test_a_punch_that_comes_late_changes_that_persons_sheet_only(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 8)])
    rebuilt(cast)
    look_and_work()
    others = MonthSheet.objects.exclude(employee=employee_of(cast.employee)).order_by("pk")
    before = list(others.filter(month=APRIL.first).values())

    tap(employee_of(cast.employee), EIGHTH, "07:20", "16:01")
    assert jobs.catch_up(AFTER_APRIL) == 1
    (job,) = OutboxJob.objects.filter(state="waiting")
    assert job.payload["employees"] == [employee_of(cast.employee).pk]
    outbox.drain()

    assert code_on(cast, 8) == "H"
    assert list(others.filter(month=APRIL.first).values()) == before
    assert jobs.catch_up(AFTER_APRIL) == 0


def test_a_punch_whose_transaction_ends_after_a_later_one_is_found(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 8), (cast.employee, 9)])
    rebuilt(cast)
    look_and_work()
    tap(employee_of(cast.employee), EIGHTH, "07:20", "16:01")
    tap(employee_of(cast.employee), date(2026, 4, 9), "07:20", "16:01")
    look_and_work()
    # As the look would have been while the first transaction was still open.
    PunchLook.objects.filter(held=4).update(held=2)

    assert jobs.catch_up(AFTER_APRIL + timedelta(minutes=1)) == 1


def test_looks_of_more_than_an_hour_ago_are_forgotten_but_for_the_last(cast: Cast) -> None:
    look_and_work()
    for number in range(3):
        tap(employee_of(cast.employee), date(2026, 4, 13 + number), "07:20")
        jobs.catch_up(AFTER_APRIL + timedelta(hours=2 * number))
    assert PunchLook.objects.count() == 1
    tap(employee_of(cast.employee), date(2026, 4, 17), "07:20")
    assert jobs.catch_up(AFTER_APRIL + timedelta(days=9)) == 1


def test_late_data_of_a_frozen_month_are_noted_and_the_recap_stays(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 8)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    recap = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    rebuilt(cast)
    look_and_work()

    tap(employee_of(cast.employee), EIGHTH, "07:20", "16:01")
    look_and_work()

    finding = LateFinding.objects.get()
    assert (finding.employee, finding.day) == (employee_of(cast.employee), EIGHTH)
    assert finding.cause == "Absen yang baru sampai"
    row = recap.rows.get(employee=employee_of(cast.employee))
    assert row.codes[7] == "TK"
    assert code_on(cast, 8) == "H"


def test_who_changes_something_orders_the_days_anew_in_his_own_transaction(cast: Cast) -> None:
    person = employee_of(cast.employee)
    rejudge(employees=[person.pk], first=EIGHTH, last=EIGHTH, cause="Koreksi", now=AFTER_APRIL)
    rejudge(employees=[], first=EIGHTH, last=EIGHTH, cause="Koreksi", now=AFTER_APRIL)
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert job.payload == {
        "agency": None, "employees": [person.pk], "first": "2026-04-08", "last": "2026-04-08",
        "cause": "Koreksi",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (datetime(2026, 4, 8, 19, 59, tzinfo=UTC), Code.NOT_OVER),  # 03.59 on the 9th
        (datetime(2026, 4, 8, 20, 0, tzinfo=UTC), Code.UNEXPLAINED),
        (None, Code.NOT_OVER),
    ],
)
def test_a_day_after_the_last_good_contact_is_not_final(
    cast: Cast, heard: datetime | None, code: Code
) -> None:
    device = make_device(cast.agency, protocol="push")
    Device.objects.filter(pk=device.pk).update(
        last_contact_at=heard, registered_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    verdict = judge(case_of(employee_of(cast.employee), EIGHTH, now=AFTER_APRIL))
    assert verdict.code is code

    tap(employee_of(cast.employee), EIGHTH, "07:20")
    verdict = judge(case_of(employee_of(cast.employee), EIGHTH, now=AFTER_APRIL))
    assert verdict.code is Code.PRESENT
    assert (Flag.NOT_FINAL in verdict.flags) == (code is Code.NOT_OVER)


def test_a_retired_machine_holds_no_day_open(cast: Cast) -> None:
    make_device(cast.agency, protocol="push", state=Device.State.RETIRED)
    verdict = judge(case_of(employee_of(cast.employee), EIGHTH, now=AFTER_APRIL))
    assert verdict.code is Code.UNEXPLAINED
