"""The outbox: leased, retried, shown as an incident, and alive when the broker is not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from foundation import outbox
from foundation.models import OutboxJob
from foundation.uploads import UploadRefused
from tests.cast import NOW

pytestmark = pytest.mark.django_db
State = OutboxJob.State


class Work:
    """A handler that remembers its calls and fails as often as told."""

    def __init__(self) -> None:
        self.calls: list[Mapping[str, Any]] = []
        self.failures = 0
        self.error: Exception = ConnectionError("mesin tidak menjawab")
        self.incidents: list[str] = []

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self.calls.append(payload)
        if len(self.calls) <= self.failures:
            raise self.error


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Handlers of this test only; the lease is not renewed by a thread, which has its own rows."""
    made = Work()
    monkeypatch.setattr(outbox, "_handlers", {"uji": made})
    monkeypatch.setattr(
        outbox, "_failure_hooks", {"uji": lambda payload, text: made.incidents.append(text)}
    )
    monkeypatch.setattr(outbox, "_kick", None)
    return made


def put(key: str = "a", run_after: datetime = NOW) -> OutboxJob:
    return outbox.enqueue(kind="uji", key=key, payload={"n": key}, run_after=run_after)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def test_a_due_job_is_done_once(work: Work) -> None:
    with at(NOW):
        job = put()
        assert outbox.drain() == 1
        assert outbox.drain() == 0
    job.refresh_from_db()
    assert job.state == State.DONE
    assert work.calls == [{"n": "a"}]


def test_the_same_key_twice_is_one_job(work: Work) -> None:
    assert put().pk == put().pk
    assert OutboxJob.objects.count() == 1


def test_a_job_of_later_waits(work: Work) -> None:
    with at(NOW):
        put(run_after=NOW + timedelta(minutes=5))
        assert outbox.drain() == 0
    with at(NOW + timedelta(minutes=5)):
        assert outbox.drain() == 1


def test_jobs_are_done_in_the_order_in_which_they_are_due(work: Work) -> None:
    with at(NOW):
        put("kedua", NOW - timedelta(seconds=1))
        put("pertama", NOW - timedelta(seconds=2))
        outbox.drain()
    assert [call["n"] for call in work.calls] == ["pertama", "kedua"]


def test_a_leased_job_is_offered_to_nobody_until_its_lease_has_run_out(work: Work) -> None:
    job = put()
    assert outbox._lease(job, NOW)
    assert not outbox.due(NOW + timedelta(seconds=29)).exists()
    assert outbox.due(NOW + timedelta(seconds=31)).exists()


def test_of_two_workers_that_saw_the_same_job_one_gets_it(work: Work) -> None:
    put()
    first, second = OutboxJob.objects.get(), OutboxJob.objects.get()
    assert outbox._lease(first, NOW)
    assert not outbox._lease(second, NOW)


@pytest.mark.fault("F12")
def test_a_worker_whose_lease_was_taken_over_cannot_finish_the_job(work: Work) -> None:
    put()
    slow = OutboxJob.objects.get()
    outbox._lease(slow, NOW)
    quick = outbox.due(NOW + timedelta(minutes=1)).get()
    assert outbox._lease(quick, NOW + timedelta(minutes=1))
    with at(NOW + timedelta(minutes=1)):
        outbox.run_job(slow)
    assert OutboxJob.objects.get().state == State.WAITING
    with at(NOW + timedelta(minutes=1)):
        outbox.run_job(quick)
    assert OutboxJob.objects.get().state == State.DONE


def test_a_failure_is_tried_again_after_a_growing_while(work: Work) -> None:
    work.failures = 2
    job = put()
    with at(NOW):
        assert outbox.drain() == 1
    job.refresh_from_db()
    assert job.state == State.WAITING
    assert job.last_error == "ConnectionError: mesin tidak menjawab"
    assert job.run_after == NOW + timedelta(seconds=2)
    assert job.leased_until is None
    with at(NOW + timedelta(seconds=2)):
        outbox.drain()
    job.refresh_from_db()
    assert job.run_after == NOW + timedelta(seconds=12)
    with at(NOW + timedelta(seconds=12)):
        outbox.drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (State.DONE, 3, "")


def play(until: Callable[[], bool], start: datetime) -> datetime:
    """Let the clock run from one due moment to the next."""
    moment = start
    while not until():
        job = OutboxJob.objects.filter(state=State.WAITING).earliest("run_after")
        moment = max(moment, job.run_after)
        with at(moment):
            outbox.drain(limit=1)
    return moment


@pytest.mark.fault("F13")
def test_a_job_that_always_fails_becomes_an_incident_and_tells_its_room(work: Work) -> None:
    work.failures = 99
    job = put()
    end = play(lambda: not OutboxJob.objects.filter(state=State.WAITING).exists(), NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.INCIDENT, outbox.MAX_ATTEMPTS)
    assert work.incidents == ["ConnectionError: mesin tidak menjawab"]
    with at(end + timedelta(days=1)):
        assert outbox.drain() == 0


def test_a_job_that_takes_its_worker_along_each_time_becomes_an_incident(work: Work) -> None:
    job = put()
    OutboxJob.objects.filter(pk=job.pk).update(attempts=outbox.MAX_ATTEMPTS)
    outbox.drain()
    job.refresh_from_db()
    assert (job.state, work.calls) == (State.INCIDENT, [])
    assert work.incidents == ["Pekerjaan ini menghentikan pelaksananya 6 kali."]


@pytest.mark.fault("F14")
def test_a_refusal_of_our_own_is_shown_as_its_sentence(work: Work) -> None:
    work.failures, work.error = 1, UploadRefused("Mesin Lobi menolak; periksa kuncinya.")
    job = put()
    outbox.drain()
    job.refresh_from_db()
    assert job.last_error == "Mesin Lobi menolak; periksa kuncinya."


def test_no_job_is_begun_when_the_time_is_over(work: Work) -> None:
    put()
    assert outbox.drain(seconds=0) == 0


@pytest.mark.fault("F13")
def test_a_poisoned_job_does_not_hold_up_the_others(work: Work) -> None:
    def poisoned(payload: Mapping[str, Any]) -> None:
        raise RuntimeError("rusak")

    outbox._handlers["racun"] = poisoned
    with at(NOW):
        outbox.enqueue(kind="racun", key="racun", payload={}, run_after=NOW - timedelta(1))
        put("sehat")
        assert outbox.drain() == 2
    assert work.calls == [{"n": "sehat"}]


def test_a_job_of_an_unknown_kind_is_retried_and_not_lost(work: Work) -> None:
    with at(NOW):
        job = outbox.enqueue(kind="asing", key="x", payload={}, run_after=NOW)
        outbox.drain()
    job.refresh_from_db()
    assert job.state == State.WAITING
    assert job.last_error.startswith("KeyError")


def test_an_incident_gets_a_fresh_set_of_attempts(work: Work) -> None:
    work.failures = outbox.MAX_ATTEMPTS
    job = put()
    end = play(lambda: not OutboxJob.objects.filter(state=State.WAITING).exists(), NOW)
    outbox.retry(job=job, now=end)
    with at(end):
        assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 1)


def test_a_worker_is_woken_after_the_commit_and_not_before(
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    kicks: list[datetime] = []
    monkeypatch.setattr(outbox, "_kick", lambda: kicks.append(timezone.now()))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            put()
        assert kicks == []
    assert len(kicks) == 1


@pytest.mark.fault("F10")
def test_a_broker_that_is_down_neither_breaks_the_request_nor_loses_the_job(
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def broken() -> None:
        raise ConnectionRefusedError("broker")

    monkeypatch.setattr(outbox, "_kick", broken)
    with at(NOW):
        with django_capture_on_commit_callbacks(execute=True):
            put()
        assert outbox.drain() == 1
    assert work.calls == [{"n": "a"}]


def test_a_transaction_that_is_rolled_back_leaves_no_job(work: Work) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert not OutboxJob.objects.exists()


def test_work_that_waits_for_something_outside_costs_no_attempt_and_says_how_far_it_is(
    work: Work,
) -> None:
    work.failures, work.error = 20, outbox.Postponed("12 dari 40", timedelta(seconds=5))
    job = put()
    for n in range(10):
        with at(NOW + timedelta(seconds=5 * n)):
            assert outbox.drain() == 1
            assert outbox.drain() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress) == (State.WAITING, 0, "12 dari 40")
    assert outbox.progress_of(["a", "lain"]) == {"a": "12 dari 40"}
    work.failures = 0
    with at(NOW + timedelta(minutes=1)):
        assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.progress) == (State.DONE, "")


def test_work_that_is_postponed_for_ever_becomes_an_incident_and_may_begin_again(
    work: Work,
) -> None:
    work.failures, work.error = 99, outbox.Postponed("menunggu Mesin Lobi", timedelta(minutes=30))
    job = put()
    moments = [NOW + timedelta(minutes=30 * n) for n in range(6)]
    for moment in moments:
        with at(moment):
            outbox.drain()
    job.refresh_from_db()
    assert job.state == State.INCIDENT
    assert work.incidents == ["Belum selesai setelah 2 jam: menunggu Mesin Lobi"]
    outbox.retry(job=job, now=moments[-1])
    with at(moments[-1]):
        outbox.drain()
    job.refresh_from_db()
    assert (job.state, job.progress) == (State.WAITING, "menunggu Mesin Lobi")


def test_what_is_refused_is_told_at_once_and_may_be_tried_again(work: Work) -> None:
    work.failures, work.error = 1, outbox.Refused("Belum ada berkas")
    job = put()
    with at(NOW):
        outbox.drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, work.incidents) == (State.INCIDENT, 1, ["Belum ada berkas"])
    outbox.retry(job=job, now=NOW)
    with at(NOW):
        outbox.drain()
    job.refresh_from_db()
    assert job.state == State.DONE


def test_a_failure_between_two_pauses_is_counted_and_told(work: Work) -> None:
    work.failures = 1
    job = put()
    with at(NOW):
        outbox.drain()
    job.refresh_from_db()
    assert job.attempts == 1
    assert outbox.progress_of(["a"])["a"].endswith("mesin tidak menjawab")
    work.failures, work.error = 2, outbox.Postponed("12 dari 40", timedelta(seconds=5))
    with at(NOW + timedelta(minutes=1)):
        outbox.drain()
    job.refresh_from_db()
    assert (job.attempts, job.progress, job.last_error) == (1, "12 dari 40", "")
