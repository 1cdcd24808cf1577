"""Notices reach a mailbox: not by night, several as one letter, and again when nobody answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from foundation import outbox
from foundation.incidents import open_incidents
from foundation.models import OutboxJob
from organization.models import Agency, PublicHoliday, User
from processes.models import Notice, NoticeDelivery
from processes.notices.quiet import silenced_until
from processes.services.notice_deliveries import JOB
from processes.services.notices import ALARM, WAIT, notify
from tests.cast import NOW, Cast
from tests.processes.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = NOW + 10 * HOUR  # Monday 20 April 2026, 19.00 WITA
MORNING = NOW + 22 * HOUR  # Tuesday, 07.00
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


def test_an_alarm_and_what_comes_in_office_hours_go_at_once(mailbox: Mailbox, cast: Cast) -> None:
    say(cast, 1, kind=ALARM)
    say(cast, 2, now=NOW)
    jobs = OutboxJob.objects.filter(kind=JOB).order_by("pk")
    assert list(jobs.values_list("run_after", flat=True)) == [EVENING, NOW]
    work()
    assert [letter["Subject"] for letter in mailbox.letters] == ["SOPan: Kabar 1", "SOPan: Kabar 2"]


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
