"""Terminals that call and that nobody registered: register them, or say that they are not ours."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from devices import services
from devices.exceptions import NotAllowedNow
from devices.models import Caller, RawUpload
from devices.views.access import MANAGE, managed_agency
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
    kept = _kept_of([caller.serial for caller in page])
    context = {
        "page": page,
        "rows": [{"caller": c, "kept": kept.get(c.serial)} for c in page],
        "ignored": ignored,
        "zone": managed_agency(request).time_zone,
    }
    return render(request, "devices/callers.html", context)


def _kept_of(serials: list[str]) -> dict[str, dict[str, int]]:
    """Return by serial how many bodies wait, and which is the latest."""
    rows = RawUpload.objects.filter(serial__in=serials, outcome=RawUpload.Outcome.WAITING)
    counted = rows.order_by().values_list("serial").annotate(Count("id"), Max("id"))
    return {serial: {"uploads": n, "latest": latest} for serial, n, latest in counted}


@require_POST
def ignore(request: HttpRequest, caller_id: int) -> HttpResponse:
    now = timezone.now()
    agency = managed_agency(request)
    actor = actor_allowed(request.user, MANAGE, agency, now)
    caller = get_object_or_404(Caller, pk=caller_id)
    try:
        services.ignore_caller(
            caller=caller, agency=agency, reason=request.POST.get("reason", ""), actor=actor,
            now=now,
        )  # fmt: skip
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Mesin {caller.serial} diabaikan; kirimannya tetap disimpan.")
    return redirect("mesin:callers")
