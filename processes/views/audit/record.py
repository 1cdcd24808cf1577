"""The record proves itself: the chains of events walked, the anchors listed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from processes.audit.scope import scope_of


@require_GET
def record(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})
