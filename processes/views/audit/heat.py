"""The diagram with its hot steps, and the same as a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from processes.audit.scope import scope_of


@require_GET
def heat_map(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})
