"""What is prepared before and looked at after: runs inside a process of the office."""

from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from foundation import ledger
from foundation.models import Event, OutboxJob
from organization.models import User
from processes.models import Instance, Task
from processes.services import claim_task, start_process
from tests.cast import appoint, make_cast

SOP = "persetujuan"
HEADS = ("ratna", "maria", "anselmus", "joko")  # four people who may decide


def prepare() -> None:
    """Make the tables and the people; four of them may decide, one as head, three acting."""
    call_command("migrate", verbosity=0)
    cast = make_cast()
    for acting in (cast.superior, cast.secretary, cast.employee):
        appoint(acting, cast_role(cast.kadis), cast.agency, capacity="plh")


def cast_role(user: User) -> str:
    return user.appointments.get().role


def agency_id() -> int:
    """Return the agency of these people."""
    head = User.objects.get(username=HEADS[0])
    assert head.employee is not None
    return head.employee.agency_id


def start_decisions(
    *,
    count: int,
    claimed_by: str = "",
    label: str = "usulan",
    sop: str = SOP,
    now: datetime | None = None,
) -> list[int]:
    """Start processes that wait for their decision; return the ids of these tasks."""
    head = User.objects.get(username=HEADS[0])
    assert head.employee is not None
    owner = User.objects.filter(username=claimed_by).first()
    tasks = []
    for number in range(count):
        at = now or timezone.now()
        instance = start_process(
            definition_key=sop,
            agency=head.employee.agency,
            subject=f"{label} {number}",
            actor_user=head,
            now=at,
        )
        task = Task.objects.get(instance=instance, kind="user")
        if owner:
            claim_task(task_id=task.pk, actor_user=owner, now=at)
        tasks.append(task.pk)
    return tasks


def events_of(tasks: list[int], verb: str) -> dict[int, list[Event]]:
    """Return the events of this verb by task."""
    found: dict[int, list[Event]] = {task: [] for task in tasks}
    subjects = {f"processes.task:{task}": task for task in tasks}
    for event in Event.objects.filter(verb=verb, subject__in=subjects):
        found[subjects[event.subject]].append(event)
    return found


def disagreements(*, tasks: list[int], verb: str) -> list[str]:
    """Return, in words, wherever rows, events, jobs and the ledger tell different stories."""
    found = [f"{fault.stream}#{fault.sequence}: {fault.reason}" for fault in ledger.verify()]
    events = events_of(tasks, verb)
    for task in Task.objects.filter(pk__in=tasks).select_related("instance"):
        told = events[task.pk]
        if len(told) != 1:
            found.append(f"task {task.pk}: {len(told)} events {verb}")
            continue
        after = told[0].after
        if (after["status"], after.get("outcome", "")) != (task.status, task.outcome):
            found.append(f"task {task.pk}: row {task.status} {task.outcome}, event {after}")
        if told[0].actor_id != task.owner_id:
            found.append(f"task {task.pk}: owner {task.owner_id}, event by {told[0].actor_id}")
        found += _wrong_followers(task)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            row = cursor.fetchone()
        if row != ("ok",):
            found.append(f"integrity_check: {row}")
    return found


def _wrong_followers(task: Task) -> list[str]:
    """A completed decision has exactly one follower: one row, one event, one job if automatic."""
    if task.status != Task.Status.COMPLETED:
        return []
    rows = list(task.instance.tasks.exclude(pk=task.pk))
    if len(rows) != 1:
        return [f"task {task.pk}: {len(rows)} followers"]
    (follower,) = rows
    opened = Event.objects.filter(verb="task_opened", subject=f"processes.task:{follower.pk}")
    jobs = OutboxJob.objects.filter(key=f"task:{follower.pk}").count()
    wanted = 1 if follower.kind == "automatic" else 0
    found = []
    if opened.count() != 1 or jobs != wanted:
        found.append(f"task {follower.pk}: {opened.count()} events, {jobs} jobs")
    returned = task.outcome_kind == "return"
    if returned != (follower.returned_by_id == task.pk):
        found.append(f"task {follower.pk}: outcome {task.outcome}, step {follower.step}")
    return found


def summary(*, tasks: list[int]) -> dict[str, Any]:
    """Return how the tasks stand, counted."""
    rows = Task.objects.filter(pk__in=tasks)
    return {
        "statuses": {s: rows.filter(status=s).count() for s in Task.Status.values},
        "outcomes": {
            kind: rows.filter(outcome_kind=kind).count() for kind in ("approve", "return")
        },
        "instances": Instance.objects.count(),
    }
