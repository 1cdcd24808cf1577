"""What follows when the token has moved: new task rows, the work of the system, the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger import Entry
from foundation.models import OutboxJob
from foundation.prepared import insert_rows
from processes.context import step_context, with_parameters
from processes.models import Instance, Task
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
    rows = []
    for ready in snapshot.opened:
        visits[ready.step] = visits.get(ready.step, 0) + 1
        rows.append(_new_task(instance, definition, ready, visits[ready.step], now, after))
    insert_rows(rows)
    _enqueue(rows, now)
    entries = [_opened_entry(task) for task in rows]
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
    elif step.kind is TaskKind.USER:
        task.assignee_id = _performer(task, definition, step, now)
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


def _performer(
    task: Task, definition: ProcessDefinition, step: TaskDefinition, now: datetime
) -> int | None:
    """Return the one person whom data name for this lane, or None where it is a role."""
    call = definition.lane(step.lane).performer
    if call is None:
        return None
    context = step_context(task, definition, actor=SYSTEM, now=now)
    people: Sequence[int] = registry.performer.get(call.name)(with_parameters(context, call))
    return people[0] if people else None


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


def _opened_entry(task: Task) -> Entry:
    return Entry(
        actor=SYSTEM,
        verb="task_opened",
        subject=f"processes.task:{task.pk}",
        after={"step": task.step, "name": task.name, "lane": task.lane, "visit": task.visit},
    )
