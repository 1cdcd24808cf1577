"""Moves of the short SOP."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from foundation.actors import SYSTEM, Actor
from organization.models import User
from processes import services
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task
from tests.attendance.people import AFTER_APRIL
from tests.cast import Cast
from workflows.registry import StepContext


def open_task(instance: Instance) -> Task:
    return Task.objects.get(instance=instance, status__in=["ready", "claimed"])


def do(instance: Instance, user: User, *, at: datetime = AFTER_APRIL, **answers: Any) -> None:
    """Claim and complete the open task of a person."""
    task = open_task(instance)
    services.claim_task(task_id=task.pk, actor_user=user, now=at)
    services.complete_task(
        task_id=task.pk, actor_user=user, answers=answers, now=at + timedelta(minutes=2)
    )


def perform(instance: Instance, *, at: datetime = AFTER_APRIL) -> Task:
    """Let the system do the open task."""
    task = open_task(instance)
    services.perform_task(task_id=task.pk, now=at)
    task.refresh_from_db()
    return task


def to_draft(instance: Instance, cast: Cast) -> None:
    do(instance, cast.operator)
    perform(instance)


def to_decision(instance: Instance, cast: Cast) -> None:
    to_draft(instance, cast)
    do(instance, cast.operator)


def to_freeze(instance: Instance, cast: Cast) -> None:
    to_decision(instance, cast)
    do(instance, cast.kadis, at=AFTER_APRIL + timedelta(minutes=10), putusan="sah")


def to_end(instance: Instance, cast: Cast) -> None:
    to_freeze(instance, cast)
    perform(instance, at=AFTER_APRIL + timedelta(minutes=15))


def context_of(instance: Instance, user: User | None = None, **changes: Any) -> StepContext:
    """Return the context of the latest task, as the registered functions get it."""
    instance = Instance.objects.get(pk=instance.pk)
    task = Task.objects.filter(instance=instance).select_related("instance").latest("id")
    definition = definition_of(instance)
    actor = Actor(user_id=user.pk, name=user.get_full_name()) if user else SYSTEM
    context = step_context(task, definition, actor=actor, now=AFTER_APRIL)
    call = definition.tasks[task.step].operation
    context = with_parameters(context, call) if call else context
    return replace(context, **changes)
