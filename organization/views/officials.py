"""Heads, who acts for them, BKD, auditors: appointed by a letter of somebody above."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organization import services
from organization.exceptions import OrganizationError
from organization.models import Appointment
from organization.official_form import OfficialForm
from organization.permissions import actor_allowed, may
from organization.questions import officers_of
from organization.services.officials import CAPABILITY
from organization.views.scope import actor_here, scope, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def officials(request: HttpRequest) -> HttpResponse:
    """Show who holds a role by letter, and note another letter."""
    here, user = scope(request, CAPABILITY), signed_in(request)
    form = OfficialForm(request.POST or None, here=here)
    if request.method == "POST" and form.is_valid():
        actor = actor_here(request, CAPABILITY, here)
        told = {k: v for k, v in form.cleaned_data.items() if k != "number"}
        try:
            made = services.appoint_official(agency=here.agency, actor=actor, now=here.now, **told)
        except OrganizationError as refused:
            form.add_error(None, str(refused))
        else:
            account = made.appointment.user
            messages.success(request, f"{account.get_full_name()}: {made.appointment.title}.")
            if made.password:
                context = {"account": account, "password": made.password}
                return render(request, "organization/password_issued.html", context)
            return redirect(f"{reverse('pegawai:officials')}?pd={here.agency.code}")
    given = services.official_roles()
    rows = [row for row in officers_of(here.agency, here.now) if row.role in given]
    context = {"here": here, "form": form, "rows": rows, "me": user}
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/officials.html", context, status=status)


@require_POST
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """End an appointment by letter today."""
    now, user = timezone.now(), signed_in(request)
    row = Appointment.objects.select_related("agency", "user").filter(pk=appointment_id).first()
    if row is None or not may(user, CAPABILITY, row.agency, now):
        raise Http404
    try:
        services.end_official(
            appointment=row, actor=actor_allowed(user, CAPABILITY, row.agency, now), now=now
        )
    except OrganizationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Tugas {row.user.get_full_name()} sebagai {row.title} berakhir.")
    return redirect(f"{reverse('pegawai:officials')}?pd={row.agency.code}")
