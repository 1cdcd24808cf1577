"""Out of the house: the event log, and the audit as a document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from processes.audit.scope import scope_of


@require_GET
def xes(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})


@require_GET
def csv(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})


@require_POST
def document(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})
