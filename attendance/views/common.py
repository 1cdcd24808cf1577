"""What the pages share: who asks, about which agency and month."""

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from attendance.days.months import Month
from attendance.days.seen import has_staff
from attendance.letters.questions import waiting_for
from organization.models import Agency, User
from organization.permissions import agencies_where, local_date


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def month_of(request: HttpRequest, agency: Agency | None, now: datetime) -> Month:
    """Return the month asked for as `?bulan=2026-04`, else the current one."""
    asked = request.GET.get("bulan", "")
    if asked:
        try:
            return Month.parse(asked)
        except ValueError as error:
            raise Http404(str(error)) from error
    return Month.of(local_date(agency, now) if agency else now.date())


def agency_of(request: HttpRequest, capability: str, now: datetime) -> Agency | None:
    """Return the agency asked for as `?pd=code` where the person may, else his own or first one."""
    user = person_of(request)
    allowed = list(agencies_where(user, capability, now).order_by("name"))
    if asked := request.GET.get("pd", ""):
        for agency in allowed:
            if agency.code == asked:
                return agency
        raise Http404
    own = user.employee.agency_id if user.employee else None
    return next((a for a in allowed if a.pk == own), allowed[0] if allowed else None)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of this room with its tabs."""
    now = timezone.now()
    user = person_of(request)
    sees_recaps = agencies_where(user, "recap.view", now).exists()
    shared = {
        "tab": tab,
        "waiting_count": len(waiting_for(user, now)),
        "sees_recaps": sees_recaps,
        "sees_month": sees_recaps or has_staff(user),
        "has_own": user.employee is not None,
    }
    return render(request, template, shared | context, status=status)
