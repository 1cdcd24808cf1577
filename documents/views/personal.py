"""What is held about oneself, or about one of one's office: asked for, fetched, and who looked."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from documents.exceptions import DocumentError
from documents.models import PersonalCopy
from documents.models.personal import EXPORT
from documents.personal.copies import KEPT, LONGEST_REASON, order_copy
from documents.storage import stored_path
from documents.views.renditions import ZIP
from foundation.personal_data import holdings
from foundation.viewings import COPY, KINDS, viewings_of
from organization.looking import note_look
from organization.models import Employee, User
from organization.permissions import account, agencies_where

PAGE = 20


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """Show what kinds of data there are, the copies that were asked for, and who looked."""
    user, now = account(request.user.pk or 0), timezone.now()
    if user.employee is None:
        return render(request, "documents/personal.html", {"person": None})
    copies = PersonalCopy.objects.filter(employee=user.employee).select_related(
        "asked_by__employee"
    )
    viewings = Paginator(viewings_of(user.employee.pk), PAGE).get_page(request.GET.get("page"))
    context = {
        "person": user.employee,
        "zone": user.employee.agency.time_zone,
        "holdings": [one for one in holdings() if not one.key.endswith(".perbuatan")],
        "copies": copies[:PAGE],
        "user_id": user.pk,
        "page_obj": viewings,
        "viewings": [(row, KINDS.get(row.kind, row.kind)) for row in viewings],
        "days": KEPT.days,
        "now": now,
    }
    return render(request, "documents/personal.html", context)


@require_POST
@login_required
def ask_own(request: HttpRequest) -> HttpResponse:
    """Ask for the copy about oneself."""
    user = account(request.user.pk or 0)
    if user.employee is None:
        raise Http404("Akun ini bukan milik seorang pegawai.")
    copy = order_copy(employee=user.employee, user=user, reason="", now=timezone.now())
    return HttpResponseRedirect(copy.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask_for(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Ask for the copy about somebody of one's office, with a reason that he can read."""
    user, now = account(request.user.pk or 0), timezone.now()
    employee = _of_office(user, employee_id, now)
    reason, refusal = request.POST.get("alasan", ""), ""
    if request.method == "POST":
        try:
            copy = order_copy(employee=employee, user=user, reason=reason, now=now)
        except DocumentError as refused:
            refusal = str(refused)
        else:
            return HttpResponseRedirect(copy.get_absolute_url())
    context = {
        "person": employee,
        "reason": reason,
        "refusal": refusal,
        "longest": LONGEST_REASON,
        "days": KEPT.days,
    }
    return render(request, "documents/personal_ask.html", context, status=422 if refusal else 200)


@require_safe
@login_required
def copy(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Tell how far a copy is, and offer it when it is written."""
    found = _copy(request, copy_id)
    context = {"copy": found, "zone": found.agency.time_zone, "days": KEPT.days}
    return render(request, "documents/personal_copy.html", context)


@require_GET
@login_required
def download(request: HttpRequest, copy_id: int) -> FileResponse:
    """Hand out a copy to whoever asked for it; whose it is can read who fetched it."""
    found, user, now = _copy(request, copy_id), account(request.user.pk or 0), timezone.now()
    if found.state != PersonalCopy.State.DONE:
        raise Http404("Salinan ini belum siap atau sudah dihapus.")
    try:
        stream = stored_path(found.file.name or "").open("rb")
    except OSError:
        raise Http404("Berkas ini tidak ada di penyimpanan.") from None
    note_look(
        user=user,
        kind=COPY,
        subject=f"documents.personalcopy:{found.pk}",
        person_id=found.employee_id,
        now=now,
    )
    name = f"data-pribadi-{found.pk}.zip"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=ZIP)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _of_office(user: User, employee_id: int, now: datetime) -> Employee:
    people = Employee.objects.filter(agency__in=agencies_where(user, EXPORT, now))
    return get_object_or_404(people.select_related("agency"), pk=employee_id)


def _copy(request: HttpRequest, copy_id: int) -> PersonalCopy:
    user = account(request.user.pk or 0)
    visible = PersonalCopy.objects.visible_to(user, timezone.now())
    rows = visible.select_related("agency", "employee", "asked_by")
    return get_object_or_404(rows, pk=copy_id)
