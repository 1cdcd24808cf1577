"""The audit of a step: handling in working minutes against the norm, visit by visit."""

from datetime import date, timedelta

from foundation.actors import SYSTEM
from processes import quality, services
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.organization.hours import holiday, make_pattern
from tests.processes.test_services__tasks import claim, complete, decide, prepare


def test_handling_waiting_and_verdict_are_told_for_each_visit(
    instance: Instance, cast: Cast
) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ulang", "Kurang")
    rows = quality.rows(instance, NOW + timedelta(minutes=30))
    assert [(r.step_number, r.visit, r.verdict) for r in rows] == [
        (1, 1, "within"),
        (1, 2, "open"),
        (2, 1, "over"),
    ]
    first, again, decision = rows
    assert first.handling == timedelta(minutes=7)
    assert first.standard == timedelta(minutes=10)
    assert first.difference == timedelta(minutes=-3)
    assert first.owner == "Sari Benu"
    assert again.handling is None
    assert again.waiting == timedelta(minutes=23)  # offered at 09.07, now 09.30
    assert decision.handling == timedelta(minutes=7)
    assert decision.standard == timedelta(minutes=5)


def test_a_weekend_between_claim_and_completion_is_no_work(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    friday = NOW - timedelta(days=3)  # 17 April 2026, 09.00
    Task.objects.filter(pk=task.pk).update(claimed_at=friday, offered_at=friday)
    complete(task, cast.operator, isi="x")
    (row,) = (r for r in quality.rows(instance, NOW) if r.step_number == 1)
    # Friday 09.00-11.30 and 13.00-16.30, Monday 07.30-09.07
    assert row.handling == timedelta(hours=6) + timedelta(hours=1, minutes=37)


def test_what_ended_undone_is_no_longer_under_way(instance: Instance, cast: Cast) -> None:
    later = NOW + timedelta(minutes=20)
    services.stop_process(instance_id=instance.pk, actor=SYSTEM, reason="Keliru", now=later)
    (row,) = quality.rows(instance, NOW + timedelta(hours=3))
    assert (row.verdict, row.handling) == ("withdrawn", None)
    assert row.waiting == timedelta(minutes=20)


def test_a_step_that_is_still_valid_is_no_breach_and_no_wonder(
    instance: Instance, cast: Cast
) -> None:
    complete(claim(instance, cast.operator), cast.operator, isi="x")
    task = Task.objects.get(step="catat")
    services.perform_task(task_id=task.pk, now=NOW)
    Task.objects.filter(pk=task.pk).update(reused=True, note="Masih berlaku: SK 1")
    row = next(r for r in quality.rows(instance, NOW) if r.reused)
    assert (row.step_number, row.verdict, row.handling, row.standard) == (1, "reused", None, None)
    assert row.note == "Masih berlaku: SK 1"


def test_the_agencys_own_hours_and_corrected_holidays_count(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    friday = NOW - timedelta(days=3)  # 17 April 2026, 09.00
    Task.objects.filter(pk=task.pk).update(claimed_at=friday, offered_at=friday)
    complete(task, cast.operator, isi="x")
    make_pattern({4: "08.00-10.00", 5: "08.00-10.00", 0: "08.00-10.00"}, cast.agency)
    holiday(date(2026, 4, 17), "Libur")
    holiday(date(2026, 4, 18), "Libur")
    holiday(date(2026, 4, 18), "Buka", cast.agency, kind="workday")
    (row,) = (r for r in quality.rows(instance, NOW) if r.step_number == 1)
    # Friday is off, Saturday 08.00-10.00, Monday 08.00-09.07
    assert row.handling == timedelta(hours=3, minutes=7)
