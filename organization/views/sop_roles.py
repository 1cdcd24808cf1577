"""Who works in the lanes of the SOPs that an office has drawn itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from foundation.forms import limit_choices
from organization.calendars.calendar_forms import day_field
from organization.exceptions import OrganizationError
from organization.forms import EmployeeChoice
from organization.mandates.sop_roles import roles_of_sops
from organization.models import Appointment, Employee, User
from organization.permissions import local_date, may
from organization.services.sop_roles import APPOINT, appoint_to_sop, release_from_sop
from organization.views.scope import Scope, scope, signed_in


class SopRoleForm(forms.Form):
    role = forms.ChoiceField(label="Peran pada SOP")
    employee = EmployeeChoice(label="Pegawai", queryset=Employee.objects.none())
    letter_number = forms.CharField(label="Nomor surat penunjukan", max_length=100)
    valid_from = day_field("Berlaku sejak")
    valid_until = day_field("Berlaku sampai", required=False)

    def __init__(self, data: QueryDict | None, *, here: Scope, but: User) -> None:
        today = local_date(here.agency, here.now)
        super().__init__(data, initial={"valid_from": today})
        people = Employee.objects.filter(agency=here.agency).active(today).exclude(user=but)
        limit_choices(self, "employee", people.order_by("name"))
        roles: Any = self.fields["role"]
        roles.choices = [
            (role, f"{role} ({', '.join(titles)})") for role, titles in roles_of_sops().items()
        ]


@require_http_methods(["GET", "POST"])
def sop_role_new(request: HttpRequest) -> HttpResponse:
    """Choose somebody for a role of a SOP."""
    here, user = scope(request, APPOINT), signed_in(request)
    form = SopRoleForm(request.POST or None, here=here, but=user)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            row = appoint_to_sop(
                agency=here.agency,
                employee_id=told["employee"].pk,
                role=told["role"],
                letter_number=told["letter_number"],
                valid_from=told["valid_from"],
                valid_until=told["valid_until"],
                user=user,
                now=here.now,
            )
        except OrganizationError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"{row.user.get_full_name()} bertugas sebagai {row.title}; "
                f"akunnya {row.user.username}.",
            )  # fmt: skip
            return redirect(f"{reverse('pegawai:officers')}?pd={here.agency.code}")
    context = {"here": here, "form": form, "roles": roles_of_sops()}
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/sop_role_form.html", context, status=status)


@require_POST
def sop_role_end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    now, user = timezone.now(), signed_in(request)
    row = Appointment.objects.select_related("agency").filter(pk=appointment_id).first()
    if row is None or not may(user, APPOINT, row.agency, now):
        raise Http404
    try:
        release_from_sop(appointment=row, user=user, now=now)
    except OrganizationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Tugas sebagai {row.title} diakhiri.")
    return redirect(f"{reverse('pegawai:officers')}?pd={row.agency.code}")
