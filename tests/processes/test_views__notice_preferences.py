"""The page on which a person says how he wants to be told."""

from datetime import time

import pytest
from django.conf import LazySettings

from foundation.models import Event
from processes.models import NoticePreference
from processes.notices.kinds import DECISION, QUEUE, WAIT
from tests.cast import Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/accounts/pemberitahuan/"
FORM = {"quiet_starts": "20:00", "quiet_ends": "06:30", "is_quiet_on_days_off": "on"}


def test_the_account_and_the_notices_lead_there(cast: Cast) -> None:
    client = browser(cast.operator)
    for page in ("/accounts/keamanan/", "/tugas/pemberitahuan/"):
        assert PAGE in client.get(page).content.decode()


def test_a_server_that_sends_nothing_says_so(cast: Cast, settings: LazySettings) -> None:
    settings.MAIL_IS_SET_UP = False
    shown = text_of(browser(cast.operator).get(PAGE))
    assert "Server ini belum mengirim apa pun ke luar" in shown
    assert "Belum diatur di server ini" in shown


def test_what_is_chosen_is_kept_with_an_event(cast: Cast, settings: LazySettings) -> None:
    settings.MAIL_IS_SET_UP = True
    client = browser(cast.operator)
    posted = FORM | {WAIT: ["mail"], QUEUE: ["site"], "is_summed_up": "on", "summary_at": "15:00"}
    assert client.post(PAGE, posted)["Location"] == PAGE
    row = NoticePreference.objects.get(user=cast.operator)
    assert (row.quiet_starts, row.quiet_ends, row.summary_at) == (time(20), time(6, 30), time(15))
    assert (row.ways[WAIT], row.ways[QUEUE], row.ways[DECISION]) == (["mail"], ["site"], [])
    event = Event.objects.get(verb="notice_preference_set")
    assert (event.actor_id, event.after["ways"][WAIT]) == (cast.operator.pk, ["mail"])
    shown = client.get(PAGE).content.decode()
    assert 'value="15:00"' in shown
    assert "tersimpan" in shown


def test_what_is_no_time_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    answer = browser(cast.operator).post(PAGE, FORM | {"quiet_starts": "pukul enam"})
    assert answer.status_code == 422
    assert "pukul enam" in answer.content.decode()
    assert "Belum tersimpan" in text_of(answer)
    assert not NoticePreference.objects.exists()


def test_a_channel_that_is_closed_now_stays_as_it_was_chosen(
    cast: Cast, settings: LazySettings
) -> None:
    client = browser(cast.operator)
    settings.MAIL_IS_SET_UP = True
    client.post(PAGE, FORM | {WAIT: ["mail"]})
    settings.MAIL_IS_SET_UP = False
    client.post(PAGE, FORM)
    assert NoticePreference.objects.get().ways[WAIT] == ["mail"]
