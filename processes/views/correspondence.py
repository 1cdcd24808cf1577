"""Kabar: what the SOPs and rooms of an agency told each other, and what nobody has received."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.permissions import showing_to
from organization.views.scope import scope
from processes.correspondence import late_letters, letters, messages_of
from processes.views.common import paged, person

CAPABILITY = "processes.view"
PENDING = "belum"  # in the address: what nobody has received


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List the messages of one agency, newest first; those that nobody received on demand."""
    with showing_to(person(request)):
        here = scope(request, CAPABILITY)
        is_pending = request.GET.get("keadaan") == PENDING
        rows = messages_of(here.agency)
        page = paged(request, rows.filter(received_at=None) if is_pending else rows)
        context = {
            "here": here,
            "page": page,
            "rows": letters(page, here.agency, here.now),
            "is_pending": is_pending,
            "late": len(late_letters(here.agency, here.now)),
        }
        return render(request, "processes/messages.html", context)
