"""Withdrawing a document: what it means is said first, then it is confirmed with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from documents.archive.succession import last_after
from documents.models import Document
from documents.models.documents import LARGE
from documents.orders.reissuing import ReissueRefused, order_again
from documents.services import withdraw_document
from documents.services.withdrawing import LONGEST_REASON, WithdrawalRefused
from organization.permissions import REFUSAL, actor_allowed, may

WITHDRAW = "documents.withdraw"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, document_id: int) -> HttpResponse:
    """Ask for the reason, then withdraw; only for whom a role of the agency lets."""
    now = timezone.now()
    visible = Document.objects.visible_to(request.user, now).without_context()
    rows = visible.select_related("agency", "instance", "replaced_by", "replaces__agency")
    document = get_object_or_404(rows.defer(*LARGE, "replaces__context"), pk=document_id)
    if not may(request.user, WITHDRAW, document.agency, now):
        raise PermissionDenied(REFUSAL)
    reason, refusal = request.POST.get("alasan", ""), ""
    if request.method == "POST":
        try:
            withdraw_document(
                document=document,
                reason=reason,
                actor=actor_allowed(request.user, WITHDRAW, document.agency, now),
                now=now,
            )
        except WithdrawalRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"{document.title} dicabut.")
            return HttpResponseRedirect(document.get_absolute_url())
    context = {
        "document": document,
        "last": last_after(document),
        "reason": reason,
        "refusal": refusal,
        "longest": LONGEST_REASON,
    }
    return render(request, "documents/withdraw.html", context, status=422 if refusal else 200)


@require_POST
@login_required
def reissue(request: HttpRequest, document_id: int) -> HttpResponse:
    """Order what was withdrawn once more; only for whom a role lets withdraw."""
    now = timezone.now()
    visible = Document.objects.visible_to(request.user, now).without_context()
    document = get_object_or_404(visible, pk=document_id)
    actor = actor_allowed(request.user, WITHDRAW, document.agency, now)
    try:
        order = order_again(document=document, actor=actor, now=now)
    except ReissueRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(document.get_absolute_url())
    return HttpResponseRedirect(order.get_absolute_url())
