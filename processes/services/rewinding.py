"""A running instance goes back to a step that was done: its answers were wrong, it is done again.

What was done since stays as it is recorded, marked as undone; what waits is withdrawn; the step is
entered anew, with a new visit and a clock of its own. Where an instance may not go back to, and
why, `workflows.going_back` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import User
from organization.permissions import actor_for
from processes.audit.measured import conformance
from processes.context import instance_context, names_of
from processes.definitions import definition_of
from processes.exceptions import NotReady
from processes.models import Instance, Task
from processes.services.advance import apply_snapshot
from processes.services.deeds import REWIND
from processes.services.locking import save_instance, subject_of
from processes.services.migration import completions_of
from processes.services.withdrawing import withdraw_open
from workflows import engine, going_back, registry
from workflows.definitions import OutcomeKind, ProcessDefinition, TaskKind
from workflows.going_back import Done


@dataclass(frozen=True)
class Target:
    """A step that the instance may go back to, and what would be undone with it, oldest first."""

    task: Task
    undone: tuple[Task, ...]


@dataclass(frozen=True)
class Targets:
    """Where an instance may go back to, the latest first; `bound_by` is why not further."""

    found: tuple[Target, ...] = ()
    bound_by: str = ""

    def of(self, task_id: int) -> Target | None:
        return next((target for target in self.found if target.task.pk == task_id), None)


def targets(instance: Instance) -> Targets:
    """Return where a running instance may go back to. Reads only."""
    if instance.status != Instance.Status.RUNNING:
        return Targets(bound_by=f"Berkas ini sudah {instance.get_status_display().lower()}.")
    definition = definition_of(instance)
    tasks = list(instance.tasks.order_by("pk").select_related("owner__employee"))
    if busy := _at_work(definition, tasks):
        return Targets(bound_by=f"Sistem sedang mengerjakan “{busy.name}”; tunggu sampai selesai.")
    done = conformance.in_order(tasks, completions_of(instance, tasks))
    told = conformance.course(tasks, done)
    reach = going_back.reach(definition, [_done(task) for task in told], _is_binding)
    standing = [task for task in done if task.undone_at is None]
    return Targets(
        tuple(
            Target(told[place], tuple(standing[_first_row(standing, told[place]) :]))
            for place in reach.places
        ),
        reach.bound_by,
    )


def _first_row(standing: Sequence[Task], task: Task) -> int:
    """Return where the visit begins in what was done: the first of its rows, or the task itself."""
    return next(
        place
        for place, one in enumerate(standing)
        if (one.step, one.visit) == (task.step, task.visit)
    )


def _done(task: Task) -> Done:
    return Done(task.step, OutcomeKind(task.outcome_kind) if task.outcome_kind else None)


def _is_binding(name: str) -> bool:
    return registry.operation.is_binding(name)


def _at_work(definition: ProcessDefinition, tasks: Sequence[Task]) -> Task | None:
    """Return what the system is doing just now that people will rely on."""
    for task in tasks:
        # What is over may be a step that only an earlier version of the SOP had.
        if task.kind == TaskKind.AUTOMATIC and task.status == Task.Status.CLAIMED:
            call = definition.tasks[task.step].operation
            if call is not None and _is_binding(call.name):
                return task
    return None


@transaction.atomic
def rewind(
    *, instance_id: int, task_id: int, actor_user: User, reason: str, now: datetime
) -> Instance:
    """Let a running instance go back to a task that was done, which is offered anew.

    Raises `NotAllowed`, `AlreadyDone` for an instance that is over, `InvalidAnswers` without a
    reason, and `NotReady` with a sentence where the instance may not go back to that task.
    """
    instance = REWIND.locked(instance_id, actor_user, now)
    reason = REWIND.reason_for(instance, reason)
    found = targets(instance)
    target = found.of(task_id)
    if target is None:
        raise NotReady(f"Berkas ini tidak dapat dimundurkan ke tahap itu. {found.bound_by}".strip())
    actor = actor_for(actor_user, None, instance.agency_id, now)
    _go_back(instance, target, actor, reason, now)
    return instance


def _go_back(instance: Instance, target: Target, actor: Actor, reason: str, now: datetime) -> None:
    definition = definition_of(instance)
    withdrawn = withdraw_open(instance, actor=actor, now=now)
    undone = _undo(target, actor, reason, now)
    context = instance_context(instance, definition, actor=actor, now=now)
    names = names_of(instance, definition, context, instance.form)
    try:
        snapshot = engine.enter(definition, target.task.step, names.for_engine)
    except engine.EngineError as error:
        raise NotReady(str(error)) from error
    following = apply_snapshot(instance, definition, snapshot, rows_of=names.rows, now=now)
    told = f"Berkas dimundurkan ke tahap ini oleh {actor.name}: {reason}"
    again = [task.pk for task in following.tasks if task.step == target.task.step]
    Task.objects.filter(pk__in=again).update(note=told)
    save_instance(instance, [*undone, *withdrawn, *following.entries], now=now, **following.changes)


def _undo(target: Target, actor: Actor, reason: str, now: datetime) -> list[Entry]:
    """Mark what was done since; the task that is gone back to says why."""
    Task.objects.filter(pk__in=[task.pk for task in target.undone]).update(undone_at=now)
    others = [task for task in target.undone if task.pk != target.task.pk]
    told = {"undone": [task.pk for task in target.undone], "reason": reason}
    return [
        Entry(actor=actor, verb="task_rewound", subject=subject_of(target.task), after=told),
        *(Entry(actor=actor, verb="task_undone", subject=subject_of(task)) for task in others),
    ]
