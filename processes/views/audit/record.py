"""The record proves itself: what was checked, what was found, and the anchors to compare with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from foundation.ledger.asking import job_key
from foundation.models import Anchor, OutboxJob, Verification
from processes.audit.record import ask, counted, findings
from processes.audit.scope import scope_of
from processes.views.audit.common import audit_page
from processes.views.common import paged, person


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    working = Verification.objects.filter(finished_at=None).first()
    last = Verification.objects.exclude(finished_at=None).first()
    job = OutboxJob.objects.filter(key=job_key(working)).first() if working else None
    context = {
        "counted": counted(),
        "working": working,
        "job": job,
        "last": last,
        "findings": findings(last, scope) if last else [],
        "anchors": paged(request, Anchor.objects.order_by("-number")),
    }
    return audit_page(request, scope, "processes/audit/record.html", context)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    ask(user=person(request), agency=scope.agency or scope.agencies[0], now=scope.now)
    messages.success(request, "Pemeriksaan catatan dimulai.")
    return redirect(f"{reverse('audit:record')}?{scope.query()}")
