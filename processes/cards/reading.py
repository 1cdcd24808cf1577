"""Which decisions wait for a person as cards, and what each card says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from organization.models import User
from organization.permissions import actor_for, mandate_for
from processes import quality, queries, spells
from processes.access import is_mine, may_work
from processes.clocks import Clock, clock_of
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.models import Task
from processes.quality import calendars_of
from workflows import registry
from workflows.cards import DecisionFigures
from workflows.definitions import (
    FieldType,
    Option,
    OutcomeKind,
    ProcessDefinition,
    TaskDefinition,
)
from workflows.registry import StepContext
from workflows.ways import comes_after

LOOKED_AT = 50  # tasks of inbox and queue, each; a head has seldom five
SENT_BACK = (OutcomeKind.RETURN, OutcomeKind.REJECT)
DECIDES = (FieldType.OUTCOME, FieldType.COMMENT)


@dataclass(frozen=True)
class Choice:
    """One button of a card; `leads_to` names the step that the file goes back to."""

    option: Option
    leads_to: str = ""

    @property
    def is_approval(self) -> bool:
        return self.option.kind is OutcomeKind.APPROVE


@dataclass(frozen=True)
class Card:
    """A decision that waits for a person, as he reads it."""

    task: Task
    step: TaskDefinition
    figures: DecisionFigures
    choices: tuple[Choice, ...]
    clock: Clock
    standard: timedelta | None
    acting_words: str = ""

    @property
    def seal(self) -> str:
        """Return a text that changes with the figures: what is confirmed is what was read."""
        told = repr((self.task.pk, self.task.visit, self.figures))
        return sha256(told.encode()).hexdigest()[:24]

    @property
    def age_seconds(self) -> int:
        """Return how long it has been handled, or has waited for somebody, in working time."""
        span = self.clock.waited if self.clock.handled is None else self.clock.handled
        return round(span.total_seconds())

    @property
    def standard_seconds(self) -> int:
        return round(self.standard.total_seconds()) if self.standard else 0

    @property
    def outcome_name(self) -> str:
        return self.step.form.outcome.name if self.step.form.outcome else ""

    def choice(self, value: str) -> Choice | None:
        return next((one for one in self.choices if one.option.value == value), None)

    def answers(self, choice: Choice, reason: str) -> dict[str, str]:
        """Return the form's values of a decision."""
        comment = self.step.form.comment
        said = {comment.name: reason} if comment and reason else {}
        return {self.outcome_name: choice.option.value, **said}


def is_decision(step: TaskDefinition) -> bool:
    """Say whether a step asks for nothing but a decision: an approval, a way back, the reason."""
    outcome = step.form.outcome
    kinds = {option.kind for option in outcome.options} if outcome else set()
    return (
        OutcomeKind.APPROVE in kinds
        and not kinds.isdisjoint(SENT_BACK)
        and all(field.type in DECIDES for field in step.form.fields)
    )


def decisions(user: User, now: datetime) -> list[Task]:
    """Return the decisions that wait for a person: the urgent, those he holds, the oldest."""
    mine = queries.inbox_page(user, start=0, count=LOOKED_AT)
    queue = queries.queue_page(user, now, start=0, count=LOOKED_AT)
    held = {task.pk: task for task in [*mine, *queue]}
    found = [task for task in held.values() if is_decision(step_of(task))]
    return sorted(found, key=lambda task: not task.instance.is_urgent)


def step_of(task: Task) -> TaskDefinition:
    return definition_of(task.instance).tasks[task.step]


def card_of(user: User, task: Task, now: datetime) -> Card | None:
    """Return a task as a card; None where this person does not decide it, or not on a card."""
    definition = definition_of(task.instance)
    step = definition.tasks[task.step]
    free = task.status == Task.Status.READY and may_work(user, task, now)
    if not is_decision(step) or not (free or is_mine(user, task)):
        return None
    actor = actor_for(user, None, task.agency, now)
    context = step_context(task, definition, actor=actor, now=now)
    calendar = calendars_of([task], now).of(task.agency_id)
    work = spells.work(ZoneInfo(task.agency.time_zone), calendar)
    mandate = mandate_for(user, task.lane, task.agency, now)
    return Card(
        task=task,
        step=step,
        figures=figures_of(task, step, context),
        choices=tuple(_choices(definition, step)),
        clock=clock_of(task, work=work, now=now),
        standard=quality.norm(task, definition, step, now).whole,
        acting_words=mandate.acting_words if mandate else "",
    )


def figures_of(task: Task, step: TaskDefinition, context: StepContext) -> DecisionFigures:
    """Return what the panels of a step tell of its decision; at least what the file is called."""
    headline = ""
    for call in step.panels:
        told = registry.get_panel(call.name).data(with_parameters(context, call))
        if isinstance(figures := told.get("card"), DecisionFigures):
            return figures
        headline = headline or str(told.get("headline", ""))
    return DecisionFigures(headline or task.instance.title)


def _choices(definition: ProcessDefinition, step: TaskDefinition) -> Iterator[Choice]:
    outcome = step.form.outcome
    for option in outcome.options if outcome else ():
        after = comes_after(definition, step.id, {outcome.name: option.value}) if outcome else ()
        back = [task.name for task in after] if option.kind is OutcomeKind.RETURN else []
        yield Choice(option, leads_to=" atau ".join(back))
