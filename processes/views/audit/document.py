"""The audit as a document: asked for here, written by a worker of the room of documents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from organization.models import Agency, User
from organization.permissions import actor_for, mandates_of
from processes.audit.report import subject_of
from processes.audit.scope import Scope, scope_of
from processes.views.common import person
from workflows.registry import Request
from workflows.requests import request_operation

REPORT = "laporan_audit"


@require_POST
def document(request: HttpRequest) -> HttpResponse:
    """Ask for the audit of the scope in the address as a document.

    It belongs to the chosen agency; of all agencies together, to that of the asker's mandate.
    Asked again within the minute it is the same one.
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
        parameters={**scope.parameters, "report": REPORT, "key": key},
    )
    request_operation(name="documents.report", key=f"{key}:{agency.pk}:{subject}", request=asked)
    messages.success(request, "Laporan audit sedang disusun; hasilnya muncul di Dokumen.")
    return HttpResponseRedirect(f"{reverse('audit:index')}?{scope.query()}")


def _own_agency(scope: Scope, user: User) -> Agency:
    """Return the agency of a mandate among those of the scope; a mandate over all has its own."""
    mandates = {mandate.agency_id for mandate in mandates_of(user, scope.now)}
    return next((a for a in scope.agencies if a.pk in mandates), scope.agencies[0])
