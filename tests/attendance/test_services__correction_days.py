"""A clock put right for many: a worker counts the days; and a request that is taken back."""

from datetime import date

import pytest

from attendance.evidence.corrected_days import lines
from attendance.exceptions import AlreadyDecided, NotYoursToDecide
from attendance.models import Correction
from attendance.services import correction_days
from attendance.services.correction_days import JOB, count_days
from attendance.services.corrections import withdraw_correction
from foundation.models import Event, OutboxJob
from foundation.outbox import drain
from tests.attendance.asking import add, bkd, decide, device_of, request, shift, wita
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import Cast
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
MONDAY = date(2026, 4, 13)
Status = Correction.Status


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let more than three people be many."""
    monkeypatch.setattr("attendance.services.corrections.AT_ONCE", 3)
    monkeypatch.setattr(correction_days, "AT_A_TIME", 2)


def slow_clock(cast: Cast) -> Correction:
    """Everybody came at 07.20; the machine was ten minutes fast."""
    for user in cast.everyone:
        tap(employee_of(user), MONDAY, "07:40", "16:30")
    first, last = wita(MONDAY, "00:00"), wita(MONDAY, "23:59")
    return request(cast, shift(device_of(cast), first, last, -20))


@pytest.mark.usefixtures("few_at_once")
def test_the_days_of_many_are_counted_by_a_worker(cast: Cast) -> None:
    row = slow_clock(cast)
    assert row.is_counting
    assert row.before == []
    page = html_of(browser(cast.operator).get(f"/absensi/koreksi/{row.pk}/"))
    assert "Hari 0 dari 7 pegawai sudah dihitung" in page

    drain()

    row = Correction.objects.get(pk=row.pk)
    assert not row.is_counting
    assert row.status == Status.REQUESTED
    counted = lines(row)
    assert {line.person for line in counted} == {employee_of(user).name for user in cast.everyone}
    assert all(line.was.late == 10 and line.becomes is not None for line in counted)
    assert Event.objects.filter(verb="correction_counted").count() == 1


def test_the_same_days_come_out_at_once_and_by_a_worker(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = slow_clock(cast)
    withdraw_correction(correction_id=at_once.pk, user=cast.operator, now=AFTER_APRIL)
    monkeypatch.setattr("attendance.services.corrections.AT_ONCE", 3)
    first, last = wita(MONDAY, "00:00"), wita(MONDAY, "23:59")
    by_worker = request(cast, shift(device_of(cast), first, last, -20))

    drain()

    by_worker.refresh_from_db()
    assert (by_worker.before, by_worker.after) == (at_once.before, at_once.after)


@pytest.mark.usefixtures("few_at_once")
def test_what_is_granted_holds_at_once_and_its_days_are_counted_again(cast: Cast) -> None:
    row = slow_clock(cast)
    drain()

    decide(cast, row)

    row.refresh_from_db()
    assert (row.status, row.is_counting) == (Status.APPROVED, True)
    drain()
    row.refresh_from_db()
    assert row.status == Status.APPROVED
    assert not row.is_counting
    assert all(line.was.late == 10 and line.differs for line in lines(row))


@pytest.mark.usefixtures("few_at_once")
def test_a_count_that_runs_twice_counts_once(cast: Cast) -> None:
    row = slow_clock(cast)
    drain()

    count_days(correction_id=row.pk, now=AFTER_APRIL)

    assert Event.objects.filter(verb="correction_counted").count() == 1
    assert OutboxJob.objects.filter(kind=JOB).count() == 1


# Taken back ---------------------------------------------------------------------------------------


def test_who_asked_takes_it_back_and_may_ask_again(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    client = browser(cast.operator)
    assert "Tarik permintaan ini" in html_of(client.get(f"/absensi/koreksi/{row.pk}/"))

    page = html_of(client.post(f"/absensi/koreksi/{row.pk}/tarik/", follow=True))

    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN
    assert "ditarik kembali" in page
    assert "Tarik permintaan ini" not in page
    assert Event.objects.filter(verb="correction_withdrawn").exists()
    again = request(cast, add(cast.employee, MONDAY, "07:25"))
    assert again.status == Status.REQUESTED


def test_nobody_else_takes_it_back(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))

    with pytest.raises(NotYoursToDecide, match="Hanya yang meminta"):
        withdraw_correction(correction_id=row.pk, user=cast.admin, now=AFTER_APRIL)
    client = browser(cast.admin)
    assert "Tarik permintaan ini" not in html_of(client.get(f"/absensi/koreksi/{row.pk}/"))
    assert client.post(f"/absensi/koreksi/{row.pk}/tarik/").status_code == 403


def test_what_is_decided_is_not_taken_back_and_what_is_taken_back_not_decided(cast: Cast) -> None:
    granted = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    with pytest.raises(AlreadyDecided, match="dikabulkan"):
        withdraw_correction(correction_id=granted.pk, user=cast.operator, now=AFTER_APRIL)

    back = request(cast, add(cast.admin, MONDAY, "07:25"))
    withdraw_correction(correction_id=back.pk, user=cast.operator, now=AFTER_APRIL)
    with pytest.raises(AlreadyDecided, match="ditarik kembali"):
        decide(cast, back)
    page = html_of(browser(bkd(cast)).get(f"/absensi/koreksi/{back.pk}/"))
    assert "Kabulkan" not in page
