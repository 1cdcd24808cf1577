"""Kotak masuk, antrean, riwayat."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.indonesian import number_text
from organization.permissions import showing_to
from processes.context_processors import Waiting as Numbers
from processes.starting import may_start_something
from processes.views.common import person
from processes.views.task_lists import SEARCHED, Tab, TaskList, stretch_of
from processes.views.task_rows import task_rows
from workflows import registry
from workflows.registry import Waiting


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
    rows = task_rows(page, tab, waiting.now)
    context = {
        "tab": tab,
        "q": shown.words,
        "page": page,
        "rows": rows,
        "waiting": waiting,
        "searched": number_text(SEARCHED) if shown.is_searched_in_part else "",
        "may_start": tab == "mine" and not rows and may_start_something(user, waiting.now),
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
