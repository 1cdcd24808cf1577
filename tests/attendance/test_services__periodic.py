"""Daily and weekly recaps: made when they are due, kept as they were, acknowledged by BKD."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance import jobs, services
from attendance.exceptions import RecapRefused
from attendance.models import Delivery, PeriodicRecap
from attendance.services.deliveries import acknowledge
from attendance.services.periodic import due_for, due_periodic, is_intact, make_periodic, span
from attendance.services.policies import set_policy
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.models import User
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april, tap
from tests.cast import NOW, Cast, appoint, make_agency, make_employee, make_user

# Senin 20 April 2026, 09.00 WITA is NOW; policy: daily at 8, weekly on Monday at 8.
FRIDAY, SATURDAY, SUNDAY = date(2026, 4, 17), date(2026, 4, 18), date(2026, 4, 19)
MONDAY_OF_LAST_WEEK = date(2026, 4, 13)


@pytest.fixture
def bkd(cast: Cast) -> User:
    user = make_user(make_employee(make_agency("bkd"), "Benyamin Riwu"), "benyamin")
    appoint(user, "BKD", cast.agency)
    return user


def daily(cast: Cast, day: date = FRIDAY, now: datetime = NOW) -> PeriodicRecap:
    recap = make_periodic(agency=cast.agency, kind="daily", day=day, now=now)
    assert recap is not None
    return recap


def weekly(cast: Cast) -> PeriodicRecap:
    recap = make_periodic(agency=cast.agency, kind="weekly", day=FRIDAY, now=NOW)
    assert recap is not None
    return recap


def test_a_daily_recap_tells_the_day_of_everyone(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])
    tap(employee_of(cast.employee), FRIDAY, "08:05", "16:31")

    recap = daily(cast)

    assert (recap.first, recap.last, recap.figures["pegawai"]) == (FRIDAY, FRIDAY, 7)
    joko = next(row for row in recap.rows if row["nama"] == "Joko Tallo")
    assert (joko["kode"], joko["hari"][0]["TL"]) == (["H"], 35)
    assert recap.figures["jumlah"]["H"] == 7
    assert is_intact(recap)


def test_a_weekly_recap_has_seven_days_and_sums(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.employee, 15)])

    recap = weekly(cast)

    assert (recap.first, recap.last) == (MONDAY_OF_LAST_WEEK, SUNDAY)
    joko = next(row for row in recap.rows if row["nama"] == "Joko Tallo")
    assert joko["kode"] == ["H", "TK", "TK", "H", "H", "L", "L"]
    assert (joko["angka"]["TK"], recap.figures["pegawai_tk"]) == (2, 1)


def test_a_week_may_lie_in_two_months() -> None:
    assert span("weekly", date(2026, 5, 2)) == (date(2026, 4, 27), date(2026, 5, 3))
    assert span("daily", date(2026, 5, 2)) == (date(2026, 5, 2), date(2026, 5, 2))


def test_it_says_what_was_known_then(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])
    before = daily(cast)
    tap(employee_of(cast.employee), FRIDAY, "07:20", "16:31")

    again = daily(cast, now=NOW + timedelta(hours=2))

    assert (again.pk, again.sha256) == (before.pk, before.sha256)
    assert PeriodicRecap.objects.count() == 1
    assert Event.objects.filter(verb="periodic_recap_made").count() == 1


def test_nothing_is_made_of_a_day_on_which_nobody_works(cast: Cast) -> None:
    fill_april(cast.everyone)

    assert make_periodic(agency=cast.agency, kind="daily", day=SATURDAY, now=NOW) is None


def test_a_day_that_is_not_over_has_no_recap(cast: Cast) -> None:
    with pytest.raises(RecapRefused, match="belum berakhir"):
        make_periodic(agency=cast.agency, kind="daily", day=date(2026, 4, 20), now=NOW)


def test_what_was_made_stays_as_it_is(cast: Cast) -> None:
    recap = daily(cast)
    writes: list[Any] = [
        recap.save,
        recap.delete,
        PeriodicRecap.objects.all().delete,
        lambda: PeriodicRecap.objects.update(rows=[]),
    ]

    for write in writes:
        with pytest.raises(RecapRefused):
            write()
    assert is_intact(PeriodicRecap.objects.get())


def test_it_goes_to_each_office_that_is_held(cast: Cast, bkd: User) -> None:
    recap = daily(cast)

    assert set(recap.deliveries.values_list("recipient", "user__username")) == {
        ("BKD", "benyamin"), ("Kadis", "ratna"), ("Sekretaris", "anselmus"),
    }  # fmt: skip
    event = Event.objects.get(verb="periodic_recap_made")
    assert event.after["sent_to"] == ["BKD", "Kadis", "Sekretaris"]


@pytest.mark.parametrize(
    ("hour", "daily_day", "week"),
    [(7, SATURDAY, date(2026, 4, 6)), (8, SUNDAY, MONDAY_OF_LAST_WEEK)],
)
def test_it_is_due_at_the_hour_of_the_agencys_zone(
    cast: Cast, hour: int, daily_day: date, week: date
) -> None:
    at = datetime(2026, 4, 20, hour, 0, tzinfo=UTC) - timedelta(hours=8)

    assert list(due_for(cast.agency, at)) == [("daily", daily_day), ("weekly", week)]


def test_after_a_standstill_the_last_days_are_made_too(cast: Cast) -> None:
    fill_april(cast.everyone)
    daily(cast, date(2026, 4, 15))

    due = list(due_for(cast.agency, NOW))

    assert [day for kind, day in due if kind == "daily"] == [
        date(2026, 4, day) for day in (16, 17, 18, 19)
    ]


def test_the_clock_asks_once_for_each(cast: Cast) -> None:
    assert due_periodic(NOW) == 4  # a day and a week of two agencies
    assert due_periodic(NOW + timedelta(minutes=5)) == 0
    job = OutboxJob.objects.get(key=f"attendance.periodic:{cast.agency.pk}:weekly:2026-04-13")
    jobs.make_periodic(job.payload)
    jobs.make_periodic(job.payload)
    assert PeriodicRecap.objects.get().first == MONDAY_OF_LAST_WEEK


def sent(recap: PeriodicRecap, office: str) -> list[int]:
    return list(recap.deliveries.filter(recipient=office).values_list("pk", flat=True))


def test_an_office_acknowledges_once(cast: Cast, bkd: User) -> None:
    recap = daily(cast)

    assert acknowledge(deliveries=sent(recap, "BKD"), user=bkd, now=NOW) == 1
    assert acknowledge(deliveries=sent(recap, "BKD"), user=bkd, now=NOW) == 0

    row = Delivery.objects.get(recipient="BKD")
    assert (row.acknowledged_by, row.acknowledged_at) == (bkd, NOW)
    event = Event.objects.get(verb="recap_acknowledged")
    assert (event.actor_name, event.acting_as) == ("Benyamin Riwu", "BKD")


def test_nobody_acknowledges_for_another_office(cast: Cast, bkd: User) -> None:
    recap = daily(cast)

    for user in (cast.operator, cast.kadis, cast.employee, cast.outsider):
        with pytest.raises(PermissionDenied):
            acknowledge(deliveries=sent(recap, "BKD"), user=user, now=NOW)
    with pytest.raises(PermissionDenied):
        acknowledge(deliveries=[987654], user=bkd, now=NOW)
    assert not Delivery.objects.exclude(acknowledged_at=None).exists()


def test_a_frozen_month_is_handed_out_as_well(cast: Cast, bkd: User) -> None:
    values: dict[str, Any] = {"month": APRIL, "actor": SYSTEM, "now": AFTER_APRIL}
    services.build_draft(agency=cast.agency, **values)
    recap = services.freeze_recap(agency=cast.agency, **values)

    found = recap.deliveries.get(recipient="BKD")
    assert acknowledge(deliveries=[found.pk], user=bkd, now=AFTER_APRIL) == 1


def word_reports(cast: Cast) -> list[Any]:
    jobs_asked = OutboxJob.objects.filter(key__startswith="documents.report:periodic:")
    return [
        (job.payload["parameters"]["report"], job.payload["subject"])
        for job in jobs_asked.order_by("pk")
    ]


def test_no_word_report_is_written_unless_the_office_decides_so(cast: Cast) -> None:
    fill_april(cast.everyone)
    daily(cast)
    assert word_reports(cast) == []


def test_with_the_setting_each_recap_that_is_handed_out_is_written_once(
    cast: Cast, bkd: User
) -> None:
    fill_april(cast.everyone)
    set_policy(
        name="periodic_report", value="yes", agency=cast.agency, decree_number="800/1/2026",
        valid_from=date(2026, 4, 1), user=bkd, now=NOW,
    )  # fmt: skip
    daily(cast)
    weekly(cast)
    daily(cast)
    assert word_reports(cast) == [("rekap_harian", "2026-04-17"), ("rekap_mingguan", "2026-W16")]
