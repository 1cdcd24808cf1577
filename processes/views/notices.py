"""What a person was told, and that it was read."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organization.models import User
from organization.permissions import showing_to
from processes.context_processors import Waiting
from processes.models import Notice, NoticeDelivery
from processes.notices.channels import whatsapp
from processes.notices.kinds import KINDS
from processes.services.notices import mark_read
from processes.views.common import paged, person


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, newest first."""
    user = person(request)
    with showing_to(user):
        waiting = Waiting.of(request)
        page = paged(request, _told(user))
        rows = [(notice, KINDS[notice.kind].badge, whatsapp.link(notice)) for notice in page]
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


def _told(user: User) -> QuerySet[Notice]:
    """Return what the person was told, with where it was sent."""
    sent = NoticeDelivery.objects.exclude(state=NoticeDelivery.State.WAITING)
    mine = Notice.objects.filter(user=user).select_related("agency")
    return mine.prefetch_related(Prefetch("deliveries", sent))
