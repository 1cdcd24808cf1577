"""Where an agency works: circles on a plan that is drawn from coordinates, without a map."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization import services
from organization.calendars.calendar_forms import day_field
from organization.exceptions import CalendarRefused
from organization.geography import plan_of
from organization.models import Workplace
from organization.models.workplaces import LEAST_RADIUS, MOST_RADIUS
from organization.permissions import local_date, may
from organization.services.workplaces import MANAGE
from organization.views.patterns import tell
from organization.views.scope import scope, signed_in


class WorkplaceForm(forms.Form):
    name = forms.CharField(label="Nama lokasi", max_length=150)
    latitude = forms.DecimalField(
        label="Lintang", max_digits=9, decimal_places=6,
        help_text="Derajat desimal, misalnya -2.935000 (selatan memakai tanda minus).",
    )  # fmt: skip
    longitude = forms.DecimalField(
        label="Bujur", max_digits=9, decimal_places=6,
        help_text="Derajat desimal, misalnya 115.150000.",
    )  # fmt: skip
    radius_m = forms.IntegerField(
        label="Radius (meter)", min_value=LEAST_RADIUS, max_value=MOST_RADIUS, initial=100
    )
    source = forms.CharField(
        label="Dasar", max_length=200, required=False,
        help_text="Keputusan yang menetapkannya; kosong ditampilkan “belum diverifikasi”.",
    )  # fmt: skip
    valid_from = day_field("Berlaku sejak")
    valid_until = day_field("Berlaku sampai", required=False)


@require_GET
def workplace_list(request: HttpRequest) -> HttpResponse:
    """Show the offices of an agency, each with its plan; those that ended last."""
    here = scope(request, MANAGE)
    today = local_date(here.agency, here.now)
    rows = Workplace.objects.filter(agency=here.agency).select_related("set_by__employee")
    lines = [(row, row.holds_on(today), plan_of(row.point, row.radius_m)) for row in rows]
    lines.sort(key=lambda line: not line[1])
    context = {"here": here, "today": today, "lines": lines}
    return render(request, "organization/workplaces.html", context)


@require_http_methods(["GET", "POST"])
def workplace_new(request: HttpRequest) -> HttpResponse:
    here = scope(request, MANAGE)
    today = local_date(here.agency, here.now)
    form = WorkplaceForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        data = services.WorkplaceData(**form.cleaned_data)
        try:
            row = services.add_workplace(
                agency=here.agency, data=data, user=signed_in(request), now=here.now
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, f"{row.name} dicatat.")
            return redirect(f"{reverse('pegawai:workplaces')}?pd={here.agency.code}")
    status = 422 if form.errors else 200
    return render(
        request, "organization/workplace_form.html", {"here": here, "form": form}, status=status
    )


@require_POST
def workplace_end(request: HttpRequest, workplace_id: int) -> HttpResponse:
    """Let an office hold up to a day (`last_on`)."""
    now, user = timezone.now(), signed_in(request)
    row = Workplace.objects.select_related("agency").filter(pk=workplace_id).first()
    if row is None or not may(user, MANAGE, row.agency, now):
        raise Http404
    try:
        last_on = date.fromisoformat(request.POST.get("last_on", ""))
        services.end_workplace(workplace_id=row.pk, last_on=last_on, user=user, now=now)
    except CalendarRefused as refused:
        messages.error(request, str(refused))
    except ValueError:
        messages.error(request, "Tulis tanggal terakhir lokasi ini berlaku.")
    else:
        messages.success(request, f"{row.name} berlaku sampai tanggal itu.")
    return redirect(f"{reverse('pegawai:workplaces')}?pd={row.agency.code}")
