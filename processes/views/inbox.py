"""Kotak masuk, antrean, riwayat: the lists, narrowed and ordered, and as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.cells import csv_parts, write_xlsx
from foundation.indonesian import moment_text
from organization.models import Agency
from organization.permissions import mandates_of, showing_to
from processes.context_processors import Waiting as Numbers
from processes.definitions import definition_of
from processes.inbox import shortcuts
from processes.inbox.asking import KEYS, MOST_KEYS, PARAMETERS, QUICK, WHOLE, Asked, Tab, asked_for
from processes.inbox.upcoming import next_task
from processes.models import SavedFilter, Task
from processes.starting import may_start_something
from processes.views.common import person
from processes.views.task_lists import TaskList, stretch_of
from processes.views.task_rows import TaskRow, task_rows
from workflows import registry, repository
from workflows.registry import Waiting

ADDRESSES: Mapping[Tab, str] = {
    "mine": "tasks:index",
    "queue": "tasks:queue",
    "archive": "tasks:archive",
}
MOST_EXPORTED = 5_000
HEADER = (
    *("Tahap", "Nama tugas", "Berkas", "SOP", "Perangkat daerah", "Peran", "Putaran"),
    *("Diterima", "Selesai", "Keadaan"),
)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return _list(request, "mine")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    return _list(request, "queue")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return _list(request, "archive")


@require_safe
def export(request: HttpRequest, tab: Tab, kind: str) -> HttpResponse:
    """Hand out a list as it is narrowed and ordered: CSV, or a workbook; no cell is a formula."""
    with showing_to(person(request)):
        waiting = Numbers.of(request)
        tasks = TaskList(waiting, asked_for(tab, request.GET)).first(MOST_EXPORTED)
        lines = list(_lines(tasks, task_rows(tasks, tab, waiting.now)))
    if kind == "xlsx":
        content = write_xlsx(HEADER, lines, title="Tugas")
        kept = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        content, kept = b"".join(csv_parts(HEADER, lines)), "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kept)
    response["Content-Disposition"] = f'attachment; filename="tugas-{waiting.now:%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(tasks: Sequence[Task], rows: Sequence[TaskRow]) -> Iterator[tuple[object, ...]]:
    offices = {task.agency_id for task in tasks}
    names = dict(Agency.objects.filter(pk__in=offices).values_list("pk", "name"))
    for task, row in zip(tasks, rows, strict=True):
        zone = task.agency.time_zone
        yield (
            int(row.number) if row.number else "",
            row.name,
            row.title,
            definition_of(task.instance).head.title,
            names[task.agency_id],
            task.lane,
            task.visit,
            moment_text(task.offered_at, zone),
            moment_text(task.submitted_at, zone) if task.submitted_at else "",
            ", ".join(state.words for state in row.states),
        )


def _list(request: HttpRequest, tab: Tab) -> HttpResponse:
    with showing_to(person(request)):
        saved = _saved(request, tab)
        opens_with = next((one for one in saved if one.is_default), None)
        if opens_with and not any(name in request.GET for name in (*PARAMETERS, WHOLE, "page")):
            return redirect(f"{reverse(ADDRESSES[tab])}?{opens_with.query}")
        return _page(request, tab, saved)


def _saved(request: HttpRequest, tab: Tab) -> list[SavedFilter]:
    """Return the person's filters of this list; who keeps none costs no question."""
    if not Numbers.of(request).filters:
        return []
    return list(SavedFilter.objects.filter(owner=person(request), tab=tab))


def _page(request: HttpRequest, tab: Tab, saved: list[SavedFilter]) -> HttpResponse:
    user, waiting = person(request), Numbers.of(request)
    asked = asked_for(tab, request.GET)
    page = TaskList(waiting, asked).page(stretch_of(request))
    rows = task_rows(page, tab, waiting.now)
    context = {
        "tab": tab,
        "q": asked.words,
        "asked": asked,
        "page": page,
        "rows": rows,
        "waiting": waiting,
        "decides": any(row.decides for row in rows),
        "may_narrow": not asked.is_plain or page.total.number > 5,
        "may_start": tab == "mine" and not rows and may_start_something(user, waiting.now),
        "beside": waiting_beside(user.pk, waiting.now) if tab == "mine" else [],
        "next": next_task(user, waiting.now) if "lanjut" in request.GET else None,
        "saved": saved,
        "is_saved": any(one.query == asked.query for one in saved),
        "exports": [(k, reverse("tasks:export", args=[tab, k])) for k in ("xlsx", "csv")],
        "shortcuts": shortcuts.are_on(request),
        **_choices(request, asked),
    }
    return render(request, "processes/inbox.html", context)


def _choices(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Return what the form of the list offers; agencies only to who serves in several."""
    now, tab = Numbers.of(request).now, asked.tab
    served = {(m.agency_name, m.agency_id) for m in mandates_of(person(request), now)}
    agencies = sorted(served) if len(served) > 1 else []
    keys = [(name, key.words) for name, key in KEYS.items() if tab in key.tabs]
    return {
        "quick": [
            (name, one, _address(asked, name)) for name, one in QUICK.items() if tab in one.tabs
        ],
        "sops": [(one.key, one.head.title) for one in repository.all()],
        "agencies": agencies,
        "orders": [*keys, *((f"-{name}", f"{words}, terbalik") for name, words in keys)],
        "chosen_order": (*asked.order, *[""] * MOST_KEYS)[: max(2, len(asked.order))],
    }


def _address(asked: Asked, quick: str) -> str:
    """Return the address that narrows by this press, or, pressed already, no longer does."""
    query = QueryDict(asked.query, mutable=True)
    query.pop("saring", None)
    if asked.quick != quick:
        query["saring"] = quick
    return query.urlencode() or f"{WHOLE}=1"


def waiting_beside(user_id: int, now: datetime) -> list[Waiting]:
    """Return what waits for the person in other rooms: letters to decide, and the like."""
    return [
        found
        for name in registry.waiting.names()
        for found in registry.waiting.get(name)(user_id, now)
    ]


@require_safe
def shortcuts_page(request: HttpRequest) -> HttpResponse:
    """Tell which keys do what, and whether they do."""
    context = {"groups": shortcuts.GROUPS, "shortcuts": shortcuts.are_on(request)}
    context["tab"], context["waiting"] = "shortcuts", Numbers.of(request)
    return render(request, "processes/shortcuts.html", context)
