"""The SOP sheet (SOP-AP) of what runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from processes.audit.scope import scope_of


@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})


@require_GET
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})
