"""Terminals that call and that nobody registered: register them, or say that they are not ours."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from devices import services
from devices.models import Caller, RawUpload
from devices.views.access import MANAGE, managed_agency
from devices.views.telling import did
from devices.views.uploads import visible_uploads
from organization.permissions import actor_allowed, agencies_where
from processes.views.common import paged


@require_safe
def caller_list(request: HttpRequest) -> HttpResponse:
    """Who called, since when, from where, and how much of it waits."""
    if not agencies_where(request.user, MANAGE, timezone.now()).exists():
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mendaftarkan mesin.")
    ignored = "diabaikan" in request.GET
    callers = Caller.objects.waiting()
    if ignored:
        callers = Caller.objects.exclude(ignored_at=None).select_related("ignored_by")
    page = paged(request, callers)
    waiting = _waiting_of([caller.serial for caller in page])
    context = {
        "page": page,
        "rows": [{"caller": c, "waiting": waiting.get(c.serial, 0)} for c in page],
        "ignored": ignored,
        "zone": managed_agency(request).time_zone,
    }
    return render(request, "devices/callers.html", context)


def _waiting_of(serials: list[str]) -> dict[str, int]:
    """Return by serial how many bodies wait."""
    rows = RawUpload.objects.filter(serial__in=serials, outcome=RawUpload.Outcome.WAITING)
    return dict(rows.order_by().values_list("serial").annotate(Count("id")))


@require_safe
def caller_page(request: HttpRequest, caller_id: int) -> HttpResponse:
    """What one of them has sent so far."""
    caller = get_object_or_404(Caller, pk=caller_id)
    managed_agency(request)  # only who may register it looks at it
    uploads = visible_uploads(request).filter(serial=caller.serial).defer("content")
    page = paged(request, uploads.select_related("device__agency"))
    return render(request, "devices/uploads.html", {"caller": caller, "page": page})


@require_POST
def ignore(request: HttpRequest, caller_id: int) -> HttpResponse:
    now = timezone.now()
    agency = managed_agency(request)
    actor = actor_allowed(request.user, MANAGE, agency, now)
    caller = get_object_or_404(Caller, pk=caller_id)
    reason = request.POST.get("reason", "")
    act = partial(
        services.ignore_caller, caller=caller, agency=agency, reason=reason, actor=actor, now=now
    )
    did(request, act, f"Mesin {caller.serial} diabaikan; kirimannya tetap disimpan.")
    return redirect("mesin:callers")
