"""What a person was told, and that it was read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organization.permissions import showing_to
from processes.context_processors import Waiting
from processes.models import Notice
from processes.services.notices import KINDS, mark_read
from processes.views.common import paged, person


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, newest first."""
    user = person(request)
    with showing_to(user):
        waiting = Waiting.of(request)
        page = paged(request, Notice.objects.filter(user=user).select_related("agency"))
        rows = [(notice, KINDS[notice.kind]) for notice in page]
        context = {"tab": "notices", "page": page, "rows": rows, "waiting": waiting}
        return render(request, "processes/notices.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Note that one notice, or all, were read; then go where it leads to, or stay."""
    user, now = person(request), timezone.now()
    chosen = request.POST.get("pemberitahuan", "")
    if not chosen:
        mark_read(actor_user=user, now=now)
        return redirect("tasks:notices")
    notice = get_object_or_404(Notice, user=user, pk=chosen if chosen.isdecimal() else 0)
    mark_read(actor_user=user, now=now, notice_id=notice.pk)
    return redirect(notice.link if "buka" in request.POST and notice.link else "tasks:notices")
