"""What was sent back, why, to where, and what it cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from processes.audit.scope import scope_of


@require_GET
def returns(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/audit/soon.html", {"scope": scope_of(request)})
