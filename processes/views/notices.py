"""What a person was told, and that it was read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "processes/notices.html", {})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    return redirect("tasks:notices")
