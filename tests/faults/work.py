"""Decisions made while the broker is away, and what the clock begins; runs inside an office."""

from collections import Counter
from typing import Any

from django.utils import timezone

from attendance.services.periodic import JOB, due_periodic
from foundation.ledger.anchors import anchor_if_due
from foundation.models import Anchor, Event, OutboxJob
from organization.models import User
from processes.models import Instance, Task
from processes.services import complete_task
from tests.faults.race import ANSWERS
from tests.faults.room.operations import VERB, attempts_file, poison_file
from tests.faults.staging import HEADS, start_decisions
from tests.inside import wait_for_signal


def decide(*, count: int, label: str) -> int:
    """Let one person approve so many; return how many steps the system has to do, one for each."""
    head = User.objects.get(username=HEADS[0])
    for task in start_decisions(count=count, claimed_by=head.username, label=label):
        complete_task(task_id=task, actor_user=head, answers=ANSWERS["approve"], now=timezone.now())
    waiting = OutboxJob.objects.filter(state=OutboxJob.State.WAITING)
    return waiting.filter(key__startswith="task:").count()


def poison() -> int:
    """Let the only step that waits fail whenever it is tried; return the number of its task."""
    task = Task.objects.get(kind="automatic", documents=None, status="ready")
    poison_file().write_text(str(task.pk))
    return int(task.pk)


def hasten() -> None:
    """Let nothing wait before it is tried again."""
    waiting = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, leased_until=None)
    waiting.update(run_after=timezone.now())


def tries(*, task: int) -> int:
    """Return how often the operation of a task was begun."""
    lines = attempts_file().read_text().splitlines() if attempts_file().exists() else []
    return sum(line.split()[0] == str(task) for line in lines)


def left() -> int:
    """Return how many jobs wait."""
    return OutboxJob.objects.filter(state=OutboxJob.State.WAITING).count()


def begun() -> int:
    """Return how often an operation was begun."""
    return attempts_file().read_text().count("\n") if attempts_file().exists() else 0


def effects() -> dict[str, Any]:
    """Return how often each step of the system had its effect, and how the instances stand."""
    marks = Counter(Event.objects.filter(verb=VERB).values_list("subject", flat=True))
    steps = Task.objects.filter(kind="automatic", documents=None, status="completed").count()
    return {
        "twice": sorted(subject for subject, times in marks.items() if times > 1),
        "marks": len(marks),
        "steps": steps,
        "incidents": OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).count(),
        "instances": dict(Counter(Instance.objects.values_list("status", flat=True))),
    }


def tick() -> None:
    """Do what the clock begins, at the same moment as others do."""
    wait_for_signal()
    due_periodic(timezone.now())
    anchor_if_due(now=timezone.now())


def begun_by_the_clock() -> dict[str, int]:
    keys = OutboxJob.objects.filter(kind=JOB).values_list("key", flat=True)
    days = Counter(timezone.localdate(anchor.at) for anchor in Anchor.objects.all())
    return {"jobs": len(keys), "periods": len(set(keys)), "anchors a day": max(days.values())}


def lease() -> str:
    """Return until when the job that is being done is leased; it grows as it is renewed."""
    job = OutboxJob.objects.filter(state=OutboxJob.State.WAITING).exclude(leased_until=None).first()
    return job.leased_until.isoformat() if job is not None and job.leased_until else ""
