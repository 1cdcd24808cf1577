"""Which agency: for an office that looks after several, as BKD does."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance.days.seen import CAPABILITY
from attendance.offered.recaps_waiting import unacknowledged
from attendance.offered.report_contexts_evaluation import CAPABILITY as EVALUATE
from attendance.recaps.agencies import agency_lines
from attendance.views.common import page, person_of
from organization.permissions import REFUSAL, agencies_where


@require_GET
def agency_list(request: HttpRequest) -> HttpResponse:
    """Show each agency with its last month, those where something waits first."""
    now, user = timezone.now(), person_of(request)
    agencies = list(agencies_where(user, CAPABILITY, now).order_by("name"))
    if not agencies:
        raise PermissionDenied(REFUSAL)
    search = request.GET.get("q", "").strip()
    found = [agency for agency in agencies if search.lower() in agency.name.lower()]
    lines = agency_lines(user, found, unacknowledged(user, now), now)
    lines.sort(key=lambda line: not (line.deliveries or line.corrections))
    own = user.employee.agency if user.employee and agencies_where(user, EVALUATE, now) else None
    context = {
        "lines": lines,
        "search": search,
        "everything": len(agencies),
        "home": own.code if own else "",
    }
    return page(request, "attendance/agencies.html", context, tab="agencies")
