"""What a person does with his lists: keep a filter, take several tasks, turn off the keys."""

from typing import get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from processes import services
from processes.inbox import shortcuts
from processes.inbox.asking import Tab, asked_for
from processes.models import SavedFilter
from processes.views.common import person, refusals_as_pages
from processes.views.inbox import ADDRESSES

TABS: tuple[Tab, ...] = get_args(Tab)


@require_POST
@refusals_as_pages
def save_filter(request: HttpRequest, tab: Tab) -> HttpResponse:
    """Keep what the list is narrowed and ordered by under a name."""
    asked = asked_for(tab, QueryDict(request.POST.get("saringan", "")[:1000]))
    saved = services.save_filter(
        actor_user=person(request),
        asked=asked,
        name=request.POST.get("nama", ""),
        is_default="utama" in request.POST,
        now=timezone.now(),
    )
    messages.success(request, f"Saringan “{saved.name}” tersimpan.")
    return redirect(f"{reverse(ADDRESSES[tab])}?{saved.query}")


@require_POST
def choose_filter(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Let the list open with this filter, or no longer."""
    return _told(
        request,
        services.choose_filter(actor_user=person(request), filter_id=filter_id),
        "“{name}” dipakai setiap kali daftar ini dibuka."
        "|“{name}” tidak lagi dipakai saat daftar dibuka.",
    )


@require_POST
def remove_filter(request: HttpRequest, filter_id: int) -> HttpResponse:
    removed = services.remove_filter(actor_user=person(request), filter_id=filter_id)
    return _told(request, removed, "Saringan “{name}” dihapus.")


def _told(request: HttpRequest, one: SavedFilter | None, words: str) -> HttpResponse:
    if one is None or one.tab not in TABS:
        raise Http404("Saringan ini tidak ada.")
    on, _, off = words.partition("|")
    messages.success(request, (on if one.is_default or not off else off).format(name=one.name))
    return redirect(f"{reverse(ADDRESSES[one.tab])}?semua=1")


@require_POST
def claim_many(request: HttpRequest) -> HttpResponse:
    """Take every task that is ticked; tell of those that somebody else was faster with."""
    ids = [int(text) for text in request.POST.getlist("tugas") if text.isdecimal()]
    ids = [task_id for task_id in ids if task_id < 2**63]
    if not ids:
        messages.warning(request, "Tandai dahulu tugas yang hendak Anda ambil.")
        return redirect("tasks:queue")
    taken = services.claim_tasks(task_ids=ids, actor_user=person(request), now=timezone.now())
    if taken.tasks:
        messages.success(request, f"{len(taken.tasks)} tugas menjadi milik Anda.")
    for words in dict.fromkeys(taken.refusals):
        messages.warning(request, f"Ada yang tidak diambil. {words}")
    return redirect("tasks:index" if taken.tasks else "tasks:queue")


@require_POST
def set_shortcuts(request: HttpRequest) -> HttpResponse:
    """Turn the keys on or off in this browser."""
    off = request.POST.get("pintasan") == shortcuts.OFF
    response = redirect("tasks:shortcuts")
    response.set_cookie(
        shortcuts.COOKIE,
        shortcuts.OFF if off else "hidup",
        max_age=shortcuts.AGE,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
