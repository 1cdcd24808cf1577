"""What people say about a task beside doing it: comments, a call for help, taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.indonesian import list_text
from processes import queries, services
from processes.views.common import person, refusals_as_pages


def _visible(request: HttpRequest, task_id: int) -> None:
    queries.get_visible_task(person(request), task_id, timezone.now())


@require_POST
@refusals_as_pages
def comment(request: HttpRequest, task_id: int) -> HttpResponse:
    services.add_comment(
        task_id=task_id,
        actor_user=person(request),
        text=request.POST.get("komentar", ""),
        now=timezone.now(),
    )
    messages.success(request, "Komentar tercatat dalam riwayat berkas.")
    return redirect("tasks:detail", task_id)


@require_POST
@refusals_as_pages
def escalate(request: HttpRequest, task_id: int) -> HttpResponse:
    """Ask the superior for help; the task stays one's own."""
    _visible(request, task_id)
    names = services.escalate_task(
        task_id=task_id,
        actor_user=person(request),
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    messages.success(request, f"{list_text(names)} diberi tahu. Tugas ini tetap milik Anda.")
    return redirect("tasks:detail", task_id)


@require_POST
@refusals_as_pages
def take_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take up again what one handed over and nobody has begun."""
    _visible(request, task_id)
    services.take_back_task(task_id=task_id, actor_user=person(request), now=timezone.now())
    messages.success(request, "Tugas ini kembali menjadi milik Anda.")
    return redirect("tasks:detail", task_id)
