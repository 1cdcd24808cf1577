"""One id from a request to the work that it asked for, told to people where something failed."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from foundation import outbox
from foundation.middleware import TraceMiddleware
from foundation.models import OutboxJob
from foundation.tracing import ACCEPTED, current_job, current_trace, new_trace, traced
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of

HEADER = "X-Request-ID"


def asked(view: Callable[[HttpRequest], HttpResponse], **headers: str) -> HttpResponse:
    return TraceMiddleware(view)(RequestFactory().get("/", headers=headers))


def telling(request: HttpRequest) -> HttpResponse:
    return HttpResponse(current_trace())


def test_an_id_is_short_and_nobody_has_it() -> None:
    made = {new_trace() for _ in range(1000)}
    assert len(made) == 1000
    assert all(ACCEPTED.fullmatch(trace) and len(trace) == 14 for trace in made)
    assert not set("".join(made)) & set("01ILOU")


def test_a_request_works_under_the_id_that_it_brings_and_is_told_it() -> None:
    answer = asked(telling, **{HEADER: "proxy-17aB"})
    assert (answer.content.decode(), answer[HEADER]) == ("proxy-17aB", "proxy-17aB")
    assert current_trace() == ""


@pytest.mark.parametrize("told", ["", "a" * 65, "a b", "<script>", "a\nb", "ä", "a_b"])
def test_what_is_no_id_is_replaced(told: str) -> None:
    answer = asked(telling, **{HEADER: told})
    assert answer[HEADER] != told
    assert ACCEPTED.fullmatch(answer[HEADER])


def test_two_requests_at_once_keep_their_own() -> None:
    both, told = threading.Barrier(2), []

    def view(request: HttpRequest) -> HttpResponse:
        both.wait(60)
        return telling(request)

    def ask(number: int) -> None:
        told.append((f"n-{number}", asked(view, **{HEADER: f"n-{number}"}).content.decode()))

    threads = [threading.Thread(target=ask, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == [("n-1", "n-1"), ("n-2", "n-2")]


@pytest.mark.django_db
def test_a_job_keeps_the_id_and_is_done_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int | None]] = []

    def work(payload: Mapping[str, Any]) -> None:
        seen.append((current_trace(), current_job()))
        if payload["n"] == 1:
            outbox.enqueue(kind="uji", key="b", payload={"n": 2}, run_after=timezone.now())

    monkeypatch.setattr(outbox, "_handlers", {"uji": work})
    monkeypatch.setattr(outbox, "_kick", None)
    with traced("asal-1"):
        first = outbox.enqueue(kind="uji", key="a", payload={"n": 1}, run_after=timezone.now())
    outbox.drain()
    second = OutboxJob.objects.get(key="b")
    assert [first.trace, second.trace] == ["asal-1", "asal-1"]
    assert seen == [("asal-1", first.pk), ("asal-1", second.pk)]
    assert (current_trace(), current_job()) == ("", None)


@pytest.mark.django_db
def test_jobs_that_are_stored_many_at_once_keep_it_without_another_query(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_kick", None)
    with traced("asal-2"), django_assert_num_queries(1):
        outbox.enqueue_new(
            [OutboxJob(kind="uji", key=key, run_after=NOW, created_at=NOW) for key in "abc"]
        )
    assert set(OutboxJob.objects.values_list("trace", flat=True)) == {"asal-2"}


@pytest.mark.django_db
def test_what_a_failure_leads_to_is_done_under_the_id_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    def refuse(payload: Mapping[str, Any]) -> None:
        raise outbox.Refused("Tidak dapat.")

    def note(payload: Mapping[str, Any], text: str) -> None:
        told.append(current_trace())

    monkeypatch.setattr(outbox, "_handlers", {"uji": refuse})
    monkeypatch.setattr(outbox, "_failure_hooks", {"uji": note})
    monkeypatch.setattr(outbox, "_kick", None)
    with traced("asal-3"):
        outbox.enqueue(kind="uji", key="a", payload={}, run_after=timezone.now())
    outbox.drain()
    assert told == ["asal-3"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/tidak-ada/", "/tugas/?q=surat%00"])
def test_a_page_of_error_says_the_id_as_its_header_does(cast: Cast, address: str) -> None:
    answer = browser(cast.operator).get(address)
    assert answer.status_code in (400, 404)
    assert f"Kode bantuan: {answer[HEADER]}" in text_of(answer)


@pytest.mark.django_db
def test_a_refused_form_says_it(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "x"})
    assert answer.status_code == 403
    assert f"Kode bantuan: {answer[HEADER]}" in text_of(answer)


def test_a_fault_is_told_with_the_id_and_without_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No mark for the database: asking it anything would fail this test."""

    def break_down(self: Any, request: HttpRequest) -> None:
        raise RuntimeError("rusak")

    monkeypatch.setattr("whitenoise.middleware.WhiteNoiseMiddleware.__call__", break_down)
    answer = Client(raise_request_exception=False).get("/tugas/", headers={HEADER: "rusak-1"})
    assert (answer.status_code, answer[HEADER]) == (500, "rusak-1")
    assert "Kode bantuan: rusak-1" in text_of(answer)
    assert "RuntimeError" not in answer.content.decode()
