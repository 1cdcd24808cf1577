"""The contexts in which registered functions are called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from foundation.actors import Actor
from processes.models import Instance, Task
from workflows import registry
from workflows.definitions import Call, ProcessDefinition
from workflows.registry import RowDone, StepContext, fact


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
        row=task.row_key,
        answers=answers if answers is not None else task.answers or task.draft,
        form={**instance.form, **(answers or {})},
        rows_done=_rows_done(task, definition),
    )


def _rows_done(task: Task, definition: ProcessDefinition) -> Mapping[str, RowDone]:
    """Return the latest answers per row of the step that an automatic task serves."""
    served = definition.tasks[task.step].serves
    if not served or definition.tasks[served].rows is None:
        return {}
    done = Task.objects.filter(
        instance=task.instance_id, step=served, status=Task.Status.COMPLETED
    ).order_by("visit", "id")
    return {
        one.row_key: RowDone(one.owner_id, one.submitted_at or one.offered_at, one.answers)
        for one in done
    }


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


class Rows(Mapping[str, Sequence[str]]):
    """The keys of the rows of each step that is done once per row, asked when it is entered.

    `label` tells afterwards what people call a row.
    """

    def __init__(
        self, definition: ProcessDefinition, context: StepContext, visits: Mapping[str, int]
    ) -> None:
        self._calls = {task.id: task.rows for task in definition.tasks.values() if task.rows}
        self._context, self._visits = context, visits
        self._labels: dict[tuple[str, str], str] = {}

    def __getitem__(self, step: str) -> Sequence[str]:
        call = self._calls[step]
        entered = replace(self._context, step=step, visit=self._visits.get(step, 0) + 1, answers={})
        found = registry.rows.get(call.name)(with_parameters(entered, call))
        self._labels |= {(step, row.key): row.label for row in found}
        return [row.key for row in found]

    def __iter__(self) -> Iterator[str]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def label(self, step: str, key: str) -> str:
        """Return what people call a row that was asked for here, else its key."""
        return self._labels.get((step, key), key)


@dataclass(frozen=True)
class Names:
    """All that a diagram may ask an instance on the way of a token."""

    form: Mapping[str, Any]
    facts: Facts
    rows: Rows

    @property
    def for_engine(self) -> Mapping[str, Mapping[str, Any]]:
        return {"form": self.form, "facts": self.facts, "rows": self.rows}


def names_of(
    instance: Instance, definition: ProcessDefinition, context: StepContext, form: Mapping[str, Any]
) -> Names:
    """Return what the diagram may ask; `form` are the latest answers of the whole instance."""
    return Names(form, Facts(definition, context), Rows(definition, context, instance.visits))
