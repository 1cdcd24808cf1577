"""A racer: attempts the same act on the same tasks as the others, and meets them at each.

Who is fast at starting, or has a core for himself, is not ahead by that: inside each attempt, at
the door of the database, a racer waits until all the others stand there too.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
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

ANSWERS = {
    "approve": {"putusan": "disetujui"},
    "return": {"putusan": "dikembalikan", "alasan": "Lampiran belum lengkap"},
}
LINGER = 0.002  # seconds that who has read a task leaves to the others before he goes on


class Meeting:
    """Where one attempt meets the others: at its first statement, before anything is locked."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.is_over = False

    def at_the_door(self) -> AbstractContextManager[None]:
        """Wait, while the block lasts, before its first statement."""
        return connection.execute_wrapper(self._execute)

    def wait(self) -> None:
        wait_for_signal()
        self.is_over = True

    def _execute(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        if self.is_over:
            return execute(*arguments)
        self.wait()
        answer = execute(*arguments)
        time.sleep(LINGER)
        return answer


def run(*, act: str, username: str, key: str, tasks: list[int]) -> list[tuple[str, float, float]]:
    """Return per task what came of it, and when the attempt began and ended (monotonic seconds).

    "won", or the refusal ("409 AlreadyDone"); anything else is an error.
    """
    user = User.objects.get(username=username)
    definition_of(Task.objects.select_related("instance").get(pk=tasks[0]).instance)
    attempt = attempts(user, act, key, tasks)
    results = []
    for task in tasks:
        meeting = Meeting()
        with meeting.at_the_door():
            told = outcome(attempt, task)
        if not meeting.is_over:  # refused without a look at the database: the others wait
            meeting.wait()
        results.append((told, meeting.begun, time.monotonic()))
    wait_for_signal()  # the finish: who waits for everybody at each task need not know the last
    return results


def attempts(user: User, act: str, key: str, tasks: list[int]) -> Callable[[int], Any]:
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
        rows: Mapping[int, int] = {task: timers.timer_of(task, act) for task in tasks}
        return lambda task: timers.fire(rows[task])
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
    attempt = attempts(user, "approve", "klik", tasks)
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
