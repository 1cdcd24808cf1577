"""What is done on the page of a person whose fingers are to be recorded anew (art. 8(4))."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from devices import services
from devices.forms import LeftOutForm, RecordingAnewForm
from devices.models import RecordingAnew
from devices.services.recording_removal import holding_up
from devices.services.supervision import SUPERVISE
from devices.views.access import ENROL, visible_employee
from devices.views.enrolment import person_page
from devices.views.telling import did
from organization.permissions import actor_allowed
from processes.views.common import person as signed_in


@require_POST
def request_anew(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Ask that this person's fingers be recorded anew: its procedure begins."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = RecordingAnewForm(request.POST, auto_id="anew_%s")
    if form.is_valid():
        act = partial(
            services.request_recording_anew,
            employee=employee,
            user=signed_in(request),
            actor=actor,
            now=now,
            **form.cleaned_data,
        )
        if did(request, act, f"Perekaman ulang {employee.name} diminta.", form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, anew_form=form)


@require_POST
def withdraw_anew(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Take one's own request back; its procedure ends at once."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    asked = RecordingAnew.objects.open_of(employee)
    if asked is not None:
        act = partial(
            services.withdraw_request,
            request=asked,
            reason=request.POST.get("reason", ""),
            user=signed_in(request),
            actor=actor,
            now=now,
        )
        did(request, act, f"Permohonan perekaman ulang {employee.name} ditarik kembali.")
    return redirect("mesin:person", employee.pk)


@require_POST
def leave_machine_out(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Go on without a machine from which the old finger cannot be deleted now."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, SUPERVISE, employee.agency, now)
    asked = RecordingAnew.objects.open_of(employee)
    if asked is None:
        return redirect("mesin:person", employee.pk)
    form = LeftOutForm(request.POST, devices=holding_up(asked, now), auto_id="left_out_%s")
    if form.is_valid():
        device = form.cleaned_data["device"]
        act = partial(
            services.leave_machine_out,
            request=asked,
            device=device,
            reason=form.cleaned_data["reason"],
            user=signed_in(request),
            actor=actor,
            now=now,
        )
        if did(request, act, f"Perekaman ulang dilanjutkan tanpa {device.name}.", form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, left_out_form=form)
