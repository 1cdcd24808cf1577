"""What follows when the token has moved: new task rows, the work of the system, the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger import Entry
from foundation.models import OutboxJob
from foundation.prepared import insert_rows
from processes.context import step_context, with_parameters
from processes.lifecycle import TaskLifecycle
from processes.models import Instance, Task, TaskCandidate
from processes.performers import named_people
from workflows import registry
from workflows.definitions import OutcomeKind, ProcessDefinition, TaskDefinition, TaskKind
from workflows.engine import ReadyTask, Snapshot


@dataclass(frozen=True)
class Opened:
    """Task rows that a move opened, their events, and the columns of the instance that change."""

    tasks: list[Task] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    changes: Mapping[str, Any] = field(default_factory=dict)


def apply_snapshot(
    instance: Instance,
    definition: ProcessDefinition,
    snapshot: Snapshot,
    *,
    now: datetime,
    after: Task | None = None,
) -> Opened:
    """Store what the engine opened. The caller saves the instance with the returned columns.

    `after` is the task whose completion led here; a return is remembered on the tasks it opened, so
    that the next person reads the reason.
    """
    visits = dict(instance.visits)
    entries = _withdraw(instance, snapshot.withdrawn, now)
    rows, named = [], []
    for ready in snapshot.opened:
        visits[ready.step] = visits.get(ready.step, 0) + 1
        task = _new_task(instance, definition, ready, visits[ready.step], now, after)
        people = named_people(task, definition, now) if task.kind == TaskKind.USER else None
        task.by_name = people is not None
        rows.append(task)
        named.append(people)
    insert_rows(rows)
    for task, people in zip(rows, named, strict=True):
        offer_to(task, people or (), now=now)
        entries.append(_opened_entry(task, people))
    _enqueue(rows, now)
    changes: dict[str, Any] = {"state": snapshot.state, "visits": visits}
    if snapshot.ended:
        changes |= {"status": Instance.Status.FINISHED, "finished_at": now}
        entries.append(
            Entry(
                actor=SYSTEM,
                verb="instance_finished",
                subject=f"processes.instance:{instance.pk}",
                after={"end": snapshot.end_event},
            )
        )
    return Opened(rows, entries, changes)


def _new_task(
    instance: Instance,
    definition: ProcessDefinition,
    ready: ReadyTask,
    visit: int,
    now: datetime,
    after: Task | None,
) -> Task:
    step = definition.tasks[ready.step]
    task = Task(
        instance=instance,
        agency_id=instance.agency_id,
        engine_id=ready.engine_id,
        step=step.id,
        name=step.name,
        lane=step.lane,
        kind=step.kind,
        visit=visit,
        offered_at=now,
    )
    if step.kind is TaskKind.TIMER:
        task.due_at = _timer_moment(task, definition, step, now)
    if after is not None and after.outcome_kind in (OutcomeKind.RETURN, OutcomeKind.REJECT):
        task.returned_by = after
    return task


def _timer_moment(
    task: Task, definition: ProcessDefinition, step: TaskDefinition, now: datetime
) -> datetime:
    if step.deadline is None:
        return now + (step.duration or timedelta())
    context = step_context(task, definition, actor=SYSTEM, now=now)
    moment = registry.deadline.get(step.deadline.name)(with_parameters(context, step.deadline))
    return max(moment, now)


def offer_to(task: Task, people: Iterable[int], *, now: datetime) -> None:
    """Put a task into the inboxes of these people."""
    rows = [TaskCandidate(task=task, user_id=person, offered_at=now) for person in people]
    if rows:
        TaskCandidate.objects.bulk_create(rows)


def _withdraw(instance: Instance, withdrawn: Sequence[ReadyTask], now: datetime) -> list[Entry]:
    """Cancel what ended with the task that is done; jobs of its timers will find nothing to do."""
    if not withdrawn:
        return []
    entries = []
    engine_ids = [task.engine_id for task in withdrawn]
    tasks = list(Task.objects.filter(instance=instance, engine_id__in=engine_ids).order_by("id"))
    for task in tasks:
        was = task.status
        TaskLifecycle(task).cancel()
        is_timer = task.kind == TaskKind.TIMER
        entries.append(
            Entry(
                actor=SYSTEM,
                verb="timer_cancelled" if is_timer else "task_cancelled",
                subject=f"processes.task:{task.pk}",
                before={"status": was},
                after={"status": task.status}
                | ({} if is_timer else {"reason": "Waktunya habis sebelum diselesaikan."}),
            )
        )
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
        status=Task.Status.CANCELLED, effective_at=now
    )
    return entries


def _enqueue(tasks: Sequence[Task], now: datetime) -> None:
    """Give the system's tasks to the outbox: work at once, timers when they are due."""
    jobs = [
        OutboxJob(
            kind="processes.timer" if task.kind == TaskKind.TIMER else "processes.perform",
            key=f"task:{task.pk}",
            payload={"task": task.pk},
            run_after=task.due_at or now,
            created_at=now,
        )
        for task in tasks
        if task.kind != TaskKind.USER
    ]
    outbox.enqueue_new(jobs)


def _opened_entry(task: Task, people: Sequence[int] | None) -> Entry:
    named = {} if people is None else {"offered_to": list(people)}
    return Entry(
        actor=SYSTEM,
        verb="task_opened",
        subject=f"processes.task:{task.pk}",
        after={"step": task.step, "name": task.name, "lane": task.lane, "visit": task.visit}
        | named,
    )
