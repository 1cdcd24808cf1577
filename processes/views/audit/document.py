"""The audit as a document: ordered here, written by a worker of the room of documents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from organization.models import Agency, User
from organization.permissions import actor_for, mandates_of
from processes.audit.report import subject_of
from processes.audit.scope import Scope, scope_of
from processes.views.common import person
from workflows.registry import Request, requested

REPORT = "laporan_audit"


@require_POST
def document(request: HttpRequest) -> HttpResponse:
    """Ask for the audit of the scope in the address as a document.

    It belongs to the chosen agency; of all agencies together, to that of the asker's mandate.
    Asked again within the minute it is the same one. Answers with the page of the order.
    """
    scope = scope_of(request)
    user = person(request)
    agency = scope.agency or _own_agency(scope, user)
    subject, key = subject_of(scope, scope.now), f"audit-{user.pk}"
    asked = Request(
        agency_id=agency.pk,
        subject=subject,
        actor=actor_for(user, None, agency, scope.now),
        now=scope.now,
        parameters={
            **scope.parameters,
            "report": REPORT,
            "key": key,
            "label": scope.period_words,
        },
    )
    # An order is only put down here; its data are read and its file is written by a worker.
    order = requested.get("documents.report")(asked)
    messages.success(request, "Laporan audit sedang disusun; hasilnya muncul di halaman ini.")
    return HttpResponseRedirect(order.link)


def _own_agency(scope: Scope, user: User) -> Agency:
    """Return the agency of a mandate among those of the scope; a mandate over all has its own."""
    mandates = {mandate.agency_id for mandate in mandates_of(user, scope.now)}
    return next((a for a in scope.agencies if a.pk in mandates), scope.agencies[0])
