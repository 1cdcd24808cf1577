"""Outgoing work: rows are the queue.

A service enqueues in its own transaction; after the commit a kick wakes a worker, and a sweep by
the clock finds what a lost kick left behind. A worker holds a job by a lease that it renews while
it works: when it dies, the lease runs out and another takes over. Handlers must therefore be safe
to run twice. One that waits for something outside raises `Postponed` and is called again; one that
would find the same again raises `Refused` and is shown at once.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from foundation.indonesian import duration_text
from foundation.models import OutboxJob
from foundation.prepared import PreparedQuery, Slot, update_rows
from foundation.tracing import traced

logger = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any]], None]
MAX_ATTEMPTS = 6
BACK_OFF = [timedelta(seconds=s) for s in (2, 10, 30, 120, 600)]

# Work that waits for something outside, a machine or a person at it, ends as an incident too.
MAX_POSTPONED = timedelta(hours=2)

_handlers: dict[str, Handler] = {}
_failure_hooks: dict[str, Callable[[Mapping[str, Any], str], None]] = {}
_kick: Callable[[], None] | None = None


class Postponed(Exception):
    """Raised by a handler: still at work, look again later. It costs no attempt.

    `progress` is a sentence for whoever waits.
    """

    def __init__(self, progress: str, again_in: timedelta) -> None:
        super().__init__(progress)
        self.progress, self.again_in = progress, again_in


class Refused(Exception):
    """Raised by a handler: trying again would find the same. People see the sentence at once."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def kinds() -> frozenset[str]:
    """Return the kinds of work that somebody does."""
    return frozenset(_handlers)


def on_incident(
    kind: str,
) -> Callable[[Callable[[Mapping[str, Any], str], None]], Callable[[Mapping[str, Any], str], None]]:
    """Register what is told when a job of this kind has used up its attempts."""

    def register(
        hook: Callable[[Mapping[str, Any], str], None],
    ) -> Callable[[Mapping[str, Any], str], None]:
        _failure_hooks[kind] = hook
        return hook

    return register


def set_kick(kick: Callable[[], None] | None) -> None:
    """Register what wakes a worker after a commit (config/celery.py does)."""
    global _kick
    _kick = kick


def enqueue(*, kind: str, key: str, payload: Mapping[str, Any], run_after: datetime) -> OutboxJob:
    """Store a job in the caller's transaction; the same key twice is one job."""
    job, created = OutboxJob.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": dict(payload),
            "run_after": run_after,
            "created_at": timezone.now(),
        },
    )
    if created:
        wake()
    return job


def enqueue_new(
    jobs: list[OutboxJob],
) -> None:
    """Store jobs whose keys are new by construction, in one query; wakes a worker on commit."""
    if jobs:
        OutboxJob.objects.bulk_create(jobs)
        wake()


def wake() -> None:
    """Ask for a worker once the transaction has committed; the sweep covers a kick that fails."""
    transaction.on_commit(_kick_quietly)


def _kick_quietly() -> None:
    if _kick is None:
        return
    try:
        _kick()
    except Exception as error:
        # The row is committed: the sweep will find it, whatever the broker's trouble is.
        logger.warning(
            "outbox: kick failed (%s); the sweep will find the job", type(error).__name__
        )


def due(now: "datetime | Slot") -> models.QuerySet[OutboxJob]:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    return OutboxJob.objects.filter(
        free, state=OutboxJob.State.WAITING, run_after__lte=now
    ).order_by("run_after", "id")


_NEXT = PreparedQuery(lambda: due(Slot("now", models.DateTimeField()))[:1])


def _lease(job: OutboxJob, now: datetime) -> bool:
    """Take the job if nobody else did in the meantime (compare-and-swap on the old lease)."""
    token, attempts = uuid.uuid4().hex, job.attempts + 1
    taken = update_rows(
        OutboxJob,
        where={
            "id": job.pk,
            "state": OutboxJob.State.WAITING,
            "lease_token": job.lease_token,
            "attempts": job.attempts,
        },
        changes={
            "leased_until": now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
            "lease_token": token,
            "attempts": attempts,
        },
    )
    if taken:
        job.lease_token, job.attempts = token, attempts
    return bool(taken)


@contextmanager
def _renewed_lease(job: OutboxJob) -> Iterator[None]:
    """Keep the lease alive from a thread of its own while the handler works."""
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(settings.OUTBOX_LEASE_SECONDS / 3):
            OutboxJob.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
                leased_until=timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
            )
        connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run_job(job: OutboxJob) -> bool:
    """Do one leased job; return whether it succeeded. A failure is retried later, then shown."""
    with traced(job.trace, job=job.pk):
        return _do(job)


def _do(job: OutboxJob) -> bool:
    if job.attempts > MAX_ATTEMPTS:
        # Nobody was left to note those failures: each attempt took its worker with it.
        _give_up(job, f"Pekerjaan ini menghentikan pelaksananya {MAX_ATTEMPTS} kali.")
        return False
    try:
        with _renewed_lease(job):
            _handlers[job.kind](job.payload)
    except Postponed as pause:
        _postpone(job, pause)
        return False
    except Refused as refusal:
        _give_up(job, str(refusal)[:500])
        return False
    except Exception as error:
        _note_failure(job, error)
        return False
    update_rows(
        OutboxJob,
        where={"id": job.pk, "lease_token": job.lease_token},
        changes={
            "state": OutboxJob.State.DONE,
            "done_at": timezone.now(),
            "leased_until": None,
            "last_error": "",
            "progress": "",
        },
    )
    return True


def _postpone(job: OutboxJob, pause: Postponed) -> None:
    now = timezone.now()
    since = job.postponed_since or now
    if now - since > MAX_POSTPONED:
        _give_up(job, f"Belum selesai setelah {duration_text(MAX_POSTPONED)}: {pause.progress}")
        return
    OutboxJob.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
        attempts=models.F("attempts") - 1,
        leased_until=None,
        run_after=now + pause.again_in,
        progress=pause.progress[:500],
        postponed_since=since,
        last_error="",
    )


def _note_failure(job: OutboxJob, error: Exception) -> None:
    # The message is shown to people; arguments and tracebacks may hold personal data and are not.
    # Our own refusals are sentences; what comes from below ("KeyError: 'x'") needs its kind named.
    foreign = type(error).__module__ == "builtins" or not str(error)
    text = (f"{type(error).__name__}: {error}" if foreign else str(error))[:500]
    logger.warning("outbox: %s attempt %d failed: %s", job.key, job.attempts, type(error).__name__)
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, text)
        return
    OutboxJob.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
        last_error=text,
        leased_until=None,
        run_after=timezone.now() + BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1],
    )


def _give_up(job: OutboxJob, text: str) -> None:
    """Turn a job into an incident that people see and can try again."""
    OutboxJob.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
        state=OutboxJob.State.INCIDENT, last_error=text, leased_until=None, progress=""
    )
    if hook := _failure_hooks.get(job.kind):
        hook(job.payload, text)


def hasten(*, key: str, now: datetime) -> None:
    """Let a postponed job look again at once: what it waited for has ended."""
    OutboxJob.objects.filter(key=key, state=OutboxJob.State.WAITING).update(run_after=now)
    wake()


def give_up(*, key: str, text: str) -> None:
    """Turn a waiting job into an incident: what it waited for has failed for good."""
    job = OutboxJob.objects.filter(key=key, state=OutboxJob.State.WAITING).first()
    if job is not None:
        _give_up(job, text)


def drain(*, limit: int = 100, seconds: float = 60) -> int:
    """Do what is due now, one job after the other; return how many were started.

    No job is begun after `seconds`: the worker that calls this has a time limit of its own.
    """
    started, end = 0, time.monotonic() + seconds
    while started < limit and time.monotonic() < end:
        job = _NEXT.first(now=timezone.now())
        if job is None:
            return started
        if _lease(job, timezone.now()):
            started += 1
            run_job(job)
    if started and _NEXT.first(now=timezone.now()) is not None:
        wake()
    return started


def progress_of(keys: Iterable[str]) -> dict[str, str]:
    """Return how far waiting jobs are, as sentences by key; jobs that say nothing are left out."""
    jobs = OutboxJob.objects.filter(key__in=list(keys), state=OutboxJob.State.WAITING)
    told = jobs.values_list("key", "progress", "last_error")
    return {key: text for key, progress, error in told if (text := progress or _tried(error))}


def _tried(error: str) -> str:
    return f"Percobaan terakhir gagal dan akan diulang: {error}" if error else ""


@transaction.atomic
def retry(*, job: OutboxJob, now: datetime) -> bool:
    """Give an incident a fresh set of attempts; whether it still was one."""
    incident = OutboxJob.objects.filter(pk=job.pk, state=OutboxJob.State.INCIDENT)
    was_one = incident.update(
        state=OutboxJob.State.WAITING, attempts=0, run_after=now, postponed_since=None
    )
    wake()
    return bool(was_one)


def drop(*, job: OutboxJob, now: datetime) -> bool:
    """Let an incident rest for good; whether it still was one.

    It is done without having succeeded: unlike what succeeded, it keeps the error of its last try.
    """
    incident = OutboxJob.objects.filter(pk=job.pk, state=OutboxJob.State.INCIDENT)
    return bool(incident.update(state=OutboxJob.State.DONE, done_at=now))
