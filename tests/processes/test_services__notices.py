"""People are told once, at the right moment, and nobody is stopped by it."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail

from config.celery import REGULARLY
from foundation import outbox
from foundation.models import Event, OutboxJob
from organization.models import Agency, PublicHoliday, User
from processes import services
from processes.audit.measured.refreshing import refresh
from processes.models import Instance, Notice, Task
from processes.notices.week import last_week, week_figures
from processes.services.notices import mark_read, notify, tell_breaches, tell_week
from tests.cast import NOW, Cast
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task
from tests.processes.test_services__tasks import decide, prepare

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY_MORNING = NOW + 7 * DAY - 2 * HOUR  # 27 April 2026, 07.00 WITA


def told(user: User, kind: str = "") -> list[str]:
    notices = Notice.objects.filter(user=user, kind__startswith=kind).order_by("pk")
    return list(notices.values_list("text", flat=True))


def kinds(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


# A standard that is passed ------------------------------------------------------------------------


def test_a_breach_is_told_to_the_owner_and_to_the_head_once(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    assert tell_breaches(now=NOW + 10 * MINUTE) == 0
    assert tell_breaches(now=NOW + 11 * MINUTE) == 1
    assert tell_breaches(now=NOW + 12 * MINUTE) == 0
    (text,) = told(cast.operator)
    assert "“Menyiapkan permohonan” - Permohonan Singkat - Cuti Joko melewati waktu baku" in text
    assert text.endswith("10 menit. Anda sudah mengerjakannya selama 11 menit.")
    assert told(cast.kadis)[0].endswith("Sari Benu sudah mengerjakannya selama 11 menit.")
    assert Notice.objects.count() == 2


def test_paused_time_is_no_breach(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    services.pause_task(
        task_id=task.pk, actor_user=cast.operator, reason="listrik padam", now=NOW + 9 * MINUTE
    )
    assert tell_breaches(now=NOW + 2 * HOUR) == 0
    services.resume_task(task_id=task.pk, actor_user=cast.operator, now=NOW + 2 * HOUR)
    assert tell_breaches(now=NOW + 2 * HOUR + MINUTE) == 0
    assert tell_breaches(now=NOW + 2 * HOUR + 2 * MINUTE) == 1


def test_the_night_is_no_breach(instance: Instance, cast: Cast) -> None:
    evening = NOW + 6 * HOUR + 55 * MINUTE  # five minutes before the office closes
    services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=evening)
    opening = NOW + 22 * HOUR + 30 * MINUTE  # Tuesday, 07.30
    assert tell_breaches(now=evening + 8 * HOUR) == 0
    assert tell_breaches(now=opening + 5 * MINUTE) == 0
    assert tell_breaches(now=opening + 6 * MINUTE) == 1


def test_who_takes_over_what_was_told_of_is_not_told_again(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    tell_breaches(now=NOW + 20 * MINUTE)
    services.unclaim_task(task_id=task.pk, actor_user=cast.operator, now=NOW + 21 * MINUTE)
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=NOW + 22 * MINUTE)
    assert tell_breaches(now=NOW + 50 * MINUTE) == 0
    assert told(cast.operator2) == []


def test_the_next_visit_is_told_of_for_itself(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    tell_breaches(now=NOW + 20 * MINUTE)
    prepare(instance, cast)
    decide(instance, cast, "ulang", "tanggal keliru")
    again = NOW + 2 * HOUR
    services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=again)
    assert tell_breaches(now=again + 11 * MINUTE) == 1
    assert kinds(cast.operator) == ["breach", "breach"]


def test_a_notice_stops_nobody_and_leaves_the_record_alone(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    events, version = Event.objects.count(), Instance.objects.get(pk=instance.pk).version
    tell_breaches(now=NOW + 20 * MINUTE)
    assert Event.objects.count() == events
    assert Instance.objects.get(pk=instance.pk).version == version
    prepare(instance, cast)
    assert open_task(instance).step == "putuskan"


# A long wait --------------------------------------------------------------------------------------


def test_a_working_day_of_waiting_is_told_to_the_lane_and_the_head(
    instance: Instance, cast: Cast
) -> None:
    # Monday 09.00 to 16.00 without the break is 6 hours; from 07.30 on Tuesday 90 minutes more.
    morning = NOW + 22 * HOUR + 30 * MINUTE
    assert tell_breaches(now=morning + 90 * MINUTE) == 0
    assert tell_breaches(now=morning + 91 * MINUTE) == 1
    assert tell_breaches(now=morning + 3 * HOUR) == 0
    for person in (cast.operator, cast.operator2, cast.kadis):
        assert [text.split(" sudah ")[0] for text in told(person, "wait")] == [
            "“Menyiapkan permohonan” - Permohonan Singkat - Cuti Joko"
        ]
    assert not told(cast.admin)
    assert not told(cast.outsider)


def test_the_last_second_of_the_threshold_is_not_yet_long(
    instance: Instance, cast: Cast, settings: LazySettings
) -> None:
    settings.LONG_WAIT_MINUTES = 60
    assert tell_breaches(now=NOW + HOUR) == 0
    assert tell_breaches(now=NOW + HOUR + timedelta(seconds=2)) == 1


def test_a_weekend_and_a_holiday_are_not_waited(instance: Instance, cast: Cast) -> None:
    friday = NOW + 4 * DAY  # 24 April, 09.00
    Task.objects.filter(instance=instance).update(offered_at=friday)
    PublicHoliday.objects.create(on=(NOW + 7 * DAY).date(), kind="holiday", name="Libur uji")
    for days in (5, 6, 7):
        assert tell_breaches(now=NOW + days * DAY + 3 * HOUR) == 0
    assert tell_breaches(now=NOW + 8 * DAY + 3 * HOUR) == 1


def test_many_that_wait_for_the_same_people_are_one_notice(instance: Instance, cast: Cast) -> None:
    for number in range(3):
        begin(cast, subject=f"Cuti {number}", now=NOW + number * MINUTE)
    assert tell_breaches(now=NOW + 2 * DAY) == 4
    (text,) = told(cast.operator)
    assert text.startswith("4 tugas Operator belum diambil; yang terlama “Menyiapkan permohonan” -")
    assert "Cuti Joko" in text


def test_what_somebody_took_in_time_is_not_told(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    tell_breaches(now=NOW + 2 * DAY)
    assert not told(cast.operator, "wait")


# The week ----------------------------------------------------------------------------------------


def played_week(instance: Instance, cast: Cast) -> None:
    """A step in 7 minutes of 10, a decision over its standard, the step again in 25 of 10."""
    prepare(instance, cast)
    decide(instance, cast, "ulang", "tanggal keliru")
    late = NOW + DAY
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=late)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={"isi": "lagi"}, now=late + 25 * MINUTE
    )


def test_the_weeks_figures_are_those_of_its_seven_days(instance: Instance, cast: Cast) -> None:
    played_week(instance, cast)
    refresh(now=NOW + 2 * DAY)
    week = last_week(cast.agency, MONDAY_MORNING)
    assert week is not None
    figures = week_figures(cast.agency, week)
    assert (week.monday, week.sunday) == (NOW.date(), (NOW + 6 * DAY).date())
    assert (figures.finished, figures.returns) == (0, 1)
    assert (figures.over, figures.judged) == (2, 3)
    # Returned on Monday 09.07, taken on Tuesday 09.00: 5 h 53 and 1 h 30 of work.
    longest = figures.longest[0]
    assert longest.step == "Menyiapkan permohonan"
    assert longest.waited == 7 * HOUR + 23 * MINUTE
    before = last_week(cast.agency, MONDAY_MORNING - 7 * DAY)
    assert before is not None
    assert week_figures(cast.agency, before).is_empty
    other = last_week(cast.other_agency, MONDAY_MORNING)
    assert other is not None
    assert week_figures(cast.other_agency, other).is_empty


def test_the_head_is_told_on_monday_morning_once(instance: Instance, cast: Cast) -> None:
    played_week(instance, cast)
    assert tell_week(now=MONDAY_MORNING - MINUTE) == 0
    assert tell_week(now=MONDAY_MORNING) == 1
    assert tell_week(now=MONDAY_MORNING + DAY) == 0
    (text,) = told(cast.kadis, "week")
    assert text.splitlines()[:4] == [
        "Ringkasan 20 April 2026 s.d. 26 April 2026, Dinas Komunikasi dan Informatika:",
        "- 0 berkas selesai",
        "- 2 dari 3 tahap melebihi waktu baku (66,7 %)",
        "- 1 pengembalian",
    ]
    notice = Notice.objects.get(kind="week")
    assert notice.link == "/audit/?pd=diskominfo&dari=2026-04&sampai=2026-04"
    assert not told(cast.admin, "week")


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 0), ("Asia/Jayapura", -2)])
def test_monday_morning_is_the_agencys_own(zone: str, hour: int, cast: Cast) -> None:
    cast.agency.time_zone = zone
    morning = datetime(2026, 4, 27, tzinfo=NOW.tzinfo) + hour * HOUR
    before = last_week(cast.agency, morning - MINUTE)
    after = last_week(cast.agency, morning)
    assert before is None
    assert after is not None
    assert after.monday == NOW.date()


def test_a_week_without_work_is_not_told(cast: Cast) -> None:
    assert tell_week(now=MONDAY_MORNING) == 0


def test_the_week_goes_by_mail_to_who_has_an_address(
    instance: Instance, cast: Cast, settings: LazySettings
) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.PUBLIC_URL = "https://sopan.example"
    User.objects.filter(pk=cast.kadis.pk).update(email="kadis@sopan.example")
    played_week(instance, cast)
    OutboxJob.objects.all().delete()
    tell_week(now=MONDAY_MORNING)
    OutboxJob.objects.update(run_after=NOW - DAY)
    outbox.drain()
    outbox.drain()
    (letter,) = mail.outbox
    assert letter.to == ["kadis@sopan.example"]
    assert letter.subject.startswith("SOPan: Ringkasan 20 April 2026")
    assert "https://sopan.example/audit/?pd=diskominfo" in letter.body
    assert Notice.objects.get(kind="week").mailed_at is not None


@pytest.mark.parametrize("address", ["", "kadis@sopan.example"])
def test_without_mail_or_address_the_notice_alone_is_written(
    address: str, instance: Instance, cast: Cast, settings: LazySettings
) -> None:
    settings.MAIL_IS_SET_UP = not address
    User.objects.filter(pk=cast.kadis.pk).update(email=address)
    played_week(instance, cast)
    assert tell_week(now=MONDAY_MORNING) == 1
    assert not OutboxJob.objects.filter(kind="processes.mail_notice").exists()


# One by one ---------------------------------------------------------------------------------------


def say(agency: Agency, *users: User) -> int:
    ids = [user.pk for user in users]
    return notify(user_ids=ids, agency=agency, kind="wait", key="uji/1", text="Contoh", now=NOW)


def test_the_same_thing_is_told_to_nobody_twice(cast: Cast) -> None:
    assert say(cast.agency, cast.operator) == 1
    assert say(cast.agency, cast.operator, cast.kadis) == 1
    assert Notice.objects.count() == 2


def test_one_marks_ones_own_only(cast: Cast) -> None:
    say(cast.agency, cast.operator, cast.kadis)
    foreign = Notice.objects.get(user=cast.kadis)
    assert mark_read(actor_user=cast.operator, now=NOW, notice_id=foreign.pk) == 0
    assert mark_read(actor_user=cast.operator, now=NOW) == 1
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_the_clock_looks_regularly() -> None:
    assert REGULARLY["tell_breaches"] == 60
    assert REGULARLY["tell_week"] <= 3600
