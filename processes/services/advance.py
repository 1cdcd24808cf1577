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
from processes.context import Rows, step_context, with_parameters
from processes.lifecycle import TaskLifecycle
from processes.models import Instance, Task, TaskCandidate
from processes.performers import named_people
from processes.services.call_jobs import stop_called, tell_caller
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
    rows_of: Rows,
    now: datetime,
    after: Task | None = None,
) -> Opened:
    """Store what the engine opened. The caller saves the instance with the returned columns.

    `rows_of` was asked by the engine and knows what people call the rows. `after` is the task whose
    completion led here; a return is remembered on the tasks it opened, so that the next person
    reads the reason.
    """
    visits = dict(instance.visits)
    entries = _withdraw(instance, snapshot.withdrawn, now, after)
    # A step that is done once per row was entered once, however many rows there are.
    for step in dict.fromkeys(ready.step for ready in snapshot.opened):
        visits[step] = visits.get(step, 0) + 1
    rows, named = [], []
    for ready in snapshot.opened:
        task = _new_task(instance, definition, ready, visits[ready.step], now, after)
        task.row_label = rows_of.label(ready.step, task.row_key)[:150] if task.row_key else ""
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
        tell_caller(instance, now=now)
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
        row_key=ready.row,
        message=step.message if step.kind is TaskKind.MESSAGE else "",
        offered_at=now,
    )
    if step.kind is TaskKind.TIMER:
        task.due_at = _timer_moment(task, definition, step, now)
    if after is not None:
        task.returned_by = _sent_back_by(after, step)
    return task


def _sent_back_by(after: Task, step: TaskDefinition) -> Task | None:
    """Return the decision that sent the process back to this step, also past work of the system.

    What the system does between a decision and its gateway hands the decision on. Where it leads
    to the step that decided, the work comes back to who asked for it: that is no return.
    """
    if after.outcome_kind in (OutcomeKind.RETURN, OutcomeKind.REJECT):
        return after
    if after.kind != TaskKind.AUTOMATIC or after.status != Task.Status.COMPLETED:
        return None
    back = after.returned_by
    return back if back is not None and back.step != step.id else None


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


# What only waited says nothing when it need not wait any more.
_WITHDRAWN = {TaskKind.TIMER: "timer_cancelled", TaskKind.MESSAGE: "message_cancelled"}


def _withdraw(
    instance: Instance, withdrawn: Sequence[ReadyTask], now: datetime, after: Task | None
) -> list[Entry]:
    """Cancel what ended with the task that is done; jobs of its timers will find nothing to do."""
    if not withdrawn:
        return []
    entries = []
    is_told = after is not None and after.kind == TaskKind.MESSAGE
    reason = f"{'Kabar diterima' if is_told else 'Waktunya habis'} sebelum diselesaikan."
    engine_ids = [task.engine_id for task in withdrawn]
    tasks = list(Task.objects.filter(instance=instance, engine_id__in=engine_ids).order_by("id"))
    for task in tasks:
        was = task.status
        TaskLifecycle(task).cancel()
        verb = _WITHDRAWN.get(TaskKind(task.kind), "")
        entries.append(
            Entry(
                actor=SYSTEM,
                verb=verb or "task_cancelled",
                subject=f"processes.task:{task.pk}",
                before={"status": was},
                after={"status": task.status} | ({} if verb else {"reason": reason}),
            )
        )
    stop_called(tasks, now=now)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
        status=Task.Status.CANCELLED, effective_at=now
    )
    return entries


_JOBS = {
    TaskKind.AUTOMATIC: "processes.perform",
    TaskKind.TIMER: "processes.timer",
    TaskKind.MESSAGE: "processes.look_for_message",
    TaskKind.CALL: "processes.call",
}


def _enqueue(tasks: Sequence[Task], now: datetime) -> None:
    """Give the system's tasks to the outbox: work at once, timers when they are due."""
    jobs = [
        OutboxJob(
            kind=_JOBS[TaskKind(task.kind)],
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
        | ({"row": task.row_key, "row_label": task.row_label} if task.row_key else {})
        | named,
    )
