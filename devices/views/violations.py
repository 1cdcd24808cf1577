"""Violations: noted from an alarm, handed over or found to be none. Never a sanction."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from devices import services
from devices.exceptions import NotAllowedNow
from devices.forms import DismissalForm, HandOverForm, ViolationForm
from devices.models import Alarm, Violation
from devices.views.telling import did
from organization.models import Employee
from organization.permissions import REFUSAL, actor_allowed, agencies_where, may
from processes.views.common import paged

VIEW, NOTE, HAND_OVER = "violations.view", "violations.note", "violations.hand_over"


@require_safe
def violation_list(request: HttpRequest) -> HttpResponse:
    """What was noted in the agencies where the person may see it; the newest first."""
    if not agencies_where(request.user, VIEW, timezone.now()).exists():
        raise PermissionDenied(REFUSAL)
    rows = _visible(request).select_related("agency", "employee")
    context = {"page": paged(request, rows)}
    return render(request, "devices/violations.html", context)


@require_safe
def violation_page(request: HttpRequest, violation_id: int) -> HttpResponse:
    return _page(request, _found(request, violation_id), HandOverForm(), DismissalForm())


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Note what an alarm showed."""
    now = timezone.now()
    alarms = Alarm.objects.filter(agency__in=agencies_where(request.user, VIEW, now))
    alarm = get_object_or_404(alarms.select_related("agency", "device"), pk=alarm_id)
    if alarm.agency is None:
        raise Http404
    actor = actor_allowed(request.user, NOTE, alarm.agency, now)
    form = ViolationForm(
        request.POST or None,
        employees=Employee.objects.filter(agency=alarm.agency),
        initial={"employee": alarm.employee_id, "facts": alarm.text},
    )
    if form.is_valid():
        try:
            violation = services.note_violation(
                alarm=alarm, actor=actor, now=now, **form.cleaned_data
            )
        except NotAllowedNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Dugaan pelanggaran dicatat.")
            return redirect("mesin:violation", violation.pk)
    context = {"form": form, "alarm": alarm}
    status = 422 if form.errors else 200
    return render(request, "devices/violation_form.html", context, status=status)


@require_POST
def hand_over(request: HttpRequest, violation_id: int) -> HttpResponse:
    """Give it to whom it belongs, by letter."""
    violation, now = _found(request, violation_id), timezone.now()
    actor = actor_allowed(request.user, HAND_OVER, violation.agency, now)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _page(request, violation, form, DismissalForm(), status=422)
    act = partial(services.hand_over_violation, violation=violation, actor=actor, now=now)
    did(request, partial(act, **form.cleaned_data), "Penyerahan dicatat.")
    return redirect("mesin:violation", violation.pk)


@require_POST
def dismiss(request: HttpRequest, violation_id: int) -> HttpResponse:
    """Close it as unfounded."""
    violation, now = _found(request, violation_id), timezone.now()
    actor = actor_allowed(request.user, HAND_OVER, violation.agency, now)
    form = DismissalForm(request.POST)
    if not form.is_valid():
        return _page(request, violation, HandOverForm(), form, status=422)
    act = partial(services.dismiss_violation, violation=violation, actor=actor, now=now)
    did(request, partial(act, **form.cleaned_data), "Catatan ditutup: tidak terbukti.")
    return redirect("mesin:violation", violation.pk)


def _visible(request: HttpRequest) -> QuerySet[Violation]:
    agencies = agencies_where(request.user, VIEW, timezone.now())
    return Violation.objects.filter(agency__in=agencies)


def _found(request: HttpRequest, violation_id: int) -> Violation:
    rows = _visible(request).select_related(
        "agency", "employee", "alarm__device", "noted_by__employee", "closed_by__employee"
    )
    return get_object_or_404(rows, pk=violation_id)


def _page(
    request: HttpRequest,
    violation: Violation,
    hand_over_form: HandOverForm,
    dismissal_form: DismissalForm,
    status: int = 200,
) -> HttpResponse:
    is_open = violation.state == Violation.State.NOTED
    context = {
        "violation": violation,
        "hand_over_form": hand_over_form,
        "dismissal_form": dismissal_form,
        "may_close": is_open and may(request.user, HAND_OVER, violation.agency, timezone.now()),
    }
    return render(request, "devices/violation.html", context, status=status)
