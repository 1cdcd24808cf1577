"""Where the time goes: the steps beside their standard, as table and box plots."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from processes.audit.questions.boxplots import chart
from processes.audit.questions.steps import step_table
from processes.views.audit.common import audit_page, scope_here


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    table = step_table(scope)
    context = {"table": table, "chart": chart(table.steps), "visits": table.visits}
    return audit_page(request, scope, "processes/audit/summary.html", context)
