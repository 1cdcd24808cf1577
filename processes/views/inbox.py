"""Kotak masuk, antrean, riwayat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.indonesian import number_text
from organization.permissions import showing_to
from processes.clocks import Clock, State, clock_of
from processes.context_processors import Waiting as Numbers
from processes.definitions import definition_of
from processes.models import Task
from processes.quality import calendars_of
from processes.views.common import person
from processes.views.task_lists import SEARCHED, Tab, TaskList, stretch_of
from workflows import registry
from workflows.definitions import OutcomeKind, TaskDefinition
from workflows.registry import Waiting


@dataclass(frozen=True)
class TaskRow:
    """One line of the list."""

    task: Task
    step: TaskDefinition
    total: int
    clock: Clock

    @property
    def state(self) -> State:
        """Return what happened to the task, or how its clock stands."""
        if self.task.status != Task.Status.COMPLETED:
            return self.clock.state
        if self.task.outcome_kind in (OutcomeKind.RETURN, OutcomeKind.REJECT):
            option = self.step.form.option(self.task.outcome)
            return State("returned", "return", option.label if option else "Dikembalikan")
        return State("ok", "check", "Selesai")

    @property
    def shows_use(self) -> bool:
        """Say whether the work is going on and has a standard: the time used stands beside it."""
        at_work = self.task.status == Task.Status.CLAIMED
        return at_work and self.clock.standard is not None and self.clock.handled is not None


def task_rows(tasks: Iterable[Task], now: datetime) -> list[TaskRow]:
    """Return the lines for tasks that carry their instance and agency; one query for all."""
    listed = list(tasks)
    calendars = calendars_of(listed, now)
    found = []
    for task in listed:
        definition = definition_of(task.instance)
        found.append(
            TaskRow(
                task=task,
                step=definition.step_of(task.step),
                total=len(definition.steps),
                clock=clock_of(task, calendar=calendars.of(task.agency_id), now=now),
            )
        )
    return found


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return _list(request, "mine")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    return _list(request, "queue")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return _list(request, "archive")


def _list(request: HttpRequest, tab: Tab) -> HttpResponse:
    with showing_to(person(request)):
        return _page(request, tab)


def _page(request: HttpRequest, tab: Tab) -> HttpResponse:
    user, waiting = person(request), Numbers.of(request)
    shown = TaskList(tab, waiting, request.GET.get("q", "").strip())
    page = shown.page(stretch_of(request))
    context = {
        "tab": tab,
        "q": shown.words,
        "page": page,
        "rows": task_rows(page, waiting.now),
        "waiting": waiting,
        "searched": number_text(SEARCHED) if shown.is_searched_in_part else "",
        "beside": waiting_beside(user.pk, waiting.now) if tab == "mine" else [],
    }
    return render(request, "processes/inbox.html", context)


def waiting_beside(user_id: int, now: datetime) -> list[Waiting]:
    """Return what waits for the person in other rooms: letters to decide, and the like."""
    return [
        found
        for name in registry.waiting.names()
        for found in registry.waiting.get(name)(user_id, now)
    ]
