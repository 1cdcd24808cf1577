"""Where the time goes: the steps beside their standard, as table and box plots."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from processes.views.audit.common import audit_page, scope_here


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    return audit_page(request, scope, "processes/audit/summary.html")
