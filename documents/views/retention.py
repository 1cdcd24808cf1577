"""How long an agency keeps its documents, as its own schedule says."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from documents.forms import RetentionForm
from documents.models import Document, RetentionRule
from documents.services import remove_retention, set_retention
from documents.services.retention import RetentionData, RetentionRefused
from documents.views.letterheads import MANAGE
from organization.permissions import may
from organization.views.scope import Scope, actor_here, scope

VIEW = "documents.view"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def retention(request: HttpRequest) -> HttpResponse:
    """Whoever sees documents sees how long they are kept; POST sets a line of the schedule."""
    here = scope(request, MANAGE if request.method == "POST" else VIEW)
    kinds = Document.objects.filter(agency=here.agency).kinds()
    form = RetentionForm(kinds, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule = set_retention(
                agency=here.agency,
                data=RetentionData(**form.cleaned_data),
                actor=actor_here(request, MANAGE, here),
                now=here.now,
            )
        except RetentionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Jangka simpan tersimpan: {rule}.")
            return _back(here)
    titles = dict(kinds)
    rules = RetentionRule.objects.filter(agency=here.agency).order_by("-kind")
    context = {
        "here": here,
        "form": form,
        "rules": [(titles.get(rule.kind, rule.kind), rule) for rule in rules],
        "may_manage": may(request.user, MANAGE, here.agency, here.now),
    }
    status = 422 if form.errors else 200
    return render(request, "documents/retention.html", context, status=status)


@require_POST
@login_required
def forget(request: HttpRequest) -> HttpResponse:
    """Take a line of the schedule away."""
    here = scope(request, MANAGE)
    kind = request.POST.get("jenis", "")
    rule = get_object_or_404(RetentionRule, agency=here.agency, kind=kind)
    remove_retention(rule=rule, actor=actor_here(request, MANAGE, here), now=here.now)
    messages.success(request, "Jangka simpan dihapus; untuk jenis itu kini belum ditetapkan.")
    return _back(here)


def _back(here: Scope) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        f"{reverse('dokumen:retention')}?{urlencode({'pd': here.agency.code})}"
    )
