"""What a person may is read once for a page that is shown, and anew for what is sent in."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organization.middleware import ShowingMiddleware
from organization.permissions import may_somewhere, showing_to
from tests.cast import Cast
from tests.pages import browser

MENU = 5  # entries that ask


def asks(cast: Cast, method: str) -> int:
    """Return how often the database was asked while every entry of a menu asked."""

    def page(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        assert all(may_somewhere(cast.kadis, "devices.view", now) for _ in range(MENU))
        return HttpResponse()

    request = HttpRequest()
    request.method, request.user = method, cast.kadis
    with CaptureQueriesContext(connection) as asked:
        ShowingMiddleware(page)(request)
    return len(asked)


@pytest.mark.parametrize(("method", "times"), [("GET", 1), ("HEAD", 1), ("POST", MENU)])
def test_mandates_are_read_once_to_show_a_page_and_each_time_to_act(
    cast: Cast, method: str, times: int
) -> None:
    assert asks(cast, method) == times


def test_a_part_that_is_shown_within_a_page_uses_what_the_page_read(cast: Cast) -> None:
    now = timezone.now()
    with CaptureQueriesContext(connection) as asked, showing_to(cast.kadis):
        assert may_somewhere(cast.kadis, "devices.view", now)
        with showing_to(cast.kadis):
            assert may_somewhere(cast.kadis, "devices.view", now)
        assert may_somewhere(cast.kadis, "devices.view", now)
    assert len(asked) == 1


def test_an_appointment_that_ended_counts_no_more_at_the_next_page(cast: Cast) -> None:
    page = browser(cast.kadis)
    assert page.get("/mesin/").status_code == 200
    cast.kadis.appointments.update(revoked_at=timezone.now())
    assert page.get("/mesin/").status_code == 403
