"""What the pages share: who asks, about which agency and month."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.days.seen import has_staff
from attendance.letters.questions import waiting_for
from devices.models import Device
from foundation.indonesian import period_label
from organization.models import Agency, User
from organization.permissions import agencies_where, local_date

NOW = "kini"  # `?tampil=`: a frozen month as it would be judged now


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def month_of(request: HttpRequest, agency: Agency | None, now: datetime) -> Month:
    """Return the month asked for as `?bulan=2026-04`, else the current one.

    Where what was asked is no month the page says so in a sentence.
    """
    current = Month.of(local_date(agency, now) if agency else now.date())
    asked = request.GET.get("bulan", "")
    if not asked:
        return current
    try:
        return Month.parse(asked)
    except ValueError:
        text = f"“{asked[:20]}” bukan bulan; tulis seperti {current}."
        messages.warning(request, f"{text} Yang tampil: {period_label(str(current))}.")
        return current


def is_misspelt(request: HttpRequest) -> bool:
    """Say whether the address asks for something that is no month, as `month_of` reads it."""
    asked = request.GET.get("bulan", "")
    try:
        return bool(asked) and not Month.parse(asked)
    except ValueError:
        return True


def agency_of(request: HttpRequest, capability: str, now: datetime) -> Agency | None:
    """Return the agency asked for as `?pd=code` where the person may, else his own or first one."""
    user = person_of(request)
    allowed = list(agencies_where(user, capability, now).order_by("name"))
    if asked := request.GET.get("pd", ""):
        for agency in allowed:
            if agency.code == asked:
                return agency
        raise Http404
    if len(allowed) > 1:
        allowed = _recorded(allowed)
    own = user.employee.agency_id if user.employee else None
    return next((a for a in allowed if a.pk == own), allowed[0] if allowed else None)


def _recorded(agencies: list[Agency]) -> list[Agency]:
    """Return those that have machines: who looks after many has none in his own office, perhaps."""
    machines = Device.objects.filter(agency__in=agencies).order_by()
    found = set(machines.values_list("agency_id", flat=True).distinct())
    return [agency for agency in agencies if agency.pk in found] or agencies


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
    codes = set(agencies_where(user, "recap.view", now).values_list("code", flat=True))
    sees_recaps, many = bool(codes), len(codes) > 1
    agency = context.get("agency")
    shared = {
        "tab": tab,
        "many_agencies": many,
        # The tabs stay with the agency at hand where there is a choice.
        "of_agency": f"?pd={agency.code}" if many and agency and agency.code in codes else "",
        "waiting_count": len(waiting_for(user, now)),
        "sees_recaps": sees_recaps,
        "sees_month": sees_recaps or has_staff(user),
        "has_own": user.employee is not None,
        "takes_check_ins": _takes_check_ins(user, now),
    }
    return render(request, template, shared | context, status=status)


def _takes_check_ins(user: User, now: datetime) -> bool:
    """Say whether the person records his presence himself."""
    if user.employee is None:
        return False
    agency = user.employee.agency
    today = local_date(agency, now)
    return policies_of(agency.pk, today, today).on(today).takes_check_ins
