"""A racer: attempts the same act on the same tasks at the same moments as the others."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from organization.models import User
from processes.definitions import definition_of
from processes.exceptions import ProcessError
from processes.models import Task
from processes.services import claim_task, complete_task
from tests.faults import timers
from tests.inside import wait_for_signal

GAP = 0.02  # seconds from one task to the next; the racers meet anew at each
ANSWERS = {
    "approve": {"putusan": "disetujui"},
    "return": {"putusan": "dikembalikan", "alasan": "Lampiran belum lengkap"},
}


def run(*, act: str, username: str, key: str, tasks: list[int]) -> list[str]:
    """Return per task "won", or the refusal ("409 AlreadyDone"); anything else is an error."""
    user = User.objects.get(username=username)
    definition_of(Task.objects.select_related("instance").get(pk=tasks[0]).instance)
    attempt = attempts(user, act, key)
    begin = float(wait_for_signal())
    results = []
    for number, task in enumerate(tasks):
        while (left := begin + number * GAP - time.time()) > 0:
            time.sleep(min(left, 0.001))
        results.append(outcome(attempt, task))
    return results


def attempts(user: User, act: str, key: str) -> Callable[[int], Any]:
    def claim(task: int) -> Any:
        return claim_task(task_id=task, actor_user=user, now=timezone.now())

    def complete(task: int) -> Any:
        return complete_task(
            task_id=task,
            actor_user=user,
            answers=ANSWERS[act],
            now=timezone.now(),
            idempotency_key=f"{key}-{task}",
        )

    if act in timers.TIMERS:
        return lambda task: timers.fire(task, act)
    return claim if act == "claim" else complete


def outcome(attempt: Callable[[int], Any], task: int) -> str:
    try:
        done = attempt(task)
    except ProcessError as refusal:
        return f"{refusal.status} {type(refusal).__name__}"
    except Exception as error:  # a page would have answered 500: the test must see which
        return f"500 {type(error).__name__}: {error}"
    return "repeated" if getattr(done, "repeated", False) else "won"


def double_click(*, tasks: list[int], username: str, times: int) -> list[list[str]]:
    """Send one request (one key) so many times at once; return what each was told, per task."""
    user = User.objects.get(username=username)
    attempt = attempts(user, "approve", "klik")
    results = []
    for task in tasks:
        told: list[str] = []
        barrier = threading.Barrier(times)

        def click(task: int = task, told: list[str] = told, barrier: Any = barrier) -> None:
            close_old_connections()
            connection.ensure_connection()
            barrier.wait()
            told.append(outcome(attempt, task))
            connection.close()

        threads = [threading.Thread(target=click) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        results.append(told)
    return results
