"""Complete a task: the one way by which a process moves on, for people, workers and the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.ledger import Entry
from organization.models import User
from processes import quality, spells
from processes.answers import answers_digest, check_answers
from processes.context import names_of, step_context, with_parameters
from processes.exceptions import (
    AlreadyDone,
    GuardRefused,
    InvalidAnswers,
    NotReady,
)
from processes.lifecycle import TaskLifecycle, TransitionNotAllowed
from processes.models import Instance, Task
from processes.preparers import refuse_preparer
from processes.services.advance import apply_snapshot
from processes.services.locking import (
    OpenTask,
    open_task,
    overtaken,
    save_instance,
    save_task,
    subject_of,
)
from processes.services.pauses import open_seconds
from processes.task_versions import version_of
from workflows import engine, registry
from workflows.definitions import TaskKind


@dataclass(frozen=True)
class Completion:
    """What a completion led to. `repeated` tells that the same request had been done before."""

    task_id: int
    instance_id: int
    repeated: bool = False
    next_task_ids: list[int] = field(default_factory=list)
    instance_ended: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a performer reports besides the answers: the system's note and link."""

    note: str = ""
    link: str = ""
    reused: bool = False


@transaction.atomic
def complete_task(
    *,
    task_id: int,
    actor_user: User | None,
    answers: Mapping[str, Any],
    now: datetime,
    idempotency_key: str = "",
    outcome: Outcome = Outcome(),
    effective_at: datetime | None = None,
    version: str = "",
) -> Completion:
    """Complete a claimed task and run the engine to its next wait states, all or nothing.

    `actor_user` is None for the system. The same `idempotency_key` by the same person is answered
    as the first time, without a second event. A person may also end a timer that its SOP lets begin
    early. `effective_at` is when the work was done, if it is only recorded now: not before the task
    was offered, not in the future. `version` is how the task stood when it was read
    (`task_versions`): whoever read it before it changed is refused.

    Raises `AlreadyDone`, `NotAllowed`, `NotReady`, `InvalidAnswers` or `GuardRefused`.
    """
    opened = open_task(task_id=task_id, user=actor_user, now=now)
    task = opened.task
    if _is_repeat(task, actor_user, idempotency_key):
        return Completion(task.pk, task.instance_id, repeated=True)
    if version and task.status == Task.Status.CLAIMED and version != version_of(task):
        raise AlreadyDone("Tugas ini berubah sejak dibaca; baca lagi, lalu kirim ulang.")
    was, was_owner = task.status, task.owner_id
    _move(opened)
    _refuse_moment(task, effective_at, now)
    cleaned = _checked(opened, answers, now)
    columns = _decision(opened, cleaned) | _clocks(opened, now)
    save_task(
        task,
        was=was,
        was_owner=was_owner,
        owner_id=actor_user.pk if actor_user else None,
        acting_as=opened.actor.acting_as,
        answers=cleaned,
        draft={},
        submitted_at=now,
        effective_at=effective_at or now,
        idempotency_key=idempotency_key,
        note=outcome.note,
        link=outcome.link,
        reused=outcome.reused,
        **columns,
    )
    return _proceed(opened, was, cleaned, now)


def _is_repeat(task: Task, user: User | None, key: str) -> bool:
    done = task.status == Task.Status.COMPLETED
    return bool(done and key and key == task.idempotency_key and user and user.pk == task.owner_id)


# What no person completes, and why.
_NOBODYS = {
    TaskKind.AUTOMATIC: "Tahap ini dikerjakan oleh sistem.",
    TaskKind.MESSAGE: "Tahap ini menunggu kabar; ia selesai sendiri begitu kabarnya tiba.",
    TaskKind.CALL: "Tahap ini menunggu SOP lain selesai.",
}


def _move(opened: OpenTask) -> None:
    """Take the legal step to completed, or say why this person cannot."""
    task, user = opened.task, opened.user
    is_timer = task.kind == TaskKind.TIMER
    if user is not None and task.kind in _NOBODYS:
        raise NotReady(_NOBODYS[TaskKind(task.kind)])
    if user is None and task.kind == TaskKind.USER:
        raise NotReady("Tahap ini dikerjakan oleh petugas.")
    if user is not None and is_timer and not opened.step.may_start_early:
        raise NotReady("Waktu tunggu ini tidak dapat dipercepat.")
    if user is not None and not is_timer and task.owner_id != user.pk:
        if task.status == Task.Status.READY:
            raise NotReady("Ambil tugas ini lebih dahulu dengan tombol Kerjakan.")
        raise overtaken(task.pk)
    lifecycle = TaskLifecycle(task)
    try:
        if is_timer or task.kind == TaskKind.MESSAGE:
            lifecycle.elapse()
        else:
            lifecycle.complete()
    except TransitionNotAllowed as error:
        raise overtaken(task.pk) from error


def _checked(opened: OpenTask, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the answers to store; refuse what is incomplete, missing work or the wrong person."""
    task, step, definition = opened.task, opened.step, opened.definition
    if task.kind in (TaskKind.MESSAGE, TaskKind.CALL):
        return dict(answers)  # chosen by whoever received the message, or the end of the SOP
    context = step_context(task, definition, actor=opened.actor, now=now, answers=answers)
    cleaned = check_answers(step.form, answers, context)
    if opened.user is not None:
        refuse_preparer(opened.user, task, definition)
    context = step_context(task, definition, actor=opened.actor, now=now, answers=cleaned)
    missing = [
        row
        for call in step.guards
        for row in registry.guard.get(call.name)(with_parameters(context, call))
    ]
    if missing:
        raise GuardRefused(missing)
    return cleaned


def _refuse_moment(task: Task, effective_at: datetime | None, now: datetime) -> None:
    """Work cannot have been done before it was asked for, nor later than now."""
    if effective_at is None or task.offered_at <= effective_at <= now:
        return
    when = "di masa depan" if effective_at > now else "sebelum tahap ini tiba"
    raise InvalidAnswers({"effective_at": f"Waktu pengerjaan tidak boleh {when}."})


def _clocks(opened: OpenTask, now: datetime) -> dict[str, Any]:
    """Return what the clocks of a person's task say at its end; the system's have no standard.

    The n of "5 menit per pegawai" is that of this moment, whatever it becomes.
    """
    task = opened.task
    if task.kind != TaskKind.USER:
        return {}
    norm = quality.norm(task, opened.definition, opened.step, now)
    columns = {"standard_seconds": norm.seconds, "standard_count": norm.count}
    if spells.open_pause(task) is not None:
        return columns | {"pauses": spells.ended_pauses(task, now=now)}
    return columns | {"form_seconds": task.form_seconds + open_seconds(task.form_beat_at, now)}


def _decision(opened: OpenTask, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outcome columns of the task, from the form's outcome and comment fields."""
    form = opened.step.form
    columns: dict[str, Any] = {
        "comment": answers.get(form.comment.name, "") if form.comment else ""
    }
    if form.outcome:
        value = str(answers.get(form.outcome.name, ""))
        option = form.option(value)
        columns["outcome"] = value
        columns["outcome_kind"] = option.kind or "" if option else ""
    return columns


def _proceed(opened: OpenTask, was: str, answers: Mapping[str, Any], now: datetime) -> Completion:
    """Move the token and write what follows."""
    task, instance, definition = opened.task, opened.instance, opened.definition
    form = {**instance.form, **answers}
    instance.form = form
    context = step_context(task, definition, actor=opened.actor, now=now, answers=answers)
    names = names_of(instance, definition, context, form)
    try:
        snapshot = engine.complete(
            definition, bytes(instance.state), task.engine_id, names.for_engine
        )
    except engine.NotReady as error:
        raise overtaken(task.pk) from error
    except engine.EngineError as error:
        raise NotReady(str(error)) from error
    following = apply_snapshot(
        instance, definition, snapshot, rows_of=names.rows, now=now, after=task
    )
    entry = Entry(
        actor=opened.actor,
        verb="task_completed",
        subject=subject_of(task),
        before={"status": was},
        after={
            "status": task.status,
            "step": task.step,
            "visit": task.visit,
            "outcome": task.outcome,
            "comment": task.comment,
            "reused": task.reused,
            "answers_sha256": answers_digest(answers),
        }
        | _told_clocks(task),
    )
    save_instance(instance, [entry, *following.entries], now=now, form=form, **following.changes)
    return Completion(
        task.pk,
        instance.pk,
        next_task_ids=[
            row.pk for row in following.tasks if definition.tasks[row.step].attached_to is None
        ],
        instance_ended=instance.status == Instance.Status.FINISHED,
    )


def _told_clocks(task: Task) -> dict[str, Any]:
    """Return what the event says of the task's clocks; what does not hold is not told."""
    if task.kind != TaskKind.USER:
        return {}
    told: dict[str, Any] = {
        "standard_seconds": task.standard_seconds,
        "standard_count": task.standard_count,
        "form_seconds": task.form_seconds,
    }
    if task.effective_at != task.submitted_at:
        told["effective_at"] = task.effective_at
    return told | {
        name: entries
        for name, entries in (("earlier", task.earlier), ("pauses", task.pauses))
        if entries
    }
