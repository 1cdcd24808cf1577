"""Who serves as what, and the first passwords of personal accounts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from organization import links, services
from organization.exceptions import OrganizationError
from organization.models import Appointment, User
from organization.permissions import ROLES, actor_allowed, may
from organization.questions import officers_of, visible_employees
from organization.services import owner_chose_password, request_officers
from organization.services.accounts import agency_of
from organization.services.officer_needs import is_staffed, open_need
from organization.services.sop_roles import APPOINT
from organization.views.scope import scope, signed_in

ISSUE, RESET = "officers.issue_password", "officers.reset_password"
HISTORY = 30


@require_GET
def officer_list(request: HttpRequest) -> HttpResponse:
    """Show the appointments of an agency: those that hold, and the latest that ended."""
    here = scope(request, "officers.view")
    user = signed_in(request)
    current = officers_of(here.agency, here.now)
    ended = (
        Appointment.objects.filter(agency=here.agency)
        .exclude(pk__in=[appointment.pk for appointment in current])
        .select_related("user__employee")
        .order_by("-pk")[:HISTORY]
    )
    return render(
        request,
        "organization/officers.html",
        {
            "here": here,
            "current": [(a, owner_chose_password(a.user)) for a in current],
            "ended": ended,
            "may_issue": may(user, ISSUE, here.agency, here.now),
            "may_reset": may(user, RESET, here.agency, here.now),
            "may_appoint": may(user, APPOINT, here.agency, here.now),
            "may_ask": may(user, APPOINT, here.agency, here.now) and is_staffed(here.agency),
            "need": open_need(here.agency),
            "given_elsewhere": ROLES,
        },
    )


@require_POST
def ask_for_officers(request: HttpRequest) -> HttpResponse:
    """Ask that officers be appointed; the head finds the task in his inbox."""
    here = scope(request, APPOINT)
    try:
        request_officers(agency=here.agency, user=signed_in(request), now=here.now)
    except OrganizationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, "Penetapan petugas diminta; tugasnya segera muncul di Kotak masuk pimpinan."
        )
    return redirect(links.officers(here.agency.code))


@require_POST
@never_cache
def issue_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give an account a first password and show it, this once."""
    now = timezone.now()
    me = signed_in(request)
    account = User.objects.filter(pk=user_id).select_related("employee__agency").first()
    if account is None or account.employee is None:
        raise Http404
    if not visible_employees(me, now).filter(pk=account.employee.pk).exists():
        raise Http404
    replace_own = owner_chose_password(account)
    agency = agency_of(account)
    actor = actor_allowed(me, RESET if replace_own else ISSUE, agency, now)
    try:
        password = services.issue_initial_password(
            user=account, actor=actor, now=now, replace_own=replace_own
        )
    except OrganizationError as error:
        messages.error(request, str(error))
        return redirect("pegawai:detail", account.employee.pk)
    return render(
        request,
        "organization/password_issued.html",
        {"account": account, "password": password},
    )
