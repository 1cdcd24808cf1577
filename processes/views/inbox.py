"""Kotak masuk, antrean, riwayat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organization.permissions import showing_to
from processes import queries
from processes.clocks import Clock, State, clock_of
from processes.context_processors import waiting_of
from processes.definitions import definition_of
from processes.models import Task
from processes.quality import calendars_of
from processes.views.common import paged, person
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


def _list(request: HttpRequest, tab: str) -> HttpResponse:
    with showing_to(person(request)):
        return _page(request, tab)


def _page(request: HttpRequest, tab: str) -> HttpResponse:
    waiting = waiting_of(request)
    user, now = person(request), waiting.now if waiting else timezone.now()
    if tab == "mine":
        shown = queries.inbox(user)
    elif tab == "queue":
        shown = queries.queue(user, now)
    else:
        shown = queries.archive(user)
    words = request.GET.get("q", "").strip()
    page = paged(request, _search(shown, words))
    context = {
        "tab": tab,
        "q": words,
        "page": page,
        "rows": task_rows(page, now),
        "waiting": waiting,
        "beside": waiting_beside(user.pk, now) if tab == "mine" else [],
    }
    return render(request, "processes/inbox.html", context)


def waiting_beside(user_id: int, now: datetime) -> list[Waiting]:
    """Return what waits for the person in other rooms: letters to decide, and the like."""
    return [
        found
        for name in registry.waiting.names()
        for found in registry.waiting.get(name)(user_id, now)
    ]


def _search(tasks: QuerySet[Task], words: str) -> QuerySet[Task]:
    """Every word must stand in the task's name, the instance's title or the agency's name."""
    for word in words.split():
        tasks = tasks.filter(
            Q(name__icontains=word)
            | Q(instance__title__icontains=word)
            | Q(agency__name__icontains=word)
        )
    return tasks
