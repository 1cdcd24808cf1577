"""One's own attendance: today, the month and why, letters; own data only."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance import links
from attendance.days.explaining import explain
from attendance.days.person_months import sheet_of
from attendance.views.common import month_of, page, person_of
from attendance.views.person import sheet_context
from organization.permissions import local_date


@require_GET
def my_month(request: HttpRequest) -> HttpResponse:
    """Show the person today's punches and the month, as frozen or as it stands now."""
    now, employee = timezone.now(), person_of(request).employee
    if employee is None:
        raise Http404
    month = month_of(request, employee.agency, now)
    today = local_date(employee.agency, now)
    sheet = sheet_of(employee, month, now=now)
    told = None
    if month.first <= today <= month.last:
        told = explain(employee, today, now=now, judgement=sheet.judgement)
    context = {
        **sheet_context(sheet, now),
        "today": told,
        "today_link": links.why(employee.pk, today),
        "yesterday_link": links.why(employee.pk, today - timedelta(days=1)),
    }
    return page(request, "attendance/mine.html", context, tab="mine")
