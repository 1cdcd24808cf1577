"""Notices reach a mailbox: not by night, several as one letter, and again when nobody answered."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.conf import LazySettings

from foundation import outbox
from foundation.incidents import open_incidents
from foundation.models import OutboxJob
from organization.models import Agency, PublicHoliday, User
from processes.models import Notice, NoticeDelivery, NoticePreference
from processes.notices.kinds import ALARM, DECISION, WAIT
from processes.notices.quiet import silenced_until
from processes.services.notice_deliveries import JOB
from processes.services.notices import notify
from tests.cast import NOW, Cast
from tests.processes.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = NOW + 10 * HOUR  # Monday 20 April 2026, 19.00 WITA
MORNING = NOW + 22 * HOUR  # Tuesday, 07.00
SATURDAY = NOW + 5 * DAY
State = NoticeDelivery.State


@pytest.fixture
def mailbox(cast: Cast, settings: LazySettings) -> Iterator[Mailbox]:
    User.objects.filter(pk=cast.kadis.pk).update(email="kadis@sopan.example")
    with open_mailbox() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.MAIL_IS_SET_UP, settings.PUBLIC_URL = True, "https://sopan.example"
        yield server


def say(cast: Cast, number: int, *, kind: str = WAIT, now: datetime = EVENING) -> None:
    notify(
        user_ids=[cast.kadis.pk], agency=cast.agency, kind=kind, key=f"uji/{number}",
        text=f"Kabar {number}", link=f"/tugas/{number}/", now=now, mail=True,
    )  # fmt: skip


def work() -> None:
    """Do all that waits, whatever moment it waits for."""
    OutboxJob.objects.filter(state=OutboxJob.State.WAITING).update(run_after=NOW - 365 * DAY)
    outbox.drain()


def prefer(cast: Cast, **chosen: object) -> None:
    NoticePreference.objects.create(user=cast.kadis, changed_at=NOW, **chosen)


def goes_at() -> list[datetime]:
    rows = NoticeDelivery.objects.order_by("pk")
    return list(rows.values_list("silenced_until", flat=True))


def states() -> list[str]:
    return list(NoticeDelivery.objects.order_by("pk").values_list("state", flat=True))


def text(mailbox: Mailbox) -> str:
    (letter,) = mailbox.letters
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (NOW, NOW),
        (NOW + 9 * HOUR - timedelta(seconds=1), NOW + 9 * HOUR - timedelta(seconds=1)),
        (NOW + 9 * HOUR, MORNING),  # 18.00
        (NOW - 3 * HOUR, NOW - 2 * HOUR),  # 06.00 of a working day
        (NOW + 5 * DAY, NOW + 7 * DAY - 2 * HOUR),  # Saturday morning
        (NOW + 4 * DAY + 10 * HOUR, NOW + 7 * DAY - 2 * HOUR),  # Friday evening
    ],
)
def test_evenings_nights_and_weekends_are_quiet(
    moment: datetime, until: datetime, cast: Cast
) -> None:
    assert silenced_until(cast.agency, moment) == until


def test_a_holiday_is_quiet_and_the_hours_are_the_agencys_own(cast: Cast) -> None:
    PublicHoliday.objects.create(on=(NOW + DAY).date(), kind="joint_leave", name="Cuti uji")
    agency: Agency = cast.agency
    assert silenced_until(agency, EVENING) == MORNING + DAY
    agency.time_zone = "Asia/Jakarta"  # where it is 17.30
    assert silenced_until(agency, NOW + 9.5 * HOUR) == NOW + 9.5 * HOUR


def test_what_came_by_night_goes_as_one_letter_whose_links_open_each(
    mailbox: Mailbox, cast: Cast
) -> None:
    for number in (1, 2, 3):
        say(cast, number)
    jobs = OutboxJob.objects.filter(kind=JOB)
    assert set(jobs.values_list("run_after", flat=True)) == {MORNING}
    assert states() == [State.WAITING] * 3
    work()
    work()
    assert states() == [State.SENT] * 3
    assert mailbox.letters[0]["Subject"] == "SOPan: 3 pemberitahuan"
    assert mailbox.letters[0]["To"] == "kadis@sopan.example"
    for number in (1, 2, 3):
        assert f"https://sopan.example/tugas/{number}/" in text(mailbox)
    assert not Notice.objects.filter(mailed_at=None).exists()
    assert not Notice.objects.exclude(read_at=None).exists()


def test_what_comes_in_office_hours_goes_at_once(mailbox: Mailbox, cast: Cast) -> None:
    say(cast, 1, now=NOW)
    assert goes_at() == [NOW]
    work()
    assert [letter["Subject"] for letter in mailbox.letters] == ["SOPan: Kabar 1"]


@pytest.mark.parametrize(("may_break", "moment"), [(False, MORNING), (True, EVENING)])
def test_an_alarm_breaks_the_quiet_of_whoever_said_so(
    may_break: bool, moment: datetime, mailbox: Mailbox, cast: Cast
) -> None:
    prefer(cast, alarms_break_quiet=may_break)
    say(cast, 1, kind=ALARM)
    say(cast, 2)
    assert goes_at() == [moment, MORNING]


def test_quiet_hours_are_each_persons_own(mailbox: Mailbox, cast: Cast) -> None:
    prefer(cast, quiet_starts=time(12), quiet_ends=time(13, 30))
    say(cast, 1)
    say(cast, 2, now=NOW + 3.25 * HOUR)  # 12.15
    assert goes_at() == [EVENING, NOW + 4.5 * HOUR]


def test_whoever_has_no_quiet_hours_is_told_at_once_also_on_days_off(
    mailbox: Mailbox, cast: Cast
) -> None:
    prefer(cast, quiet_starts=time(0), quiet_ends=time(0), is_quiet_on_days_off=False)
    say(cast, 1, now=SATURDAY)
    assert goes_at() == [SATURDAY]


def test_a_summary_is_one_letter_of_the_whole_day_and_alarms_do_not_wait_for_it(
    mailbox: Mailbox, cast: Cast
) -> None:
    prefer(cast, summary_at=time(16))
    for number in range(3):
        say(cast, number, now=NOW + number * HOUR)
    say(cast, 3, kind=ALARM, now=NOW)
    assert goes_at() == [NOW + 7 * HOUR] * 3 + [NOW]
    work()
    subjects = [letter["Subject"] for letter in mailbox.letters]
    assert subjects == ["SOPan: 3 pemberitahuan", "SOPan: Kabar 3"]


def test_a_kind_that_somebody_does_not_want_by_mail_stays_in_the_site(
    mailbox: Mailbox, cast: Cast
) -> None:
    prefer(cast, ways={WAIT: [], DECISION: ["mail"]})
    say(cast, 1)
    say(cast, 2, kind=DECISION)
    assert list(NoticeDelivery.objects.values_list("notice__kind", flat=True)) == [DECISION]
    assert Notice.objects.count() == 2


def test_a_server_that_is_down_is_tried_again_until_it_answers(
    mailbox: Mailbox, cast: Cast
) -> None:
    mailbox.is_down = True
    say(cast, 1)
    work()
    assert states() == [State.WAITING]
    assert not mailbox.letters
    mailbox.is_down = False
    work()
    assert states() == [State.SENT]
    assert NoticeDelivery.objects.get().tries == 2
    assert "Kabar 1" in text(mailbox)


def test_a_server_that_stays_down_is_one_incident_and_trying_again_sends_all(
    mailbox: Mailbox, cast: Cast
) -> None:
    mailbox.is_down = True
    say(cast, 1)
    say(cast, 2)
    for _ in range(outbox.MAX_ATTEMPTS):
        work()
    work()
    assert states() == [State.FAILED] * 2
    (incident,) = open_incidents()
    assert incident.kind.label == "Mengirim pemberitahuan"
    assert incident.about.text == "Pemberitahuan lewat surel"
    mailbox.is_down = False
    outbox.retry(job=incident.job, now=NOW)
    work()
    assert states() == [State.SENT] * 2
    assert mailbox.letters[0]["Subject"] == "SOPan: 2 pemberitahuan"


def test_a_reader_without_an_address_by_then_is_sent_nothing(mailbox: Mailbox, cast: Cast) -> None:
    say(cast, 1)
    User.objects.filter(pk=cast.kadis.pk).update(email="")
    work()
    assert states() == [State.DROPPED]
    assert not mailbox.letters
    assert not open_incidents()
