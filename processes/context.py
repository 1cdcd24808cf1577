"""The contexts in which registered functions are called."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from foundation.actors import Actor
from processes.models import Instance, Task
from workflows.definitions import Call, ProcessDefinition
from workflows.registry import StepContext, fact


def instance_context(
    instance: Instance, definition: ProcessDefinition, *, actor: Actor, now: datetime
) -> StepContext:
    """Return the context of an instance outside any task (start of a process, facts)."""
    return StepContext(
        instance_id=instance.pk or 0,
        definition_key=instance.definition_key,
        version=definition.version,
        agency_id=instance.agency_id,
        subject=instance.subject,
        step="",
        visit=0,
        actor=actor,
        now=now,
        form=instance.form,
    )


def step_context(
    task: Task,
    definition: ProcessDefinition,
    *,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> StepContext:
    """Return the context of a task; `answers` are those about to be submitted."""
    instance = task.instance
    return StepContext(
        instance_id=instance.pk,
        definition_key=instance.definition_key,
        version=definition.version,
        agency_id=instance.agency_id,
        subject=instance.subject,
        step=task.step,
        visit=task.visit,
        actor=actor,
        now=now,
        task_id=task.pk,
        answers=answers if answers is not None else task.answers or task.draft,
        form={**instance.form, **(answers or {})},
    )


def with_parameters(context: StepContext, call: Call) -> StepContext:
    """Return the context for one call, with the parameters written beside its name."""
    return replace(context, parameters=call.parameters)


class Facts(Mapping[str, Any]):
    """The facts of a definition, each asked only when a gateway reads it."""

    def __init__(self, definition: ProcessDefinition, context: StepContext) -> None:
        self._calls, self._context = definition.facts, context

    def __getitem__(self, name: str) -> Any:
        call = self._calls[name]
        return fact.get(call.name)(with_parameters(self._context, call)).value

    def __iter__(self) -> Iterator[str]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)
