"""The lines of the lists of tasks in words.

They are put together here and not in the template, which looks up each word of each line by name:
of what a page costs that was a quarter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.urls import reverse

from foundation.indonesian import moment_text
from organization.models import Agency
from processes import spells
from processes.cards.reading import is_decision
from processes.clocks import Clock, State, clock_of
from processes.definitions import definition_of
from processes.inbox.asking import Tab
from processes.models import Task
from processes.quality import calendars_of
from processes.spells import Measure
from workflows.definitions import OutcomeKind, TaskDefinition
from workflows.drawing.sop_sheet import time_of


@dataclass(frozen=True)
class TaskRow:
    """One line of a list."""

    task_id: int
    link: str
    number: str  # of the step; empty where it has none
    name: str
    title: str  # of the instance
    told: tuple[str, ...]  # which step of how many, the lane, the visit, when it came
    states: tuple[State, ...]
    use: Clock | None  # where the work goes on and has a standard: the time used stands beside it
    decides: bool = False  # a card can hold it


def task_rows(tasks: Iterable[Task], tab: Tab, now: datetime) -> list[TaskRow]:
    """Return the lines for tasks that carry their instance and agency; one query for all."""
    listed = list(tasks)
    calendars = calendars_of(listed, now)
    index = reverse("tasks:index")  # the page of a task lies below: the router is asked once

    @cache
    def work(agency: Agency) -> Measure:
        return spells.work(ZoneInfo(agency.time_zone), calendars.of(agency.pk))

    return [
        _row(task, f"{index}{task.pk}/", tab, clock_of(task, work=work(task.agency), now=now))
        for task in listed
    ]


def _row(task: Task, link: str, tab: Tab, clock: Clock) -> TaskRow:
    definition = definition_of(task.instance)
    step = definition.step_of(task.step)
    has_standard = clock.standard is not None and clock.handled is not None
    return TaskRow(
        task_id=task.pk,
        link=link,
        number=str(step.number or ""),
        name=task.full_name,
        title=task.instance.title,
        told=tuple(_told(task, step, len(definition.steps), tab)),
        states=tuple(_states(task, step, tab, clock)),
        use=clock if has_standard and task.status == Task.Status.CLAIMED else None,
        decides=tab != "archive" and is_decision(definition.tasks[task.step]),
    )


def _told(task: Task, step: TaskDefinition, steps: int, tab: Tab) -> Iterator[str]:
    if step.number:
        yield f"Tahap {step.number} dari {steps}"
    yield task.lane
    if task.visit > 1:
        yield f"Putaran {task.visit}"
    zone = task.agency.time_zone
    if tab != "archive":
        yield f"Diterima {moment_text(task.offered_at, zone)}"
    elif task.submitted_at is not None:
        yield moment_text(task.submitted_at, zone)
    # Once somebody works on it, the clock beside it tells the standard.
    if task.claimed_at is None and step.standard.duration:
        yield f"Waktu baku {time_of(step.standard)}"


def _states(task: Task, step: TaskDefinition, tab: Tab, clock: Clock) -> Iterator[State]:
    if task.instance.is_urgent and task.status != Task.Status.COMPLETED:
        yield State("late", "flag", "Segera")
    if task.returned_by_id is not None:
        yield State("returned", "return", "Dikembalikan")
    if tab == "mine" and task.status == Task.Status.READY:
        yield State("info", "handover", "Diserahkan kepada Anda")
    yield _ended(task, step) if task.status == Task.Status.COMPLETED else clock.state


def _ended(task: Task, step: TaskDefinition) -> State:
    if task.outcome_kind in (OutcomeKind.RETURN, OutcomeKind.REJECT):
        option = step.form.option(task.outcome)
        return State("returned", "return", option.label if option else "Dikembalikan")
    return State("ok", "check", "Selesai")
